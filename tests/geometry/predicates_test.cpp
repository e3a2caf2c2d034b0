#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include <wangge/geometry.hpp>

#include "support/shared_data.hpp"

using namespace wangge;

namespace {

constexpr std::int32_t east = 1'800'000'000, north = 900'000'000;

/// Three values of one axis, scaled by a power of two to fill `limit` and rounded: a scale for each axis leaves the
/// orientation as it is, rounding may not.
std::array<std::int32_t, 3> on_lattice(std::array<double, 3> values, double limit) {
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  int exponent;
  std::frexp(limit / largest, &exponent);
  std::array<std::int32_t, 3> integers;
  for (std::size_t i = 0; i < 3; ++i)
    integers[i] = static_cast<std::int32_t>(std::nearbyint(std::ldexp(values[i], exponent - 1)));
  return integers;
}

/// True where moving each coordinate by half a unit cannot change which side c is on.
bool is_clear(Position a, Position b, Position c) {
  const Int128 dx = std::int64_t{b.x} - a.x, dy = std::int64_t{b.y} - a.y;
  const Int128 ex = std::int64_t{c.x} - a.x, ey = std::int64_t{c.y} - a.y;
  const auto size = [](Int128 v) { return v < 0 ? -v : v; };
  return size(dx * ey - dy * ex) > size(dx) + size(dy) + size(ex) + size(ey) + 2;
}

/// The cases are doubles of 53 bits and up to 2^200 apart, so none is on a lattice of 32 bits as it stands.
TEST(Orientation, AgreesWithTheConformanceCasesThatSurviveTheLattice) {
  WANGGE_SHARED_DATA(file, "conformance/predicates/orient2d.txt");
  std::ifstream lines(file);
  int cases = 0, run = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    int number, sign;
    std::array<double, 3> xs, ys;
    if (!(words >> number >> xs[0] >> ys[0] >> xs[1] >> ys[1] >> xs[2] >> ys[2] >> sign)) continue;
    ++cases;
    const auto x = on_lattice(xs, east), y = on_lattice(ys, north);
    const Position a{x[0], y[0]}, b{x[1], y[1]}, c{x[2], y[2]};
    if (!is_clear(a, b, c)) continue;
    ++run;
    EXPECT_EQ(orientation(a, b, c), sign) << line;
  }
  EXPECT_EQ(cases, 1000);
  EXPECT_GT(run, 0);
  std::cout << run << " of " << cases << " cases survive the lattice\n";
}

TEST(Orientation, HoldsAtTheCornersOfTheEarth) {
  const Position sw{-east, -north}, se{east, -north}, ne{east, north}, nw{-east, north};
  EXPECT_EQ(orientation(sw, se, ne), 1);
  EXPECT_EQ(orientation(sw, nw, ne), -1);
  EXPECT_EQ(orientation(sw, ne, {0, 0}), 0);
  EXPECT_EQ(orientation(sw, ne, {0, 1}), 1);
  EXPECT_EQ(orientation(sw, ne, {0, -1}), -1);
  EXPECT_EQ(orientation(nw, se, {1, 0}), 1);
  EXPECT_TRUE(segments_meet(sw, ne, nw, se));
  EXPECT_TRUE(on_segment(sw, ne, {east / 2, north / 2}));
  EXPECT_TRUE(doubled_area(Ring{sw, se, ne, nw}) == Int128{2} * 3'600'000'000 * 1'800'000'000);
  EXPECT_TRUE(contains(Ring{sw, se, ne, nw}, {0, 0}));
}

TEST(ToLattice, RoundsToTheNearestAndTakesTheEvenOneOfTwo) {
  EXPECT_EQ(to_lattice({118.30000004, 33.95999996}), (Position{1183000000, 339600000}));
  EXPECT_EQ(to_lattice({0.5e-7, 1.5e-7}), (Position{0, 2}));
  EXPECT_EQ(to_lattice({-180, 90}), (Position{-east, north}));
  EXPECT_EQ(to_lattice(to_degrees({1183000001, -339600007})), (Position{1183000001, -339600007}));
}

TEST(OnEarth, RefusesWhatIsNoPlace) {
  EXPECT_TRUE(on_earth({180, -90}));
  EXPECT_FALSE(on_earth({180.0000001, 0}));
  EXPECT_FALSE(on_earth({0, NAN}));
  EXPECT_FALSE(on_earth({INFINITY, 0}));
}

TEST(Contains, GivesAnEdgeToTheEastOrTheNorth) {
  const Ring square{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  EXPECT_TRUE(contains(square, {0, 5}));    // its western side
  EXPECT_TRUE(contains(square, {5, 0}));    // its southern side
  EXPECT_FALSE(contains(square, {10, 5}));  // its eastern side
  EXPECT_FALSE(contains(square, {5, 10}));  // its northern side
  EXPECT_TRUE(contains(square, {0, 0}));
  EXPECT_FALSE(contains(square, {10, 0}));
  EXPECT_FALSE(contains(square, {0, 10}));
  EXPECT_FALSE(contains(square, {10, 10}));
  EXPECT_FALSE(contains(Ring{}, {0, 0}));
}

TEST(Contains, LeavesHolesOut) {
  const MultiPolygon ring{{{{0, 0}, {30, 0}, {30, 30}, {0, 30}}, {{{10, 10}, {10, 20}, {20, 20}, {20, 10}}}},
                          {{{40, 0}, {50, 0}, {50, 10}}, {}}};
  EXPECT_TRUE(contains(ring, {5, 15}));
  EXPECT_FALSE(contains(ring, {15, 15}));
  EXPECT_FALSE(contains(ring, {10, 15}));  // the hole's western side is the hole's
  EXPECT_TRUE(contains(ring, {20, 15}));
  EXPECT_TRUE(contains(ring, {48, 3}));
}

TEST(SegmentsMeet, TellsTouchingFromPassingBy) {
  EXPECT_TRUE(segments_meet({0, 0}, {10, 0}, {10, 0}, {20, 5}));
  EXPECT_TRUE(segments_meet({0, 0}, {10, 0}, {5, 0}, {5, 9}));
  EXPECT_TRUE(segments_meet({0, 0}, {10, 0}, {4, 0}, {20, 0}));
  EXPECT_FALSE(segments_meet({0, 0}, {10, 0}, {11, 0}, {20, 0}));
  EXPECT_FALSE(segments_meet({0, 0}, {10, 0}, {5, 1}, {5, 9}));
}

Position anywhere() { return {*rc::gen::inRange(-east, east + 1), *rc::gen::inRange(-north, north + 1)}; }

/// Nearly on one line all over the Earth: the third position is a rounded step along the line of the other two.
RC_GTEST_PROP(Orientation, IsExactWhereTheLineNearlyPasses, ()) {
  const Position a = anywhere(), b = anywhere();
  const std::int64_t share = *rc::gen::inRange(0, 1001);
  const Position c{static_cast<std::int32_t>(a.x + (std::int64_t{b.x} - a.x) * share / 1000),
                   static_cast<std::int32_t>(a.y + (std::int64_t{b.y} - a.y) * share / 1000)};
  const Int128 cross = Int128{std::int64_t{b.x} - a.x} * (std::int64_t{c.y} - a.y) -
                       Int128{std::int64_t{b.y} - a.y} * (std::int64_t{c.x} - a.x);
  RC_ASSERT(orientation(a, b, c) == (cross > 0) - (cross < 0));
}

Position near_position() { return {*rc::gen::inRange(-6, 7), *rc::gen::inRange(-6, 7)}; }

/// On a small lattice three random positions lie on one line often enough to test it.
RC_GTEST_PROP(Orientation, TurnsWithItsArguments, ()) {
  const Position a = near_position(), b = near_position(), c = near_position();
  RC_ASSERT(orientation(a, b, c) == orientation(b, c, a));
  RC_ASSERT(orientation(a, b, c) == -orientation(b, a, c));
}

RC_GTEST_PROP(SegmentsMeet, IsSymmetric, ()) {
  const Position a = near_position(), b = near_position(), c = near_position(), d = near_position();
  RC_ASSERT(segments_meet(a, b, c, d) == segments_meet(c, d, a, b));
  RC_ASSERT(segments_meet(a, b, c, d) == segments_meet(b, a, c, d));
}

using Triangles = std::vector<Ring>;

/// A box cut into triangles by dropping positions into it one after the other, on edges and vertices too.
Triangles triangulation() {
  Triangles triangles{{{-8, -8}, {8, -8}, {8, 8}}, {{-8, -8}, {8, 8}, {-8, 8}}};
  const auto count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const Position p{*rc::gen::inRange(-8, 9), *rc::gen::inRange(-8, 9)};
    Triangles next;
    for (const Ring& t : triangles) {
      const bool holds =
          orientation(t[0], t[1], p) >= 0 && orientation(t[1], t[2], p) >= 0 && orientation(t[2], t[0], p) >= 0;
      if (!holds) {
        next.push_back(t);
        continue;
      }
      for (std::size_t k = 0; k < 3; ++k) {
        if (orientation(t[k], t[(k + 1) % 3], p) > 0) next.push_back({t[k], t[(k + 1) % 3], p});
      }
    }
    triangles = std::move(next);
  }
  return triangles;
}

RC_GTEST_PROP(Contains, GivesEveryPositionOfATriangulationOneOwner, ()) {
  const Triangles triangles = triangulation();
  for (std::int32_t x = -9; x <= 9; ++x) {
    for (std::int32_t y = -9; y <= 9; ++y) {
      const auto owners = std::count_if(triangles.begin(), triangles.end(), [&](const Ring& t) {
        return contains(t, {x, y});
      });
      const bool inside = x >= -8 && x < 8 && y >= -8 && y < 8;
      RC_ASSERT(owners == (inside ? 1 : 0));
    }
  }
}

RC_GTEST_PROP(Contains, DoesNotDependOnWhereTheRingStartsOrWhichWayItRuns, ()) {
  Ring ring;
  const auto count = *rc::gen::inRange(3, 9);
  for (int i = 0; i < count; ++i) ring.push_back(near_position());
  Ring other = ring;
  std::rotate(other.begin(), other.begin() + *rc::gen::inRange(0, count), other.end());
  if (*rc::gen::arbitrary<bool>()) std::reverse(other.begin(), other.end());
  const Position p = near_position();
  RC_ASSERT(contains(ring, p) == contains(other, p));
}

RC_GTEST_PROP(DoubledArea, OfThePartsIsThatOfTheWhole, ()) {
  Int128 sum = 0;
  for (const Ring& t : triangulation()) {
    RC_ASSERT(doubled_area(t) > 0);
    sum += doubled_area(t);
  }
  RC_ASSERT(sum == 2 * 16 * 16);
}

}  // namespace
