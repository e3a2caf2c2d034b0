#include "verify/plans.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wangge::verify {
namespace {

constexpr double m2_per_unit2 = 0.0092477 * 0.0110926;  // near 33.9° north: metres a unit, east and north

TEST(Tiling, OfAGoodPlanIsExact) {
  const Report report = report_on(good_plan());
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{});
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.figures.gap_m2 + report.figures.overlap_m2 + report.figures.outside_m2, 0);
  EXPECT_EQ(report.figures.unmatched_borders, 0u);
}

TEST(Tiling, AGapIsMeasuredAndPlaced) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side, side - 1000}, {side - 1000, side - 1000}, {side - 1000, side}, {0, side}})}};
  const Report report = report_on(plan);
  ASSERT_EQ(named(report.errors), Names{"gap 0101"});
  EXPECT_NEAR(report.figures.gap_m2, 1e6 * m2_per_unit2, 0.2);
  EXPECT_NEAR(report.errors[0].place.lng, at(side - 500, 0).x / per_degree, 1e-4);
  EXPECT_NEAR(report.errors[0].place.lat, at(0, side - 500).y / per_degree, 1e-4);
}

TEST(Tiling, AMissingMicroGridIsAGap) {
  PlanFile plan = good_plan();
  plan.areas.erase(plan.areas.begin() + north_east);
  for (std::size_t u = 0; u < 4; ++u) plan.units.pop_back();
  add_up(plan);
  EXPECT_EQ(errors_of(plan), Names{"gap 0101"});
}

TEST(Tiling, AnOverlapIsMeasuredAndNamed) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side + 1000, 0}, {side + 1000, 1000}, {side, 1000}, {side, side}, {0, side}})}};
  const Report report = report_on(plan);
  ASSERT_EQ(named(report.errors), Names{"overlap 0101001"});
  EXPECT_NE(report.errors[0].text.find("0101002"), std::string::npos);
  EXPECT_NEAR(report.figures.overlap_m2, 1e6 * m2_per_unit2, 0.2);
}

TEST(Tiling, AnIslandClaimedTwiceIsAnOverlap) {
  PlanFile plan = good_plan();
  Area twin = plan.areas[south_west];
  twin.code = "0101005", twin.kind = "dedicated", twin.households = twin.persons = twin.units = 0;
  twin.polygons = box(1000, 1000, 2000, 2000);
  plan.areas.push_back(twin);
  EXPECT_EQ(errors_of(plan), Names{"overlap 0101001"});
}

TEST(Tiling, AHoleIsNoOverlapWithWhatFillsIt) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons[0].push_back(ring({{1000, 1000}, {1000, 2000}, {2000, 2000}, {2000, 1000}}));
  EXPECT_EQ(errors_of(plan), Names{"gap 0101"});
  Area park = plan.areas[south_west];
  park.code = "0101005", park.kind = "dedicated", park.households = park.persons = park.units = 0;
  park.polygons = box(1000, 1000, 2000, 2000);
  plan.areas.push_back(park);
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Tiling, ASliverTooSmallToMeasureIsABorderThatDoesNotMatch) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {{ring({{0, 0}, {side, 0}, {side, side - 2}, {side - 2, side}, {0, side}})}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"border 0101"});
  EXPECT_GT(report.figures.unmatched_borders, 0u);
}

TEST(Tiling, AVertexExactlyOnANeighboursEdgeIsNoFault) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {{ring({{0, 0}, {side, 0}, {side, 7000}, {side, side}, {4000, side}, {0, side}})}};
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Tiling, RingsMayRunEitherWay) {
  PlanFile plan = good_plan();
  Ring& ring = plan.areas[south_east].polygons[0][0];
  std::reverse(ring.begin(), ring.end());
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Tiling, AChildMayNotLeaveItsParent) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {4000, 0}, {4000, -1000}, {5000, -1000}, {5000, 0}, {side, 0}, {side, side}, {0, side}})}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"outside 0101001"});
  EXPECT_NEAR(report.figures.outside_m2, 1e6 * m2_per_unit2, 0.2);
}

TEST(Tiling, ACommunityMayNotLeaveItsTown) {
  PlanFile plan = good_plan();
  plan.areas[town].polygons = box(0, 0, 2 * side, 2 * side - 100);
  EXPECT_EQ(errors_of(plan), Names{"outside 0101"});
}

TEST(Tiling, CommunitiesThatLeaveGroundUnsplitAreWarnedOf) {
  PlanFile plan = good_plan();
  plan.areas[town].polygons = box(0, 0, 2 * side, 2 * side + 100);
  EXPECT_EQ(errors_of(plan), Names{});
  EXPECT_EQ(warnings_of(plan), Names{"gap 01"});
}

TEST(Tiling, TownsThatNameNoParentMayNotOverlap) {
  PlanFile plan = good_plan();
  Area other = plan.areas[town];
  other.code = "02", other.households = other.persons = other.units = 0;
  other.polygons = box(2 * side - 100, 0, 3 * side, 2 * side);
  plan.areas.push_back(other);
  EXPECT_EQ(errors_of(plan), Names{"overlap 01"});
}

TEST(Tiling, ARingThatCrossesItselfIsNotValid) {
  PlanFile plan = good_plan();
  plan.areas[south_west].polygons = {
      {ring({{0, 0}, {side, 0}, {side, side}, {4000, side}, {4000, side + 900}, {4000, side}, {0, side}})}};
  const Report report = report_on(plan);
  EXPECT_EQ(named(report.errors), Names{"ring 0101001"});
  EXPECT_EQ(report.figures.invalid_polygons, 1u);
}

TEST(Tiling, AnAreaWithoutAPolygonIsNotValid) {
  PlanFile plan = good_plan();
  plan.areas.push_back({"0101005", "", "micro_grid", "0101", "dedicated", "", 0, 0, 0, {}, {}, {}});
  EXPECT_EQ(errors_of(plan), Names{"ring 0101005"});
}

/// A square of n × n micro-grids with crooked borders, drawn from one table of vertices.
struct Quilt {
  static constexpr int n = 5, step = 4'000;
  std::vector<Point> vertices;

  explicit Quilt(const std::vector<int>& wobble) {
    for (int k = 0; k < (n + 1) * (n + 1); ++k)
      vertices.push_back(
          at(k % (n + 1) * step + wobble[2 * k] % 1'500, k / (n + 1) * step + wobble[2 * k + 1] % 1'500));
  }
  Point vertex(int x, int y) const { return vertices[y * (n + 1) + x]; }

  PlanFile plan() const {
    PlanFile plan;
    Ring outline;
    for (int k = 0; k < n; ++k) outline.push_back(vertex(k, 0));
    for (int k = 0; k < n; ++k) outline.push_back(vertex(n, k));
    for (int k = n; k > 0; --k) outline.push_back(vertex(k, n));
    for (int k = n; k > 0; --k) outline.push_back(vertex(0, k));
    plan.areas.push_back({"1", "", "community", "", "general", "", 0, 0, 0, {}, {}, {{outline}}});
    for (int y = 0; y < n; ++y)
      for (int x = 0; x < n; ++x)
        plan.areas.push_back({std::to_string(1100 + y * n + x),
                              "",
                              "micro_grid",
                              "1",
                              "dedicated",
                              "",
                              0,
                              0,
                              0,
                              {},
                              {},
                              {{{vertex(x, y), vertex(x + 1, y), vertex(x + 1, y + 1), vertex(x, y + 1)}}}});
    return plan;
  }
};

Quilt any_quilt() { return Quilt(*rc::gen::container<std::vector<int>>(2 * 36, rc::gen::inRange(0, 1'500))); }

RC_GTEST_PROP(TilingLaw, BordersThatMoveTogetherStayExact, ()) {
  RC_ASSERT(named(verify_plan(any_quilt().plan()).errors) == Names{});
}

RC_GTEST_PROP(TilingLaw, NoVertexMovesAloneUnnoticed, ()) {
  PlanFile plan = any_quilt().plan();
  const std::size_t row = *rc::gen::inRange<std::size_t>(1, plan.areas.size());
  Ring& ring = plan.areas[row].polygons[0][0];
  Point& vertex = ring[*rc::gen::inRange<std::size_t>(0, 4)];
  const Point by{*rc::gen::inRange(-600, 601), *rc::gen::inRange(-600, 601)};
  RC_PRE(by.x != 0 || by.y != 0);
  vertex = {vertex.x + by.x, vertex.y + by.y};
  RC_ASSERT(!verify_plan(plan).errors.empty());
}

}  // namespace
}  // namespace wangge::verify
