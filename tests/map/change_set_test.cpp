#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <wangge/change_set.hpp>
#include <wangge/error.hpp>

#include "coverage/arrangement.hpp"
#include "support/random_coverage.hpp"
#include "support/scene.hpp"

using namespace wangge;
using namespace wangge::test;
using Change = ChangeSet::Change;
using Operation = ChangeSet::Operation;
using Coding = ChangeSet::Coding;

namespace {

/// The records by code; two maps with the same ones answer alike.
std::vector<GridRecord> by_code(const GridMap& map) {
  std::vector<GridRecord> records = map.records();
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return records;
}

/// True where both have the same areas, whatever vertices lie on straight runs of border.
bool same_areas(const GridMap& a, const GridMap& b) {
  const std::vector<GridRecord> one = by_code(a), other = by_code(b);
  return std::ranges::equal(one, other, [](const auto& x, const auto& y) { return same_area(x, y); });
}

ChangeSet one_change(const GridMap& map, const std::vector<std::string>& gone, const std::vector<GridRecord>& come) {
  std::vector<GridRecord> before;
  for (const std::string& code : gone) before.push_back(map.record(map.find(code)));
  ChangeSet set;
  set.base_revision = map.revision();
  set.reason = "a test";
  set.changes = {Change::of(before, come)};
  return set;
}

std::string refusal(const GridMap& map, const ChangeSet& changes, Errc code) {
  try {
    map.with(changes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  return "took it";
}

TEST(ChangeSet, LeadsToTheNextRevision) {
  const GridMap before = draw("A A B").map;
  const GridMap wanted = draw("C D B").map;
  const GridMap after = before.with(one_change(before, {"A"}, {wanted.record(GridId{1}), wanted.record(GridId{2})}));
  EXPECT_EQ(drawn(after), trim("C D B"));
  EXPECT_EQ(after.revision(), 1u);
  EXPECT_EQ(drawn(before), trim("A A B"));
}

TEST(ChangeSet, OfAnotherRevisionIsRefused) {
  const GridMap map = draw("A B").map;
  ChangeSet stale = one_change(map, {"A"}, {});
  stale.base_revision = 3;
  EXPECT_EQ(refusal(map, stale, Errc::stale_change),
            "the changes were made for revision 3, the map is at revision 0; plan them again");
}

TEST(ChangeSet, ThatChangesAStrangerIsRefused) {
  ChangeSet set;
  set.changes = {Change::of({draw("Z").map.record(GridId{0})}, {})};
  EXPECT_EQ(refusal(draw("A B").map, set, Errc::not_found), "area Z cannot be changed: the map has none of that code");
}

TEST(ChangeSet, WithAnAreaInTwoChangesIsRefused) {
  const GridMap map = draw("A B").map;
  ChangeSet set = one_change(map, {"A"}, {});
  set.changes.push_back(set.changes[0]);
  EXPECT_EQ(refusal(map, set, Errc::invalid_coverage), "area A goes in two changes; put them into one");
}

TEST(ChangeSet, DividesAnAreaThatKeepsItsShape) {
  const GridMap before = draw("A A B").map;
  std::vector<GridRecord> parts = draw("A1 A2 .", {.level = Level::micro_grid, .whole = ""}).records;
  for (GridRecord& part : parts) part.parent = "A";
  const GridMap after = before.with(one_change(before, {}, parts));
  EXPECT_EQ(drawn(after), trim("A1 A2 B"));
  EXPECT_EQ(after.polygons(after.find("A"))[0].outer.size(), 6u);  // two new vertices where A1 meets A2
  EXPECT_TRUE(same_ground(after.polygons(after.find("A")), before.polygons(before.find("A"))));
}

TEST(ChangeSet, InverseUndoesADivision) {
  const GridMap before = draw("A A B").map;
  std::vector<GridRecord> parts = draw("A1 A2 .", {.level = Level::micro_grid, .whole = ""}).records;
  for (GridRecord& part : parts) part.parent = "A";
  const ChangeSet divide = one_change(before, {}, parts);
  const GridMap undone = before.with(divide).with(divide.inverse());
  EXPECT_EQ(drawn(undone), drawn(before));
  EXPECT_EQ(undone.revision(), 2u);
  EXPECT_TRUE(undone.children(undone.find("A")).empty());
}

TEST(ChangeSet, CallsAChangeByWhatItDoes) {
  const auto operation = [](std::string_view before, std::string_view after) {
    const ChangeSet changes = diff(draw(before).map, draw(after).map);
    EXPECT_EQ(changes.changes.size(), 1u);
    return changes.changes.at(0).operation;
  };
  EXPECT_EQ(operation("A A B", "A B B"), Operation::nudge);
  EXPECT_EQ(operation("A A B", "A C B"), Operation::split);
  EXPECT_EQ(operation("A A B", "C D B"), Operation::split);
  EXPECT_EQ(operation("A C B", "A A B"), Operation::merge);
  EXPECT_EQ(operation("A C B", "A A C"), Operation::merge) << "B ends";
  EXPECT_EQ(operation("A A .", "A A B"), Operation::create);
  EXPECT_EQ(operation("A A B", "A A ."), Operation::retire);
  EXPECT_EQ(operation("A A B", "C C B"), Operation::rename);
}

TEST(Diff, PutsAreasThatExchangeGroundIntoOneChange) {
  const ChangeSet changes = diff(draw("A A B . C D D").map, draw("A B B . C C D").map);
  ASSERT_EQ(changes.changes.size(), 2u);
  EXPECT_EQ(changes.changes[0].before.size(), 2u);
  EXPECT_EQ(changes.changes[0].before[0].code, "A");
  EXPECT_EQ(changes.changes[1].before[0].code, "C");
}

TEST(Diff, TakesAMapForItsOwnTwin) {
  const GridMap map = draw("A A B").map;
  EXPECT_TRUE(diff(map, map).changes.empty());
  EXPECT_TRUE(diff(map, draw("A A B").map).changes.empty());
}

TEST(Diff, LeavesOutAreasWithNewVerticesOnStraightBorders) {
  const GridMap a = draw(R"(
      A A
      B B )")
                        .map,
                b = draw(R"(
      A A
      C D )")
                        .map;
  const ChangeSet changes = diff(a, b);
  ASSERT_EQ(changes.changes.size(), 1u);
  EXPECT_EQ(changes.changes[0].before.size(), 1u);
}

TEST(Diff, LeavesOutAnAreaWhoseOutlineFollowsItsParts) {
  const auto town = [](std::int32_t off) {
    std::vector<GridRecord> areas = draw("A A B", {.level = Level::micro_grid}).records;
    for (GridRecord& area : areas) area.parent = "W";
    GridRecord whole{"W", "", Level::grid, "", Kind::general, {box(0, 0, 3 * cell_side, cell_side)}};
    areas[0].polygons = {box(0, 0, 2 * cell_side, cell_side)};
    areas[0].polygons[0].outer.insert(areas[0].polygons[0].outer.begin() + 1, {corner.x + 77, corner.y + off});
    areas.push_back(whole);
    return GridMap::build(areas);
  };
  const ChangeSet changes = diff(town(0), town(-1));
  ASSERT_EQ(changes.changes.size(), 1u);
  EXPECT_EQ(changes.changes[0].before[0].code, "A");
  EXPECT_TRUE(same_areas(town(0).with(changes), town(-1)));
}

UnitTrace unit(std::string_view id, std::string_view from, std::string_view to, std::uint32_t households = 10) {
  return {id, from, to, households, households};
}

TEST(Trace, TellsWhoMovedAndWhereHouseholdsCameFrom) {
  ChangeSet changes =
      diff(draw("A A B", {.level = Level::micro_grid}).map, draw("A B B", {.level = Level::micro_grid}).map);
  trace(changes, std::vector{unit("1", "A", "A"), unit("2", "A", "B"), unit("3", "B", "B"), unit("4", "C", "C")});
  EXPECT_EQ(changes.changes[0].operation, Operation::move);
  EXPECT_EQ(changes.moves, (std::vector<ChangeSet::UnitMove>{{"2", "A", "B", 10}}));
  EXPECT_EQ(changes.households_moved, 10u);
  const std::vector<ChangeSet::Lineage> expected{{"A", Coding::irregular, 20, 10, {{"A", 10}}},
                                                 {"B", Coding::irregular, 10, 20, {{"A", 10}, {"B", 10}}}};
  EXPECT_EQ(changes.lineage, expected);
}

TEST(Trace, CodesSplitsMergesAndNewNames) {
  const auto codings = [](const std::vector<UnitTrace>& units) {
    ChangeSet changes;
    trace(changes, units);
    std::string all;
    for (const ChangeSet::Lineage& area : changes.lineage) all += area.code + std::string(to_string(area.coding));
    return all;
  };
  EXPECT_EQ(codings({unit("1", "A", "A"), unit("2", "A", "B")}), "ASBS");
  EXPECT_EQ(codings({unit("1", "A", "B"), unit("2", "A", "C")}), "ASBSCS");
  EXPECT_EQ(codings({unit("1", "A", "A"), unit("2", "B", "A")}), "AMBM");
  EXPECT_EQ(codings({unit("1", "A", "B"), unit("2", "A", "B")}), "AUBU");
  EXPECT_EQ(codings({unit("1", "A", "B"), unit("2", "A", "C"), unit("3", "D", "C")}), "AXBXCXDX");
}

TEST(Trace, CountsNewAndVanishedUnitsButNotAsMoved) {
  ChangeSet changes;
  trace(changes, std::vector{unit("1", "A", "A"), unit("2", "", "A", 7), unit("3", "A", "", 5)});
  EXPECT_EQ(changes.households_moved, 0u);
  EXPECT_EQ(changes.moves.size(), 2u);
  EXPECT_EQ(changes.lineage, (std::vector<ChangeSet::Lineage>{{"A", Coding::unchanged, 15, 17, {{"A", 10}}}}));
}

TEST(Compose, FollowsAUnitThroughBothSets) {
  ChangeSet first, second;
  trace(first, std::vector{unit("1", "A", "B"), unit("2", "A", "A"), unit("3", "B", "B")});
  trace(second, std::vector{unit("1", "B", "C"), unit("2", "A", "A"), unit("3", "B", "B")});
  second.base_revision = 1;
  const ChangeSet both = compose(first, second);
  ChangeSet direct;
  trace(direct, std::vector{unit("1", "A", "C"), unit("2", "A", "A"), unit("3", "B", "B")});
  EXPECT_EQ(both.moves, direct.moves);
  EXPECT_EQ(both.households_moved, 10u);
  EXPECT_EQ(both.lineage[2], direct.lineage[1]) << "C has its households from A";
}

TEST(Compose, RefusesSetsThatDoNotFollowEachOther) {
  ChangeSet first, second;
  second.base_revision = 5;
  EXPECT_THROW(compose(first, second), Error);
}

/// Faces of a random arrangement, shared out to areas of a map and then again.
class RandomHistory {
 public:
  RandomHistory() {
    std::vector<coverage::Segment> segments = random_segments(10);
    add_ring({{0, 0}, {box_side, 0}, {box_side, box_side}, {0, box_side}}, 99, segments);
    arrangement_ = coverage::Arrangement::build(coverage::node(std::move(segments)), true);
  }

  /// Another map of the same faces; its areas have some of six codes, and some faces belong to nobody.
  GridMap map(std::uint64_t revision) const {
    constexpr std::uint32_t areas = 6;
    std::vector<std::uint32_t> labels{coverage::nothing, 0};
    while (labels.size() < arrangement_.face_count()) {
      const auto area = *rc::gen::inRange<std::uint32_t>(0, areas + 1);
      labels.push_back(area == areas ? coverage::nothing : area);
    }
    std::vector<GridRecord> records;
    for (MultiPolygon& shape : coverage::dissolve(arrangement_, labels, areas)) {
      const std::string code(1, static_cast<char>('a' + records.size()));
      records.push_back({code, "", Level::grid, "", Kind::general, std::move(shape)});
    }
    std::erase_if(records, [](const GridRecord& record) { return record.polygons.empty(); });
    return GridMap::build(records, {.snap_m = 0, .revision = revision});
  }

 private:
  coverage::Arrangement arrangement_;
};

RC_GTEST_PROP(ChangeSet, InverseUndoes, ()) {
  const RandomHistory history;
  const GridMap a = history.map(3), b = history.map(9);
  const ChangeSet changes = diff(a, b);
  const GridMap next = a.with(changes);
  RC_ASSERT(next.revision() == 4u);
  RC_ASSERT(same_areas(next.with(changes.inverse()), a));
  ChangeSet twice = changes.inverse().inverse();
  twice.base_revision = changes.base_revision;
  RC_ASSERT(twice == changes);
}

RC_GTEST_PROP(Diff, LeadsToTheOtherMap, ()) {
  const RandomHistory history;
  const GridMap a = history.map(0), b = history.map(0);
  RC_ASSERT(same_areas(a.with(diff(a, b)), b));
}

RC_GTEST_PROP(Diff, OfAMapAndItsEditDoesWhatTheEditDid, ()) {
  const RandomHistory history;
  const GridMap a = history.map(0), b = a.with(diff(a, history.map(0)));
  RC_ASSERT(same_areas(a.with(diff(a, b)), b));
}

RC_GTEST_PROP(Compose, LeadsWhereBothLead, ()) {
  const RandomHistory history;
  const GridMap a = history.map(0), b = history.map(1), c = history.map(2);
  const ChangeSet first = diff(a, b), second = diff(b, c);
  RC_ASSERT(same_areas(a.with(compose(first, second)), a.with(first).with(second)));
  RC_ASSERT(compose(first, first.inverse()).changes.empty());
}

}  // namespace
