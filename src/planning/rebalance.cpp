#include <wangge/rebalance.hpp>

#include <algorithm>
#include <map>
#include <string>

#include "planning/assess.hpp"
#include "planning/borders.hpp"
#include "planning/codes.hpp"
#include "planning/explain.hpp"
#include "planning/goals.hpp"
#include "planning/micro_grids.hpp"
#include "planning/reground.hpp"
#include "planning/repair_parts.hpp"
#include "planning/seal.hpp"
#include "planning/sets.hpp"
#include "planning/tessellation.hpp"
#include <wangge/error.hpp>

namespace wangge {
namespace {

using coverage::nothing;
using planning::Graph;
using planning::Tessellation;
using planning::Verdict;

constexpr std::uint32_t none = Graph::none;

std::uint32_t row(GridId id) { return static_cast<std::uint32_t>(id); }

/// Where everybody lives in the plan as it is.
struct Today {
  std::vector<GridId> home;  ///< of each unit: its micro-grid, or none
  std::vector<std::uint64_t> households;
  std::vector<bool> fixed;  ///< areas that are no micro-grid, locked, or dedicated and without a household
  std::vector<std::vector<GridId>> neighbours;
};

Today look_at(const GridMap& map, Units units, std::span<const GridId> locked, const Execution& execution) {
  Today today;
  std::vector<Position> places;
  for (const Unit& unit : units) places.push_back(unit.position);
  today.home.resize(units.size());
  map.locate(places, today.home, execution);
  today.households.assign(map.size(), 0);
  today.fixed.assign(map.size(), true);
  today.neighbours.resize(map.size());
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId id{i};
    today.fixed[i] = map.level(id) != Level::micro_grid || !map.children(id).empty();
  }
  for (const GridId lock : locked) today.fixed[row(lock)] = true;
  for (std::size_t u = 0; u < units.size(); ++u) {
    GridId& home = today.home[u];
    if (home != GridId::none && map.level(home) != Level::micro_grid) home = GridId::none;
    if (home != GridId::none) today.households[row(home)] += units[u].households;
  }
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (map.kind(GridId{i}) == Kind::dedicated && today.households[i] == 0) today.fixed[i] = true;
  }
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const auto [line, left, right] = map.arc(i);
    if (left == GridId::none || right == GridId::none || left == right) continue;
    today.neighbours[row(left)].push_back(right);
    today.neighbours[row(right)].push_back(left);
  }
  for (auto& list : today.neighbours) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return today;
}

/// Some micro-grids and who lives there, tessellated anew as a few areas.
struct Region {
  std::vector<GridId> members;              ///< ascending; their places are the parts' numbers
  std::vector<std::vector<GridId>> groups;  ///< of them, each to be one area
  std::vector<std::uint32_t> units;         ///< rows of the caller's units
  std::vector<Unit> its_units;
  GridMap ground;
  Tessellation tessellation;
  std::vector<std::uint32_t> part_of_node;  ///< today

  std::uint32_t part_of(GridId id) const {
    const auto at = std::ranges::lower_bound(members, id);
    return at != members.end() && *at == id ? std::uint32_t(at - members.begin()) : none;
  }
};

Region survey(const GridMap& map, const Today& today, std::vector<std::vector<GridId>> groups, Units units,
              std::span<const Barrier> barriers, const Execution& execution) {
  Region region;
  region.groups = std::move(groups);
  for (const auto& group : region.groups) region.members.insert(region.members.end(), group.begin(), group.end());
  std::ranges::sort(region.members);
  for (std::uint32_t u = 0; u < units.size(); ++u) {
    if (today.home[u] == GridId::none || region.part_of(today.home[u]) == none) continue;
    region.units.push_back(u);
    region.its_units.push_back(units[u]);
  }
  region.ground = planning::join_ground(map, region.groups);
  Box extent;
  std::vector<GridId> areas;
  for (std::uint32_t i = 0; i < region.ground.size(); ++i) {
    areas.push_back(GridId{i});
    extent.add(bounds(region.ground.polygons(GridId{i})));
  }
  std::vector<Barrier> near;
  for (const Barrier& barrier : barriers) {
    if (extent.meets(bounds(barrier.line))) near.push_back(barrier);
  }
  region.tessellation = planning::tessellate(region.ground, areas, region.its_units, near, execution);
  const Tessellation& t = region.tessellation;
  region.part_of_node.assign(t.graph.nodes.size(), none);
  // A footprint may lie across an outline; its ground stays with a micro-grid of its own side.
  const auto note = [&](std::uint32_t node, GridId home) {
    std::uint32_t& part = region.part_of_node[node];
    if (part == none && std::ranges::binary_search(region.groups[t.graph.nodes[node].area], home))
      part = region.part_of(home);
  };
  for (std::size_t u = 0; u < region.units.size(); ++u) {
    if (t.node_of_unit[u] != nothing) note(t.node_of_unit[u], today.home[region.units[u]]);
  }
  for (std::uint32_t node = 0; node < region.part_of_node.size(); ++node)
    note(node, map.locate(t.graph.nodes[node].place));
  planning::settle(t.graph, region.part_of_node);
  return region;
}

/// What the search made of a region, its parts without gaps in their numbers.
struct Mended {
  planning::RepairedPlan plan;
  planning::Partition partition;
  std::vector<std::uint32_t> number_of_part;  ///< in the partition, by the number in the plan, or none
  std::vector<std::uint32_t> part_of_number;
};

class Rebalance {
 public:
  Rebalance(const GridMap& map, Units units, std::span<const Barrier> barriers, const RebalanceOptions& options,
            const Execution& execution)
      : map_(map), units_(units), barriers_(barriers), options_(options), execution_(execution) {
    attributes_ = attributes_of(options.profile, units, options.columns, missing_);
    today_ = look_at(map, units, options.locked, execution);
  }

  Proposal run() {
    const std::vector<GridId> wrong = violators();
    final_.assign(units_.size(), {});
    if (!wrong.empty()) {
      mend(wrong);
      name_parts();
      if (!changed_groups().empty()) redraw();
    }
    return propose();
  }

 private:
  std::vector<GridId> violators() const;
  std::vector<std::vector<GridId>> region_round(const std::vector<GridId>& wrong, int rings) const;
  void mend(const std::vector<GridId>& wrong);
  void search();
  void name_parts();
  std::vector<std::vector<std::uint32_t>> changed_groups() const;
  void redraw();
  using Groups = std::vector<std::vector<std::uint32_t>>;
  using GroupAndPart = std::pair<std::uint32_t, std::uint32_t>;
  std::vector<ChangeSet::Change> changes_of(const Groups& groups, const std::vector<std::vector<GridId>>& grounds,
                                            const std::vector<GroupAndPart>& group_and_part,
                                            std::vector<MultiPolygon> polygons) const;
  void apply(Proposal& proposal);
  Proposal propose();
  void add_findings(Proposal& proposal) const;

  const GridMap& map_;
  Units units_;
  std::span<const Barrier> barriers_;
  const RebalanceOptions& options_;
  const Execution& execution_;
  std::vector<Finding> missing_;
  std::vector<UnitAttribute> attributes_;
  Today today_;
  Region region_;
  Mended mended_;
  std::vector<std::string> code_of_part_;  ///< by the number in the plan
  std::vector<std::string> final_;         ///< code of each unit that is in the region; else empty
  ChangeSet changes_;
  std::vector<ChangeSet::Change> sealed_;
  std::vector<UnitTrace> traces_;
};

std::vector<GridId> Rebalance::violators() const {
  const Range& range = options_.profile.range;
  std::vector<GridId> wrong;
  for (std::uint32_t i = 0; i < map_.size(); ++i) {
    if (!today_.fixed[i] && (today_.households[i] < range.min || today_.households[i] > range.max))
      wrong.push_back(GridId{i});
  }
  return wrong;
}

/// The violators and so many rings of neighbours about them, or all their siblings; one group a parent.
std::vector<std::vector<GridId>> Rebalance::region_round(const std::vector<GridId>& wrong, int rings) const {
  std::vector<bool> in(map_.size(), false);
  std::vector<GridId> found = wrong;
  for (const GridId id : wrong) in[row(id)] = true;
  for (std::size_t i = 0, end = found.size(); rings > 0; --rings, end = found.size()) {
    for (; i < end; ++i) {
      for (const GridId other : today_.neighbours[row(found[i])]) {
        if (in[row(other)] || today_.fixed[row(other)] || map_.parent(other) != map_.parent(found[i])) continue;
        in[row(other)] = true;
        found.push_back(other);
      }
    }
    if (i == found.size()) break;
  }
  std::map<GridId, std::vector<GridId>> by_parent;
  std::ranges::sort(found);
  for (const GridId id : found) by_parent[map_.parent(id)].push_back(id);
  std::vector<std::vector<GridId>> groups;
  for (auto& [parent, group] : by_parent) groups.push_back(std::move(group));
  return groups;
}

/// Looks at a few neighbours first, and at more where they do not suffice.
void Rebalance::mend(const std::vector<GridId>& wrong) {
  std::size_t known = 0;
  for (const int rings : {1, 3, 1 << 20}) {
    auto groups = region_round(wrong, rings);
    std::size_t members = 0;
    for (const auto& group : groups) members += group.size();
    if (members == known) return;
    known = members;
    region_ = survey(map_, today_, std::move(groups), units_, barriers_, execution_);
    search();
    const auto& certificates = mended_.plan.certificates;
    const bool doubtful =
        mended_.plan.left > 0 || std::ranges::any_of(certificates, [](const planning::Certificate& certificate) {
          return certificate.verdict == Verdict::hamlet;
        });
    if (!doubtful || mended_.plan.stopped) return;
  }
}

void Rebalance::search() {
  const Profile& profile = options_.profile;
  std::vector<UnitAttribute> attributes;
  for (const UnitAttribute& all : attributes_) {
    attributes.push_back({all.name, {}});
    for (const std::uint32_t u : region_.units) attributes.back().values.push_back(all.values[u]);
  }
  Graph graph = region_.tessellation.graph;
  planning::tie_pieces(graph, region_.part_of_node);
  planning::RepairOptions options;
  options.wanted = {.range = profile.range,
                    .target = profile.aim(),
                    .weights = profile.weights,
                    .keep_compounds = options_.keep_compounds,
                    .effort = options_.effort,
                    .goals = planning::goals_of(region_.tessellation, profile, attributes)};
  options.margin = options_.margin;
  options.most_moved = options_.most_moved;
  mended_ = {};
  mended_.plan =
      planning::repair_parts(graph, region_.part_of_node, std::uint32_t(region_.members.size()), options, execution_);
  auto& [plan, partition, number_of_part, part_of_number] = mended_;
  number_of_part.assign(plan.parts, none);
  for (const std::uint32_t part : plan.part_of_node) {
    if (part == none) continue;
    if (number_of_part[part] == none) {
      number_of_part[part] = std::uint32_t(part_of_number.size());
      part_of_number.push_back(part);
    }
  }
  for (const std::uint32_t part : plan.part_of_node)
    partition.part_of_node.push_back(part == none ? 0 : number_of_part[part]);
  partition.verdicts.assign(part_of_number.size(), Verdict::legal);
  for (planning::Certificate certificate : plan.certificates) {
    certificate.part = number_of_part[certificate.part];
    partition.verdicts[certificate.part] = certificate.verdict;
    partition.certificates.push_back(std::move(certificate));
  }
}

/// The number at the end of a micro-grid's code, behind that of its parent; 0 where there is none.
std::uint32_t number_in(std::string_view code, std::string_view parent) {
  if (!code.starts_with(parent)) return 0;
  std::uint64_t number = 0;
  for (const char c : code.substr(parent.size())) {
    if (c < '0' || c > '9' || number > 100'000'000) return 0;
    number = 10 * number + std::uint64_t(c - '0');
  }
  return std::uint32_t(number);
}

/// Parts that go on keep their codes; new ones get codes above all that their parent has and had.
void Rebalance::name_parts() {
  for (const GridId id : region_.members) code_of_part_.emplace_back(map_.code(id));
  const auto& graph = region_.tessellation.graph;
  std::vector<std::uint32_t> group_of_part(mended_.plan.parts, none);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    if (mended_.plan.part_of_node[node] != none)
      group_of_part[mended_.plan.part_of_node[node]] = graph.nodes[node].area;
  }
  std::map<GridId, std::uint32_t> last;
  for (std::uint32_t part = std::uint32_t(region_.members.size()); part < mended_.plan.parts; ++part) {
    const GridId parent = map_.parent(region_.groups[group_of_part[part]][0]);
    const std::string prefix(parent == GridId::none ? "" : map_.code(parent));
    std::uint32_t& number = last[parent];
    if (number == 0) {
      for (std::uint32_t i = 0; i < map_.size(); ++i) {
        if (map_.parent(GridId{i}) == parent) number = std::max(number, number_in(map_.code(GridId{i}), prefix));
      }
      for (const std::string& code : options_.retired) number = std::max(number, number_in(code, prefix));
    }
    std::string code;
    do {
      ++number;
      code = planning::child_code(prefix, number, number);
    } while (map_.find(code) != GridId::none || std::ranges::count(options_.retired, code) > 0);
    code_of_part_.push_back(std::move(code));
  }
  for (std::size_t u = 0; u < region_.units.size(); ++u) {
    const std::uint32_t node = region_.tessellation.node_of_unit[u];
    if (node != nothing) final_[region_.units[u]] = code_of_part_[mended_.plan.part_of_node[node]];
  }
}

/// Parts that exchange units, directly or through others, by their numbers in the plan.
std::vector<std::vector<std::uint32_t>> Rebalance::changed_groups() const {
  planning::Sets sets(mended_.plan.parts);
  std::vector<bool> changed(mended_.plan.parts, false);
  for (std::size_t u = 0; u < region_.units.size(); ++u) {
    const std::uint32_t node = region_.tessellation.node_of_unit[u];
    if (node == nothing) continue;
    const std::uint32_t home = region_.part_of_node[node], part = mended_.plan.part_of_node[node];
    if (part == home || home == none) continue;
    changed[part] = changed[home] = true;
    sets.join(part, home);
  }
  for (std::size_t node = 0; node < region_.part_of_node.size(); ++node) {
    const std::uint32_t home = region_.part_of_node[node], part = mended_.plan.part_of_node[node];
    const bool retired = home != none && mended_.number_of_part[home] == none;
    if (!retired || part == none) continue;
    changed[home] = changed[part] = true;
    sets.join(part, home);
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_set;
  for (std::uint32_t part = 0; part < changed.size(); ++part) {
    if (changed[part]) by_set[sets.of(part)].push_back(part);
  }
  std::vector<std::vector<std::uint32_t>> groups;
  for (auto& [set, parts] : by_set) groups.push_back(std::move(parts));
  return groups;
}

/// New borders for those that give or take, on their common ground alone.
void Rebalance::redraw() {
  const auto groups = changed_groups();
  std::vector<std::vector<GridId>> grounds;
  for (const auto& parts : groups) {
    auto& ground = grounds.emplace_back();
    for (const std::uint32_t part : parts) {
      if (part < region_.members.size()) ground.push_back(region_.members[part]);
    }
  }
  Region here = survey(map_, today_, grounds, units_, barriers_, execution_);
  const Tessellation& t = here.tessellation;
  std::map<std::string, std::uint32_t> number;
  std::vector<GroupAndPart> group_and_part;
  std::vector<std::uint32_t> first_of_group;
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    for (const std::uint32_t part : groups[g]) {
      if (mended_.number_of_part[part] == none) continue;
      if (first_of_group.size() == g) first_of_group.push_back(std::uint32_t(group_and_part.size()));
      number.emplace(code_of_part_[part], std::uint32_t(group_and_part.size()));
      group_and_part.emplace_back(g, part);
    }
  }
  std::vector<std::uint32_t> part_of_node(t.graph.nodes.size(), none);
  for (std::size_t u = 0; u < here.units.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u];
    if (node == nothing || part_of_node[node] != none) continue;
    const auto known = number.find(final_[here.units[u]]);
    if (known != number.end() && group_and_part[known->second].first == t.graph.nodes[node].area)
      part_of_node[node] = known->second;
  }
  for (std::size_t node = 0; node < part_of_node.size(); ++node) {
    if (part_of_node[node] != none || here.part_of_node[node] == none) continue;
    const auto known = number.find(std::string(map_.code(here.members[here.part_of_node[node]])));
    if (known != number.end()) part_of_node[node] = known->second;
  }
  planning::settle(t.graph, part_of_node);
  planning::settle_loose_ground(t.graph, part_of_node);
  for (std::size_t node = 0; node < part_of_node.size(); ++node) {
    if (part_of_node[node] == none) part_of_node[node] = first_of_group[t.graph.nodes[node].area];
  }
  planning::Borders borders =
      planning::draw_borders(t, part_of_node, std::uint32_t(group_and_part.size()), options_.simplify_m);
  std::vector<GridId> around;
  for (const GridId id : here.members) {
    for (const GridId other : today_.neighbours[row(id)]) {
      if (here.part_of(other) == none) around.push_back(other);
    }
  }
  std::ranges::sort(around);
  around.erase(std::unique(around.begin(), around.end()), around.end());
  changes_.changes = changes_of(groups, grounds, group_and_part, borders.polygons);
  planning::seal(map_, around, t, borders.polygons);
  sealed_ = changes_of(groups, grounds, group_and_part, std::move(borders.polygons));

  for (std::size_t u = 0; u < here.units.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u];
    if (node != nothing) final_[here.units[u]] = code_of_part_[group_and_part[part_of_node[node]].second];
  }
}

std::vector<ChangeSet::Change> Rebalance::changes_of(const Groups& groups,
                                                     const std::vector<std::vector<GridId>>& grounds,
                                                     const std::vector<GroupAndPart>& group_and_part,
                                                     std::vector<MultiPolygon> polygons) const {
  std::vector<std::vector<GridRecord>> after(groups.size());
  for (std::uint32_t p = 0; p < group_and_part.size(); ++p) {
    const auto [g, part] = group_and_part[p];
    GridRecord record;
    if (part < region_.members.size()) {
      record = map_.record(region_.members[part]);
      record.kind = Kind::general;
      record.polygons = std::move(polygons[p]);
    } else {
      planning::MicroGrid made;
      made.code = code_of_part_[part];
      record = planning::to_record(map_, map_.parent(grounds[g][0]), made, Verdict::legal, std::move(polygons[p]));
    }
    after[g].push_back(std::move(record));
  }
  std::vector<ChangeSet::Change> changes;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<GridRecord> before;
    for (const GridId id : grounds[g]) before.push_back(map_.record(id));
    changes.push_back(ChangeSet::Change::of(std::move(before), std::move(after[g])));
  }
  return changes;
}

/// The next map, in which the borders of neighbours have no new vertex, or where that cannot be drawn, have.
void Rebalance::apply(Proposal& proposal) {
  const ChangeSet plain = changes_;
  changes_.changes = std::move(sealed_);
  trace(changes_, traces_);
  try {
    proposal.next = map_.with(changes_);
  } catch (const Error& error) {
    if (error.code() != Errc::invalid_geometry && error.code() != Errc::invalid_coverage) throw;
    changes_ = plain;
    trace(changes_, traces_);
    proposal.next = map_.with(changes_);
  }
  proposal.changes = std::move(changes_);
}

Proposal Rebalance::propose() {
  Proposal proposal;
  changes_.base_revision = map_.revision();
  changes_.reason = "rebalance";
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const std::string_view from = today_.home[u] == GridId::none ? "" : map_.code(today_.home[u]);
    traces_.push_back({units_[u].id, from, final_[u].empty() ? from : std::string_view(final_[u]), units_[u].households,
                       units_[u].households});
  }
  changes_.households_moved_bound = mended_.plan.bound;
  apply(proposal);
  std::map<std::string_view, GridId> known;
  for (const UnitTrace& unit : traces_) {
    if (unit.to.empty()) {
      proposal.area_of_unit.push_back(GridId::none);
      continue;
    }
    const auto [at, fresh] = known.try_emplace(unit.to, GridId::none);
    if (fresh) at->second = proposal.next.find(unit.to);
    proposal.area_of_unit.push_back(at->second);
  }
  proposal.after = planning::assess_assigned(proposal.next, units_, proposal.area_of_unit, options_.profile.range);
  planning::add_attributes(proposal.next, proposal.area_of_unit, attributes_, proposal.after);
  proposal.after.findings.clear();
  add_findings(proposal);
  proposal.partition_cpu_s = mended_.plan.cpu_s;
  proposal.stopped = mended_.plan.stopped;
  return proposal;
}

void Rebalance::add_findings(Proposal& proposal) const {
  std::vector<Finding>& findings = proposal.after.findings;
  const auto append = [&](std::vector<Finding>&& more) { std::ranges::move(more, std::back_inserter(findings)); };
  if (!region_.members.empty()) {
    std::vector<planning::MicroGrid> parts = planning::gather_micro_grids(region_.tessellation, mended_.partition);
    for (std::size_t p = 0; p < parts.size(); ++p) parts[p].code = code_of_part_[mended_.part_of_number[p]];
    std::vector<GridId> parents;
    for (const auto& group : region_.groups) parents.push_back(map_.parent(group[0]));
    std::vector<UnitAttribute> attributes;
    for (const UnitAttribute& all : attributes_) {
      attributes.push_back({all.name, {}});
      for (const std::uint32_t u : region_.units) attributes.back().values.push_back(all.values[u]);
    }
    const planning::Outcome outcome{region_.tessellation, mended_.partition, parts, {}, options_.profile,
                                    attributes,           region_.its_units};
    append(planning::explain_range(outcome, map_, parents));
  }
  append(planning::explain_locks(map_, options_.locked, proposal.next));
  for (std::size_t u = 0; u < units_.size(); ++u) {
    if (today_.home[u] != GridId::none) continue;
    findings.push_back(
        {Finding::Kind::unassigned, "", units_[u].id, units_[u].position,
         "unit " + units_[u].id + " (" + std::to_string(units_[u].households) + " households) lies in no micro-grid"});
  }
  append(std::vector(missing_));
}

void check_options(const GridMap& map, const RebalanceOptions& options) {
  check(options.profile);
  if (options.effort < 0 || options.effort > 3)
    throw Error(Errc::invalid_argument, "the effort " + std::to_string(options.effort) + " is not 0, 1, 2 or 3");
  for (const GridId lock : options.locked) {
    if (map.level(lock) != Level::micro_grid)
      throw Error(Errc::not_found, "lock " + std::string(map.code(lock)) + ": it is no micro-grid");
  }
  for (std::uint32_t i = 0; i < map.size(); ++i)
    if (map.level(GridId{i}) == Level::micro_grid) return;
  throw Error(Errc::invalid_argument, "the map has no micro-grids; split its areas first");
}

}  // namespace

Proposal rebalance(const GridMap& map, Units units, std::span<const Barrier> barriers, const RebalanceOptions& options,
                   const Execution& execution) {
  check_options(map, options);
  return Rebalance(map, units, barriers, options, execution).run();
}

}  // namespace wangge
