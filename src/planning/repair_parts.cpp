#include "planning/repair_parts.hpp"

#include <algorithm>
#include <tuple>

#include "planning/components.hpp"
#include "planning/crew.hpp"
#include "planning/judge.hpp"
#include "planning/mender.hpp"
#include "planning/moved_bound.hpp"
#include "planning/refine.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr std::uint32_t none = Graph::none;

/// What can be mended of a graph, as one piece, and where its atoms were at home.
struct Ward {
  Component component;
  std::vector<std::uint32_t> home_of;  ///< of each atom, or none
  Division division;                   ///< the old parts, each connected: what was torn off has a number of its own
  std::vector<std::uint32_t> torn;     ///< parts of which something was torn off
};

/// Numbers of their own for what is not connected to the heaviest piece of its part, and for what has no part.
void tear(Ward& ward, std::uint32_t parts) {
  const Piece& piece = ward.component.piece;
  std::vector<std::uint32_t> set_of(piece.size(), none), set;
  struct Known {
    std::uint32_t set = none, households = 0;
  };
  std::vector<Known> heaviest(parts);
  std::vector<std::uint32_t> home_of_set;
  for (std::uint32_t start = 0; start < piece.size(); ++start) {
    if (set_of[start] != none) continue;
    const std::uint32_t home = ward.home_of[start], number = std::uint32_t(home_of_set.size());
    home_of_set.push_back(home);
    set.assign(1, start);
    set_of[start] = number;
    std::uint32_t households = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      households += piece.atoms[set[i]].households;
      for (const Arc& arc : piece.arcs_of(set[i])) {
        if (ward.home_of[arc.to] != home || set_of[arc.to] != none) continue;
        set_of[arc.to] = number;
        set.push_back(arc.to);
      }
    }
    if (home == none) continue;
    if (heaviest[home].set != none) ward.torn.push_back(home);
    if (heaviest[home].set == none || households > heaviest[home].households) heaviest[home] = {number, households};
  }
  std::vector<std::uint32_t> part_of_set(home_of_set.size());
  ward.division.count = parts;
  for (std::uint32_t s = 0; s < home_of_set.size(); ++s) {
    const std::uint32_t home = home_of_set[s];
    part_of_set[s] = home != none && heaviest[home].set == s ? home : ward.division.count++;
  }
  ward.division.part_of.resize(piece.size());
  for (std::uint32_t atom = 0; atom < piece.size(); ++atom) ward.division.part_of[atom] = part_of_set[set_of[atom]];
}

/// What a repair is judged by beside the households it moves. How far from the target a part comes to lie hardly
/// matters; that it lies on one side of main roads does, as much as moving half a micro-grid: less, and repairs lead
/// across roads what could go another way; more, and they split rather than cross.
Terms terms_of_mending(Terms terms) {
  terms.deviation = 0.3f;
  terms.larger = 0;
  terms.barrier = float(terms.max / 2 + 1);
  return terms;
}

class Repair {
 public:
  Repair(const Graph& graph, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
         const RepairOptions& options, const Execution& execution, bool everywhere)
      : everywhere_(everywhere),
        graph_(graph),
        old_(part_of_node),
        parts_(parts),
        options_(options),
        terms_(options.wanted),
        crew_(execution),
        new_(part_of_node.begin(), part_of_node.end()) {}

  RepairedPlan run() {
    const double start = cpu_seconds();
    sort_out();
    if (!ward_.component.nodes.empty()) mend_all();
    keep_names();
    plan_.part_of_node = std::move(new_);
    plan_.stopped = crew_.stopped();
    plan_.cpu_s = cpu_seconds() - start + crew_.further_cpu_s();
    return std::move(plan_);
  }

  /// True where some of the graph was not looked at.
  bool left_out() const noexcept { return left_out_; }

 private:
  std::vector<bool> parts_near_trouble() const;
  void sort_out();
  /// Of the parts that are searched: what is locked or far away keeps its number, and components of one part have
  /// theirs.
  std::uint32_t first_number() const noexcept { return parts_ + wholes_; }
  void keep_whole(std::span<const std::uint32_t> nodes, std::uint64_t households);
  void mend_all();
  void set_bounds(const Parts& parts);
  bool is_wrong(const Parts& parts, std::uint32_t part) const;
  std::vector<std::uint32_t> violators(const Parts& parts) const;
  std::vector<std::vector<std::uint32_t>> cluster(const Parts& parts, const std::vector<std::uint32_t>& wrong) const;
  void mend_clusters(std::vector<std::vector<std::uint32_t>> clusters, Parts& parts);
  bool mend(std::span<const std::uint32_t> cluster, const Parts& parts, Mender& mender, std::uint32_t patience);
  void certify(Division& division);
  void keep_names();

  bool everywhere_, left_out_ = false;
  const Graph& graph_;
  std::span<const std::uint32_t> old_;
  std::uint32_t parts_, wholes_ = 0;
  const RepairOptions& options_;
  Terms terms_;
  Crew crew_;
  Ward ward_;
  std::vector<std::uint32_t> new_;
  std::vector<Bounds> bounds_;
  std::int64_t budget_ = std::int64_t{1} << 40;  ///< households that may yet move
  RepairedPlan plan_;
};

/// Parts out of range, torn, or next to what has no part, with a few rings of neighbours.
std::vector<bool> Repair::parts_near_trouble() const {
  constexpr int rings = 4;
  std::vector<std::uint64_t> households(parts_, 0);
  std::vector<std::uint32_t> pieces(parts_, 0);
  Sets sets(graph_.nodes.size());
  std::vector<bool> near(parts_, false);
  for (const Graph::Link& link : graph_.links) {
    const std::uint32_t a = old_[link.a], b = old_[link.b];
    if (a == b) sets.join(link.a, link.b);
    if (a == none && b != none) near[b] = true;
    if (b == none && a != none) near[a] = true;
  }
  for (std::uint32_t node = 0; node < old_.size(); ++node) {
    if (old_[node] == none) continue;
    households[old_[node]] += graph_.nodes[node].households;
    pieces[old_[node]] += sets.of(node) == node;
  }
  for (std::uint32_t part = 0; part < parts_; ++part) {
    if (everywhere_ || pieces[part] > 1 || households[part] < terms_.min || households[part] > terms_.max)
      near[part] = true;
  }
  for (int ring = 0; ring < rings && !everywhere_; ++ring) {
    const std::vector<bool> inner = near;
    for (const Graph::Link& link : graph_.links) {
      const std::uint32_t a = old_[link.a], b = old_[link.b];
      if (a == none || b == none || inner[a] == inner[b]) continue;
      near[a] = near[b] = true;
    }
  }
  return near;
}

/// A component below the minimum is to be one part; the others are searched, as one piece, without what is locked.
void Repair::sort_out() {
  const std::vector<bool> near = parts_near_trouble();
  std::vector<bool> locked(parts_, false);
  for (const std::uint32_t part : options_.locked) locked[part] = true;
  const auto is_locked = [&](std::uint32_t node) { return old_[node] != none && locked[old_[node]]; };
  const Components components = find_components(graph_);
  std::vector<std::uint32_t> place(graph_.nodes.size(), none), nodes, links;
  for (std::size_t c = 0; c < components.count(); ++c) {
    std::uint64_t households = 0;
    for (const std::uint32_t node : components.nodes_of(c)) households += graph_.nodes[node].households;
    const bool small = households < terms_.min;
    const auto searched = [&](std::uint32_t node) {
      return !small && !is_locked(node) && (old_[node] == none || near[old_[node]]);
    };
    for (const std::uint32_t node : components.nodes_of(c)) {
      if (searched(node)) nodes.push_back(node);
      left_out_ |= old_[node] != none && !near[old_[node]];
    }
    for (const std::uint32_t link : components.links_of(c)) {
      if (searched(graph_.links[link].a) && searched(graph_.links[link].b)) links.push_back(link);
    }
    if (small && std::ranges::none_of(components.nodes_of(c), is_locked))
      keep_whole(components.nodes_of(c), households);
  }
  if (nodes.empty()) return;
  ward_.component = prepare(graph_, nodes, links, terms_, place);
  for (const std::uint32_t node : ward_.component.nodes) ward_.home_of.push_back(old_[node]);
  tear(ward_, parts_);
}

/// Makes all of a component one part, which takes its number from the old part that holds most of it.
void Repair::keep_whole(std::span<const std::uint32_t> nodes, std::uint64_t households) {
  const std::uint32_t part = parts_ + wholes_++;
  for (const std::uint32_t node : nodes) new_[node] = part;
  if (households == 0) return;
  Certificate certificate{.verdict = Verdict::hamlet, .proof = Proof::component, .part = part};
  certificate.nodes.assign(nodes.begin(), nodes.end());
  certificate.households = households;
  plan_.certificates.push_back(std::move(certificate));
}

void Repair::mend_all() {
  constexpr std::uint32_t spare_numbers = 256;  // for parts that are split off
  Division& division = ward_.division;
  const Terms mending = terms_of_mending(terms_);
  Parts parts(ward_.component.piece, mending, division.part_of, division.count + spare_numbers);
  set_bounds(parts);
  const std::vector<std::uint32_t> wrong = violators(parts);
  plan_.violations = std::uint32_t(wrong.size());
  mend_clusters(cluster(parts, wrong), parts);
  if (!options_.most_moved && !crew_.stopped() && !violators(parts).empty()) {
    Random random(crew_.seed());
    repair(parts, random);
  }
  std::vector<std::uint32_t> mended;
  for (const std::uint32_t part : wrong) {
    if (part < parts_ && !is_wrong(parts, part)) mended.push_back(part);
  }
  plan_.bound = least_moved(parts.piece(), ward_.home_of, mended, {terms_.min, terms_.max}, violators(parts).empty());
  division.part_of = parts.part_of();
  division.count = parts.count();
  certify(division);
  for (std::uint32_t atom = 0; atom < division.part_of.size(); ++atom)
    new_[ward_.component.nodes[atom]] = first_number() + division.part_of[atom];
}

/// Parts are to stay clear of the bounds by the margin; those that do not, and are in range, may stay where they are.
void Repair::set_bounds(const Parts& parts) {
  const std::uint32_t margin = std::min(options_.margin, (terms_.max - terms_.min) / 2);
  bounds_.assign(parts.count(), {terms_.min + margin, terms_.max - margin});
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    const std::uint32_t held = parts.households(part);
    if (!terms_.in_range(held)) continue;
    bounds_[part] = {std::min(held, bounds_[part].min), std::max(held, bounds_[part].max)};
  }
}

bool Repair::is_wrong(const Parts& parts, std::uint32_t part) const {
  const Sums& sums = parts.sums(part);
  return sums.atoms > 0 && sums.towers == 0 && !terms_.in_range(sums.households);
}

std::vector<std::uint32_t> Repair::violators(const Parts& parts) const {
  std::vector<std::uint32_t> wrong;
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (is_wrong(parts, part)) wrong.push_back(part);
  }
  return wrong;
}

/// Mends one cluster after the other; within a budget of households those first that lack least.
void Repair::mend_clusters(std::vector<std::vector<std::uint32_t>> clusters, Parts& parts) {
  const auto lacks = [&](const std::vector<std::uint32_t>& group) {
    std::uint64_t sum = 0;
    for (const std::uint32_t part : group) {
      const std::uint32_t held = parts.households(part);
      sum += held > terms_.max ? held - terms_.max : std::min(held, terms_.min - held);
    }
    return sum;
  };
  if (options_.most_moved) {
    std::stable_sort(clusters.begin(), clusters.end(),
                     [&](const auto& a, const auto& b) { return lacks(a) < lacks(b); });
    std::uint64_t torn = 0;
    for (std::uint32_t atom = 0; atom < ward_.home_of.size(); ++atom) {
      const std::uint32_t home = ward_.home_of[atom];
      if (home != none && home != parts.of(atom)) torn += parts.piece().atoms[atom].households;
    }
    budget_ = std::int64_t(*options_.most_moved) - std::int64_t(torn);
  }
  Mender mender(parts, ward_.home_of, bounds_);
  std::vector<std::vector<std::uint32_t>> again;
  for (const auto& group : clusters) {
    if (!crew_.go_on(0.9 / double(clusters.size()))) return;
    if (!mend(group, parts, mender, 1)) again.push_back(group);
  }
  if (again.empty()) return;
  bounds_.assign(bounds_.size(), {terms_.min, terms_.max});
  for (const auto& group : again) {
    for (const std::uint32_t part : group) {
      if (is_wrong(parts, part) && !mend(std::span(&part, 1), parts, mender, 16)) ++plan_.put_off;
    }
  }
  if (!options_.most_moved) plan_.put_off = 0;
}

bool Repair::mend(std::span<const std::uint32_t> cluster, const Parts& parts, Mender& mender, std::uint32_t patience) {
  std::vector<std::uint32_t> wrong;
  std::uint32_t atoms = 1;
  for (const std::uint32_t part : cluster) {
    if (!is_wrong(parts, part)) continue;
    wrong.push_back(part);
    atoms = std::max(atoms, parts.sums(part).atoms);
  }
  if (wrong.empty()) return true;
  const std::uint32_t steps = patience * (std::clamp(160 / atoms, 4u, 40u) << options_.wanted.effort);
  if (budget_ < 0 || !mender.mend(wrong, steps, std::uint64_t(budget_))) return false;
  budget_ -= mender.moved();
  return true;
}

/// Groups of parts that should be mended together: neighbours of which one holds too much and the other too little.
std::vector<std::vector<std::uint32_t>> Repair::cluster(const Parts& parts,
                                                        const std::vector<std::uint32_t>& wrong) const {
  constexpr std::size_t most = 4;
  std::vector<std::vector<std::uint32_t>> clusters;
  std::vector<bool> open(parts.count(), false);
  for (const std::uint32_t part : wrong) open[part] = true;
  for (const std::uint32_t part : wrong) {
    if (!open[part]) continue;
    open[part] = false;
    std::vector<std::uint32_t> group{part};
    for (std::size_t i = 0; i < group.size(); ++i) {
      const bool over = parts.households(group[i]) > terms_.max;
      for (const std::uint32_t other : parts.neighbours(group[i])) {
        if (!open[other] || group.size() >= most || (parts.households(other) > terms_.max) == over) continue;
        open[other] = false;
        group.push_back(other);
      }
    }
    clusters.push_back(std::move(group));
  }
  return clusters;
}

/// Certificates of the parts that are out of range, or hold a tower. Further counts are not judged here.
void Repair::certify(Division& division) {
  Piece& piece = ward_.component.piece;
  piece.goals = 0;
  piece.goal_values.clear();
  piece.foes.clear();
  Terms terms = terms_;
  terms.goals.clear();
  Judgement judgement = judge(piece, terms, division, !crew_.stopped() && !options_.most_moved);
  for (Certificate& certificate : judgement.certificates) {
    for (std::uint32_t& node : certificate.nodes) node = ward_.component.nodes[node];
    std::sort(certificate.nodes.begin(), certificate.nodes.end());
    certificate.part += first_number();
    plan_.left += certificate.verdict != Verdict::tower && certificate.households > 0;
    plan_.certificates.push_back(std::move(certificate));
  }
}

/// Each part takes the number of the old part that gave it most, the part that holds more before one that holds less;
/// the others take new numbers. Counts what has moved.
void Repair::keep_names() {
  struct Overlap {
    std::uint64_t households;
    std::uint32_t old, part;
  };
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;  // (old, part) and households
  std::uint32_t count = parts_;
  for (std::uint32_t node = 0; node < new_.size(); ++node) {
    if (new_[node] == none) continue;
    count = std::max(count, new_[node] + 1);
    if (old_[node] != none)
      pairs.emplace_back(std::uint64_t{old_[node]} << 32 | new_[node], graph_.nodes[node].households);
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<Overlap> overlaps;
  for (const auto& [key, households] : pairs) {
    const auto old = std::uint32_t(key >> 32), part = std::uint32_t(key);
    if (overlaps.empty() || overlaps.back().old != old || overlaps.back().part != part)
      overlaps.push_back({0, old, part});
    overlaps.back().households += households;
  }
  std::sort(overlaps.begin(), overlaps.end(), [](const Overlap& a, const Overlap& b) {
    return std::tuple(b.households, a.old, a.part) < std::tuple(a.households, b.old, b.part);
  });
  std::vector<std::uint32_t> name(count, none);
  std::vector<bool> taken(parts_, false);
  for (const Overlap& overlap : overlaps) {
    if (name[overlap.part] != none || taken[overlap.old]) continue;
    name[overlap.part] = overlap.old;
    taken[overlap.old] = true;
  }
  plan_.parts = parts_;
  for (std::uint32_t node = 0; node < new_.size(); ++node) {
    if (new_[node] == none) continue;
    std::uint32_t& its = name[new_[node]];
    if (its == none) its = plan_.parts++;
    new_[node] = its;
    if (old_[node] != none && its != old_[node]) plan_.moved += graph_.nodes[node].households;
  }
  for (Certificate& certificate : plan_.certificates) certificate.part = name[certificate.part];
  std::sort(plan_.certificates.begin(), plan_.certificates.end(),
            [](const Certificate& a, const Certificate& b) { return a.part < b.part; });
}

}  // namespace

RepairedPlan repair_parts(const Graph& graph, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
                          const RepairOptions& options, const Execution& execution) {
  Repair about_trouble(graph, part_of_node, parts, options, execution, false);
  RepairedPlan plan = about_trouble.run();
  if (plan.left == 0 || plan.stopped || !about_trouble.left_out()) return plan;
  RepairedPlan whole = Repair(graph, part_of_node, parts, options, execution, true).run();
  whole.cpu_s += plan.cpu_s;
  return whole;
}

}  // namespace wangge::planning
