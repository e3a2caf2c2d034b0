#include "verify/plans.hpp"

#include <gtest/gtest.h>

namespace wangge::verify {
namespace {

constexpr int middle = 10'000;

/// A river through the middle of SW, with houses on both banks.
Barrier river() { return barrier(BarrierClass::hard, {{middle, 0}, {middle, side}}); }
/// A street across that river.
Barrier street() { return barrier(BarrierClass::street, {{middle - 3'000, middle}, {middle + 3'000, middle}}); }

TEST(Contiguity, PiecesThatTouchInACornerAreTwo) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons.push_back(box(side, side, side + 3'000, side + 3'000)[0]);
  plan.areas[north_east].polygons = {{ring({{side + 3'000, side},
                                            {2 * side, side},
                                            {2 * side, 2 * side},
                                            {side, 2 * side},
                                            {side, side + 3'000},
                                            {side + 3'000, side + 3'000}})}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"contiguity 0101001"});
  EXPECT_EQ(report.figures.not_contiguous, 1u);
  EXPECT_EQ(report.figures.legal, 3u);
}

TEST(Contiguity, PiecesApartAreTwo) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons.push_back(box(2 * side - 3'000, 2 * side - 3'000, 2 * side, 2 * side)[0]);
  plan.areas[north_east].polygons = {{ring({{side, side},
                                            {2 * side, side},
                                            {2 * side, 2 * side - 3'000},
                                            {2 * side - 3'000, 2 * side - 3'000},
                                            {2 * side - 3'000, 2 * side},
                                            {side, 2 * side}})}};
  EXPECT_EQ(errors_of(plan), Names{"contiguity 0101001"});
}

TEST(Barriers, AlongABorderAreNoFault) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{side, 0}, {side, side}, {side, 2 * side}})};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_NEAR(report.figures.border_on_hard, 0.545, 0.01);  // two of four inner borders, the longer ones
}

TEST(Barriers, AMicroGridAcrossARiverIsNoticed) {
  PlanFile plan = good_plan();
  plan.barriers = {river()};
  const Report report = report_on(plan);
  ASSERT_EQ(named(report.errors), Names{"barrier 0101001"});
  EXPECT_EQ(report.errors[0].figure, 30);
  EXPECT_EQ(report.figures.across_barrier, 1u);
  EXPECT_EQ(report.figures.legal, 3u);
}

TEST(Barriers, OtherClassesMayBeCrossed) {
  for (const BarrierClass kind : {BarrierClass::soft, BarrierClass::wall, BarrierClass::street}) {
    PlanFile plan = good_plan();
    plan.barriers = {river()};
    plan.barriers[0].barrier = kind;
    EXPECT_EQ(errors_of(plan), Names{});
  }
}

TEST(Barriers, ABridgeLeadsAcross) {
  PlanFile plan = good_plan();
  plan.barriers = {river(), street()};
  plan.barriers[1].bridge = true;
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.crossings, 1u);
}

TEST(Barriers, ARoadThatOnlySeemsToCrossDoesNot) {
  PlanFile plan = good_plan();
  plan.barriers = {river(), street()};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, ABarrierOnABridgeOrOnAnotherLayerLeavesAWayBelow) {
  PlanFile plan = good_plan();
  plan.barriers = {river(), street()};
  plan.barriers[0].bridge = true;
  EXPECT_EQ(errors_of(plan), Names{});
  plan.barriers = {river(), street()};
  plan.barriers[0].layer = 1;
  EXPECT_EQ(errors_of(plan), Names{});
  plan.barriers = {river(), street()};
  plan.barriers[1].tunnel = true;
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Barriers, ATunnelIsNone) {
  PlanFile plan = good_plan();
  plan.barriers = {river()};
  plan.barriers[0].tunnel = true;
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Barriers, ASharedVertexIsALevelCrossing) {
  PlanFile plan = good_plan();
  plan.barriers = {
      barrier(BarrierClass::hard, {{middle, 0}, {middle, middle}, {middle, side}}),
      barrier(BarrierClass::street, {{middle - 3'000, middle}, {middle, middle}, {middle + 3'000, middle}})};
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Barriers, AWallThatSharesAVertexIsNoWayAcross) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 0}, {middle, middle}, {middle, side}}),
                   barrier(BarrierClass::wall, {{middle - 3'000, middle}, {middle, middle}, {middle + 3'000, middle}})};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, ARiverDrawnInTwoPiecesHasNoCrossingBetweenThem) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 0}, {middle, middle}}),
                   barrier(BarrierClass::hard, {{middle, middle}, {middle, side}})};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, ARailwayBridgeOverARiverIsNoWayForPeople) {
  PlanFile plan = good_plan();
  plan.barriers = {river(), street()};
  plan.barriers[1].barrier = BarrierClass::hard;
  plan.barriers[1].bridge = true;
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, OneThatEndsShortOfAnOutlineReachesIt) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 2'000}, {middle, side}})};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 6'000}, {middle, side}})};  // 67 m
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Barriers, ABridgeElsewhereDoesNotHelp) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 0}, {middle, 2 * side}}), street()};
  for (Point& p : plan.barriers[1].line) p.y += side;
  plan.barriers[1].bridge = true;
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, OneThatEndsInAMicroGridCanBeWalkedAround) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{middle, 0}, {middle, side - 2'000}})};  // short of no outline
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Barriers, LandWithoutHouseholdsMayLieBeyondOne) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{18'000, 0}, {18'000, side}})};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_NEAR(report.figures.empty_beyond_barrier_m2, 2'000.0 * side * 1.025e-4, 10);
}

TEST(Barriers, AUnitAcrossOneCountsWhereMostOfItLies) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{15'400, 0}, {15'400, side}})};  // shaves the house at 14 000…15 500
  EXPECT_EQ(errors_of(plan), Names{});
  plan.barriers = {barrier(BarrierClass::hard, {{14'100, 0}, {14'100, side}})};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, ABridgeReachesOverAMedian) {
  PlanFile plan = good_plan();  // two carriageways 20 m apart
  plan.barriers = {river(), river(), street()};
  for (Point& p : plan.barriers[1].line) p.x += 1'800;
  plan.barriers[2].bridge = true;
  EXPECT_EQ(errors_of(plan), Names{});
  plan.barriers[2].line.back() = at(middle + 900, middle);  // ends on the median
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Barriers, WithoutTheLayerThePlanIsWarnedOf) {
  const Folder folder;
  write_plan_file(folder / "plan.gpkg", good_plan(), {.with_barriers = false});
  const Report report = verify_plan(read_plan(folder / "plan.gpkg"));
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"input "});
}

}  // namespace
}  // namespace wangge::verify
