#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <wangge/change_set.hpp>
#include <wangge/error.hpp>

#include "support/random_coverage.hpp"
#include "support/scene.hpp"

using namespace wangge;
using namespace wangge::test;
using Operation = ChangeSet::Operation;

namespace {

/// The records by code; two maps with the same ones answer alike.
std::vector<GridRecord> by_code(const GridMap& map) {
  std::vector<GridRecord> records = map.records();
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return records;
}

/// Retires some areas and creates others.
ChangeSet changes(const GridMap& map, const std::vector<std::string>& retired, const std::vector<GridRecord>& created) {
  ChangeSet set{map.revision(), "a test", {}};
  for (const std::string& code : retired) set.changes.push_back({Operation::retire, map.record(map.find(code))});
  for (const GridRecord& record : created) set.changes.push_back({Operation::create, record});
  return set;
}

TEST(ChangeSet, LeadsToTheNextRevision) {
  const GridMap before = draw("A A B").map;
  const GridMap wanted = draw("C D B").map;
  const GridMap after = before.with(changes(before, {"A"}, {wanted.record(GridId{1}), wanted.record(GridId{2})}));
  EXPECT_EQ(drawn(after), trim("C D B"));
  EXPECT_EQ(after.revision(), 1u);
  EXPECT_EQ(drawn(before), trim("A A B"));
}

TEST(ChangeSet, OfAnotherRevisionIsRefused) {
  const GridMap map = draw("A B").map;
  ChangeSet stale = changes(map, {"A"}, {});
  stale.base_revision = 3;
  try {
    map.with(stale);
    FAIL() << "took it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::stale_change);
    EXPECT_STREQ(error.what(), "the changes were made for revision 3, the map is at revision 0; plan them again");
  }
}

TEST(ChangeSet, ThatRetiresAStrangerIsRefused) {
  const GridMap map = draw("A B").map;
  ChangeSet set;
  set.changes.push_back({Operation::retire, draw("Z").map.record(GridId{0})});
  try {
    map.with(set);
    FAIL() << "took it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::not_found);
    EXPECT_STREQ(error.what(), "area Z cannot be retired: the map has none of that code");
  }
}

TEST(ChangeSet, DividesAnAreaThatKeepsItsShape) {
  const GridMap before = draw("A A B").map;
  std::vector<GridRecord> parts = draw("A1 A2 .", {.level = Level::micro_grid, .whole = ""}).records;
  for (GridRecord& part : parts) part.parent = "A";
  const GridMap after = before.with(changes(before, {}, parts));
  EXPECT_EQ(drawn(after), trim("A1 A2 B"));
  EXPECT_EQ(after.polygons(after.find("A"))[0].outer.size(), 6u);  // two new vertices where A1 meets A2
  EXPECT_TRUE(doubled_area(after.polygons(after.find("A"))) == doubled_area(before.polygons(before.find("A"))));
}

TEST(ChangeSet, InverseUndoesADivision) {
  const GridMap before = draw("A A B").map;
  std::vector<GridRecord> parts = draw("A1 A2 .", {.level = Level::micro_grid, .whole = ""}).records;
  for (GridRecord& part : parts) part.parent = "A";
  const ChangeSet divide = changes(before, {}, parts);
  const GridMap undone = before.with(divide).with(divide.inverse());
  EXPECT_EQ(drawn(undone), drawn(before));
  EXPECT_EQ(undone.revision(), 2u);
  EXPECT_TRUE(undone.children(undone.find("A")).empty());
}

/// Random areas on the lattice, some of them exchanged for others.
RC_GTEST_PROP(ChangeSet, InverseUndoes, ()) {
  const std::vector<GridRecord> drawn_areas = random_areas(6);
  const GridMap before = GridMap::build(drawn_areas, {.snap_m = 0});
  std::vector<std::string> retired;
  std::vector<GridRecord> created;
  for (const GridRecord& record : before.records()) {
    const auto fate = *rc::gen::inRange(0, 3);
    if (fate == 0) continue;
    retired.push_back(record.code);
    if (fate == 2) created.push_back(record), created.back().code += "'";
  }
  const ChangeSet set = changes(before, retired, created);
  const GridMap after = before.with(set);
  RC_ASSERT(after.size() == before.size() - retired.size() + created.size());
  RC_ASSERT(by_code(after.with(set.inverse())) == by_code(before));
  RC_ASSERT(set.inverse().inverse().changes == set.changes);
}

}  // namespace
