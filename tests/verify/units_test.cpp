#include "verify/plans.hpp"

#include <gtest/gtest.h>

#include <wangge/geometry.hpp>

namespace wangge::verify {
namespace {

/// Moves the border between SW and SE to a line that leaves x = side for `x` between the heights y0 and y1.
void jog_border(PlanFile& plan, int x, int y0, int y1) {
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side, y0}, {x, y0}, {x, y1}, {side, y1}, {side, side}, {0, side}})}};
  plan.areas[south_east].polygons = {
      {ring({{side, 0}, {2 * side, 0}, {2 * side, side}, {side, side}, {side, y1}, {x, y1}, {x, y0}, {side, y0}})}};
}

TEST(Units, AllLieInOneMicroGrid) {
  const Figures figures = report_on(good_plan()).figures;
  EXPECT_EQ(figures.households, 240);
  EXPECT_EQ(figures.persons, 16 * 37);
  EXPECT_EQ(figures.households_in_one_micro_grid, 240);
}

TEST(Units, ACutIsMeasuredAndNamed) {
  PlanFile plan = good_plan();
  jog_border(plan, 15'000, 4'700, 4'900);  // into the house at 14 000…15 500
  const Report report = report_on(plan);
  ASSERT_EQ(named(report.errors), Names{"unit_cut 0101001"});
  EXPECT_EQ(report.errors[0].unit, "0101001-1");
  EXPECT_NEAR(report.errors[0].figure, 500 * 200 * 1.025e-4, 0.5);
  EXPECT_EQ(report.figures.units_cut, 1u);
  EXPECT_EQ(report.figures.legal, 3u);
}

TEST(Units, ABorderAlongAWallMayBeTwoLatticeUnitsOff) {
  PlanFile plan = good_plan();
  jog_border(plan, 15'498, 3'000, 7'000);
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Units, ABorderTenUnitsInsideAHouseCutsIt) {
  PlanFile plan = good_plan();
  jog_border(plan, 15'480, 3'000, 7'000);
  EXPECT_EQ(errors_of(plan), Names{"unit_cut 0101001"});
}

TEST(Units, TheWrongMicroGridIsNoticed) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).micro_grid = "0101002";
  const Report report = report_on(plan);
  ASSERT_EQ(named(report.errors), Names{"unit_elsewhere 0101002"});
  EXPECT_EQ(report.errors[0].unit, "0101001-0");
  EXPECT_EQ(report.figures.households_in_one_micro_grid, 225);
}

TEST(Units, TheWrongMicroGridOfAPointIsNoticed) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 3).micro_grid = "0101004";
  EXPECT_EQ(errors_of(plan), Names{"unit_elsewhere 0101004"});
}

TEST(Units, AMicroGridThatDoesNotExistIsNoticed) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).micro_grid = "0109001";
  EXPECT_EQ(errors_of(plan), Names{"unit_elsewhere 0109001"});
}

TEST(Units, OneLeftOutIsNoticed) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).micro_grid = "";
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"unit_unassigned 0101001"});
  EXPECT_EQ(report.figures.units_unassigned, 1u);
}

TEST(Units, OneInAGapIsUnassigned) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side, 13'000}, {13'000, 13'000}, {13'000, side}, {0, side}})}};
  unit_of(plan, south_west, 3).micro_grid = "";
  plan.areas[south_west].households = 45, plan.areas[south_west].persons = 111, plan.areas[south_west].units = 3;
  const Names errors = errors_of(plan);
  EXPECT_NE(std::find(errors.begin(), errors.end(), "gap 0101"), errors.end());
  EXPECT_NE(std::find(errors.begin(), errors.end(), "unit_unassigned 01"), errors.end());
}

TEST(Units, OneInAnOverlapIsAssignedTwice) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side + 7'000, 0}, {side + 7'000, 7'000}, {side, 7'000}, {side, side}, {0, side}})}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), (Names{"overlap 0101001", "unit_twice 0101001"}));
  EXPECT_EQ(report.figures.units_twice, 1u);
}

TEST(Units, APointOnABorderMayBeOnEitherSide) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 3).point = at(side, 9'000);
  EXPECT_EQ(errors_of(plan), Names{});
  unit_of(plan, south_west, 3).micro_grid = "0101002";
  add_up(plan);
  EXPECT_EQ(errors_of(plan), Names{"range 0101001"});  // 45 and 75 households: only the range is at fault
  unit_of(plan, south_west, 3).micro_grid = "0101004";
  EXPECT_NE(errors_of(plan), Names{});
}

TEST(Units, OneOutsideEveryAreaIsWarnedOf) {
  PlanFile plan = good_plan();
  plan.units.push_back({"far", "", 4, {}, {}, at(-5'000, 0)});
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"unit_outside "});
  EXPECT_EQ(report.figures.households_outside, 4);
  plan.units.back().micro_grid = "0101001";
  EXPECT_EQ(errors_of(plan), Names{"unit_elsewhere 0101001"});
}

TEST(Units, AnAreaThatWasNotSplitKeepsItsUnits) {
  PlanFile plan = good_plan();
  plan.areas.push_back({"0102", "", "community", "", "general", "", 0, 0, 0, {}, {}, box(3 * side, 0, 4 * side, side)});
  plan.units.push_back({"apart", "", 7, 9, box(3 * side + 100, 100, 3 * side + 900, 900), {}});
  plan.areas.back().households = 7, plan.areas.back().persons = 9, plan.areas.back().units = 1;
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Units, AnIdIsUsedOnce) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).id = unit_of(plan, north_east, 2).id;
  EXPECT_EQ(errors_of(plan), Names{"unit_id "});
}

TEST(Units, ACountIsNeeded) {
  PlanFile plan = good_plan();
  plan.units.push_back({"new", "0101001", {}, {}, box(100, 100, 900, 900), {}});
  add_up(plan);
  EXPECT_EQ(errors_of(plan), Names{"unit_count "});
}

TEST(Units, AcrossAnOutlineAreStraddlers) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).footprint = box(-500, 4'000, 1'000, 5'500);
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.straddlers, 1u);
}

TEST(Units, AcrossAHardBarrierAreStraddlers) {
  PlanFile plan = good_plan();
  unit_of(plan, south_west, 0).footprint = box(side - 1'000, 4'000, side + 500, 5'500);
  EXPECT_EQ(errors_of(plan), Names{"unit_cut 0101001"});
  plan.barriers = {barrier(BarrierClass::soft, {{side, 0}, {side, side}})};
  EXPECT_EQ(errors_of(plan), Names{"unit_cut 0101001"});
  plan.barriers = {barrier(BarrierClass::hard, {{side, 0}, {side, side}})};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.straddlers, 1u);
}

TEST(Units, TheGroundThatTwoShareMayGoToEither) {
  PlanFile plan = good_plan();
  jog_border(plan, 15'000, 3'000, 7'000);
  unit_of(plan, south_east, 0).footprint = box(15'000, 4'000, 16'500, 5'500);
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.overlapping_footprints, 1u);
}

TEST(Totals, AreThoseOfTheUnits) {
  for (const std::size_t row : {town, community, south_west}) {
    PlanFile plan = good_plan();
    *plan.areas[row].households += 1;
    EXPECT_EQ(errors_of(plan), Names{"totals " + plan.areas[row].code});
    plan = good_plan();
    *plan.areas[row].persons -= 1;
    EXPECT_EQ(errors_of(plan), Names{"totals " + plan.areas[row].code});
    plan = good_plan();
    *plan.areas[row].units += 1;
    EXPECT_EQ(errors_of(plan), Names{"totals " + plan.areas[row].code});
  }
}

TEST(Totals, MustBeThere) {
  PlanFile plan = good_plan();
  plan.areas[community].households.reset();
  EXPECT_EQ(errors_of(plan), Names{"totals 0101"});
}

TEST(Figures, OfThePolygonsAreChecked) {
  PlanFile plan = good_plan();
  wangge::Ring block;
  for (const Point p : plan.areas[south_west].polygons[0][0]) block.push_back({p.x, p.y});
  const double area = wangge::area_m2(block);  // the library's measures are not the verifier's
  plan.areas[south_west].area_m2 = area;
  plan.areas[south_west].compactness = wangge::polsby_popper(area, wangge::perimeter_m(block));
  EXPECT_EQ(errors_of(plan), Names{});
  plan.areas[south_west].area_m2 = 1.001 * area;
  EXPECT_EQ(errors_of(plan), Names{"figure 0101001"});
  plan.areas[south_west].area_m2.reset();
  plan.areas[south_west].compactness = 0.7;
  EXPECT_EQ(errors_of(plan), Names{"figure 0101001"});
}

}  // namespace
}  // namespace wangge::verify
