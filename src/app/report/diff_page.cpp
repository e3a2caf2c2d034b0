#include "app/report/diff_page.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/report/page_data.hpp"

namespace wangge::app {
namespace {

using Edge = std::pair<Position, Position>;

Edge edge(Position a, Position b) { return a < b ? Edge{a, b} : Edge{b, a}; }

std::vector<Edge> edges_of(const GridMap& map) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const auto line = map.arc(i).line;
    for (std::size_t k = 1; k < line.size(); ++k) edges.push_back(edge(line[k - 1], line[k]));
  }
  std::ranges::sort(edges);
  return edges;
}

/// The runs of border that one map has and the other has not.
Json borders_only_in(const GridMap& map, const GridMap& other) {
  const std::vector<Edge> shared = edges_of(other);
  Coordinates lines;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    Line run;
    const auto end_run = [&] {
      if (!run.empty()) lines.line(run);
      run.clear();
    };
    const auto line = map.arc(i).line;
    for (std::size_t k = 1; k < line.size(); ++k) {
      if (std::ranges::binary_search(shared, edge(line[k - 1], line[k]))) {
        end_run();
        continue;
      }
      if (run.empty()) run.push_back(line[k - 1]);
      run.push_back(line[k]);
    }
    end_run();
  }
  return lines.json();
}

/// Who gives to whom: the units that go from one micro-grid to another, come or are gone, by both codes.
class Flows {
 public:
  explicit Flows(const ChangeSet& changes) {
    std::map<std::pair<std::string_view, std::string_view>, Flow> by_codes;
    for (const ChangeSet::UnitMove& move : changes.moves) {
      Flow& flow = by_codes[{move.from, move.to}];
      flow.households += move.households;
      ++flow.units;
    }
    for (const auto& [codes, flow] : by_codes) flows_.push_back({codes.first, codes.second, flow});
    std::ranges::stable_sort(flows_, std::ranges::greater{}, [](const Row& row) { return row.flow.households; });
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> row_of;
    for (const Row& row : flows_) row_of.emplace(std::pair{row.from, row.to}, std::ssize(row_of));
    for (const ChangeSet::UnitMove& move : changes.moves) flow_of_unit_[move.unit] = row_of.at({move.from, move.to});
  }

  /// The row of the unit's flow; -1 where it stays.
  std::int64_t of(const Unit& unit) const {
    const auto found = flow_of_unit_.find(unit.id);
    return found == flow_of_unit_.end() ? -1 : found->second;
  }

  Json json() const {
    Json from = Json::array(), to = Json::array(), households = Json::array(), units = Json::array();
    for (const Row& row : flows_) {
      from.push_back(row.from);
      to.push_back(row.to);
      households.push_back(row.flow.households);
      units.push_back(row.flow.units);
    }
    return {{"from", from}, {"to", to}, {"households", households}, {"units", units}};
  }

 private:
  struct Flow {
    std::uint64_t households = 0, units = 0;
  };
  struct Row {
    std::string_view from, to;
    Flow flow;
  };
  std::vector<Row> flows_;
  std::unordered_map<std::string_view, std::int64_t> flow_of_unit_;
};

/// The buildings of today with the flow that each goes along with, and those that are no longer there.
Json buildings_with_flows(const Plan& before, const Plan& after, const Flows& flows) {
  std::vector<std::int64_t> marks;
  std::unordered_set<std::string_view> present;
  for (const Unit& unit : after.units.units) {
    marks.push_back(flows.of(unit));
    present.insert(unit.id);
  }
  std::vector<Building> buildings = buildings_of(after.units.units, marks);
  for (const Unit& unit : before.units.units) {
    if (present.contains(unit.id) || flows.of(unit) < 0) continue;
    buildings.push_back({&unit, unit.households, flows.of(unit)});
  }
  Json data = buildings_json(buildings);
  Json& flow = data["flow"] = Json::array();
  for (const Building& building : buildings) flow.push_back(building.mark);
  return data;
}

std::uint64_t households_of(const Plan& plan, GridId id) {
  const auto row = static_cast<std::size_t>(id);
  return row < plan.assessment.areas.size() ? plan.assessment.areas[row].households : 0;
}

/// For each area of the later plan its households in the earlier one, -1 where it was not there.
Json households_before(const Plan& before, const Plan& after) {
  Json households = Json::array();
  for (std::uint32_t i = 0; i < after.map.size(); ++i) {
    const GridId old = before.map.find(after.map.code(GridId{i}));
    households.push_back(old == GridId::none ? -1 : static_cast<std::int64_t>(households_of(before, old)));
  }
  return households;
}

/// For each area of the later plan U, S, M or X. What has other ground and no unit to tell of is irregular.
Json codings_of(const GridMap& map, const ChangeSet& changes) {
  std::unordered_map<std::string_view, ChangeSet::Coding> codings;
  for (const ChangeSet::Lineage& lineage : changes.lineage) codings.emplace(lineage.code, lineage.coding);
  Json letters = Json::array();
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const auto found = codings.find(map.code(GridId{i}));
    letters.push_back(to_string(found == codings.end() ? ChangeSet::Coding::unchanged : found->second));
  }
  return letters;
}

/// Areas of the earlier plan that the later one does not have.
Json ended_areas(const Plan& before, const Plan& after) {
  Json code = Json::array(), name = Json::array(), households = Json::array();
  Coordinates boxes;
  for (std::uint32_t i = 0; i < before.map.size(); ++i) {
    const GridId id{i};
    if (after.map.find(before.map.code(id)) != GridId::none) continue;
    const MultiPolygon polygons = before.map.polygons(id);
    const Box box = bounds(polygons);
    code.push_back(before.map.code(id));
    name.push_back(before.map.name(id));
    households.push_back(households_of(before, id));
    boxes.line(std::array{box.min, box.max});
  }
  return {{"code", code}, {"name", name}, {"households", households}, {"box", boxes.json()}};
}

/// What the later plan says of the steps that led to it from the earlier one.
Json steps(const Plan& before, const Plan& after) {
  Json list = Json::array();
  for (const ChangeSet& made : after.history) {
    if (made.base_revision < before.map.revision()) continue;
    list.push_back(
        {{"revision", made.base_revision + 1}, {"reason", made.reason}, {"author", made.author}, {"time", made.time}});
  }
  return list;
}

Json operations_of(const ChangeSet& changes) {
  std::map<ChangeSet::Operation, std::size_t> count;
  for (const ChangeSet::Change& change : changes.changes) ++count[change.operation];
  Json operations = Json::object();
  for (const auto& [operation, times] : count) operations[std::string(to_string(operation))] = times;
  return operations;
}

}  // namespace

void write_diff_page(const std::filesystem::path& file, const Plan& before, const Plan& after,
                     const ChangeSet& changes) {
  const Flows flows(changes);
  Json data = plan_json(after);
  data["buildings"] = buildings_with_flows(before, after, flows);
  data["change"] = {{"revisions", {before.map.revision(), after.map.revision()}},
                    {"steps", steps(before, after)},
                    {"operations", operations_of(changes)},
                    {"moved", changes.households_moved},
                    {"bound", changes.households_moved_bound},
                    {"before", households_before(before, after)},
                    {"coding", codings_of(after.map, changes)},
                    {"ended", ended_areas(before, after)},
                    {"flows", flows.json()},
                    {"gone", borders_only_in(before.map, after.map)},
                    {"come", borders_only_in(after.map, before.map)}};
  write_page(file, diff_shell, data);
}

}  // namespace wangge::app
