#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "planning/micro_grids.hpp"
#include "support/random_town.hpp"
#include "support/scene.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>
#include <wangge/town.hpp>

namespace wangge {
namespace {

using planning::areas_to_split;
using test::draw;
using test::RandomTown;
using test::Scene;

/// The map of an earlier plan with only the locked ones of its micro-grids.
GridMap with_locks_only(const GridMap& plan, const std::set<std::string>& locks) {
  std::vector<GridRecord> records = plan.records();
  std::erase_if(records, [&](const GridRecord& record) {
    return record.level == Level::micro_grid && !locks.contains(record.code);
  });
  return GridMap::build(records);
}

/// Splits anew around the locks, by a narrower range so that the rest changes.
Proposal split_around(const GridMap& map, const std::set<std::string>& locks, Units units,
                      std::span<const Barrier> barriers) {
  SplitOptions options;
  options.profile.range = {60, 90};
  for (const std::string& code : locks) options.locked.push_back(map.find(code));
  return split(map, areas_to_split(map), units, barriers, options);
}

/// Codes of the locks of which a finding says that their border has a new vertex.
std::set<std::string> touched_locks(const Proposal& plan) {
  std::set<std::string> codes;
  for (const Finding& f : plan.after.findings)
    if (f.kind == Finding::Kind::locked && f.text.find("vertex") != std::string::npos) codes.insert(f.code);
  return codes;
}

void expect_untouched(const GridMap& before, const Proposal& after, const std::set<std::string>& locks) {
  for (const std::string& code : locks) {
    const GridId id = after.next.find(code);
    ASSERT_NE(id, GridId::none) << code;
    EXPECT_EQ(after.next.polygons(id) != before.polygons(before.find(code)), touched_locks(after).contains(code))
        << code;
    EXPECT_EQ(after.next.name(id), before.name(before.find(code)));
  }
  for (const ChangeSet::Change& change : after.changes.changes)
    for (const GridRecord& record : change.after) EXPECT_FALSE(locks.contains(record.code));
}

TEST(Lock, LeavesAMicroGridAsItWas) {
  const Scene scene = draw(R"(
      A A A A A A
      A A A A A A )",
                           {.households_each = 20});
  const Proposal first = split(scene.map, GridId{0}, scene.units.units, {});
  const std::set<std::string> locks{"A001"};
  const GridMap map = with_locks_only(first.next, locks);
  const Proposal second = split_around(map, locks, scene.units.units, {});
  expect_untouched(first.next, second, locks);
  EXPECT_EQ(second.after.households_assigned, 240u);
  EXPECT_TRUE(touched_locks(second).empty());
}

TEST(Lock, OnATownLeavesBordersByteForByteOrSaysWhereNot) {
  const City town = make_town({.households = 3000, .seed = 3});
  const GridMap map = GridMap::build(town.areas);
  const Proposal first = split(map, areas_to_split(map), town.units.units, town.barriers);
  std::set<std::string> locks;
  for (std::uint32_t i = 0; i < first.next.size(); i += 7) {
    if (first.next.level(GridId{i}) == Level::micro_grid) locks.insert(std::string(first.next.code(GridId{i})));
  }
  ASSERT_GE(locks.size(), 3u);
  const GridMap rest = with_locks_only(first.next, locks);
  const Proposal second = split_around(rest, locks, town.units.units, town.barriers);
  expect_untouched(first.next, second, locks);
  EXPECT_LE(touched_locks(second).size(), 1u);
  EXPECT_EQ(second.after.households_assigned, first.after.households_assigned);
}

TEST(Lock, OfAnUnknownMicroGridIsRefused) {
  const Scene scene = draw("A A A A", {.households_each = 20});
  SplitOptions options;
  options.locked = {GridId{0}};
  EXPECT_THROW(split(scene.map, GridId{0}, scene.units.units, {}, options), Error);
}

TEST(Lock, AndALinkToOneOutsideExcludeEachOther) {
  const Scene scene = draw("A A A A A A A A", {.households_each = 20});
  const Proposal first = split(scene.map, GridId{0}, scene.units.units, {});
  const GridMap map = with_locks_only(first.next, {"A001"});
  SplitOptions options;
  options.locked = {map.find("A001")};
  options.together = {{UnitId{0}, UnitId{7}}};
  try {
    split(map, areas_to_split(map), scene.units.units, {}, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::contradiction);
    EXPECT_NE(std::string(error.what()).find("A001"), std::string::npos) << error.what();
  }
  options.together = {{UnitId{0}, UnitId{1}}};
  options.apart = {{UnitId{0}, UnitId{1}}};
  EXPECT_THROW(split(map, areas_to_split(map), scene.units.units, {}, options), Error);
}

RC_GTEST_PROP(Lock, LeavesLockedAreasUntouchedOrSaysWhichBorderTookAVertex, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  const Proposal first = split(map, areas_to_split(map), town.units, town.barriers);
  std::set<std::string> locks;
  for (std::uint32_t i = 0; i < first.next.size(); ++i) {
    if (first.next.level(GridId{i}) == Level::micro_grid && test::number(2) == 0)
      locks.insert(std::string(first.next.code(GridId{i})));
  }
  const GridMap rest = with_locks_only(first.next, locks);
  const Proposal second = split_around(rest, locks, town.units, town.barriers);
  for (const std::string& code : locks) {
    const auto told = [&](const Finding& f) {
      return f.kind == Finding::Kind::locked && f.code == code && f.text.find("vertex") != std::string::npos;
    };
    const bool same = second.next.polygons(second.next.find(code)) == rest.polygons(rest.find(code));
    RC_ASSERT(same || std::ranges::any_of(second.after.findings, told));
  }
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId area = second.next.find(map.code(GridId{i}));
    Int128 parts = 0;
    for (const GridId child : second.next.children(area)) parts += doubled_area(second.next.polygons(child));
    RC_ASSERT(parts == doubled_area(second.next.polygons(area)));
  }
}

}  // namespace
}  // namespace wangge
