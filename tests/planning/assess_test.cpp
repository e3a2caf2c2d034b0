#include <gtest/gtest.h>

#include <numbers>

#include <wangge/planning.hpp>

#include "support/scene.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

/// Grids A (two cells) and B (four), 20 households a cell.
Scene town(Level level = Level::grid) {
  return draw(R"(
      A B B
      A B B )",
              {.households_each = 20, .level = level, .whole = "W"});
}

const AreaFigures& figures(const Scene& scene, const Assessment& assessment, std::string_view code) {
  return assessment.areas[static_cast<std::size_t>(scene.map.find(code))];
}

/// The finding of an assessment that has but one.
Finding only_finding(const Assessment& assessment) {
  EXPECT_EQ(assessment.findings.size(), 1u);
  return assessment.findings.empty() ? Finding{} : assessment.findings[0];
}

TEST(Assess, CountsHouseholdsOfAreasAndOfTheirWhole) {
  Scene scene = town();
  scene.units.units[0].persons = 55;  // in A
  const Assessment assessment = assess(scene.map, scene.units.units);
  ASSERT_EQ(assessment.areas.size(), 3u);
  EXPECT_EQ(figures(scene, assessment, "A").households, 40u);
  EXPECT_EQ(figures(scene, assessment, "A").persons, 55u);
  EXPECT_EQ(figures(scene, assessment, "A").units, 2u);
  EXPECT_EQ(figures(scene, assessment, "B").households, 80u);
  EXPECT_EQ(figures(scene, assessment, "W").households, 120u);
  EXPECT_EQ(figures(scene, assessment, "W").persons, 55u);
  EXPECT_EQ(figures(scene, assessment, "W").units, 6u);
  EXPECT_EQ(assessment.households, 120u);
  EXPECT_EQ(assessment.households_assigned, 120u);
  EXPECT_TRUE(assessment.findings.empty());
}

TEST(Assess, MeasuresAreas) {
  const Scene scene = town();
  const Assessment assessment = assess(scene.map, scene.units.units);
  const AreaFigures& b = figures(scene, assessment, "B");
  EXPECT_DOUBLE_EQ(b.area_m2, scene.map.area_m2(scene.map.find("B")));
  EXPECT_DOUBLE_EQ(b.perimeter_m, scene.map.perimeter_m(scene.map.find("B")));
  EXPECT_NEAR(b.compactness, std::numbers::pi / 4, 0.02);
  EXPECT_LT(figures(scene, assessment, "A").compactness, b.compactness);
}

TEST(Assess, CountsMicroGridsInRange) {
  const Scene scene = town(Level::micro_grid);
  const Assessment assessment = assess(scene.map, scene.units.units, {50, 100});
  EXPECT_EQ(assessment.micro_grids, 2u);
  EXPECT_EQ(assessment.in_range, 1u);
  const Finding finding = only_finding(assessment);
  EXPECT_EQ(finding.kind, Finding::Kind::out_of_range);
  EXPECT_EQ(finding.code, "A");
  EXPECT_EQ(finding.text, "micro-grid A holds 40 households, not 50 to 100");
  EXPECT_EQ(scene.map.locate(finding.place), scene.map.find("A"));
  EXPECT_NEAR(assessment.compactness_median,
              (figures(scene, assessment, "A").compactness + figures(scene, assessment, "B").compactness) / 2, 1e-12);
}

TEST(Assess, ExemptsDedicatedMicroGridsFromTheRange) {
  Scene scene = town(Level::micro_grid);
  std::vector<GridRecord> records = scene.map.records();
  for (GridRecord& record : records) {
    if (record.code == "A") record.kind = Kind::dedicated;
  }
  const Assessment assessment = assess(GridMap::build(records), scene.units.units, {50, 100});
  EXPECT_EQ(assessment.micro_grids, 1u);
  EXPECT_EQ(assessment.in_range, 1u);
  EXPECT_TRUE(assessment.findings.empty());
}

TEST(Assess, FindsUnitsOutsideEveryArea) {
  Scene scene = town();
  scene.units.units[3].position = {corner.x - 1, corner.y};
  const Assessment assessment = assess(scene.map, scene.units.units);
  EXPECT_EQ(assessment.households, 120u);
  EXPECT_EQ(assessment.households_assigned, 100u);
  const Finding finding = only_finding(assessment);
  EXPECT_EQ(finding.kind, Finding::Kind::unassigned);
  EXPECT_EQ(finding.unit, "4");
  EXPECT_EQ(finding.text, "unit 4 lies outside every area");
}

TEST(Assess, OfAnEmptyMapIsAllZero) {
  const Assessment assessment = assess(GridMap(), {});
  EXPECT_TRUE(assessment.areas.empty());
  EXPECT_EQ(assessment.compactness_median, 0);
}

TEST(Names, OfFindingsAndBarriersAreTheirOwn) {
  for (int i = 0; i <= static_cast<int>(BarrierClass::hard); ++i)
    EXPECT_EQ(parse_barrier_class(to_string(static_cast<BarrierClass>(i))), static_cast<BarrierClass>(i));
  EXPECT_EQ(to_string(Finding::Kind::input), "input");
  EXPECT_EQ(to_string(Finding::Kind::empty_zone), "empty_zone");
}

}  // namespace
