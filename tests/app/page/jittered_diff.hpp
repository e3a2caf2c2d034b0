#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/page/jittered_plan.hpp"

namespace wangge::test {

/// A jittered plan and the one after it: four micro-grids round one corner exchange houses, one takes in its eastern
/// neighbour, one is cut in two, one house is pulled down and another built. For shapes of 4 × 3 and more.
class JitteredDiff {
 public:
  explicit JitteredDiff(const PlanShape& shape) : jittered_(shape), after_(jittered_.plan()) {
    for (const GridRecord& record : before().map.records()) {
      if (record.level == Level::micro_grid) row_of_.push_back(records_.size());
      records_.push_back(record);
      if (record.level != Level::micro_grid) records_.back().polygons.clear();
    }
    exchange();
    cut();
    merge();
    after_.map = GridMap::build(records_, {.revision = 1});
    change_units();
    trace_units();
  }

  const Plan& before() const { return jittered_.plan(); }
  const Plan& after() const { return after_; }
  const ChangeSet& changes() const { return changes_; }

 private:
  static constexpr std::int32_t shift_x = 5000, shift_y = 4000;

  GridRecord& micro_grid(std::int32_t column, std::int32_t row) {
    return records_[row_of_[row * jittered_.shape().columns + column]];
  }

  /// Corners as before, but for the one that moves.
  Position corner(std::int32_t column, std::int32_t row) const {
    const Position p = jittered_.corner(column, row);
    return column == 1 && row == 1 ? Position{p.x + shift_x, p.y + shift_y} : p;
  }

  void exchange() {
    for (const auto& [column, row] : std::array<std::pair<int, int>, 4>{{{0, 0}, {1, 0}, {0, 1}, {1, 1}}})
      micro_grid(column, row).polygons = {
          {{corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1)}, {}}};
  }

  void cut() {
    const std::int32_t c = jittered_.shape().columns - 1, r = jittered_.shape().rows - 1;
    GridRecord& old = micro_grid(c, r);
    GridRecord other = old;
    other.code = old.parent + "999";
    old.polygons = {{{corner(c, r), corner(c + 1, r), corner(c + 1, r + 1)}, {}}};
    other.polygons = {{{corner(c, r), corner(c + 1, r + 1), corner(c, r + 1)}, {}}};
    records_.push_back(std::move(other));
  }

  void merge() {
    micro_grid(2, 0).polygons = {
        {{corner(2, 0), corner(3, 0), corner(4, 0), corner(4, 1), corner(3, 1), corner(2, 1)}, {}}};
    records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(row_of_[3]));
  }

  void change_units() {
    std::vector<Unit>& units = after_.units.units;
    units.erase(units.begin() + 2);
    Unit built = units.front();
    built.id = "built";
    built.households = 7;
    built.position.x += 40;
    built.footprint = {};
    units.push_back(built);
    after_.micro_grid_of_unit.clear();
    for (const Unit& unit : units) after_.micro_grid_of_unit.push_back(after_.map.locate(unit.position));
    after_.assessment = assess(after_.map, units, after_.profile.range);
    after_.findings = after_.assessment.findings;
    ChangeSet made;
    made.reason = "a new quarter " + hostile;
    made.author = "Wang";
    after_.history.push_back(made);
  }

  void trace_units() {
    const auto code = [](const Plan& plan, std::size_t unit) {
      const GridId id = plan.micro_grid_of_unit[unit];
      return id == GridId::none ? std::string_view() : plan.map.code(id);
    };
    std::unordered_map<std::string_view, UnitTrace> traces;
    std::vector<std::string_view> order;
    const auto trace_of = [&](const Unit& unit) -> UnitTrace& {
      const auto [place, added] = traces.emplace(unit.id, UnitTrace{unit.id, {}, {}, 0, 0});
      if (added) order.push_back(unit.id);
      return place->second;
    };
    for (std::size_t u = 0; u < before().units.size(); ++u) {
      UnitTrace& trace = trace_of(before().units.units[u]);
      trace.from = code(before(), u);
      trace.households_before = before().units.units[u].households;
    }
    for (std::size_t u = 0; u < after_.units.size(); ++u) {
      UnitTrace& trace = trace_of(after_.units.units[u]);
      trace.to = code(after_, u);
      trace.households_after = after_.units.units[u].households;
    }
    std::vector<UnitTrace> all;
    for (const std::string_view id : order) all.push_back(traces.at(id));
    changes_ = diff(before().map, after_.map);
    trace(changes_, all);
  }

  JitteredPlan jittered_;
  Plan after_;
  std::vector<GridRecord> records_;
  std::vector<std::size_t> row_of_;
  ChangeSet changes_;
};

}  // namespace wangge::test
