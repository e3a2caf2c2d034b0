// Writes the page of a jittered plan, or of its changes, and prints what is in it as JSON for page_test.py: one
// micro-grid a row, and of changes who gives to whom.
// Usage: test_make_page FILE [COLUMNS ROWS HOUSES | empty | diff]

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/page/jittered_diff.hpp"
#include "app/page/jittered_plan.hpp"
#include "app/report/diff_page.hpp"
#include "app/report/page.hpp"

namespace {

nlohmann::json facts_of(const wangge::Plan& plan) {
  nlohmann::json rows = nlohmann::json::array();
  for (const wangge::AreaFigures& area : plan.assessment.areas) {
    if (plan.map.level(area.id) != wangge::Level::micro_grid) continue;
    const wangge::LngLat middle = to_degrees(inner_point(plan.map.polygons(area.id)));
    rows.push_back({{"code", plan.map.code(area.id)},
                    {"name", plan.map.name(area.id)},
                    {"households", area.households},
                    {"persons", area.persons},
                    {"lat", middle.lat},
                    {"lng", middle.lng}});
  }
  return rows;
}

nlohmann::json facts_of(const wangge::test::JitteredDiff& diff) {
  nlohmann::json areas = facts_of(diff.after());
  for (nlohmann::json& area : areas) {
    const wangge::GridId old = diff.before().map.find(area["code"].get<std::string>());
    area["before"] = nullptr;
    if (old != wangge::GridId::none)
      area["before"] = diff.before().assessment.areas[static_cast<std::uint32_t>(old)].households;
    area["coding"] = "U";
    for (const wangge::ChangeSet::Lineage& lineage : diff.changes().lineage)
      if (lineage.code == area["code"]) area["coding"] = to_string(lineage.coding);
  }
  nlohmann::json moves = nlohmann::json::array();
  for (const wangge::ChangeSet::UnitMove& move : diff.changes().moves) {
    nlohmann::json row{{"from", move.from}, {"to", move.to}, {"households", move.households}, {"lat", nullptr}};
    for (const wangge::Unit& unit : diff.after().units.units) {
      if (unit.id != move.unit) continue;
      row["lat"] = to_degrees(unit.position).lat;
      row["lng"] = to_degrees(unit.position).lng;
    }
    moves.push_back(std::move(row));
  }
  return {{"areas", areas}, {"moves", moves}, {"moved", diff.changes().households_moved}};
}

void write_diff(const char* file) {
  const wangge::test::JitteredDiff diff({});
  wangge::app::write_diff_page(file, diff.before(), diff.after(), diff.changes());
  std::puts(facts_of(diff).dump().c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 3 && argv[2] == std::string_view("diff")) {
    write_diff(argv[1]);
    return 0;
  }
  if (argc == 3) {
    wangge::app::write_page(argv[1], wangge::Plan{});
    return 0;
  }
  wangge::test::PlanShape shape;
  if (argc == 5) shape = {std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4])};
  const wangge::test::JitteredPlan jittered(shape);
  wangge::app::write_page(argv[1], jittered.plan());
  std::puts(facts_of(jittered.plan()).dump().c_str());
} catch (const std::exception& error) {
  std::fprintf(stderr, "test_make_page: %s\n", error.what());
  return 1;
}
