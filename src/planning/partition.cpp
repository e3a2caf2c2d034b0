#include "planning/partition.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>
#include <numeric>
#include <optional>

#include "planning/components.hpp"
#include "planning/exact.hpp"
#include "planning/judge.hpp"
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

/// What became of one component; verdicts, terms and certificates as in Partition, of its own nodes and parts.
struct Share {
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> part_of;  ///< of each of `nodes`
  Judgement judgement;
  std::vector<Objective> terms;
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

/// Terms of each part; a cut link counts half on either side.
std::vector<Objective> terms_of(const Parts& parts) {
  std::vector<Objective> terms(parts.count());
  const Piece& piece = parts.piece();
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (parts.of(a) != parts.of(arc.to)) terms[parts.of(a)].cut += 0.5 * double(arc.cut_m);
    }
  }
  for (std::uint32_t part = 0; part < parts.count(); ++part) parts.account(part, terms[part]);
  return terms;
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
  share.judgement = judge(parts);
  share.part_of = parts.part_of();
  share.terms = terms_of(parts);
}

/// A component below the minimum stays one part, whatever its shape.
void keep_whole(const Component& component, const Terms& terms, std::uint32_t households, Share& share) {
  const Piece& piece = component.piece;
  share.part_of.assign(piece.size(), 0);
  share.terms = terms_of(Parts(piece, terms, share.part_of, 1));
  share.judgement.verdicts.assign(1, households == 0 ? Verdict::empty : Verdict::hamlet);
  if (households == 0) return;
  Certificate certificate{.verdict = Verdict::hamlet, .proof = Proof::component, .households = households};
  certificate.nodes.resize(piece.size());
  std::iota(certificate.nodes.begin(), certificate.nodes.end(), 0u);
  share.judgement.certificates.push_back(std::move(certificate));
}

/// Adds the certificates of a share, in the graph's numbers.
void add_certificates(const Share& share, std::span<const std::uint32_t> number, Partition& result) {
  for (Certificate certificate : share.judgement.certificates) {
    certificate.part = number[certificate.part];
    for (std::uint32_t& node : certificate.nodes) node = share.nodes[node];
    std::sort(certificate.nodes.begin(), certificate.nodes.end());
    result.certificates.push_back(std::move(certificate));
  }
}

Partition gather(std::size_t nodes, const std::vector<Share>& shares) {
  Partition result;
  result.part_of_node.resize(nodes);
  std::vector<std::pair<const Share*, std::uint32_t>> where(nodes);
  std::vector<std::size_t> first;
  std::size_t parts = 0;
  for (const Share& share : shares) {
    first.push_back(parts);
    parts += share.judgement.verdicts.size();
    for (std::size_t i = 0; i < share.nodes.size(); ++i) where[share.nodes[i]] = {&share, share.part_of[i]};
    result.cpu_s += share.cpu_s;
  }
  std::vector<std::uint32_t> number(parts, Graph::none);
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto& [share, part] = where[node];
    std::uint32_t& n = number[first[std::size_t(share - shares.data())] + part];
    if (n == Graph::none) {
      n = std::uint32_t(result.verdicts.size());
      result.verdicts.push_back(share->judgement.verdicts[part]);
      result.terms.push_back(share->terms[part]);
      result.objective += share->terms[part];
    }
    result.part_of_node[node] = n;
  }
  for (std::size_t s = 0; s < shares.size(); ++s) {
    add_certificates(shares[s], std::span(number).subspan(first[s]), result);
  }
  std::sort(result.certificates.begin(), result.certificates.end(),
            [](const Certificate& a, const Certificate& b) { return a.part < b.part; });
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
      keep_whole(component, terms, std::uint32_t(households), shares[c]);
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
