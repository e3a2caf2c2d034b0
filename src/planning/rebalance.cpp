#include <wangge/rebalance.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "planning/assess.hpp"
#include "planning/codes.hpp"
#include "planning/explain.hpp"
#include "planning/goals.hpp"
#include "planning/micro_grids.hpp"
#include "planning/region.hpp"
#include "planning/repair_parts.hpp"
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
  std::vector<bool>
      spare;  ///< dedicated ones without a household: they give ground to houses built across their border
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
std::vector<GridId> homes_of(const GridMap& map, Units units, std::span<const GridId> known,
                             const Execution& execution) {
  std::vector<Position> places;
  for (const Unit& unit : units) places.push_back(unit.position);
  std::vector<GridId> homes(units.size());
  map.locate(places, homes, execution);
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (u < known.size() && known[u] != GridId::none) {
      homes[u] = known[u];
      continue;
    }
    if (reaches_beyond(map, units[u].footprint, homes[u])) homes[u] = holder_of(map, units[u]);
  }
  return homes;
}

Today look_at(const GridMap& map, Units units, const RebalanceOptions& options, const Execution& execution) {
  Today today;
  today.home = homes_of(map, units, options.home_of_unit, execution);
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
    today_ = look_at(map, units, options, execution);
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
  std::vector<GridId> members_round(const std::vector<GridId>& wrong, int rings) const;
  void mend(const std::vector<GridId>& wrong);
  void search();
  void name_parts();
  void redraw();
  std::vector<ChangeSet::Change> changes_of(std::span<const std::vector<std::uint32_t>> groups,
                                            std::vector<MultiPolygon>&& polygons) const;
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

/// The violators and so many rings of neighbours about them, or all their siblings.
std::vector<GridId> Rebalance::members_round(const std::vector<GridId>& wrong, int rings) const {
  std::vector<bool> in(map_.size(), false);
  std::vector<GridId> found = wrong;
  for (const GridId id : wrong) in[row(id)] = true;
  for (std::size_t i = 0, end = found.size(); rings > 0 && i < found.size(); --rings, end = found.size()) {
    for (; i < end; ++i) {
      for (const GridId other : today_.neighbours[row(found[i])]) {
        if (in[row(other)] || today_.fixed[row(other)] || today_.spare[row(other)]) continue;
        if (map_.parent(other) != map_.parent(found[i])) continue;
        in[row(other)] = true;
        found.push_back(other);
      }
    }
  }
  return found;
}

/// Looks at a few neighbours first, and at more where they do not suffice.
void Rebalance::mend(const std::vector<GridId>& wrong) {
  std::size_t known = 0;
  for (const int rings : {1, 3, 1 << 20}) {
    std::vector<GridId> members = members_round(wrong, rings);
    if (members.size() == known) return;
    known = members.size();
    region_ = planning::survey(map_, std::move(members), units_, today_.home, barriers_, execution_);
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
    std::vector<UnitAttribute> attributes;
    for (const UnitAttribute& all : attributes_) {
      attributes.push_back({all.name, {}});
      for (const std::uint32_t u : region_.units) attributes.back().values.push_back(all.values[u]);
    }
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
