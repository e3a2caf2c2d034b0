#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <map>
#include <tuple>

#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

#include "support/random_coverage.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

GridMap built(const std::vector<GridRecord>& records) { return GridMap::build(records, {.snap_m = 0}); }

GridId first_polygon_holding(const std::vector<GridRecord>& records, Position p) {
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (contains(records[i].polygons, p)) return GridId{i};
  }
  return GridId::none;
}

RC_GTEST_PROP(GridMap, LocatesEveryPositionInTheFirstPolygonThatHoldsIt, ()) {
  const std::vector<GridRecord> records = random_areas(5);
  const GridMap map = built(records);
  for_each_position([&](Position p) { RC_ASSERT(map.locate(p) == first_polygon_holding(records, p)); });
}

RC_GTEST_PROP(GridMap, GivesEveryPositionOneOwnerAtMost, ()) {
  const std::vector<GridRecord> records = built(random_areas(5)).records();
  for_each_position([&](Position p) {
    RC_ASSERT(std::count_if(records.begin(), records.end(), [&](const auto& r) { return contains(r.polygons, p); }) <=
              1);
  });
}

RC_GTEST_PROP(GridMap, KeepsPolygonsThatMatchAsTheyAre, ()) {
  const std::vector<GridRecord> records = random_areas(5);
  const GridMap map = built(records);
  for (std::uint32_t i = 0; i < records.size(); ++i)
    RC_ASSERT(doubled_area(map.polygons(GridId{i})) == doubled_area(records[i].polygons));
  RC_ASSERT(map.weld_report().mends.empty());
}

RC_GTEST_PROP(GridMap, IsTheSameWhenBuiltFromItsOwnRecords, ()) {
  const GridMap map = built(random_areas(5));
  const GridMap again = built(map.records());
  RC_ASSERT(again.records() == map.records());
  RC_ASSERT(again.arc_count() == map.arc_count());
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc a = map.arc(i), b = again.arc(i);
    RC_ASSERT(std::equal(a.line.begin(), a.line.end(), b.line.begin(), b.line.end()));
    RC_ASSERT(a.left == b.left);
    RC_ASSERT(a.right == b.right);
  }
}

/// The records in another order give the same arcs, so nothing hangs on the order of the input.
RC_GTEST_PROP(GridMap, HasTheSameArcsWhateverTheOrderOfItsRecords, ()) {
  std::vector<GridRecord> records = random_areas(5);
  const GridMap map = built(records);
  std::reverse(records.begin(), records.end());
  const GridMap other = built(records);
  RC_ASSERT(other.arc_count() == map.arc_count());
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const auto a = map.arc(i).line, b = other.arc(i).line;
    RC_ASSERT(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
}

using Borders = std::vector<std::tuple<Line, GridId, GridId>>;

/// The arcs that an area has no part in.
Borders borders_without(const GridMap& map, GridId area) {
  Borders borders;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const auto [line, left, right] = map.arc(i);
    if (left != area && right != area) borders.emplace_back(Line(line.begin(), line.end()), left, right);
  }
  return borders;
}

RC_GTEST_PROP(GridMap, IsTheSameWhetherOrNotSomeRingFarAwayIsNoded, ()) {
  std::vector<GridRecord> records = random_areas(5);
  const Borders all = borders_without(built(records), GridId{999});
  const GridId extra{static_cast<std::uint32_t>(records.size())};
  const Ring spiked{{900, 900}, {910, 900}, {910, 910}, {930, 905}, {910, 910}, {900, 910}};
  records.push_back({"spiked", "", Level::grid, "", Kind::general, {{spiked, {}}}});
  RC_ASSERT(borders_without(built(records), extra) == all);
}

TEST(GridMap, IsTheSameWithAnyNumberOfThreads) {
  std::vector<GridRecord> records;
  const auto at = [](std::int32_t i, std::int32_t j) {
    return Position{1000 * i + i * j % 300, 1000 * j + i * i % 300};
  };
  for (std::int32_t i = 0; i < 130; ++i) {
    for (std::int32_t j = 0; j < 130; ++j)
      records.push_back({std::to_string(records.size()),
                         "",
                         Level::grid,
                         "",
                         Kind::general,
                         {{{at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)}, {}}}});
  }
  Execution backwards;
  backwards.parallel_for = [](std::size_t count, const std::function<void(std::size_t)>& body) {
    while (count > 0) body(--count);
  };
  const GridMap map = GridMap::build(records), same = GridMap::build(records, {}, backwards);
  EXPECT_EQ(borders_without(map, GridId{999'999}), borders_without(same, GridId{999'999}));
  EXPECT_EQ(map.arc_count(), 2u * 130 * 131 - 4);  // the two outer sides of a corner are one
}

RC_GTEST_PROP(GridMap, HasEachEdgeInOneArcOnly, ()) {
  const GridMap map = built(random_areas(5));
  std::map<std::pair<Position, Position>, int> uses;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    RC_ASSERT(arc.left != arc.right);
    for (std::size_t k = 1; k < arc.line.size(); ++k) ++uses[std::minmax(arc.line[k - 1], arc.line[k])];
  }
  for (const auto& [edge, count] : uses) RC_ASSERT(count == 1);
}

RC_GTEST_PROP(GridMap, EndsArcsAtNodesOnly, ()) {
  const GridMap map = built(random_areas(5));
  std::map<Position, int> degree, ends;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const auto line = map.arc(i).line;
    ++ends[line.front()], ++ends[line.back()];
    for (std::size_t k = 1; k < line.size(); ++k) ++degree[line[k - 1]], ++degree[line[k]];
  }
  for (const auto& [at, count] : degree) {
    if (count != 2) RC_ASSERT(ends[at] == count);
  }
}

RC_GTEST_PROP(GridMap, MeasuresAWholeLikeItsOutline, ()) {
  std::vector<GridRecord> records = random_areas(5);
  for (GridRecord& r : records) r.parent = "W";
  records.push_back({"W", "", Level::community, "", Kind::general, {}});
  const GridMap map = built(records);
  const GridId whole = map.find("W");
  Int128 parts = 0;
  double borders = 0;
  for (const GridId child : map.children(whole)) {
    parts += doubled_area(map.polygons(child));
    for (const GridMap::Neighbor& n : map.neighbors(child)) borders += n.border_m;
  }
  RC_ASSERT(doubled_area(map.polygons(whole)) == parts);
  double perimeters = 0;
  for (const GridId child : map.children(whole)) perimeters += map.perimeter_m(child);
  RC_ASSERT(std::abs(perimeters - borders - map.perimeter_m(whole)) < 1e-6);
}

/// Areas that neither match nor keep apart: whatever is thin is mended, and what comes out is a coverage all the same.
RC_GTEST_PROP(GridMap, MakesACoverageOfWhateverIsThin, ()) {
  std::vector<GridRecord> records = random_areas(5);
  for (GridRecord& r : records) {
    for (Polygon& polygon : r.polygons) {
      for (Position& p : polygon.outer) p = {p.x + *rc::gen::inRange(-1, 2), p.y + *rc::gen::inRange(-1, 2)};
    }
  }
  GridMap map;
  try {
    map = GridMap::build(records, {.snap_m = 0.5});  // more than the whole box
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Errc::invalid_geometry || error.code() == Errc::invalid_coverage);
    return;  // a ring crosses itself, or an area vanished
  }
  const std::vector<GridRecord> mended = map.records();
  for_each_position([&](Position p) { RC_ASSERT(map.locate(p) == first_polygon_holding(mended, p)); });
  RC_ASSERT(GridMap::build(mended, {.snap_m = 0}).records() == mended);
}

}  // namespace
