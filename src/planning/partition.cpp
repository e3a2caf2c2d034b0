#include "planning/partition.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>
#include <numeric>
#include <optional>

#include "planning/certificate.hpp"
#include "planning/components.hpp"
#include "planning/exact.hpp"
#include "planning/matching.hpp"
#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

/// Rounds of local re-splitting, once all is legal that can be.
int sweeps_for(std::uint32_t atoms) { return atoms <= 256 ? 6 : 1; }

/// Processor seconds of the calling thread.
double cpu_seconds() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
#else
  return double(std::clock()) / CLOCKS_PER_SEC;
#endif
}

/// Reports progress from any thread, one at a time.
class Progress {
 public:
  Progress(const Execution& execution, std::size_t nodes) : execution_(execution), nodes_(nodes) {}
  bool go_on(double nodes_done = 0) {
    const std::lock_guard lock(mutex_);
    done_ += nodes_done;
    if (!stopped_) stopped_ = !execution_.go_on("partition", nodes_ == 0 ? 1 : done_ / double(nodes_));
    return !stopped_;
  }
  bool stopped() const { return stopped_; }

 private:
  const Execution& execution_;
  std::mutex mutex_;
  std::size_t nodes_;
  double done_ = 0;
  bool stopped_ = false;
};

/// What became of one component.
struct Share {
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> part_of;  ///< of each of `nodes`
  std::vector<Verdict> verdicts;
  Objective objective;
  double cpu_s = 0;
};

/// First division: each tower alone, and between towers the best division of a spanning tree.
std::vector<std::uint32_t> first_parts(const Piece& piece, const Terms& terms, std::uint32_t& count) {
  std::vector<std::uint32_t> part_of(piece.size(), Graph::none);
  count = 0;
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (piece.atoms[a].tower) part_of[a] = count++;
  }
  TreeDivider divider(terms);
  const auto divide = [&](const Piece& part, auto node_of) {
    std::vector<Bond> bonds = ordered_bonds(part);
    const auto& label = divider.divide(part.atoms, bonds);
    for (std::uint32_t i = 0; i < part.size(); ++i) part_of[node_of(i)] = count + label[i];
    count += divider.parts();
  };
  if (count == 0) {
    divide(piece, [](std::uint32_t i) { return i; });
    return part_of;
  }
  std::vector<std::uint32_t> place(piece.size(), Graph::none);
  Piece part;
  for (const auto& set : connected_sets(piece, [&](std::uint32_t a) { return !piece.atoms[a].tower; })) {
    extract(piece, set, place, part);
    divide(part, [&](std::uint32_t i) { return set[i]; });
  }
  return part_of;
}

/// True where no division of the piece is in range, by the number of parts or by the pairs that heavy atoms can form.
/// Where pairing finds a division, it becomes the parts.
bool hopeless(Parts& parts) {
  const Terms& terms = parts.terms();
  const Piece& piece = parts.piece();
  std::uint64_t households = 0;
  for (const Atom& atom : piece.atoms) {
    if (atom.tower) return false;
    households += atom.households;
  }
  if ((households + terms.max - 1) / terms.max > households / terms.min) return true;
  const Pairing pairing = pair_up(piece, terms);
  if (pairing.labels > 0) {
    std::vector<std::uint32_t> all_parts(parts.count()), all_atoms(piece.size());
    std::iota(all_parts.begin(), all_parts.end(), 0u);
    std::iota(all_atoms.begin(), all_atoms.end(), 0u);
    parts.replace(all_parts, all_atoms, pairing.label, pairing.labels);
  }
  return pairing.applies && !pairing.possible;
}

/// Judges each part. A search that happens on a legal division of the whole piece leaves nothing to judge.
std::vector<Verdict> judge(Parts& parts) {
  const bool lumpy = parts.breaches() > 0 && hopeless(parts);
  std::vector<Answer> answers(parts.count(), Answer::open);
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (!lumpy && parts.breaches(part)) answers[part] = examine(parts, part);
  }
  std::vector<Verdict> verdicts;
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (parts.sums(part).towers > 0) {
      verdicts.push_back(Verdict::tower);
    } else if (!parts.breaches(part)) {
      verdicts.push_back(Verdict::legal);
    } else {
      verdicts.push_back(lumpy || answers[part] == Answer::impossible ? Verdict::lumpy : Verdict::unproven);
    }
  }
  return verdicts;
}

Objective objective_of(const Parts& parts) {
  Objective objective;
  const Piece& piece = parts.piece();
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (arc.to > a && parts.of(a) != parts.of(arc.to)) objective.cut += double(arc.cut_m);
    }
  }
  for (std::uint32_t part = 0; part < parts.count(); ++part) parts.account(part, objective);
  return objective;
}

std::optional<Parts> divide_exactly(const Piece& piece, const Terms& terms) {
  const auto tower = [](const Atom& atom) { return atom.tower; };
  if (piece.size() > ExactDivider::most_atoms || std::any_of(piece.atoms.begin(), piece.atoms.end(), tower)) return {};
  ExactDivider exact(terms);
  if (!exact.divide(piece)) return {};
  return std::make_optional<Parts>(piece, terms, exact.label(), exact.parts());
}

Parts divide(const Piece& piece, const Terms& terms, std::uint64_t seed, Progress& progress) {
  if (auto exact = divide_exactly(piece, terms)) return *std::move(exact);
  std::uint32_t count = 0;
  const std::vector<std::uint32_t> first = first_parts(piece, terms, count);
  Parts parts(piece, terms, first, count);
  Random random(seed);
  const int sweeps = sweeps_for(piece.size());
  const double step = double(piece.size()) / (3 + sweeps);
  if (progress.go_on(step)) flip(parts);
  if (progress.go_on(step)) repair(parts, random);
  if (progress.go_on(step)) flip(parts);
  for (int i = 0; i < sweeps && progress.go_on(step); ++i) polish(parts, 4 + std::uint32_t(i), random);
  return parts;
}

void share_out(const Component& component, const Terms& terms, std::uint64_t seed, Progress& progress, Share& share) {
  Parts parts = divide(component.piece, terms, seed ^ component.nodes.front(), progress);
  share.verdicts = judge(parts);
  share.part_of = parts.part_of();
  share.objective = objective_of(parts);
}

/// A component below the minimum stays one part, whatever its shape.
void keep_whole(const Component& component, const Terms& terms, Verdict verdict, Share& share) {
  share.part_of.assign(component.nodes.size(), 0);
  const Parts parts(component.piece, terms, share.part_of, 1);
  share.verdicts.assign(1, verdict);
  share.objective = objective_of(parts);
}

Partition gather(std::size_t nodes, const std::vector<Share>& shares) {
  Partition result;
  result.part_of_node.resize(nodes);
  std::vector<std::pair<const Share*, std::uint32_t>> where(nodes);
  std::vector<std::size_t> first;
  std::size_t parts = 0;
  for (const Share& share : shares) {
    first.push_back(parts);
    parts += share.verdicts.size();
    for (std::size_t i = 0; i < share.nodes.size(); ++i) where[share.nodes[i]] = {&share, share.part_of[i]};
    result.objective.cut += share.objective.cut;
    result.objective.inertia += share.objective.inertia;
    result.objective.deviation += share.objective.deviation;
    result.objective.barriers += share.objective.barriers;
    result.objective.compounds += share.objective.compounds;
    result.cpu_s += share.cpu_s;
  }
  std::vector<std::uint32_t> number(parts, Graph::none);
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto& [share, part] = where[node];
    std::uint32_t& n = number[first[std::size_t(share - shares.data())] + part];
    if (n == Graph::none) {
      n = std::uint32_t(result.verdicts.size());
      result.verdicts.push_back(share->verdicts[part]);
    }
    result.part_of_node[node] = n;
  }
  return result;
}

}  // namespace

Partition partition(const Graph& graph, const PartitionOptions& options, const Execution& execution) {
  const double start = cpu_seconds();
  const Terms terms(options);
  const Components components = find_components(graph);
  std::vector<std::uint32_t> place(graph.nodes.size());
  std::vector<std::size_t> largest_first(components.count());
  std::iota(largest_first.begin(), largest_first.end(), std::size_t{0});
  std::stable_sort(largest_first.begin(), largest_first.end(), [&](std::size_t a, std::size_t b) {
    return components.nodes_of(a).size() > components.nodes_of(b).size();
  });
  Progress progress(execution, graph.nodes.size());
  std::vector<Share> shares(components.count());
  const double prepared = cpu_seconds();
  execution.for_each(components.count(), [&](std::size_t i) {
    const double began = cpu_seconds();
    const std::size_t c = largest_first[i];
    Component component = prepare(graph, components.nodes_of(c), components.links_of(c), terms, place);
    std::uint64_t households = 0;
    for (const Atom& atom : component.piece.atoms) households += atom.households;
    if (households < terms.min) {
      keep_whole(component, terms, households == 0 ? Verdict::empty : Verdict::hamlet, shares[c]);
    } else {
      share_out(component, terms, execution.seed, progress, shares[c]);
    }
    shares[c].nodes = std::move(component.nodes);
    shares[c].cpu_s = cpu_seconds() - began;
  });
  const double joined = cpu_seconds();
  Partition result = gather(graph.nodes.size(), shares);
  result.stopped = progress.stopped();
  result.cpu_s += prepared - start + cpu_seconds() - joined;
  return result;
}

}  // namespace wangge::planning
