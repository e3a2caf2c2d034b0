#include <wangge/rebalance.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "planning/assess.hpp"
#include "planning/codes.hpp"
#include "planning/explain.hpp"
#include "planning/goals.hpp"
#include "planning/micro_grids.hpp"
#include "planning/region.hpp"
#include "planning/repair_parts.hpp"
#include "planning/sets.hpp"
#include <wangge/error.hpp>

namespace wangge {
namespace {

using coverage::nothing;
using planning::Graph;
using planning::Region;
using planning::Verdict;

constexpr std::uint32_t none = Graph::none;

std::uint32_t row(GridId id) { return static_cast<std::uint32_t>(id); }

/// Where everybody lives in the plan as it is.
struct Today {
  std::vector<GridId> home;  ///< of each unit: its micro-grid, or none
  std::vector<std::uint64_t> households;
  std::vector<bool> fixed;  ///< areas that are no micro-grid, or locked
  /// Dedicated ones without a household: they give ground to houses built across their border.
  std::vector<bool> spare;
  std::vector<std::vector<GridId>> neighbours;
};

/// Places spread over a footprint.
std::vector<Position> places_in(const MultiPolygon& footprint) {
  constexpr int rows = 9;
  const Box box = bounds(footprint);
  const auto at = [&](std::int32_t from, std::int32_t to, int step) {
    return from + static_cast<std::int32_t>((std::int64_t{to} - from) * (2 * step + 1) / (2 * rows));
  };
  std::vector<Position> places;
  for (int k = 0; k < rows * rows; ++k) {
    const Position p{at(box.min.x, box.max.x, k % rows), at(box.min.y, box.max.y, k / rows)};
    if (contains(footprint, p)) places.push_back(p);
  }
  return places;
}

bool reaches_beyond(const GridMap& map, const MultiPolygon& footprint, GridId home) {
  return std::ranges::any_of(footprint, [&](const Polygon& polygon) {
    return std::ranges::any_of(polygon.outer, [&](Position p) { return map.locate(p) != home; });
  });
}

/// The area that holds most of a footprint; what lies outside every area does not count.
GridId holder_of(const GridMap& map, const Unit& unit) {
  std::map<GridId, int> places;
  for (const Position p : places_in(unit.footprint))
    if (const GridId id = map.locate(p); id != GridId::none) ++places[id];
  if (places.empty()) return map.locate(unit.position);
  return std::ranges::max_element(places, {}, [](const auto& entry) { return entry.second; })->first;
}

/// Where the caller says, or else where they stand, or most of them where a border runs through.
std::vector<GridId> homes_of(const GridMap& map, Units units, std::span<const GridId> known) {
  std::vector<GridId> homes(known.begin(), known.end());
  homes.resize(units.size(), GridId::none);
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (homes[u] != GridId::none) continue;
    homes[u] = map.locate(units[u].position);
    if (reaches_beyond(map, units[u].footprint, homes[u])) homes[u] = holder_of(map, units[u]);
  }
  return homes;
}

Today look_at(const GridMap& map, Units units, const RebalanceOptions& options) {
  Today today;
  today.home = homes_of(map, units, options.home_of_unit);
  today.households.assign(map.size(), 0);
  today.fixed.assign(map.size(), true);
  today.neighbours.resize(map.size());
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId id{i};
    today.fixed[i] = map.level(id) != Level::micro_grid || !map.children(id).empty();
  }
  for (const GridId lock : options.locked) today.fixed[row(lock)] = true;
  for (std::size_t u = 0; u < units.size(); ++u) {
    GridId& home = today.home[u];
    if (home != GridId::none && map.level(home) != Level::micro_grid) home = GridId::none;
    if (home != GridId::none) today.households[row(home)] += units[u].households;
  }
  for (std::uint32_t i = 0; i < map.size(); ++i)
    today.spare.push_back(map.kind(GridId{i}) == Kind::dedicated && today.households[i] == 0);
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
    today_ = look_at(map, units, options);
  }

  Proposal run() {
    std::vector<GridId> wrong = violators();
    std::ranges::copy(cutting(), std::back_inserter(wrong));
    std::ranges::sort(wrong);
    wrong.erase(std::unique(wrong.begin(), wrong.end()), wrong.end());
    final_.assign(units_.size(), {});
    if (!wrong.empty()) {
      mend(wrong);
      name_parts();
      redraw();
    }
    return propose();
  }

 private:
  std::vector<GridId> violators() const;
  std::vector<GridId> cutting() const;
  bool may_help(GridId id, GridId other) const {
    return !today_.fixed[row(other)] && !today_.spare[row(other)] && map_.parent(other) == map_.parent(id);
  }
  std::vector<GridId> with_neighbours(const std::vector<GridId>& wrong, std::span<const int> rings) const;
  bool widen(const std::vector<GridId>& wrong, std::vector<int>& rings) const;
  void mend(const std::vector<GridId>& wrong);
  std::vector<UnitAttribute> attributes_here() const;
  void search();
  void name_parts();
  void redraw();
  std::vector<ChangeSet::Change> changes_of(std::span<const std::vector<std::uint32_t>> groups,
                                            std::vector<MultiPolygon>&& polygons) const;
  std::vector<UnitTrace> traces() const;
  void apply(Proposal& proposal);
  std::vector<GridId> areas_of_units(const GridMap& next) const;
  std::vector<AreaFigures> measure(const GridMap& next, const ChangeSet& changes) const;
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
};

std::vector<GridId> Rebalance::violators() const {
  const Range& range = options_.profile.range;
  std::vector<GridId> wrong;
  for (std::uint32_t i = 0; i < map_.size(); ++i) {
    if (!today_.fixed[i] && !today_.spare[i] && (today_.households[i] < range.min || today_.households[i] > range.max))
      wrong.push_back(GridId{i});
  }
  return wrong;
}

/// Micro-grids whose common border runs through a unit that may have been built since it was drawn.
std::vector<GridId> Rebalance::cutting() const {
  constexpr double along_m = 0.04;  // what rounding on the lattice makes of a border along a wall
  std::vector<GridId> found;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const GridId home = today_.home[u];
    const bool is_known = !options_.home_of_unit.empty() && options_.home_of_unit[u] != GridId::none;
    if (is_known || home == GridId::none || today_.fixed[row(home)]) continue;
    const MultiPolygon& footprint = units_[u].footprint;
    if (!reaches_beyond(map_, footprint, home)) continue;
    std::vector<Position> places = places_in(footprint);
    for (const Polygon& polygon : footprint) places.insert(places.end(), polygon.outer.begin(), polygon.outer.end());
    for (const Position p : places) {
      const GridId other = map_.locate(p);
      if (other == home || other == GridId::none || today_.fixed[row(other)]) continue;
      if (map_.parent(other) != map_.parent(home) || map_.distance_to_border_m(p) <= along_m) continue;
      found.insert(found.end(), {home, other});
    }
  }
  return found;
}

/// Violators and as many rings of neighbours about each as it is given.
std::vector<GridId> Rebalance::with_neighbours(const std::vector<GridId>& wrong, std::span<const int> rings) const {
  std::set<GridId> all;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    std::set<GridId> near{wrong[i]};
    for (int ring = 0; ring < rings[i]; ++ring) {
      const std::set<GridId> inner = near;
      for (const GridId id : inner) {
        for (const GridId other : today_.neighbours[row(id)])
          if (may_help(id, other)) near.insert(other);
      }
    }
    all.merge(near);
  }
  return {all.begin(), all.end()};
}

/// Looks at a few neighbours of each violator first, and at more where they do not suffice.
void Rebalance::mend(const std::vector<GridId>& wrong) {
  std::vector<int> rings(wrong.size(), 1);
  do {
    region_ = planning::survey(map_, with_neighbours(wrong, rings), units_, today_.home, barriers_, execution_);
    search();
  } while (!mended_.plan.stopped && widen(wrong, rings));
}

/// Gives violators more neighbours where something is left beside them and there are more; true if any got some.
bool Rebalance::widen(const std::vector<GridId>& wrong, std::vector<int>& rings) const {
  constexpr int most_rings = 6;
  planning::Sets clusters(map_.size());
  const auto is_member = [&](GridId id) { return std::ranges::binary_search(region_.members, id); };
  const auto may_grow = [&](GridId id) {
    return std::ranges::any_of(today_.neighbours[row(id)],
                               [&](GridId other) { return may_help(id, other) && !is_member(other); });
  };
  std::vector<bool> grows(map_.size(), false), in_doubt(map_.size(), false);
  for (const GridId id : region_.members) {
    for (const GridId other : today_.neighbours[row(id)])
      if (is_member(other)) clusters.join(row(id), row(other));
  }
  for (const GridId id : region_.members) grows[clusters.of(row(id))] = grows[clusters.of(row(id))] || may_grow(id);
  for (const planning::Certificate& certificate : mended_.plan.certificates) {
    std::set<GridId> about;
    for (const std::uint32_t node : certificate.nodes) about.insert(region_.members[region_.part_of_node[node]]);
    const bool is_final = certificate.verdict == Verdict::tower ||
                          (certificate.verdict == Verdict::hamlet && std::ranges::none_of(about, may_grow));
    if (!is_final)
      for (const GridId id : about) in_doubt[clusters.of(row(id))] = true;
  }
  bool wider = false;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    const std::uint32_t cluster = clusters.of(row(wrong[i]));
    if (!in_doubt[cluster] || !grows[cluster] || rings[i] == most_rings) continue;
    rings[i] = std::min(3 * rings[i], most_rings);
    wider = true;
  }
  return wider;
}

/// What the units of the region count for.
std::vector<UnitAttribute> Rebalance::attributes_here() const {
  std::vector<UnitAttribute> attributes;
  for (const UnitAttribute& all : attributes_) {
    attributes.push_back({all.name, {}});
    for (const std::uint32_t u : region_.units) attributes.back().values.push_back(all.values[u]);
  }
  return attributes;
}

void Rebalance::search() {
  const Profile& profile = options_.profile;
  const std::vector<UnitAttribute> attributes = attributes_here();
  Graph graph = region_.tessellation.graph;
  planning::tie_pieces(graph, region_.part_of_node);
  planning::RepairOptions options;
  options.wanted = {.range = profile.range,
                    .target = profile.aim(),
                    .weights = profile.weights,
                    .keep_compounds = options_.keep_compounds,
                    .effort = options_.effort,
                    .goals = planning::goals_of(region_.tessellation, profile, attributes)};
  for (std::uint32_t part = 0; part < region_.members.size(); ++part)
    if (today_.spare[row(region_.members[part])]) options.locked.push_back(part);
  options.margin = options_.margin;
  options.most_moved = options_.most_moved;
  mended_ = {};
  mended_.plan =
      planning::repair_parts(graph, region_.part_of_node, std::uint32_t(region_.members.size()), options, execution_);
  auto& [plan, partition, number_of_part, part_of_number] = mended_;
  planning::settle_land(region_, plan.part_of_node);
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
  std::vector<GridId> parent_of_part(mended_.plan.parts, GridId::none);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    if (mended_.plan.part_of_node[node] != none)
      parent_of_part[mended_.plan.part_of_node[node]] = region_.parents[graph.nodes[node].area];
  }
  std::map<GridId, std::uint32_t> last;
  for (std::uint32_t part = std::uint32_t(region_.members.size()); part < mended_.plan.parts; ++part) {
    const GridId parent = parent_of_part[part];
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

/// New borders for those that give or take ground.
void Rebalance::redraw() {
  const auto groups = planning::exchanges(region_, mended_.plan.part_of_node, mended_.plan.parts);
  std::vector<std::uint32_t> drawn;
  std::vector<GridId> gone;
  for (const auto& group : groups) {
    drawn.insert(drawn.end(), group.begin(), group.end());
    for (const std::uint32_t part : group)
      if (part < region_.members.size()) gone.push_back(region_.members[part]);
  }
  if (drawn.empty()) return;
  std::ranges::sort(gone);
  planning::Redraft redraft = planning::draw_anew(map_, region_, mended_.plan.part_of_node, mended_.plan.parts, drawn,
                                                  gone, options_.simplify_m);
  changes_.changes = changes_of(groups, std::move(redraft.polygons));
  sealed_ = changes_of(groups, std::move(redraft.sealed));
  for (auto& [id, polygons] : redraft.nudged) {
    std::vector<GridRecord> before{map_.record(id)}, after{before};
    after[0].polygons = std::move(polygons);
    sealed_.push_back(ChangeSet::Change::of(std::move(before), std::move(after)));
  }
}

std::vector<ChangeSet::Change> Rebalance::changes_of(std::span<const std::vector<std::uint32_t>> groups,
                                                     std::vector<MultiPolygon>&& polygons) const {
  std::vector<ChangeSet::Change> changes;
  for (const std::vector<std::uint32_t>& group : groups) {
    std::vector<GridRecord> before, after;
    for (const std::uint32_t part : group) {
      if (part < region_.members.size()) before.push_back(map_.record(region_.members[part]));
      if (mended_.number_of_part[part] == none) continue;
      GridRecord record;
      if (part < region_.members.size()) {
        record = before.back();
        record.kind = Kind::general;
        record.polygons = std::move(polygons[part]);
      } else {
        planning::MicroGrid made;
        made.code = code_of_part_[part];
        const GridId parent = map_.parent(region_.members[group.front()]);
        record = planning::to_record(map_, parent, made, Verdict::legal, std::move(polygons[part]));
      }
      after.push_back(std::move(record));
    }
    changes.push_back(ChangeSet::Change::of(std::move(before), std::move(after)));
  }
  return changes;
}

/// The next map, in which the borders of neighbours have no new vertex, or where that cannot be drawn, have.
void Rebalance::apply(Proposal& proposal) {
  const std::vector<UnitTrace> units = traces();
  const ChangeSet plain = changes_;
  changes_.changes = std::move(sealed_);
  trace(changes_, units);
  try {
    proposal.next = map_.with(changes_);
  } catch (const Error& error) {
    if (error.code() != Errc::invalid_geometry && error.code() != Errc::invalid_coverage) throw;
    changes_ = plain;
    trace(changes_, units);
    proposal.next = map_.with(changes_);
  }
  proposal.changes = std::move(changes_);
}

/// Shapes of the next map's areas; those whose ground stays are known where the caller knows them.
std::vector<AreaFigures> Rebalance::measure(const GridMap& next, const ChangeSet& changes) const {
  std::vector<bool> is_known(map_.size(), options_.figures.size() == map_.size());
  for (const ChangeSet::Change& change : changes.changes)
    for (const GridRecord& record : change.before) is_known[row(map_.find(record.code))] = false;
  std::vector<AreaFigures> shapes;
  for (std::uint32_t i = 0; i < next.size(); ++i) {
    const GridId id{i};
    const bool keeps_row = i < map_.size() && map_.code(id) == next.code(id);
    const GridId twin = keeps_row ? id : map_.find(next.code(id));
    if (twin == GridId::none || !is_known[row(twin)]) {
      shapes.push_back(planning::measure(next, id));
      continue;
    }
    const AreaFigures& known = options_.figures[row(twin)];
    shapes.emplace_back().id = id;
    shapes.back().area_m2 = known.area_m2;
    shapes.back().perimeter_m = known.perimeter_m;
    shapes.back().compactness = known.compactness;
  }
  return shapes;
}

/// What becomes of the units in the micro-grids that were looked at or get new borders.
std::vector<UnitTrace> Rebalance::traces() const {
  std::vector<bool> concerned(map_.size(), false);
  for (const GridId id : region_.members) concerned[row(id)] = true;
  for (const ChangeSet::Change& change : sealed_)
    for (const GridRecord& record : change.before) concerned[row(map_.find(record.code))] = true;
  std::vector<UnitTrace> traces;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const GridId home = today_.home[u];
    if (home == GridId::none || !concerned[row(home)]) continue;
    const std::string_view from = map_.code(home);
    traces.push_back({units_[u].id, from, final_[u].empty() ? from : std::string_view(final_[u]), units_[u].households,
                      units_[u].households});
  }
  return traces;
}

std::vector<GridId> Rebalance::areas_of_units(const GridMap& next) const {
  std::vector<GridId> twins(map_.size(), GridId::none), areas;
  std::vector<bool> known(map_.size(), false);
  for (std::size_t u = 0; u < units_.size(); ++u) {
    const GridId home = today_.home[u];
    if (home == GridId::none) {
      areas.push_back(home);
    } else if (!final_[u].empty()) {
      areas.push_back(next.find(final_[u]));
    } else {
      if (!known[row(home)]) twins[row(home)] = next.find(map_.code(home));
      known[row(home)] = true;
      areas.push_back(twins[row(home)]);
    }
  }
  return areas;
}

Proposal Rebalance::propose() {
  Proposal proposal;
  changes_.base_revision = map_.revision();
  changes_.reason = "rebalance";
  changes_.households_moved_bound = mended_.plan.bound;
  apply(proposal);
  proposal.area_of_unit = areas_of_units(proposal.next);
  proposal.after = planning::assess_measured(proposal.next, units_, proposal.area_of_unit, options_.profile.range,
                                             measure(proposal.next, proposal.changes));
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
    const std::vector<UnitAttribute> attributes = attributes_here();
    const planning::Outcome outcome{region_.tessellation, mended_.partition, parts, {}, options_.profile,
                                    attributes,           region_.its_units};
    append(planning::explain_range(outcome, map_, region_.parents));
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

void check_options(const GridMap& map, Units units, const RebalanceOptions& options) {
  check(options.profile);
  const auto is_there = [&](GridId id) { return id == GridId::none || row(id) < map.size(); };
  const std::vector<GridId>& homes = options.home_of_unit;
  if (!homes.empty() && (homes.size() != units.size() || !std::ranges::all_of(homes, is_there)))
    throw Error(Errc::invalid_argument, "home_of_unit: give an area of the map, or none, for each of the " +
                                            std::to_string(units.size()) + " units");
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
  check_options(map, units, options);
  return Rebalance(map, units, barriers, options, execution).run();
}

}  // namespace wangge
