#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <set>

#include "geometry/segment_distance.hpp"
#include "support/scratch.hpp"
#include "map/edge_index.hpp"
#include "support/random_coverage.hpp"
#include "support/scene.hpp"
#include "support/tessellation.hpp"
#include <wangge/change_set.hpp>
#include <wangge/grid_map.hpp>

using namespace wangge;
using namespace wangge::test;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Calls visit(a, b, left, right) for every edge of the map.
template <class Visit>
void for_each_edge(const map::ArcsView& arcs, const Visit& visit) {
  for (std::size_t arc = 0; arc < arcs.size(); ++arc) {
    const auto line = arcs.line(arc);
    for (std::size_t i = 1; i < line.size(); ++i) visit(line[i - 1], line[i], arcs.left(arc), arcs.right(arc));
  }
}

/// The slow twin of `nearest` and `distance_to_border_m`: every edge.
GridMap::Nearest nearest_of_all(const map::ArcsView& arcs, Position p) {
  const LocalFrame frame(p);
  GridMap::Nearest best{GridId::none, infinity};
  for_each_edge(arcs, [&](Position a, Position b, GridId left, GridId right) {
    const double d = std::sqrt(geometry::squared_distance_m2(frame, a, b));
    best = std::min(best, GridMap::Nearest{std::min(left, right), d}, [](const auto& one, const auto& other) {
      return std::tie(one.distance_m, one.id) < std::tie(other.distance_m, other.id);
    });
  });
  return best;
}

GridId least_touching(const map::ArcsView& arcs, Position p) {
  GridId found = GridId::none;
  for_each_edge(arcs, [&](Position a, Position b, GridId left, GridId right) {
    if (on_segment(a, b, p)) found = std::min({found, left, right});
  });
  return found;
}

/// The rings of a shape as segments.
std::vector<std::pair<Position, Position>> segments_of(const MultiPolygon& polygons) {
  std::vector<std::pair<Position, Position>> segments;
  const auto add = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) segments.push_back({ring[i], ring[(i + 1) % ring.size()]});
  };
  for (const Polygon& polygon : polygons) {
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
  }
  return segments;
}

/// True where the closed shapes share a position: their borders do, or a part of the one lies inside the other.
bool shapes_meet(const MultiPolygon& one, const MultiPolygon& other) {
  for (const auto& [a, b] : segments_of(one)) {
    for (const auto& [c, d] : segments_of(other)) {
      if (segments_meet(a, b, c, d)) return true;
    }
  }
  const auto holds_part_of = [](const MultiPolygon& whole, const MultiPolygon& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const Polygon& p) { return contains(whole, p.outer[0]); });
  };
  return holds_part_of(one, other) || holds_part_of(other, one);
}

/// The slow twin of `meeting` for areas without parts.
std::vector<GridId> all_meeting(const GridMap& map, const MultiPolygon& shape) {
  std::vector<GridId> found;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (shapes_meet(map.polygons(GridId{i}), shape)) found.push_back(GridId{i});
  }
  return found;
}

std::vector<GridRecord> scaled(std::vector<GridRecord> records, Position at, std::int32_t scale) {
  const auto move = [&](Ring& ring) {
    for (Position& p : ring) p = {at.x + p.x * scale, at.y + p.y * scale};
  };
  for (GridRecord& record : records) {
    for (Polygon& polygon : record.polygons) {
      move(polygon.outer);
      std::for_each(polygon.holes.begin(), polygon.holes.end(), move);
    }
  }
  return records;
}

bool same(const GridMap::Nearest& one, const GridMap::Nearest& other) {
  return one.id == other.id && one.distance_m == other.distance_m;
}

void expect_the_slow_twin(const GridMap& map, Position p) {
  const Borders borders(map);
  const GridMap::Nearest wanted = nearest_of_all(borders.view(), p);
  const GridId owner = map.locate(p);
  RC_ASSERT(same(map.nearest(p), owner == GridId::none ? wanted : GridMap::Nearest{owner, 0}));
  RC_ASSERT(map.distance_to_border_m(p) == wanted.distance_m);
  RC_ASSERT(same(map.nearest(p, wanted.distance_m * 1.001), map.nearest(p)));
  if (owner == GridId::none && wanted.distance_m > 0)
    RC_ASSERT(same(map.nearest(p, wanted.distance_m * 0.999), {GridId::none, infinity}));
}

/// Random shapes of every kind at scales from cells of one lattice unit to a tenth of the Earth.
struct AnyMap {
  std::int32_t scale = *rc::gen::element(1, 3, 64, 1000, 30000, 1000000);
  Position at{*rc::gen::element(0, -37, 1000000000, 1759999999, -1800000000), *rc::gen::element(0, -8192, 859999999)};
  GridMap map = GridMap::build(scaled(random_areas(6), at, scale), {.snap_m = 0});

  Position place() const {
    const auto offset = [&] { return *rc::gen::inRange(-15, 56) * scale + *rc::gen::inRange(-2, 3); };
    const std::int64_t x = std::int64_t{at.x} + offset(), y = std::int64_t{at.y} + offset();
    return {static_cast<std::int32_t>(std::clamp<std::int64_t>(x, -1800000000, 1800000000)),
            static_cast<std::int32_t>(std::clamp<std::int64_t>(y, -900000000, 900000000))};
  }
};

RC_GTEST_PROP(Nearest, AgreesWithItsSlowTwin, ()) {
  const AnyMap any;
  for (int i = 0; i < 20; ++i) expect_the_slow_twin(any.map, any.place());
  for (const Position far : {Position{0, 0}, Position{1800000000, 900000000}, Position{-1800000000, -900000000},
                             Position{INT32_MAX, 0}, Position{INT32_MIN, 5}})
    expect_the_slow_twin(any.map, far);
}

TEST(Nearest, AgreesWithItsSlowTwinInACity) {
  const Tessellation t = tessellate({.columns = 24, .rows = 20, .edges_a_side = 16});
  const auto section = map::EdgeIndex::build(t.view(), t.areas);
  const map::EdgeIndex edges(t.view(), std::as_bytes(std::span(section)));
  const Box box = bounds(t.points);
  std::mt19937_64 random(5);
  for (int i = 0; i < 3000; ++i) {
    const auto within = [&](std::int32_t low, std::int32_t high) {
      const std::int32_t margin = i % 10 == 0 ? 10000000 : 30000;
      return low - margin + static_cast<std::int32_t>(random() % (std::uint64_t(high) - low + 2 * margin));
    };
    const Position p{within(box.min.x, box.max.x), within(box.min.y, box.max.y)};
    const auto found = edges.nearest(p);
    ASSERT_TRUE(same({found.area, found.distance_m}, nearest_of_all(t.view(), p)));
  }
}

TEST(Nearest, IsTheAreaItselfInsideAndTheLeastOfThoseAsNearOutside) {
  const Scene scene = draw("B A .");
  const GridId a = scene.map.find("A"), b = scene.map.find("B");
  const auto at = [](std::int32_t x, std::int32_t y) { return Position{corner.x + x, corner.y + y}; };
  EXPECT_TRUE(same(scene.map.nearest(at(10, 10)), {b, 0}));
  const GridMap::Nearest east = scene.map.nearest(at(2 * cell_side + 100, 7));
  EXPECT_EQ(east.id, a);
  EXPECT_NEAR(east.distance_m, length_m(at(2 * cell_side, 7), at(2 * cell_side + 100, 7)), 1e-6);
  EXPECT_EQ(scene.map.nearest(at(cell_side, cell_side + 50)).id, std::min(a, b));
  EXPECT_TRUE(same(scene.map.nearest(at(2 * cell_side, 7)), {a, 0})) << "an outer border that does not belong";
  EXPECT_TRUE(same(scene.map.nearest(at(2 * cell_side + 100, 7), 0.5), {GridId::none, infinity}));
  EXPECT_TRUE(same(scene.map.nearest(at(2 * cell_side + 100, 7), -1), {GridId::none, infinity}));
  EXPECT_TRUE(same(scene.map.nearest(LngLat{std::nan(""), 0}), {GridId::none, infinity}));
  EXPECT_TRUE(same(GridMap().nearest(Position{0, 0}), {GridId::none, infinity}));
  EXPECT_EQ(GridMap().distance_to_border_m(Position{0, 0}), infinity);
}

TEST(Distance, ToASegmentIsThatOfPlaneGeometry) {
  const LocalFrame frame({1160000000, 400000000});
  const auto at = [&](double x, double y) { return frame.to_position({x, y}); };
  const auto distance = [&](Position a, Position b) { return std::sqrt(geometry::squared_distance_m2(frame, a, b)); };
  EXPECT_NEAR(distance(at(-100, 30), at(100, 30)), 30, 0.01);
  EXPECT_NEAR(distance(at(30, 40), at(100, 40)), 50, 0.01);
  EXPECT_NEAR(distance(at(-300, -40), at(-30, -40)), 50, 0.01);
  EXPECT_NEAR(distance(at(-100, 0), at(0, 100)), 100 / std::sqrt(2), 0.01);
  EXPECT_EQ(distance({1160000000 - 700001, 400000000 - 300003}, {1160000000 + 700001, 400000000 + 300003}), 0);
  EXPECT_GT(distance({1160000000 - 700001, 400000000 - 300003}, {1160000000 + 700000, 400000000 + 300003}), 0);
  const Position p{1160000005, 400000007};
  EXPECT_EQ(distance(p, at(500, 100)), distance(at(10, 400), p)) << "both are nearest at their common end";
}

RC_GTEST_PROP(Meeting, ABoxAgreesWithItsSlowTwin, ()) {
  const AnyMap any;
  for (int i = 0; i < 10; ++i) {
    Box box;
    box.add(any.place());
    if (*rc::gen::inRange(0, 4) != 0) box.add(any.place());
    const Ring ring{box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}};
    RC_ASSERT(any.map.meeting(box) == all_meeting(any.map, {{ring, {}}}));
    RC_ASSERT(any.map.meeting(MultiPolygon{{ring, {}}}) == any.map.meeting(box));
  }
}

/// The polygons are areas of another random map: with holes and parts, often along the same lines, run either way.
RC_GTEST_PROP(Meeting, PolygonsAgreeWithTheirSlowTwin, ()) {
  const AnyMap any;
  for (const GridRecord& record : scaled(random_areas(3), any.at, any.scale)) {
    MultiPolygon shape = record.polygons;
    RC_ASSERT(any.map.meeting(shape) == all_meeting(any.map, shape));
    for (Polygon& polygon : shape) std::reverse(polygon.outer.begin(), polygon.outer.end());
    RC_ASSERT(any.map.meeting(shape) == all_meeting(any.map, shape));
  }
}

TEST(Meeting, GivesTheAreasOfALevelOnce) {
  std::vector<GridRecord> records = draw(R"(
      A B . D
      A B C D )")
                                        .records;
  for (GridRecord& record : records) record.parent = record.code < "C" ? "west" : "";
  records.push_back({"west", "", Level::community, "", Kind::general, {}});
  const GridMap map = GridMap::build(records);
  const Box all{corner, {corner.x + 4 * cell_side, corner.y + 2 * cell_side}};
  EXPECT_EQ(map.meeting(all).size(), 4u);
  EXPECT_EQ(map.meeting(all, Level::community), std::vector<GridId>{map.find("west")});
  EXPECT_EQ(map.meeting(all, Level::town), std::vector<GridId>{});
  const Position inside{corner.x + 10, corner.y + 10};
  EXPECT_EQ(map.meeting(Box{inside, {inside.x + 5, inside.y + 5}}), std::vector<GridId>{map.find("A")});
  const Position gap{corner.x + 2 * cell_side + 10, corner.y + cell_side + 10};
  EXPECT_EQ(map.meeting(Box{gap, {gap.x + 5, gap.y + 5}}), std::vector<GridId>{});
  EXPECT_EQ(map.meeting(Box{}), std::vector<GridId>{});
  EXPECT_EQ(map.meeting(MultiPolygon{}), std::vector<GridId>{});
  EXPECT_EQ(map.meeting(MultiPolygon{{}}), std::vector<GridId>{});
}

/// Everything on the border of the map belongs, and what belonged before belongs to the same.
RC_GTEST_PROP(ClosedOuter, GivesTheOuterBorderToTheLeastAreaThatTouches, ()) {
  const std::vector<GridRecord> records = random_areas(6);
  const GridMap open = GridMap::build(records, {.snap_m = 0});
  const GridMap closed = GridMap::build(records, {.snap_m = 0, .closed_outer = true});
  const Borders borders(open);
  std::vector<Position> positions;
  for_each_position([&](Position p) { positions.push_back(p); });
  std::vector<LngLat> places;
  for (const Position p : positions) places.push_back(to_degrees(p));
  std::vector<GridId> answers(positions.size()), of_places(positions.size());
  closed.locate(positions, answers);
  closed.locate(places, of_places);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const GridId before = open.locate(positions[i]);
    RC_ASSERT(answers[i] == (before != GridId::none ? before : least_touching(borders.view(), positions[i])));
    RC_ASSERT(closed.locate(positions[i]) == answers[i]);
    RC_ASSERT(closed.locate(places[i]) == answers[i]);
    RC_ASSERT(of_places[i] == answers[i]);
    RC_ASSERT(open.nearest(positions[i]).distance_m == closed.nearest(positions[i]).distance_m);
  }
}

TEST(ClosedOuter, IsKeptInTheFileAndByEdits) {
  const Scene scene = draw("A B");
  const GridMap map = GridMap::build(scene.records, {.closed_outer = true});
  const Position end{corner.x + 2 * cell_side, corner.y + cell_side};
  const Scratch folder;
  const auto file = folder / "map.wgm";
  map.save(file);
  EXPECT_EQ(scene.map.locate(end), GridId::none);
  EXPECT_EQ(GridMap::open(file).locate(end), map.find("B"));
  ChangeSet changes;
  changes.changes = {ChangeSet::Change::of({map.record(map.find("A"))}, {})};
  const GridMap next = GridMap::open(file).with(changes);
  EXPECT_EQ(next.locate(end), next.find("B"));
}

TEST(ClosedOuter, FindsNothingOffTheEarthOrOffTheMap) {
  const GridMap map = GridMap::build(draw("A B").records, {.closed_outer = true});
  const std::vector<LngLat> places{{std::nan(""), 0}, {181, 0}, to_degrees({corner.x - 1, corner.y}), {0, 0}};
  std::vector<GridId> answers(places.size());
  map.locate(places, answers);
  EXPECT_EQ(answers, std::vector<GridId>(places.size(), GridId::none));
}

/// By walking up.
GridId slow_ancestor(const GridMap& map, GridId id, Level level) {
  while (id != GridId::none && map.level(id) != level) id = map.parent(id);
  return id;
}

RC_GTEST_PROP(Levels, AnswerTheAncestorOfTheFinestArea, ()) {
  std::vector<GridRecord> records = random_areas(6);
  const std::vector<std::string> wholes{"", "community", "town", "empty"};
  for (GridRecord& record : records) {
    record.parent = *rc::gen::elementOf(wholes);
    record.level = *rc::gen::element(Level::sector, Level::grid, Level::micro_grid);
  }
  const auto used = [&](const char* code) {
    return std::any_of(records.begin(), records.end(), [&](const GridRecord& r) { return r.parent == code; });
  };
  if (used("community")) records.push_back({"community", "", Level::community, "town", Kind::general, {}});
  if (used("town")) records.push_back({"town", "", Level::town, "", Kind::general, {}});
  if (used("empty")) records.push_back({"empty", "", Level::province, "", Kind::general, {}});
  const GridMap map = GridMap::build(records, {.snap_m = 0});
  std::vector<Position> positions;
  for_each_position([&](Position p) { positions.push_back(p); });
  for (const Level level : {Level::province, Level::city, Level::town, Level::community, Level::grid}) {
    std::vector<GridId> answers(positions.size());
    map.locate(positions, level, answers);
    for (std::size_t i = 0; i < positions.size(); i += 7) {
      RC_ASSERT(answers[i] == slow_ancestor(map, map.locate(positions[i]), level));
      RC_ASSERT(map.locate(positions[i], level) == answers[i]);
    }
  }
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    std::vector<GridId> wanted;
    for (GridId id{i}; id != GridId::none; id = map.parent(id)) wanted.insert(wanted.begin(), id);
    const GridMap::Chain chain = map.chain(GridId{i});
    RC_ASSERT(std::equal(chain.begin(), chain.end(), wanted.begin(), wanted.end()));
    RC_ASSERT(chain[chain.size() - 1] == GridId{i});
  }
  RC_ASSERT(map.chain(GridId::none).empty());
  RC_ASSERT(map.ancestor(GridId::none, Level::grid) == GridId::none);
}

TEST(EdgeIndex, IsRefusedWhereItPointsAstray) {
  const Tessellation t = tessellate({.columns = 4, .rows = 4, .edges_a_side = 4});
  const auto whole = map::EdgeIndex::build(t.view(), t.areas);
  const auto fault = [&](std::span<const std::uint32_t> words) {
    return map::EdgeIndex::fault(t.view(), std::as_bytes(words));
  };
  EXPECT_EQ(fault(whole), "");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const std::uint32_t flip : {1u, 0x80000000u, 0xffffffffu}) {
      auto words = whole;
      words[i] ^= flip;
      if (!fault(words).empty()) continue;
      const map::EdgeIndex edges(t.view(), std::as_bytes(std::span(words)));
      for (const Position p : {t.points[0], t.points[40], Position{0, 0}}) {
        edges.nearest(p);
        edges.touching(p);
      }
    }
  }
  EXPECT_NE(fault({whole.begin(), whole.end() - 1}), "");
  EXPECT_NE(fault({}), "");
}

}  // namespace
