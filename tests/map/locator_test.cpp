#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>
#include <cmath>
#include <numeric>
#include <optional>

#include <wangge/grid_map.hpp>

#include "map/locator.hpp"
#include "map/locator_layout.hpp"
#include "support/band_locator.hpp"
#include "support/random_coverage.hpp"
#include "support/scene.hpp"
#include "support/tessellation.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

constexpr map::Path all_paths[] = {map::Path::portable, map::Path::avx2, map::Path::avx512};

/// Index and slow twin of the same borders.
struct Pair {
  explicit Pair(const map::ArcsView& arcs, std::uint32_t areas, const Execution& execution = {})
      : image(map::build_index(arcs, areas, execution)), fast(map::bytes_of(image)), slow(arcs) {}
  map::Image image;
  map::Locator fast;
  BandLocator slow;

  /// The first of the positions on which the two differ, or none.
  std::optional<Position> first_difference(const std::vector<Position>& positions) const {
    std::vector<std::vector<GridId>> answers;
    for (const map::Path path : all_paths) {
      if (!map::runs_here(path)) continue;
      answers.emplace_back(positions.size());
      fast.locate(positions, answers.back().data(), path);
    }
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const GridId wanted = slow.locate(positions[i]);
      if (fast.locate(positions[i]) != wanted) return positions[i];
      for (const auto& answer : answers) {
        if (answer[i] != wanted) return positions[i];
      }
    }
    return std::nullopt;
  }
};

std::vector<Position> random_positions(const Box& box, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::int64_t width = std::int64_t{box.max.x} - box.min.x, height = std::int64_t{box.max.y} - box.min.y;
  const auto within = [&](std::int64_t low, std::int64_t extent) {
    const std::int64_t margin = extent / 20 + 2;
    return static_cast<std::int32_t>(low - margin + static_cast<std::int64_t>(random() % (extent + 2 * margin)));
  };
  std::vector<Position> positions;
  for (std::size_t i = 0; i < count; ++i) positions.push_back({within(box.min.x, width), within(box.min.y, height)});
  return positions;
}

/// Vertices, middles of edges, lattice positions on edges, and what lies one step beside each.
std::vector<Position> telling_positions(const map::ArcsView& arcs) {
  std::vector<Position> positions;
  const auto add_around = [&](Position p) {
    for (int dx = -1; dx <= 1; ++dx) {
      for (int dy = -1; dy <= 1; ++dy) positions.push_back({p.x + dx, p.y + dy});
    }
  };
  for (std::size_t arc = 0; arc < arcs.sides.size(); ++arc) {
    for (std::uint32_t i = arcs.first[arc]; i < arcs.first[arc + 1]; ++i) {
      const Position a = arcs.points[i];
      add_around(a);
      if (i + 1 == arcs.first[arc + 1]) continue;
      const Position b = arcs.points[i + 1];
      const std::int64_t dx = std::int64_t{b.x} - a.x, dy = std::int64_t{b.y} - a.y, steps = std::gcd(dx, dy);
      add_around({static_cast<std::int32_t>(a.x + dx / 2), static_cast<std::int32_t>(a.y + dy / 2)});
      for (std::int64_t s = 1; s < std::min<std::int64_t>(steps, 4); ++s)
        positions.push_back(
            {static_cast<std::int32_t>(a.x + dx / steps * s), static_cast<std::int32_t>(a.y + dy / steps * s)});
    }
  }
  return positions;
}

struct Shape {
  const char* name;
  TessellationOptions options;
};
std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.name; }

class OnATessellation : public testing::TestWithParam<Shape> {};

TEST_P(OnATessellation, TheIndexAgreesWithItsSlowTwinEverywhere) {
  const Tessellation t = tessellate(GetParam().options);
  const Pair pair(t.view(), t.areas);
  EXPECT_EQ(pair.first_difference(telling_positions(t.view())), std::nullopt);
  EXPECT_EQ(pair.first_difference(random_positions(bounds(t.points), 1'000'000, 7)), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    Locator, OnATessellation,
    testing::Values(Shape{"City", {.columns = 24, .rows = 20, .edges_a_side = 16}},
                    Shape{"Coarse", {.columns = 10, .rows = 12, .edges_a_side = 1, .pitch = 400000}},
                    Shape{"Tiny", {.columns = 30, .rows = 30, .edges_a_side = 2, .pitch = 12}},
                    Shape{"LongAndShortEdges", {.columns = 8, .rows = 9, .edges_a_side = 5, .pitch = 90000000}},
                    Shape{"AxisParallel", {.columns = 20, .rows = 20, .edges_a_side = 6, .pitch = 8192, .wobble = 0}}),
    [](const auto& shape) { return shape.param.name; });

TEST(Locator, HasTheSameBytesHoweverTheWorkIsShared) {
  const Tessellation t = tessellate({.columns = 12, .rows = 12, .edges_a_side = 8});
  Execution backwards;
  backwards.parallel_for = [](std::size_t count, const std::function<void(std::size_t)>& body) {
    while (count > 0) body(--count);
  };
  const map::Image one = map::build_index(t.view(), t.areas), other = map::build_index(t.view(), t.areas, backwards);
  EXPECT_TRUE(std::ranges::equal(map::bytes_of(one), map::bytes_of(other)));
}

TEST(Locator, TakesDegreesAsToLatticeDoes) {
  const Tessellation t = tessellate({.columns = 4, .rows = 4, .edges_a_side = 4});
  const Pair pair(t.view(), t.areas);
  std::vector<LngLat> places;
  std::vector<GridId> wanted;
  for (const Position p : telling_positions(t.view())) {
    for (const double off : {-0.5e-7, 0.0, 0.3e-7, 0.5e-7}) {
      const LngLat at = to_degrees(p);
      places.push_back({at.lng + off, at.lat - off});
      wanted.push_back(pair.slow.locate(to_lattice(places.back())));
    }
  }
  for (const map::Path path : all_paths) {
    if (!map::runs_here(path)) continue;
    std::vector<GridId> answers(places.size());
    pair.fast.locate(places, answers.data(), path);
    EXPECT_EQ(answers, wanted);
  }
}

TEST(Locator, FindsNothingAHairOffTheEarth) {
  const GridMap map =
      GridMap::build({{{"A",
                        "",
                        Level::grid,
                        "",
                        Kind::general,
                        {{{{-1800000000, -900000000}, {0, -900000000}, {0, 0}, {-1800000000, 0}}, {}}}}}});
  const std::vector<LngLat> places(300, {-180.00000004, -45});
  std::vector<GridId> answers(places.size());
  map.locate(places, answers);
  EXPECT_EQ(answers, std::vector(places.size(), GridId::none));
  EXPECT_EQ(map.locate(places[0]), GridId::none);
  EXPECT_EQ(map.locate(LngLat{-180, -90}), map.find("A"));
}

TEST(Locator, FindsNothingOffTheEarth) {
  const Scene scene = draw("A B");
  const double nan = std::nan(""), infinity = HUGE_VAL;
  const LngLat inside = to_degrees(scene.units.units[0].position);
  const std::vector<LngLat> places{{nan, inside.lat},
                                   {inside.lng, nan},
                                   {infinity, inside.lat},
                                   {inside.lng, -infinity},
                                   {180.1, 0},
                                   {inside.lng + 360, inside.lat},
                                   {inside.lng, 1e300},
                                   inside};
  std::vector<GridId> answers(places.size());
  scene.map.locate(places, answers);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(answers[i], scene.map.locate(places[i]));
    EXPECT_EQ(answers[i], i + 1 == places.size() ? scene.map.find("A") : GridId::none);
  }
}

TEST(Locator, OfAnEmptyMapFindsNothing) {
  const GridMap map;
  const std::vector<Position> positions{{0, 0}, {-1, 5}, {INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MAX}};
  std::vector<GridId> answers(positions.size());
  map.locate(positions, answers);
  EXPECT_EQ(answers, std::vector<GridId>(positions.size(), GridId::none));
}

TEST(Locator, AnswersAtTheEdgesOfTheEarth) {
  const auto whole = [](std::int32_t w, std::int32_t s, std::int32_t e, std::int32_t n) {
    return MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}}, {}}};
  };
  const std::int32_t x = 1800000000, y = 900000000;
  const std::vector<GridRecord> records{{"W", "", Level::grid, "", Kind::general, whole(-x, -y, 0, y)},
                                        {"E", "", Level::grid, "", Kind::general, whole(0, -y, x, y)}};
  const GridMap map = GridMap::build(records);
  EXPECT_EQ(map.locate(Position{-x, -y}), map.find("W"));
  EXPECT_EQ(map.locate(Position{-1, y - 1}), map.find("W"));
  EXPECT_EQ(map.locate(Position{0, 0}), map.find("E"));
  EXPECT_EQ(map.locate(Position{x - 1, y - 1}), map.find("E"));
  EXPECT_EQ(map.locate(Position{x, 0}), GridId::none);
  EXPECT_EQ(map.locate(Position{0, y}), GridId::none);
  EXPECT_EQ(map.locate(Position{INT32_MIN, 0}), GridId::none);
  EXPECT_EQ(map.locate(Position{INT32_MAX, 0}), GridId::none);
}

TEST(Locator, SharesWorkOfManyPointsOut) {
  const Scene scene = draw("A B");
  const std::vector<Position> positions = random_positions({corner, {corner.x + 10000, corner.y + 5000}}, 200'000, 3);
  Execution execution;
  std::size_t shares = 0;
  execution.parallel_for = [&](std::size_t count, const std::function<void(std::size_t)>& body) {
    shares = count;
    for (std::size_t i = count; i-- > 0;) body(i);
  };
  std::vector<GridId> answers(positions.size()), alone(positions.size());
  scene.map.locate(positions, answers, execution);
  scene.map.locate(positions, alone);
  EXPECT_GT(shares, 1u);
  EXPECT_EQ(answers, alone);
}

/// Lines of every kind that breaks a crossing test, at scales from cells of one lattice unit to edges of a degree.
RC_GTEST_PROP(Locator, AgreesWithItsSlowTwinOnWhateverLinesThereAre, ()) {
  const std::int32_t scale = *rc::gen::element(1, 3, 64, 1024, 1000, 30000, 262144);
  const Position at{*rc::gen::element(0, -37, 1000000000, -1234567), *rc::gen::element(0, -8192, 400000000)};
  std::vector<GridRecord> records = random_areas(6);
  const auto moved = [&](Ring& ring) {
    for (Position& p : ring) p = {at.x + p.x * scale, at.y + p.y * scale};
  };
  for (GridRecord& record : records) {
    for (Polygon& polygon : record.polygons) {
      moved(polygon.outer);
      for (Ring& hole : polygon.holes) moved(hole);
    }
  }
  const GridMap map = GridMap::build(records, {.snap_m = 0});
  const Borders borders(map);
  const Pair pair(borders.view(), static_cast<std::uint32_t>(map.size()));
  RC_ASSERT(pair.first_difference(telling_positions(borders.view())) == std::nullopt);
  if (borders.points.empty()) return;
  const Box box = bounds(borders.points);
  RC_ASSERT(pair.first_difference(random_positions(box, 2000, static_cast<std::uint64_t>(scale))) == std::nullopt);
}

}  // namespace
