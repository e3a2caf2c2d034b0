// Writes the page of a jittered plan and prints what is in it as JSON, one micro-grid a row, for page_test.py.
// Usage: test_make_page FILE [COLUMNS ROWS HOUSES | empty]

#include <cstdio>
#include <cstdlib>
#include <exception>

#include <nlohmann/json.hpp>

#include "app/page/jittered_plan.hpp"
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

}  // namespace

int main(int argc, char** argv) try {
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
