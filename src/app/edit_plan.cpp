#include "app/edit_plan.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "app/history.hpp"
#include "planning/codes.hpp"
#include "planning/graph.hpp"
#include "planning/redraw.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge::app {
namespace {

using planning::Redrawn;
constexpr std::uint32_t elsewhere = planning::Graph::none;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

GridId find_micro_grid(const Plan& plan, const std::string& code) {
  const GridId id = plan.map.find(code);
  if (id == GridId::none || plan.map.level(id) != Level::micro_grid)
    throw Error(Errc::not_found, code + " is no micro-grid of the plan; `wangge show --json` lists them");
  return id;
}

std::size_t find_unit(const Plan& plan, const std::string& id) {
  const auto at = std::ranges::find(plan.units.units, id, &Unit::id);
  if (at == plan.units.units.end()) throw Error(Errc::not_found, "there is no unit " + id + " in the plan");
  return static_cast<std::size_t>(at - plan.units.units.begin());
}

void check_siblings(const Plan& plan, GridId a, GridId b) {
  if (plan.map.parent(a) == plan.map.parent(b)) return;
  throw Error(Errc::contradiction, std::string(plan.map.code(a)) + " and " + std::string(plan.map.code(b)) +
                                       " are parts of different areas, whose outlines stay as they are");
}

std::uint64_t households_of(const Plan& plan, GridId id) {
  return plan.assessment.areas.at(static_cast<std::uint32_t>(id)).households;
}

bool is_locked(const Plan& plan, std::string_view code) {
  return std::ranges::any_of(plan.findings,
                             [&](const Finding& f) { return f.kind == Finding::Kind::locked && f.code == code; });
}

/// How many households a figure is outside the range.
std::uint64_t outside(const Plan& plan, GridId id) {
  const std::uint64_t held = households_of(plan, id);
  if (plan.map.kind(id) == Kind::dedicated && held == 0) return 0;
  const Range range = plan.profile.range;
  return held < range.min ? range.min - held : held > range.max ? held - range.max : 0;
}

/// Compares a plan with what an edit made of it.
class Judge {
 public:
  Judge(const Plan& before, const Plan& after) : before_(before), after_(after) {
    for (const ChangeSet::Change& change : after.history.back().changes) {
      for (const GridRecord& record : change.before) gone_.insert(record.code);
      for (const GridRecord& record : change.after) come_.insert(record.code);
    }
    for (const ChangeSet::UnitMove& move : after.history.back().moves) come_.insert(move.to), gone_.insert(move.from);
  }

  std::vector<std::string> run(const std::set<std::string>& across_barrier) {
    for (const std::string& code : come_) {
      const GridId id = after_.map.find(code), old = before_.map.find(code);
      if (id == GridId::none || after_.map.level(id) != Level::micro_grid) continue;
      check_range(code, id, old);
      check_pieces(code, id, old);
      check_attributes(code, id, old);
      if (across_barrier.contains(code) && !was_annexed(code))
        add("barrier: " + code + " would have households on both sides of a hard barrier");
    }
    check_whole("compound", compound_of);
    check_whole("building", building_of);
    for (const std::string& code : gone_)
      if (is_locked(before_, code)) add("lock: " + code + " is locked");
    return std::move(breaks_);
  }

 private:
  void add(std::string line) { breaks_.push_back(std::move(line)); }

  void check_range(const std::string& code, GridId id, GridId old) {
    const std::uint64_t now = outside(after_, id), earlier = old == GridId::none ? 0 : outside(before_, old);
    if (now <= earlier) return;
    const Range range = after_.profile.range;
    add("range: " + code + " would hold " + std::to_string(households_of(after_, id)) + " households, not " +
        std::to_string(range.min) + " to " + std::to_string(range.max));
  }

  void check_pieces(const std::string& code, GridId id, GridId old) {
    const std::size_t pieces = after_.map.polygons(id).size();
    if (pieces <= (old == GridId::none ? 1 : before_.map.polygons(old).size())) return;
    add("contiguity: " + code + " would be in " + std::to_string(pieces) + " pieces");
  }

  static std::vector<double> sums(const Plan& plan, GridId id) {
    return id == GridId::none ? std::vector<double>()
                              : plan.assessment.areas.at(static_cast<std::uint32_t>(id)).attributes;
  }

  void check_attributes(const std::string& code, GridId id, GridId old) {
    const std::vector<double> now = sums(after_, id), then = sums(before_, old);
    for (std::size_t k = 0; k < now.size(); ++k) {
      const AttributeGoal& goal = after_.profile.attributes[k];
      const auto missed = [&](double sum) { return (goal.min && sum < *goal.min) || (goal.max && sum > *goal.max); };
      const bool earlier = k < then.size() && missed(then[k]);
      if (missed(now[k]) && !earlier)
        add("attribute: " + goal.attribute + " of " + code + " would be " + std::to_string(std::llround(now[k])));
    }
  }

  bool was_annexed(const std::string& code) const {
    return std::ranges::any_of(before_.findings,
                               [&](const Finding& f) { return f.kind == Finding::Kind::annexed && f.code == code; });
  }

  /// Where the units of one group live, and how many households they are.
  struct Group {
    std::set<std::string_view> homes;
    std::uint64_t households = 0;
  };

  static std::string compound_of(const Unit& unit) { return unit.compound; }
  static std::string building_of(const Unit& unit) {
    return unit.building.empty() || unit.compound.empty() ? unit.building : unit.building + " of " + unit.compound;
  }

  template <class Name>
  static std::map<std::string, Group> groups(const Plan& plan, Name name_of) {
    std::map<std::string, Group> groups;
    for (std::size_t u = 0; u < plan.units.size(); ++u) {
      const GridId id = plan.micro_grid_of_unit[u];
      const std::string name = name_of(plan.units.units[u]);
      if (name.empty() || id == GridId::none) continue;
      groups[name].homes.insert(plan.map.code(id));
      groups[name].households += plan.units.units[u].households;
    }
    return groups;
  }

  /// What would fit in one micro-grid and is in more of them than before.
  template <class Name>
  void check_whole(const char* noun, Name name_of) {
    const auto earlier = groups(before_, name_of), now = groups(after_, name_of);
    for (const auto& [name, group] : now) {
      const auto was = earlier.find(name);
      const std::size_t parts = was == earlier.end() ? 1 : was->second.homes.size();
      if (group.households <= after_.profile.range.max && group.homes.size() > parts)
        add(std::string(noun) + ": " + name + " would be in " + std::to_string(group.homes.size()) +
            " micro-grids, not " + std::to_string(parts));
    }
  }

  const Plan &before_, &after_;
  std::set<std::string> gone_, come_;
  std::vector<std::string> breaks_;
};

/// Micro-grids to be, the old ones whose ground they share, and who is in which.
struct Regrouping {
  std::vector<GridId> concerned;
  std::vector<std::uint32_t> part_of_area;  ///< of each of them
  std::vector<GridRecord> made;             ///< for each part all but its polygons
  std::vector<std::uint32_t> part_of_unit;
};

Edited regroup(const Plan& plan, const Regrouping& r, std::string reason, double simplify_m,
               const Execution& execution) {
  const std::vector<Redrawn> drawn =
      planning::redraw(plan.map, r.concerned, r.part_of_area, plan.units.units, plan.micro_grid_of_unit, r.part_of_unit,
                       static_cast<std::uint32_t>(r.made.size()), plan.barriers, simplify_m, execution);
  std::vector<GridRecord> before, after;
  std::set<std::string> across_barrier;
  std::vector<std::uint64_t> held(r.made.size(), 0);
  for (std::size_t u = 0; u < plan.units.size(); ++u)
    if (r.part_of_unit[u] != elsewhere) held[r.part_of_unit[u]] += plan.units.units[u].households;
  for (const GridId id : r.concerned) before.push_back(plan.map.record(id));
  for (std::size_t part = 0; part < r.made.size(); ++part) {
    GridRecord record = r.made[part];
    if (drawn[part].polygons.empty())
      throw Error(Errc::contradiction, "no land would be left for " + record.code + "; merge it instead");
    if (drawn[part].across_barrier) across_barrier.insert(record.code);
    record.polygons = drawn[part].polygons;
    if (held[part] > 0) record.kind = Kind::general;
    after.push_back(std::move(record));
  }
  ChangeSet changes;
  changes.base_revision = plan.map.revision();
  changes.reason = std::move(reason);
  changes.changes = {ChangeSet::Change::of(std::move(before), std::move(after))};
  GridMap next = plan.map.with(changes);
  std::vector<GridId> assignment;
  for (std::size_t u = 0; u < plan.units.size(); ++u) {
    const GridId old = plan.micro_grid_of_unit[u];
    if (r.part_of_unit[u] != elsewhere)
      assignment.push_back(next.find(r.made[r.part_of_unit[u]].code));
    else
      assignment.push_back(old == GridId::none ? old : next.find(plan.map.code(old)));
  }
  Edited edited{plan, {}};
  adopt(edited.plan, std::move(next), std::move(assignment), std::move(changes));
  edited.breaks = Judge(plan, edited.plan).run(across_barrier);
  return edited;
}

std::set<std::string, std::less<>> used_codes(const Plan& plan) {
  std::set<std::string, std::less<>> codes;
  for (const ChangeSet& changes : plan.history)
    for (const ChangeSet::Change& change : changes.changes)
      for (const auto* records : {&change.before, &change.after})
        for (const GridRecord& record : *records) codes.insert(record.code);
  for (std::uint32_t i = 0; i < plan.map.size(); ++i) codes.emplace(plan.map.code(GridId{i}));
  return codes;
}

/// Codes that the parent's parts never had, in ascending order.
class FreshCodes {
 public:
  FreshCodes(const Plan& plan, GridId parent)
      : used_(used_codes(plan)),
        parent_(plan.map.code(parent)),
        count_(static_cast<std::uint32_t>(plan.map.children(parent).size())) {}

  std::string next() {
    std::string code;
    do code = planning::child_code(parent_, ++number_, count_);
    while (used_.contains(code));
    return code;
  }

 private:
  std::set<std::string, std::less<>> used_;
  std::string parent_;
  std::uint32_t count_, number_ = 0;
};

/// The plan's map with one micro-grid's ground left open, its siblings locked, and that ground split.
Proposal split_ground(const Plan& plan, GridId micro_grid, double simplify_m, const Execution& execution) {
  std::vector<GridRecord> records = plan.map.records();
  records.erase(records.begin() + static_cast<std::ptrdiff_t>(static_cast<std::uint32_t>(micro_grid)));
  const GridMap open = GridMap::build(records, {}, execution);
  const GridId parent = open.find(plan.map.code(plan.map.parent(micro_grid)));
  SplitOptions options;
  options.profile = plan.profile;
  options.columns = plan.units.attributes;
  options.simplify_m = simplify_m;
  options.locked.assign(open.children(parent).begin(), open.children(parent).end());
  return split(open, parent, plan.units.units, plan.barriers, options, execution);
}

/// The micro-grids that a split made and that hold households.
std::vector<GridId> lived_in(const Proposal& proposal) {
  std::vector<GridId> parts;
  for (const ChangeSet::Change& change : proposal.changes.changes) {
    for (const GridRecord& record : change.after) {
      const GridId id = proposal.next.find(record.code);
      if (proposal.after.areas.at(static_cast<std::uint32_t>(id)).households > 0) parts.push_back(id);
    }
  }
  return parts;
}

/// The part that is `id`, or has the longest border with it: what nobody lives in goes along with one.
std::uint32_t part_beside(const Proposal& proposal, const std::vector<GridId>& parts, GridId id) {
  const auto itself = std::ranges::find(parts, id);
  if (itself != parts.end()) return static_cast<std::uint32_t>(itself - parts.begin());
  if (id == GridId::none) return 0;
  const auto nearest =
      std::ranges::max_element(parts, {}, [&](GridId part) { return proposal.next.shared_border_m(id, part); });
  return static_cast<std::uint32_t>(nearest - parts.begin());
}

/// As `split` names them: the area's name, or its code, and the end of the part's code.
std::string name_of_part(const Plan& plan, GridId parent, const std::string& code) {
  const std::string parent_code(plan.map.code(parent)), name(plan.map.name(parent));
  return (name.empty() ? parent_code : name) + " " + code.substr(parent_code.size());
}

}  // namespace

Edited move_units(const Plan& plan, const std::vector<std::string>& units, const std::string& to, double simplify_m,
                  const Execution& execution) {
  const GridId target = find_micro_grid(plan, to);
  std::vector<GridId> home = plan.micro_grid_of_unit;
  std::set<GridId> sources;
  for (const std::string& id : units) {
    const std::size_t unit = find_unit(plan, id);
    if (home[unit] == GridId::none || plan.map.level(home[unit]) != Level::micro_grid)
      throw Error(Errc::contradiction, "unit " + id + " lies outside every micro-grid");
    if (home[unit] == target) throw Error(Errc::contradiction, "unit " + id + " is in " + to + " already");
    check_siblings(plan, home[unit], target);
    sources.insert(home[unit]);
    home[unit] = target;
  }
  Regrouping r;
  r.concerned.assign(sources.begin(), sources.end());
  r.concerned.push_back(target);
  std::map<GridId, std::uint32_t> part;
  for (const GridId id : r.concerned) {
    if (id != target && std::ranges::find(home, id) == home.end()) continue;  // nobody is left in it
    part.emplace(id, static_cast<std::uint32_t>(r.made.size()));
    r.made.push_back(plan.map.record(id));
  }
  for (const GridId id : r.concerned) r.part_of_area.push_back(part.contains(id) ? part[id] : part[target]);
  for (const GridId id : home) r.part_of_unit.push_back(part.contains(id) ? part[id] : elsewhere);
  return regroup(plan, r, "move " + joined(units) + " to " + to, simplify_m, execution);
}

Edited merge_micro_grids(const Plan& plan, const std::vector<std::string>& codes, const Execution& execution) {
  Regrouping r;
  for (const std::string& code : codes) {
    r.concerned.push_back(find_micro_grid(plan, code));
    check_siblings(plan, r.concerned.front(), r.concerned.back());
    if (std::ranges::count(r.concerned, r.concerned.back()) > 1)
      throw Error(Errc::contradiction, code + " cannot be merged with itself");
  }
  r.made = {
      plan.map.record(*std::ranges::max_element(r.concerned, {}, [&](GridId id) { return households_of(plan, id); }))};
  r.part_of_area.assign(r.concerned.size(), 0);
  for (const GridId id : plan.micro_grid_of_unit)
    r.part_of_unit.push_back(std::ranges::find(r.concerned, id) == r.concerned.end() ? elsewhere : 0);
  return regroup(plan, r, "merge " + joined(codes), 0, execution);
}

Edited split_micro_grid(const Plan& plan, const std::string& code, double simplify_m, const Execution& execution) {
  const GridId micro_grid = find_micro_grid(plan, code), parent = plan.map.parent(micro_grid);
  if (parent == GridId::none) throw Error(Errc::contradiction, code + " is part of no area; nothing says its codes");
  const Proposal proposal = split_ground(plan, micro_grid, simplify_m, execution);
  const std::vector<GridId> parts = lived_in(proposal);
  if (parts.size() < 2)
    throw Error(Errc::contradiction, code + " holds " + std::to_string(households_of(plan, micro_grid)) +
                                         " households, which cannot be divided in the range " +
                                         std::to_string(plan.profile.range.min) + " to " +
                                         std::to_string(plan.profile.range.max));
  const auto households = [&](GridId id) { return proposal.after.areas.at(static_cast<std::uint32_t>(id)).households; };
  const GridId largest = *std::ranges::max_element(parts, {}, households);
  Regrouping r;
  r.concerned = {micro_grid};
  FreshCodes fresh(plan, parent);
  for (const GridId part : parts) {
    r.made.push_back(plan.map.record(micro_grid));
    if (part == largest) {
      r.part_of_area = {static_cast<std::uint32_t>(r.made.size() - 1)};
      continue;
    }
    r.made.back().code = fresh.next();
    r.made.back().name = name_of_part(plan, parent, r.made.back().code);
  }
  for (std::size_t u = 0; u < plan.units.size(); ++u) {
    const bool inside = plan.micro_grid_of_unit[u] == micro_grid;
    r.part_of_unit.push_back(inside ? part_beside(proposal, parts, proposal.area_of_unit[u]) : elsewhere);
  }
  return regroup(plan, r, "split " + code, simplify_m, execution);
}

Edited lock_micro_grids(const Plan& plan, const std::vector<std::string>& codes, bool locked) {
  Edited edited{plan, {}};
  ChangeSet changes;
  changes.base_revision = plan.map.revision();
  changes.reason = (locked ? "lock " : "unlock ") + joined(codes);
  for (const std::string& code : codes) {
    const GridId id = find_micro_grid(plan, code);
    std::erase_if(edited.plan.findings,
                  [&](const Finding& f) { return f.kind == Finding::Kind::locked && f.code == code; });
    if (locked)
      edited.plan.findings.push_back(
          {Finding::Kind::locked, code, "", inner_point(plan.map.polygons(id)), "locked by hand; it stays as it is"});
  }
  adopt(edited.plan, plan.map.with(changes), plan.micro_grid_of_unit, std::move(changes));
  return edited;
}

}  // namespace wangge::app
