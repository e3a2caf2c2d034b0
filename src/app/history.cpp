#include "app/history.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "planning/assess.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>
#include <wangge/same_ground.hpp>

namespace wangge::app {
namespace {

using Codes = std::set<std::string, std::less<>>;

Codes codes_before(const ChangeSet& changes) {
  Codes codes;
  for (const ChangeSet::Change& change : changes.changes)
    for (const GridRecord& record : change.before) codes.insert(record.code);
  return codes;
}

Codes codes_after(const ChangeSet& changes) {
  Codes codes;
  for (const ChangeSet::Change& change : changes.changes)
    for (const GridRecord& record : change.after) codes.insert(record.code);
  return codes;
}

std::unordered_map<std::string_view, std::size_t> rows_of(const UnitTable& units) {
  std::unordered_map<std::string_view, std::size_t> rows;
  for (std::size_t row = 0; row < units.size(); ++row) rows.emplace(units.units[row].id, row);
  return rows;
}

std::string_view code_of(const GridMap& map, GridId id) {
  return id == GridId::none ? std::string_view() : map.code(id);
}

/// "revision 3 (merge 004 and 005)", the last one that named the area, later than `since`; or nothing.
std::string last_to_change(const std::vector<ChangeSet>& history, const std::string& code, std::uint64_t since = 0) {
  for (auto changes = history.rbegin(); changes != history.rend() && changes->base_revision >= since; ++changes) {
    if (!codes_before(*changes).contains(code) && !codes_after(*changes).contains(code)) continue;
    return "revision " + std::to_string(changes->base_revision + 1) +
           (changes->reason.empty() ? "" : " (" + changes->reason + ")");
  }
  return {};
}

class CarryOver {
 public:
  CarryOver(const Plan& plan, const ChangeSet& changes)
      : plan_(plan), changes_(changes), row_of_unit_(rows_of(plan.units)), named_(codes_before(changes)) {
    named_.merge(codes_after(changes));
    for (const ChangeSet& past : plan.history) {
      used_.merge(codes_before(past));
      used_.merge(codes_after(past));
    }
  }

  CarriedOver run() {
    const std::uint64_t current = plan_.map.revision();
    if (changes_.base_revision > current)
      throw Error(Errc::stale_change, "the changes were made for revision " + std::to_string(changes_.base_revision) +
                                          ", the plan is at revision " + std::to_string(current) +
                                          "; apply what lies between first");
    CarriedOver result{changes_, {}};
    result.changes.base_revision = current;
    result.changes.changes.clear();
    result.changes.moves.clear();
    for (const ChangeSet::Change& change : changes_.changes) {
      if (const std::string why = collision(change); !why.empty())
        result.collisions.push_back(why);
      else
        result.changes.changes.push_back(change);
    }
    carry_moves(result);
    return result;
  }

 private:
  static bool is_as_it_was(GridRecord now, const GridRecord& then) {
    if (!same_but_for_rounding(now.polygons, then.polygons)) return false;
    now.polygons = then.polygons;
    return now == then;
  }

  /// Why the change cannot be made to the plan as it is now; empty where it can.
  std::string collision(const ChangeSet::Change& change) const {
    const std::string what = std::string(to_string(change.operation)) + " of ";
    for (const GridRecord& record : change.before) {
      const GridId id = plan_.map.find(record.code);
      if (id != GridId::none && is_as_it_was(plan_.map.record(id), record)) continue;
      const std::string by = last_to_change(plan_.history, record.code, changes_.base_revision);
      if (!by.empty())
        return what + record.code + ": the area is " + (id == GridId::none ? "gone" : "another now") + " since " + by;
      return what + record.code +
             (id == GridId::none ? ": there is no such area" : ": the area is not what the changes take it for");
    }
    for (const GridRecord& record : change.after) {
      if (std::ranges::find(change.before, record.code, &GridRecord::code) != change.before.end()) continue;
      const bool undone = changes_.undoes != 0;  // what is taken back gets its old codes again
      if (plan_.map.find(record.code) == GridId::none && (undone || !used_.contains(record.code))) continue;
      return what + record.code + ": the code is used already, by " + last_to_change(plan_.history, record.code);
    }
    return {};
  }

  /// A move goes along with the change that names its micro-grids.
  void carry_moves(CarriedOver& result) const {
    const Codes gone = codes_before(result.changes), come = codes_after(result.changes);
    for (const ChangeSet::UnitMove& move : changes_.moves) {
      check_codes(move);
      const auto row = row_of_unit_.find(move.unit);
      if (row == row_of_unit_.end()) {
        if (move.from.empty() || move.to.empty()) continue;
        throw Error(Errc::not_found, "unit " + move.unit + ", which the changes move, is not in the plan");
      }
      if (!gone.contains(move.from) && !come.contains(move.to)) continue;
      result.changes.moves.push_back(move);
    }
  }

  void check_codes(const ChangeSet::UnitMove& move) const {
    for (const std::string& code : {move.from, move.to})
      if (!code.empty() && plan_.map.find(code) == GridId::none && !used_.contains(code) && !named_.contains(code))
        throw Error(Errc::not_found, "the changes move unit " + move.unit + " from " + move.from + " to " + move.to +
                                         ", but neither they nor the plan have a micro-grid " + code);
  }

  const Plan& plan_;
  const ChangeSet& changes_;
  std::unordered_map<std::string_view, std::size_t> row_of_unit_;
  Codes used_;   ///< by the plan, now or earlier
  Codes named_;  ///< by the changes
};

/// Each unit's micro-grid once the changes are made.
std::vector<GridId> assignment_after(const Plan& plan, const GridMap& next, const ChangeSet& changes) {
  const Codes gone = codes_before(changes);
  std::unordered_map<std::string_view, const ChangeSet::UnitMove*> move_of_unit;
  for (const ChangeSet::UnitMove& move : changes.moves) move_of_unit.emplace(move.unit, &move);
  std::vector<GridId> assignment;
  for (std::size_t u = 0; u < plan.units.size(); ++u) {
    const Unit& unit = plan.units.units[u];
    const GridId old = plan.micro_grid_of_unit[u], here = next.locate(unit.position);
    const std::string_view code = code_of(plan.map, old);
    const auto move = move_of_unit.find(unit.id);
    const GridId target = move == move_of_unit.end() ? GridId::none : next.find(move->second->to);
    if (target != GridId::none)
      assignment.push_back(target);
    else if (old != GridId::none && !gone.contains(code) && next.children(next.find(code)).empty())
      assignment.push_back(next.find(code));
    else if (plan.map.locate(unit.position) == old || next.find(code) == GridId::none)
      assignment.push_back(here);
    else
      assignment.push_back(next.find(code));  // it lies across an outline, and stays on its side
  }
  return assignment;
}

/// Out of range, and whether a unit alone explains it.
Finding range_finding(const Plan& plan, const AreaFigures& figures, const Unit* largest) {
  const Range range = plan.profile.range;
  const std::string wanted = std::to_string(range.min) + " to " + std::to_string(range.max);
  Finding finding{Finding::Kind::out_of_range, std::string(plan.map.code(figures.id)), "",
                  inner_point(plan.map.polygons(figures.id)),
                  "holds " + std::to_string(figures.households) + " households, not " + wanted};
  if (largest == nullptr || largest->households <= range.max) return finding;
  finding.kind = Finding::Kind::tower;
  finding.place = largest->position;
  finding.text = std::to_string(figures.households) + " households: unit " + largest->id + " alone holds " +
                 std::to_string(largest->households) + ", above " + std::to_string(range.max);
  Certificate& certificate = finding.certificate.emplace();
  certificate.proof = Certificate::Proof::unit;
  certificate.households = certificate.within_reach = figures.households;
  certificate.units = {largest->id};
  return finding;
}

bool is_in_range(const Plan& plan, const AreaFigures& figures) {
  if (plan.map.level(figures.id) != Level::micro_grid) return true;
  if (plan.map.kind(figures.id) == Kind::dedicated && figures.households == 0) return true;
  return figures.households >= plan.profile.range.min && figures.households <= plan.profile.range.max;
}

/// What was found of areas that have changed is found anew, as far as their figures tell.
void renew_findings(Plan& plan, const Codes& concerned) {
  std::erase_if(plan.findings, [&](const Finding& finding) {
    const bool gone = !finding.code.empty() && plan.map.find(finding.code) == GridId::none;
    return gone || (concerned.contains(finding.code) && finding.kind != Finding::Kind::locked);
  });
  std::unordered_map<std::uint32_t, const Unit*> largest;
  for (std::size_t u = 0; u < plan.units.size(); ++u) {
    const Unit*& most = largest[static_cast<std::uint32_t>(plan.micro_grid_of_unit[u])];
    if (most == nullptr || plan.units.units[u].households > most->households) most = &plan.units.units[u];
  }
  for (const AreaFigures& figures : plan.assessment.areas) {
    if (!concerned.contains(plan.map.code(figures.id)) || is_in_range(plan, figures)) continue;
    plan.findings.push_back(range_finding(plan, figures, largest[static_cast<std::uint32_t>(figures.id)]));
  }
}

/// Figures of the plan's map and units; what areas cost is kept where they and their households are as they were.
Assessment assess_anew(const Plan& plan, const GridMap& before, const Assessment& old, const Codes& concerned) {
  Assessment fresh = planning::assess_assigned(plan.map, plan.units.units, plan.micro_grid_of_unit, plan.profile.range);
  std::vector<Finding> missing;
  if (!plan.profile.attributes.empty()) {
    const auto attributes = attributes_of(plan.profile, plan.units.units, plan.units.attributes, missing);
    planning::add_attributes(plan.map, plan.micro_grid_of_unit, attributes, fresh);
  }
  for (AreaFigures& figures : fresh.areas) {
    const GridId twin = before.find(plan.map.code(figures.id));
    if (twin == GridId::none || concerned.contains(plan.map.code(figures.id))) continue;
    const AreaFigures& earlier = old.areas.at(static_cast<std::uint32_t>(twin));
    if (earlier.households == figures.households) figures.objective = earlier.objective;
  }
  return fresh;
}

/// What was done and not taken back, and what took back and was not taken back, by revision.
struct Stacks {
  std::vector<std::uint64_t> done, undone;

  explicit Stacks(const std::vector<ChangeSet>& history) {
    for (const ChangeSet& changes : history) {
      const std::uint64_t revision = changes.base_revision + 1;
      if (changes.changes.empty() && changes.moves.empty()) continue;  // a lock
      if (changes.undoes != 0 && !done.empty() && done.back() == changes.undoes) {
        done.pop_back();
        undone.push_back(revision);
        continue;
      }
      if (changes.undoes != 0 && !undone.empty() && undone.back() == changes.undoes)
        undone.pop_back();
      else
        undone.clear();
      done.push_back(revision);
    }
  }
};

}  // namespace

CarriedOver carry_over(const Plan& plan, const ChangeSet& changes) { return CarryOver(plan, changes).run(); }

void tell_what_changed(const GridMap& before, const GridMap& after, ChangeSet& changes) {
  ChangeSet found = diff(before, after);
  Codes named = codes_before(changes), seen = codes_before(found);
  named.merge(codes_after(changes));
  seen.merge(codes_after(found));
  bool same = named == seen;
  for (const ChangeSet::Change& change : changes.changes)
    for (const GridRecord& record : change.after)
      same = same && same_area(record, after.record(after.find(record.code)));
  if (!same) changes.changes = std::move(found.changes);
}

void adopt(Plan& plan, GridMap next, std::vector<GridId> micro_grid_of_unit, ChangeSet changes) {
  tell_what_changed(plan.map, next, changes);
  std::vector<UnitTrace> traces;
  for (std::size_t u = 0; u < plan.units.size(); ++u) {
    const Unit& unit = plan.units.units[u];
    traces.push_back({unit.id, code_of(plan.map, plan.micro_grid_of_unit[u]), code_of(next, micro_grid_of_unit[u]),
                      unit.households, unit.households});
  }
  trace(changes, traces);
  Codes concerned = codes_before(changes);
  concerned.merge(codes_after(changes));
  for (const ChangeSet::UnitMove& move : changes.moves) concerned.insert({move.from, move.to});
  const GridMap before = std::exchange(plan.map, std::move(next));
  plan.micro_grid_of_unit = std::move(micro_grid_of_unit);
  plan.assessment = assess_anew(plan, before, plan.assessment, concerned);
  plan.history.push_back(std::move(changes));
  renew_findings(plan, concerned);
}

Plan follow(const Plan& plan, ChangeSet changes) {
  Plan result = plan;
  GridMap next = plan.map.with(changes);
  std::vector<GridId> assignment = assignment_after(plan, next, changes);
  adopt(result, std::move(next), std::move(assignment), std::move(changes));
  return result;
}

std::optional<std::uint64_t> next_to_undo(const std::vector<ChangeSet>& history) {
  const Stacks stacks(history);
  if (stacks.done.size() < 2) return std::nullopt;
  return stacks.done.back();
}

std::optional<std::uint64_t> next_to_redo(const std::vector<ChangeSet>& history) {
  const Stacks stacks(history);
  if (stacks.undone.empty()) return std::nullopt;
  return stacks.undone.back();
}

const ChangeSet& changes_of(const Plan& plan, std::uint64_t revision) {
  for (const ChangeSet& changes : plan.history)
    if (changes.base_revision + 1 == revision) return changes;
  throw Error(Errc::not_found, "the plan has no revision " + std::to_string(revision) + "; `wangge log` lists them");
}

Plan at_revision(const Plan& plan, std::uint64_t revision) {
  changes_of(plan, revision);
  const std::uint64_t current = plan.map.revision();
  if (revision == current) return plan;
  ChangeSet since = changes_of(plan, current);
  for (std::uint64_t r = current - 1; r > revision; --r) since = compose(changes_of(plan, r), since);
  ChangeSet back = since.inverse();
  back.base_revision = current;
  Plan then = follow(plan, std::move(back));
  then.map = GridMap::build(then.map.records(), {.revision = revision});
  std::erase_if(then.history, [&](const ChangeSet& changes) { return changes.base_revision + 1 > revision; });
  return then;
}

}  // namespace wangge::app
