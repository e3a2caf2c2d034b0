#include "planning/shape.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "planning/land.hpp"
#include "support/scene.hpp"

namespace wangge::planning {
namespace {

/// Metres from the corner of the drawings as an outline.
MultiPolygon drawn(std::initializer_list<std::pair<int, int>> metres) {
  const LocalFrame frame(test::corner);
  Ring outline;
  for (const auto& [x, y] : metres) outline.push_back(frame.to_position({double(x), double(y)}));
  return {{outline, {}}};
}

/// Two squares of a hectare and a passage of so many metres between them.
MultiPolygon dumbbell(int width) {
  return drawn({{0, 0},
                {100, 0},
                {100, 50},
                {120, 50},
                {120, 0},
                {220, 0},
                {220, 100},
                {120, 100},
                {120, 50 + width},
                {100, 50 + width},
                {100, 100},
                {0, 100}});
}

TEST(AxisRatio, OfARectangleIsThatOfItsSides) {
  EXPECT_NEAR(axis_ratio(drawn({{0, 0}, {300, 0}, {300, 100}, {0, 100}})), 3, 0.001);
  EXPECT_NEAR(axis_ratio(drawn({{0, 0}, {30, 30}, {10, 50}, {-20, 20}})), 1.5, 0.01);
}

TEST(AxisRatio, OfLandPutTogetherIsThatOfItsOutline) {
  LandSum left, right, all;
  const auto add = [](LandSum& sum, std::initializer_list<std::pair<double, double>> corners) {
    for (auto p = corners.begin(); p != corners.end(); ++p) {
      const auto q = p + 1 == corners.end() ? corners.begin() : p + 1;
      sum.add_edge(p->first, p->second, q->first, q->second);
    }
  };
  add(left, {{1e6, 5e6}, {1e6 + 40, 5e6}, {1e6 + 60, 5e6 + 90}, {1e6, 5e6 + 70}});
  add(right, {{1e6 + 40, 5e6}, {1e6 + 180, 5e6 + 20}, {1e6 + 60, 5e6 + 90}});
  add(all, {{1e6, 5e6}, {1e6 + 40, 5e6}, {1e6 + 180, 5e6 + 20}, {1e6 + 60, 5e6 + 90}, {1e6, 5e6 + 70}});
  Land<double> both = left.land();
  both.add(right.land());
  EXPECT_NEAR(both.area_m2, all.land().area_m2, 1e-6);
  EXPECT_NEAR(axis_ratio(both), axis_ratio(all.land()), 1e-9);
}

TEST(Neck, IsLessThanATwentiethOfThePerimeterOfItsLobe) {
  const auto neck = find_neck(dumbbell(10));
  ASSERT_TRUE(neck.has_value());
  EXPECT_NEAR(neck->width_m, 10, 0.05);
  EXPECT_NEAR(neck->perimeter_m, 400, 0.5);
  EXPECT_NEAR(std::abs(area_m2(neck->lobe)), 10'000, 20);
  EXPECT_FALSE(find_neck(dumbbell(25)).has_value());
}

TEST(Neck, OfALobeBelowATenthOfTheLandIsNone) {
  EXPECT_FALSE(find_neck(drawn({{0, 0},
                                {200, 0},
                                {200, 100},
                                {100, 100},
                                {100, 110},
                                {160, 110},
                                {160, 111},
                                {160, 140},
                                {99, 140},
                                {99, 100},
                                {0, 100}}))
                   .has_value());
}

TEST(Neck, IsNotTheMouthOfABay) {
  EXPECT_FALSE(find_neck(drawn({{0, 0}, {201, 0}, {201, 100}, {101, 100}, {101, 40}, {100, 40}, {100, 100}, {0, 100}}))
                   .has_value());
}

TEST(Neck, OfNoWidthIsWhereTwoLobesTouch) {
  const auto neck =
      find_neck(drawn({{0, 0}, {100, 0}, {100, 100}, {200, 100}, {200, 200}, {100, 200}, {100, 100}, {0, 100}}));
  ASSERT_TRUE(neck.has_value());
  EXPECT_EQ(neck->width_m, 0);
}

}  // namespace
}  // namespace wangge::planning
