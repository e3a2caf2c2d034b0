#include "verify/plans.hpp"

#include <gtest/gtest.h>

namespace wangge::verify {
namespace {

/// The good plan with other counts in SW.
PlanFile plan_with(std::vector<std::int64_t> households) {
  PlanFile plan = good_plan();
  for (std::size_t u = 0; u < 4; ++u) unit_of(plan, south_west, u).households = households[u];
  add_up(plan);
  return plan;
}

PlanFile hamlet() { return plan_with({10, 10, 5, 5}); }
PlanFile tower() { return plan_with({164, 0, 0, 0}); }

/// Rivers that cut SW off.
std::vector<Barrier> moat() { return {barrier(BarrierClass::hard, {{side, 0}, {side, side}, {0, side}})}; }

TEST(Range, HasBothItsEnds) {
  EXPECT_EQ(errors_of(plan_with({20, 10, 10, 10})), Names{});
  EXPECT_EQ(errors_of(plan_with({20, 30, 25, 25})), Names{});
  EXPECT_EQ(errors_of(plan_with({20, 10, 10, 9})), Names{"range 0101001"});
  EXPECT_EQ(errors_of(plan_with({20, 30, 25, 26})), Names{"range 0101001"});
}

TEST(Range, IsTheCallers) {
  const Report report = report_on(good_plan(), {.range = {61, 90}});
  EXPECT_EQ(named(report.errors), (Names{"range 0101001", "range 0101002", "range 0101003", "range 0101004"}));
  EXPECT_EQ(report.figures.in_range, 0u);
}

TEST(Range, OutOfItWithoutAFindingIsAnError) {
  const Report report = report_on(hamlet());
  EXPECT_EQ(named(report.errors), Names{"range 0101001"});
  EXPECT_EQ(report.figures.unexplained, 1u);
  EXPECT_EQ(report.figures.in_range, 3u);
  EXPECT_FALSE(report.clean());
}

TEST(Range, AHamletThatReachesItsNeighboursIsNone) {
  PlanFile plan = hamlet();
  plan.findings = {{"hamlet", "0101001", ""}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"finding 0101001"});
  EXPECT_EQ(report.figures.false_reasons, 1u);
  EXPECT_FALSE(report.clean());
}

TEST(Range, AHamletBehindRiversIsOne) {
  PlanFile plan = hamlet();
  plan.barriers = moat();
  EXPECT_EQ(errors_of(plan), Names{"range 0101001"});
  plan.findings = {{"hamlet", "0101001", ""}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"hamlet 0101001"});
  EXPECT_EQ(report.figures.hamlets, 1u);
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.figures.legal_unforced_share(), 1);
}

TEST(Range, AReasonMayStandInTheColumn) {
  PlanFile plan = hamlet();
  plan.barriers = moat();
  plan.areas[south_west].finding = "hamlet";
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Range, ABridgeMakesTheHamletFalse) {
  PlanFile plan = hamlet();
  plan.barriers = moat();
  plan.barriers.push_back(barrier(BarrierClass::street, {{side - 2'000, 9'000}, {side + 2'000, 9'000}}));
  plan.barriers.back().bridge = true;
  plan.findings = {{"hamlet", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{"finding 0101001"});
}

TEST(Range, ACommonCornerIsNoReach) {
  PlanFile plan = hamlet();  // SW and NE touch in the corner; the moat ends there
  plan.barriers = {barrier(BarrierClass::hard, {{side, 0}, {side, side}}),
                   barrier(BarrierClass::hard, {{side, side}, {0, side}})};
  plan.findings = {{"hamlet", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Range, AHamletMayNotReachAcrossTheOutlineOfItsParent) {
  PlanFile plan = hamlet();  // SW becomes a community of its own
  plan.areas.push_back(
      {"0102", "", "community", "01", "general", "", 30, 4 * 37, 4, {}, {}, plan.areas[south_west].polygons});
  plan.areas[community].polygons = {{ring({{side, 0},
                                           {2 * side, 0},
                                           {2 * side, side},
                                           {2 * side, 2 * side},
                                           {side, 2 * side},
                                           {0, 2 * side},
                                           {0, side},
                                           {side, side}})}};
  plan.areas[south_west].parent = "0102", plan.areas[south_west].code = "0102001";
  for (std::size_t u = 0; u < 4; ++u) unit_of(plan, south_west, u).micro_grid = "0102001";
  add_up(plan);
  plan.findings = {{"hamlet", "0102001", ""}};
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Range, ATowerIsAUnitAboveTheMaximum) {
  PlanFile plan = tower();
  EXPECT_EQ(errors_of(plan), Names{"range 0101001"});
  plan.findings = {{"tower", "0101001", "0101001-0"}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"tower 0101001"});
  EXPECT_EQ(report.figures.towers, 1u);
}

TEST(Range, ManyHousesAreNoTower) {
  PlanFile plan = plan_with({40, 40, 40, 40});
  plan.findings = {{"tower", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{"finding 0101001"});
}

TEST(Range, StairwellsOnOnePlaceAreOneTower) {
  PlanFile plan = plan_with({0, 0, 0, 0});
  for (const char* id : {"stair 1", "stair 2"}) plan.units.push_back({id, "0101001", 70, {}, {}, at(9'000, 9'000)});
  add_up(plan);
  plan.findings = {{"tower", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Range, StairwellsInOneFootprintAreOneTower) {
  PlanFile plan = plan_with({0, 0, 0, 0});
  plan.units.push_back({"stair 1", "0101001", 70, {}, {}, at(5'000, 5'000)});                 // in the first house
  plan.units.push_back({"stair 2", "0101001", 70, {}, box(4'600, 4'000, 6'000, 5'500), {}});  // mostly on it
  add_up(plan);
  plan.findings = {{"tower", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{});
  plan.units.back().footprint = box(5'200, 4'000, 6'600, 5'500);  // a fifth of it
  EXPECT_EQ(errors_of(plan), Names{"finding 0101001"});
}

TEST(Range, TheOtherReasonDoesNotServe) {
  PlanFile plan = tower();
  plan.findings = {{"hamlet", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{"finding 0101001"});
}

TEST(Range, AFalseReasonIsAnErrorInRangeToo) {
  PlanFile plan = good_plan();
  plan.findings = {{"tower", "0101001", ""}};
  EXPECT_EQ(errors_of(plan), Names{"finding 0101001"});
}

TEST(Range, AFlagWithoutAReasonIsAWarningThatIsLeft) {
  PlanFile plan = hamlet();
  plan.findings = {{"out_of_range", "0101001", ""}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"unproven 0101001"});
  EXPECT_FALSE(report.clean());
}

TEST(Range, ADedicatedMicroGridMayBeEmptyAGeneralOneMayNot) {
  PlanFile plan = plan_with({0, 0, 0, 0});
  EXPECT_EQ(errors_of(plan), Names{"range 0101001"});
  plan.areas[south_west].kind = "dedicated";
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.counted, 3u);
  EXPECT_EQ(report.figures.dedicated, 1u);
}

TEST(Range, ADedicatedMicroGridWithHouseholdsIsNotExempt) {
  PlanFile plan = hamlet();
  plan.areas[south_west].kind = "dedicated";
  EXPECT_EQ(errors_of(plan), Names{"range 0101001"});
}

TEST(Figures, OfSizesAreThoseOfTheCountedMicroGrids) {
  const Figures figures = report_on(plan_with({20, 20, 20, 20})).figures;
  EXPECT_EQ(figures.households_min, 60);
  EXPECT_EQ(figures.households_max, 80);
  EXPECT_EQ(figures.households_mean, 65);
  EXPECT_NEAR(figures.households_sd, 8.660, 0.001);
}

TEST(Figures, OfShapeAreThoseOfTheDrawing) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::soft, {{10'000, 0}, {10'000, 2 * side}}),  // through SW and NW
                   barrier(BarrierClass::street, {{0, side}, {side, side}})};       // between them
  const Figures figures = report_on(plan).figures;
  EXPECT_EQ(figures.across_main_roads, 2u);
  EXPECT_NEAR(figures.compactness_median, 0.779, 0.001);
  EXPECT_NEAR(figures.border_on_street, 0.2275, 0.001);
  EXPECT_NEAR(figures.border_on_barriers, 0.2275, 0.001);
  EXPECT_NEAR(figures.border_vertices_per_km, 1000 * 5 / figures.inner_border_m, 1e-9);
  EXPECT_EQ(figures.elongated + figures.necked, 0u);
}

TEST(Figures, CountBlocksThatABorderSplits) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::street, {{0, 10'000}, {2 * side, 10'000}})};  // 60 households south of it
  Figures figures = report_on(plan).figures;
  EXPECT_EQ(figures.blocks, 1u) << "the northern one does not fit in one micro-grid";
  EXPECT_EQ(figures.blocks_split, 1u);
  plan.barriers.push_back(barrier(BarrierClass::street, {{side, 0}, {side, 2 * side}}));
  figures = report_on(plan).figures;
  EXPECT_EQ(figures.blocks, 4u);
  EXPECT_EQ(figures.blocks_split, 2u) << "the northern ones";
  EXPECT_EQ(report_on(plan_with({15, 15, 15, 10})).figures.near_bounds, 1u);
}

TEST(Figures, CountNecksAndWhetherAFindingSaysWhy) {
  PlanFile plan = good_plan();
  const int west = side / 2, east = west + 5'000, south = 3'000, north = side - 1'000, stalk = west + 1'000;
  plan.areas[south_west].polygons = {{ring({{0, 0},
                                            {side, 0},
                                            {side, side},
                                            {stalk, side},
                                            {stalk, north},
                                            {east, north},
                                            {east, south},
                                            {west, south},
                                            {west, side},
                                            {0, side}})}};
  plan.areas[north_west].polygons = {{ring({{0, side},
                                            {west, side},
                                            {west, south},
                                            {east, south},
                                            {east, north},
                                            {stalk, north},
                                            {stalk, side},
                                            {side, side},
                                            {side, 2 * side},
                                            {0, 2 * side}})}};  // reaches down into SW by a lobe on a stalk of 9 m
  for (Unit& unit : plan.units) {
    if (!unit.footprint.empty()) unit.point = unit.footprint[0][0][0];
    unit.footprint.clear();
  }
  for (const std::size_t u : {1, 3}) unit_of(plan, south_west, u).micro_grid = plan.areas[north_west].code;
  add_up(plan);
  Report report = report_on(plan);
  EXPECT_EQ(report.figures.necked, 1u);
  EXPECT_EQ(report.figures.necks_unexplained, 1u);
  plan.findings.push_back({"neck", plan.areas[north_west].code, ""});
  report = report_on(plan);
  EXPECT_EQ(report.figures.necked, 1u);
  EXPECT_EQ(report.figures.necks_unexplained, 0u);
}

}  // namespace
}  // namespace wangge::verify
