#include <gtest/gtest.h>

#include <wangge/change_set.hpp>
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

#include "support/scene.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

GridRecord area(std::string code, MultiPolygon polygons, Level level = Level::grid, std::string parent = "") {
  return {std::move(code), "", level, std::move(parent), Kind::general, std::move(polygons)};
}

std::string refusal(const std::vector<GridRecord>& records, Errc expected, const BuildOptions& options = {}) {
  try {
    GridMap::build(records, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), expected);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  return "nothing was refused";
}

std::vector<std::string> codes_of(const GridMap& map, std::span<const GridId> ids) {
  std::vector<std::string> codes;
  for (const GridId id : ids) codes.emplace_back(map.code(id));
  return codes;
}

TEST(GridMap, DrawsBackWhatWasDrawn) {
  const char* drawing = R"(
      A A B .
      A C B B
      D D D B )";
  EXPECT_EQ(drawn(draw(drawing).map), trim(drawing));
}

TEST(GridMap, OfNothingAnswersNothing) {
  const GridMap map;
  EXPECT_EQ(map.size(), 0u);
  EXPECT_EQ(map.arc_count(), 0u);
  EXPECT_EQ(map.find("A"), GridId::none);
  EXPECT_EQ(map.locate(corner), GridId::none);
}

TEST(GridMap, KnowsWhoIsPartOfWhom) {
  const GridMap map = draw("A A B", {.whole = "W"}).map;
  const GridId whole = map.find("W"), a = map.find("A"), b = map.find("B");
  EXPECT_EQ(whole, GridId{0});
  EXPECT_EQ(map.parent(a), whole);
  EXPECT_EQ(map.parent(whole), GridId::none);
  EXPECT_EQ(codes_of(map, map.children(whole)), (std::vector<std::string>{"A", "B"}));
  EXPECT_TRUE(map.children(b).empty());
  EXPECT_EQ(map.ancestor(b, Level::community), whole);
  EXPECT_EQ(map.ancestor(b, Level::grid), b);
  EXPECT_EQ(map.ancestor(b, Level::town), GridId::none);
  EXPECT_EQ(map.ancestor(whole, Level::grid), GridId::none);
}

TEST(GridMap, AnswersWithTheFinestArea) {
  const Scene scene = draw("A A B");
  std::vector<GridRecord> records = scene.records;
  records.push_back(area("A1", {box(0, 0, cell_side, cell_side)}, Level::micro_grid, "A"));
  const GridMap map = GridMap::build(records);
  EXPECT_EQ(drawn(map), trim("A1 A B"));
  EXPECT_NEAR(map.area_m2(map.find("A")), 2 * map.area_m2(map.find("A1")), 1e-6);
}

TEST(GridMap, AnswersByTheHalfOpenRule) {
  const GridMap map = draw(R"(
      A B
      C D )")
                          .map;
  const auto at = [&](std::int32_t x, std::int32_t y) {
    const GridId id = map.locate(Position{corner.x + x, corner.y + y});
    return std::string(id == GridId::none ? "none" : map.code(id));
  };
  EXPECT_EQ(at(cell_side, cell_side), "B");  // a corner: to the north-east
  EXPECT_EQ(at(cell_side, 17), "D");         // an upright border: to the east
  EXPECT_EQ(at(17, cell_side), "A");         // a level border: to the north
  EXPECT_EQ(at(0, 0), "C");                  // west and south belong
  EXPECT_EQ(at(2 * cell_side, 17), "none");  // east and north do not
  EXPECT_EQ(at(17, 2 * cell_side), "none");
  EXPECT_EQ(map.locate(LngLat{500, 0}), GridId::none);
}

TEST(GridMap, GivesTheOutlineOfAWholeFromItsParts) {
  const GridMap map = draw(R"(
      A A B
      A . B
      C C B )",
                           {.whole = "W"})
                          .map;
  const MultiPolygon whole = map.polygons(map.find("W"));
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].holes.size(), 1u);
  EXPECT_TRUE(doubled_area(whole) == Int128{2} * 8 * cell_side * cell_side);
  EXPECT_NEAR(map.perimeter_m(map.find("W")), perimeter_m(whole), 1e-6);
}

TEST(GridMap, StoresEachBorderOnce) {
  const GridMap map = draw(R"(
      A A B
      A A B )")
                          .map;
  ASSERT_EQ(map.arc_count(), 3u);
  std::size_t between = 0;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    EXPECT_NE(arc.left, arc.right);
    between += arc.left != GridId::none && arc.right != GridId::none;
  }
  EXPECT_EQ(between, 1u);
}

TEST(GridMap, StartsAClosedBorderAtItsLeastPosition) {
  const GridMap map = draw(R"(
      A A A
      A B A
      A A A )")
                          .map;
  ASSERT_EQ(map.arc_count(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto line = map.arc(i).line;
    EXPECT_EQ(line.front(), line.back());
    EXPECT_EQ(line.front(), *std::min_element(line.begin(), line.end()));
  }
}

TEST(GridMap, CountsBordersAndNotCorners) {
  const GridMap map = draw(R"(
      A B
      C A )")
                          .map;
  const GridId a = map.find("A"), b = map.find("B"), c = map.find("C");
  const double side_m = map.shared_border_m(a, b) / 2;
  EXPECT_NEAR(side_m, 50, 6);
  EXPECT_EQ(map.shared_border_m(b, c), 0);
  EXPECT_EQ(map.shared_border_m(a, a), 0);
  const auto around = map.neighbors(a);
  ASSERT_EQ(around.size(), 2u);
  EXPECT_EQ(around[0].id, b);
  EXPECT_DOUBLE_EQ(around[0].border_m, map.shared_border_m(b, a));
  EXPECT_EQ(map.neighbors(b).size(), 1u);
}

TEST(GridMap, NamesNeighboursOfTheSameLevel) {
  std::vector<GridRecord> records{area("V", {}, Level::community), area("W", {}, Level::community)};
  for (GridRecord& r : draw("A B C").records) {
    r.parent = std::string(r.code == "C" ? "W" : "V");
    records.push_back(std::move(r));
  }
  const GridMap map = GridMap::build(records);
  const auto around = map.neighbors(map.find("V"));
  ASSERT_EQ(around.size(), 1u);
  EXPECT_EQ(around[0].id, map.find("W"));
  EXPECT_DOUBLE_EQ(around[0].border_m, map.shared_border_m(map.find("B"), map.find("C")));
  EXPECT_DOUBLE_EQ(around[0].border_m, map.shared_border_m(map.find("V"), map.find("C")));
}

TEST(GridMap, TakesRingsThatRunEitherWay) {
  std::vector<GridRecord> records = draw("A B B").records;
  std::reverse(records[0].polygons[0].outer.begin(), records[0].polygons[0].outer.end());
  EXPECT_EQ(drawn(GridMap::build(records)), trim("A B B"));
  Polygon frame = box(0, 0, 3 * cell_side, 3 * cell_side);
  frame.holes.push_back(box(cell_side, cell_side, 2 * cell_side, 2 * cell_side).outer);  // runs like the outer ring
  EXPECT_EQ(drawn(GridMap::build(std::vector{area("A", {frame})})), trim(R"(
      A A A
      A . A
      A A A )"));
}

TEST(GridMap, TakesARingThatTouchesItself) {
  const auto at = [](std::int32_t x, std::int32_t y) {
    return Position{corner.x + x * cell_side, corner.y + y * cell_side};
  };
  const Ring eight{at(0, 0), at(1, 0), at(1, 1), at(2, 1), at(2, 2), at(1, 2), at(1, 1), at(0, 1)};
  const GridMap map = GridMap::build(std::vector{area("A", {{eight, {}}})});
  EXPECT_EQ(drawn(map), trim(R"(
      . A
      A . )"));
  EXPECT_EQ(map.polygons(GridId{0}).size(), 2u);
}

TEST(GridMap, RefusesARingThatCrossesItself) {
  const auto at = [](std::int32_t x, std::int32_t y) { return Position{corner.x + x, corner.y + y}; };
  const Ring bow{at(0, 0), at(10000, 10000), at(10000, 0), at(0, 10000)};
  EXPECT_EQ(refusal({area("07", {{bow, {}}})}, Errc::invalid_geometry),
            "area 07 has rings that cross near 118.300500,33.960500; redraw it");
}

TEST(GridMap, RefusesAnOutlineWithoutExtent) {
  EXPECT_EQ(refusal({area("07", {{{corner, {corner.x + 9, corner.y}}, {}}})}, Errc::invalid_geometry),
            "area 07 has an outline without extent near 118.300000,33.960000; redraw it");
  EXPECT_NE(refusal({area("07", {{}})}, Errc::invalid_geometry), "nothing was refused");
}

TEST(GridMap, RefusesAPositionOffTheEarth) {
  EXPECT_EQ(refusal({area("07", {{{{0, 0}, {0, 950'000'000}, {9, 9}}, {}}})}, Errc::invalid_geometry),
            "area 07 has a position off the Earth near 0.000000,95.000000; redraw it");
}

TEST(GridMap, RefusesAnOverlapAndNamesItsPlace) {
  EXPECT_EQ(
      refusal({area("04", {box(0, 0, 5000, 5000)}), area("07", {box(4900, 0, 9000, 5000)})}, Errc::invalid_coverage),
      "areas 04 and 07 overlap by 51 m² near 118.300495,33.960250; raise snap_m or redraw one");
}

TEST(GridMap, NamesTheLargestOfManyOverlaps) {
  const std::string what = refusal({area("04", {box(0, 0, 5000, 5000)}), area("07", {box(4900, 0, 9000, 5000)}),
                                    area("09", {box(0, 4800, 5000, 9000)})},
                                   Errc::invalid_coverage);
  EXPECT_EQ(what.substr(0, 24), "areas 04 and 09 overlap ");
  EXPECT_NE(what.find(", the largest of "), std::string::npos);
}

TEST(GridMap, GivesAThinOverlapToTheLongerBorderAndReportsIt) {
  // 07 reaches 20 units (0.2 m) into 04 along its whole side, so 07 has the longer border: three sides of the sliver.
  const GridMap map =
      GridMap::build(std::vector{area("04", {box(0, 0, 5000, 5000)}), area("07", {box(4980, 1000, 9000, 4000)})});
  ASSERT_EQ(map.weld_report().mends.size(), 1u);
  const WeldReport::Mend& mend = map.weld_report().mends[0];
  EXPECT_TRUE(mend.overlap);
  EXPECT_EQ(mend.a + mend.b, "0407");
  EXPECT_NEAR(mend.area_m2, 20 * 3000 * 1.0253e-4, 0.1);
  EXPECT_EQ(map.locate(mend.place), map.find("04"));
}

TEST(GridMap, ClosesAThinGapAndReportsIt) {
  const std::vector<GridRecord> records{area("04", {box(0, 0, 5000, 5000)}), area("07", {box(5020, 0, 9000, 5000)}),
                                        area("09", {box(0, 5000, 9000, 9000)}), area("10", {box(0, -4000, 9000, 0)})};
  const GridMap map = GridMap::build(records);
  ASSERT_EQ(map.weld_report().mends.size(), 1u);
  EXPECT_FALSE(map.weld_report().mends[0].overlap);
  EXPECT_EQ(map.weld_report().mends[0].a, "04");
  EXPECT_EQ(map.weld_report().mends[0].b, "07");
  EXPECT_EQ(map.locate(Position{corner.x + 5010, corner.y + 2500}), map.find("04"));
  EXPECT_TRUE(GridMap::build(records, {.snap_m = 0}).weld_report().mends.empty());
}

TEST(GridMap, LeavesAWideGapOpen) {
  const GridMap map = draw(R"(
      A A A
      A . A
      A A A )")
                          .map;
  EXPECT_TRUE(map.weld_report().mends.empty());
  EXPECT_EQ(map.locate(Position{corner.x + 7500, corner.y + 7500}), GridId::none);
}

TEST(GridMap, ClosesWhatRoundingLeavesWithoutMention) {
  // The neighbour's side has a vertex of its own, one unit off.
  Polygon west = box(0, 0, 5000, 5000), east = box(5000, 0, 9000, 5000);
  east.outer.push_back({corner.x + 5001, corner.y + 2500});
  const GridMap map = GridMap::build(std::vector{area("04", {west}), area("07", {east})});
  EXPECT_EQ(map.arc_count(), 3u);
  EXPECT_TRUE(map.weld_report().mends.empty());
}

TEST(GridMap, RefusesAPartOutsideItsWhole) {
  EXPECT_EQ(
      refusal(
          {area("W", {box(0, 0, 5000, 5000)}, Level::community), area("04", {box(0, 0, 5100, 5000)}, Level::grid, "W")},
          Errc::invalid_coverage),
      "area 04 reaches 51 m² outside W, which it is part of, near 118.300505,33.960250; raise snap_m or redraw one");
}

TEST(GridMap, LetsTheWholeFollowItsPartsWhereTheyDifferByASliver) {
  const GridMap map = GridMap::build(std::vector{area("W", {box(0, 0, 10000, 5000)}, Level::community),
                                                 area("04", {box(-2, 0, 5000, 4999)}, Level::grid, "W"),
                                                 area("07", {box(5000, 0, 10002, 5001)}, Level::grid, "W")});
  EXPECT_TRUE(map.weld_report().mends.empty());
  Int128 parts = 0;
  for (const GridId child : map.children(map.find("W"))) parts += doubled_area(map.polygons(child));
  EXPECT_TRUE(doubled_area(map.polygons(map.find("W"))) == parts);
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    EXPECT_NE(map.arc(i).left, map.find("W"));
    EXPECT_NE(map.arc(i).right, map.find("W"));
  }
}

TEST(GridMap, RefusesABrokenHierarchy) {
  const auto refused = [](GridRecord a, GridRecord b) { return refusal({a, b}, Errc::invalid_coverage); };
  const MultiPolygon here{box(0, 0, 100, 100)}, there{box(100, 0, 200, 100)};
  EXPECT_EQ(refused(area("04", here), area("", there)), "area in row 2 has no code; give it one");
  EXPECT_EQ(refused(area("04", here), area("04", there)), "code 04 is used twice, in rows 1 and 2; rename one");
  EXPECT_EQ(refused(area("04", here), area("07", there, Level::micro_grid, "09")),
            "area 07 is part of 09, which does not exist; add it or correct the parent");
  EXPECT_EQ(refused(area("04", here), area("07", there, Level::grid, "04")),
            "grid 07 cannot be part of grid 04; a part has a level below its parent's");
  EXPECT_EQ(refused(area("04", here), area("07", {}, Level::town)),
            "area 07 has neither polygons nor parts that give its shape; draw it");
}

TEST(GridMap, RefusesAnAreaThatMendingSwallows) {
  EXPECT_EQ(
      refusal({area("04", {box(0, 0, 5000, 5000)}), area("07", {box(10, 1000, 30, 4000)})}, Errc::invalid_coverage),
      "area 07 near 118.300002,33.960250 is nothing but slivers that other areas take; lower snap_m or redraw it");
}

TEST(GridMap, RefusesASenselessTolerance) {
  EXPECT_EQ(refusal({}, Errc::invalid_argument, {.snap_m = -1}), "snap_m must be 0 metres or more");
}

TEST(GridMap, StopsWhenTold) {
  Execution execution;
  execution.progress = [](std::string_view, double share) { return share < 0.3; };
  try {
    GridMap::build(draw("A B").records, {}, execution);
    FAIL() << "did not stop";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::stopped);
  }
}

TEST(Level, HasAnEnglishAndAChineseName) {
  for (int i = 0; i <= static_cast<int>(Level::micro_grid); ++i)
    EXPECT_EQ(parse_level(to_string(static_cast<Level>(i))), static_cast<Level>(i));
  EXPECT_EQ(parse_level("微网格"), Level::micro_grid);
  EXPECT_EQ(parse_level("街道"), Level::town);
  EXPECT_THROW(parse_level("parish"), Error);
  EXPECT_EQ(parse_kind(to_string(Kind::dedicated)), Kind::dedicated);
  EXPECT_EQ(parse_kind("综合"), Kind::general);
  EXPECT_THROW(parse_kind(""), Error);
}

TEST(GridMap, TakesARingThatGoesRoundTwiceForTheAreaThatItIs) {
  const Ring once = {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}};
  Ring twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  const Ring around = {{-1000, -1000}, {3000, -1000}, {3000, 3000}, {-1000, 3000}};
  const Ring hole(once.rbegin(), once.rend());
  for (const bool enclosed : {false, true}) {
    std::vector<GridRecord> records{{"A", "", Level::grid, "", Kind::general, {{twice, {}}}}};
    if (enclosed) records.push_back({"B", "", Level::grid, "", Kind::general, {{around, {hole}}}});
    const GridMap map = GridMap::build(records);
    EXPECT_EQ(map.locate(Position{500, 500}), map.find("A"));
    EXPECT_EQ(map.locate(Position{2000, 2000}), map.find("B"));
    EXPECT_EQ(map.polygons(map.find("A")), (MultiPolygon{{once, {}}}));
  }
}

TEST(UnitTable, RefusesAMissingIdAndAnIdUsedTwice) {
  const auto refused = [](std::vector<std::string> ids) -> std::string {
    UnitTable table;
    for (std::string& id : ids) table.units.emplace_back().id = std::move(id);
    try {
      table.check();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::invalid_units);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refused({"a", "b"}), "");
  EXPECT_EQ(refused({"a", "", "a"}), "unit in row 2 has no id; give it one");
  EXPECT_EQ(refused({"a", "b", "a"}), "unit id \"a\" is used twice, again in row 3; rename one");
}

}  // namespace
