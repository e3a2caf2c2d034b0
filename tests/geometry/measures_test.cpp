#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include <proj.h>

#include <wangge/geometry.hpp>

using namespace wangge;

namespace {

constexpr std::int32_t east = 1'800'000'000, north = 900'000'000;

Ring rectangle(std::int32_t west, std::int32_t south, std::int32_t width, std::int32_t height) {
  return {{west, south}, {west + width, south}, {west + width, south + height}, {west, south + height}};
}

/// Geodesic distance in metres, by PROJ (Karney's algorithm).
double geodesic_m(Position a, Position b) {
  PJ* frame = proj_create(PJ_DEFAULT_CTX, "EPSG:4326");
  const auto coordinate = [](Position p) {
    const LngLat place = to_degrees(p);
    return proj_coord(proj_torad(place.lng), proj_torad(place.lat), 0, 0);
  };
  const double length = proj_lp_dist(frame, coordinate(a), coordinate(b));
  proj_destroy(frame);
  return length;
}

/// Area between two parallels a radian of longitude, in m²: the closed form of Snyder's eq. 3-12 times the radius.
double strip_m2(long double south, long double north_) {
  const auto authalic = [](long double latitude) {
    const long double f = 1 / 298.257223563L, e = std::sqrt(f * (2 - f)), b = 6378137 * (1 - f);
    const long double s = std::sin(latitude);
    return b * b / 2 * (s / (1 - e * e * s * s) + std::atanh(e * s) / e);
  };
  return double(authalic(north_) - authalic(south));
}

TEST(AreaM2, OfTheEarthIsThatOfTheEllipsoid) {
  EXPECT_NEAR(area_m2(rectangle(-east, -north, 2147483647, 1)), 0, 1);  // no overflow at the pole
  const Ring earth{{-east, -north}, {east, -north}, {east, north}, {-east, north}};
  EXPECT_NEAR(area_m2(earth) / 510065621724088.4, 1, 1e-12);
}

TEST(AreaM2, OfARectangleIsTheClosedForm) {
  for (const std::int32_t south : {-890'000'000, -339'600'000, 0, 339'600'000, 600'000'000, 899'000'000}) {
    for (const std::int32_t size : {50, 300, 10'000, 1'000'000, 9'000'000}) {
      if (south + size > north) continue;
      const long double radian = std::numbers::pi_v<long double> / 180e7L;
      const double expected = strip_m2(south * radian, (south + size) * radian) * double(size * radian);
      EXPECT_NEAR(area_m2(rectangle(1'183'000'000, south, size, size)), expected, expected * 1e-12 + 1e-9);
    }
  }
}

TEST(AreaM2, OfAHouseIsGoodToAMillionth) {
  // 10 m² near Suqian. In so small a place the ellipsoid is its tangent plane.
  const Ring house{{1183000000, 339600000}, {1183000342, 339600011}, {1183000330, 339600297}, {1182999990, 339600285}};
  const LocalFrame frame(centroid({{house, {}}}));
  double plane = 0;
  for (std::size_t i = 0; i < house.size(); ++i) {
    const auto a = frame.to_metres(house[i]), b = frame.to_metres(house[(i + 1) % house.size()]);
    plane += (a.x * b.y - b.x * a.y) / 2;
  }
  EXPECT_NEAR(plane, 10, 0.5);
  EXPECT_NEAR(area_m2(house) / plane, 1, 1e-7);
}

TEST(AreaM2, HoldsForEdgesAcrossManyParallels) {
  // One long edge, and the same edge in a thousand pieces (on the lattice, so its vertices lie exactly on it).
  Ring fine;
  for (std::int32_t i = 0; i < 1000; ++i) fine.push_back({i * 1'000'000, i * 800'000});
  fine.push_back({1'000'000'000, 800'000'000});
  fine.push_back({0, 800'000'000});
  const Ring coarse{{0, 0}, {1'000'000'000, 800'000'000}, {0, 800'000'000}};
  EXPECT_NEAR(area_m2(coarse) / area_m2(fine), 1, 1e-12);
}

TEST(AreaM2, IsSignedAndLeavesHolesOut) {
  Polygon polygon{rectangle(0, 0, 3000, 3000), {rectangle(1000, 1000, 1000, 1000)}};
  std::reverse(polygon.holes[0].begin(), polygon.holes[0].end());
  EXPECT_LT(area_m2(polygon.holes[0]), 0);
  EXPECT_NEAR(area_m2(polygon) / area_m2(rectangle(1000, 1000, 1000, 1000)), 8, 1e-6);
  EXPECT_TRUE(doubled_area(polygon) == 16'000'000);
}

TEST(LengthM, AgreesWithTheGeodesicUpToTenKilometres) {
  std::mt19937_64 random(7);
  const auto within = [&](std::int64_t limit) {
    return static_cast<std::int32_t>(static_cast<std::int64_t>(random() % (2 * limit + 1)) - limit);
  };
  for (int i = 0; i < 2000; ++i) {
    const Position a{within(1'700'000'000), within(600'000'000)};
    const Position b{a.x + within(400'000), a.y + within(400'000)};
    const double geodesic = geodesic_m(a, b);
    EXPECT_NEAR(length_m(a, b), geodesic, geodesic * 1e-6 + 1e-6);
  }
}

TEST(LengthM, OfALineIsTheSumOfItsEdges) {
  const Line line{{1183000000, 339600000}, {1183005000, 339600000}, {1183005000, 339605000}};
  EXPECT_DOUBLE_EQ(length_m(line), length_m(line[0], line[1]) + length_m(line[1], line[2]));
  EXPECT_DOUBLE_EQ(perimeter_m(line), length_m(line) + length_m(line[2], line[0]));
  EXPECT_EQ(length_m(Line{}), 0);
  EXPECT_EQ(perimeter_m(Ring{{5, 5}}), 0);
}

TEST(LocalFrame, GoesThereAndBack) {
  const LocalFrame frame({1183000000, 339600000});
  const Position p{1183012345, 339598765};
  EXPECT_EQ(frame.to_position(frame.to_metres(p)), p);
  EXPECT_NEAR(frame.to_metres({1183000000, 339700000}).y, geodesic_m({1183000000, 339600000}, {1183000000, 339700000}),
              0.1);
  EXPECT_EQ(frame.to_position({1e12, -1e12}), (Position{east, -north}));  // stays on the Earth
}

TEST(PolsbyPopper, IsPiOverFourForASquare) {
  const Ring square = rectangle(0, -50'000, 100'000, 100'672);  // a square in metres on the equator
  EXPECT_NEAR(polsby_popper(area_m2(square), perimeter_m(square)), std::numbers::pi / 4, 1e-4);
  EXPECT_EQ(polsby_popper(0, 0), 0);
}

TEST(MomentOfInertia, OfARectangleIsTheClosedForm) {
  const Ring ring = rectangle(1183000000, 339600000, 4000, 1000);
  const LocalFrame frame({1183002000, 339600500});
  const double w = 4000 * frame.metres_per_x, h = 1000 * frame.metres_per_y;
  EXPECT_NEAR(moment_of_inertia_m4({{ring, {}}}) / (w * h * (w * w + h * h) / 12), 1, 1e-9);
  EXPECT_EQ(moment_of_inertia_m4({}), 0);
}

TEST(Centroid, OfAnLIsOutsideItsCornerAndTheInnerPointIsInside) {
  const MultiPolygon hook{
      {{{0, 0}, {100'000, 0}, {100'000, 10'000}, {10'000, 10'000}, {10'000, 100'000}, {0, 100'000}}, {}}};
  EXPECT_FALSE(contains(hook, centroid(hook)));
  EXPECT_TRUE(contains(hook, inner_point(hook)));
}

TEST(InnerPoint, StandsInTheMiddleOfASquare) {
  EXPECT_EQ(inner_point({{rectangle(1000, 1000, 600, 600), {}}}), (Position{1300, 1300}));
}

TEST(InnerPoint, AvoidsAHoleAndTakesTheLargestPart) {
  const MultiPolygon parts{{rectangle(-5000, 0, 100, 100), {}},
                           {rectangle(0, 0, 3000, 3000), {{{100, 100}, {100, 2900}, {2900, 2900}, {2900, 100}}}}};
  EXPECT_TRUE(contains({parts[1]}, inner_point(parts)));
}

/// A star-shaped ring round a middle.
Ring star() {
  const auto corners = *rc::gen::inRange(3, 20);
  Ring ring;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    const double radius = *rc::gen::inRange(100, 100'000);
    ring.push_back({static_cast<std::int32_t>(1.183e9 + radius * std::cos(angle)),
                    static_cast<std::int32_t>(3.396e8 + radius * std::sin(angle))});
  }
  return ring;
}

RC_GTEST_PROP(AreaM2, OfThePartsIsThatOfTheWhole, ()) {
  const Ring whole = star();
  const Position hub{1'183'000'000, 339'600'000};
  double sum = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) sum += area_m2(Ring{hub, whole[i], whole[(i + 1) % whole.size()]});
  RC_ASSERT(std::abs(sum - area_m2(whole)) <= 1e-12 * std::abs(sum) + 1e-9);
}

RC_GTEST_PROP(AreaM2, ChangesItsSignWithTheDirection, ()) {
  const Ring ring = star();
  const Ring back(ring.rbegin(), ring.rend());
  RC_ASSERT(std::abs(area_m2(ring) + area_m2(back)) <= 1e-12 * std::abs(area_m2(ring)));
}

RC_GTEST_PROP(InnerPoint, IsInside, ()) {
  const MultiPolygon polygons{{star(), {}}};
  RC_PRE(doubled_area(polygons) > 100'000);
  RC_ASSERT(contains(polygons, inner_point(polygons)));
}

}  // namespace
