#include <wangge/rebalance.hpp>
#include <wangge/same_ground.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "support/scene.hpp"
#include <wangge/error.hpp>
#include <wangge/town.hpp>

namespace wangge {
namespace {

using test::draw;
using test::Scene;

Scene drawn_plan(std::string_view picture, std::uint32_t households_each) {
  return draw(picture, {.households_each = households_each, .level = Level::micro_grid, .whole = "W"});
}

/// Households of each micro-grid, by code.
std::map<std::string, std::uint64_t> sizes(const Proposal& plan, Units units) {
  std::map<std::string, std::uint64_t> sizes;
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (plan.area_of_unit[u] != GridId::none)
      sizes[std::string(plan.next.code(plan.area_of_unit[u]))] += units[u].households;
  }
  return sizes;
}

TEST(Rebalance, MovesOneBuildingAcrossTheBorderItTouches) {
  const Scene before = drawn_plan(R"(
      A A A B B
      A A A B B )",
                                  20);
  const Proposal plan = rebalance(before.map, before.units.units, {});
  EXPECT_EQ(sizes(plan, before.units.units), (std::map<std::string, std::uint64_t>{{"A", 100}, {"B", 100}}));
  ASSERT_EQ(plan.changes.moves.size(), 1u);
  EXPECT_EQ(plan.changes.moves[0].from, "A");
  EXPECT_EQ(plan.changes.moves[0].to, "B");
  EXPECT_EQ(plan.changes.households_moved, 20u);
  EXPECT_EQ(plan.changes.households_moved_bound, 20u);
  ASSERT_EQ(plan.changes.changes.size(), 1u);
  EXPECT_EQ(plan.changes.changes[0].operation, ChangeSet::Operation::move);
}

TEST(Rebalance, LeavesALegalPlanAlone) {
  const Scene before = drawn_plan("A A A B B B", 20);
  const Proposal plan = rebalance(before.map, before.units.units, {});
  EXPECT_TRUE(plan.changes.changes.empty());
  EXPECT_TRUE(plan.changes.moves.empty());
  EXPECT_EQ(plan.after.in_range, 2u);
}

TEST(Rebalance, KeepsWhatIsFarAwayToTheVertex) {
  const Scene before = drawn_plan(R"(
      A A A B B C C C
      A A A B B C C C )",
                                  16);
  Scene now = before;
  now.units.units[0].households = 30;
  const Proposal plan = rebalance(before.map, now.units.units, {});
  EXPECT_EQ(plan.next.record(plan.next.find("C")), before.map.record(before.map.find("C")));
  EXPECT_EQ(plan.after.in_range, 3u);
}

TEST(Rebalance, DrawsOnlyWhatChangesHandsAnew) {
  Scene before = drawn_plan(R"(
      A A A B B
      A A A B B )",
                            17);
  before.units.units[3].households = 30;  // the upper cell of B beside A
  const Proposal plan = rebalance(before.map, before.units.units, {});
  ASSERT_EQ(plan.changes.moves.size(), 1u);
  const auto corners = [](const MultiPolygon& polygons) {
    return std::set<Position>(polygons[0].outer.begin(), polygons[0].outer.end());
  };
  for (const char* code : {"A", "B"}) {
    std::set<Position> fresh = corners(plan.next.polygons(plan.next.find(code)));
    for (const Position p : corners(before.map.polygons(before.map.find(code)))) fresh.erase(p);
    EXPECT_LE(fresh.size(), 3u) << code << " has three new corners round the cell that moved";
  }
}

TEST(Rebalance, GivesAPartThatIsSplitOffACodeNeverUsedBefore) {
  Scene before = drawn_plan("W001 W001 W001 W001 W001 W001", 20);
  const Proposal plan = rebalance(before.map, before.units.units, {}, {.retired = {"W002", "W003"}});
  ASSERT_EQ(plan.changes.changes.size(), 1u);
  EXPECT_EQ(plan.changes.changes[0].operation, ChangeSet::Operation::split);
  EXPECT_NE(plan.next.find("W001"), GridId::none);
  EXPECT_NE(plan.next.find("W004"), GridId::none);
  EXPECT_EQ(plan.after.in_range, 2u);
}

TEST(Rebalance, MergesWhatHasEmptied) {
  Scene before = drawn_plan("A A A B B", 20);
  before.units.units[3].households = 4;
  before.units.units[4].households = 4;
  const Proposal plan = rebalance(before.map, before.units.units, {});
  ASSERT_EQ(plan.changes.changes.size(), 1u);
  EXPECT_EQ(plan.changes.changes[0].operation, ChangeSet::Operation::merge);
  EXPECT_EQ(plan.changes.households_moved, 8u);
  EXPECT_EQ(plan.next.find("B"), GridId::none);
  EXPECT_DOUBLE_EQ(plan.next.area_m2(plan.next.find("A")), before.map.area_m2(before.map.find("W")));
}

TEST(Rebalance, NeverTouchesALock) {
  const Scene before = drawn_plan("A A A A A A B B B", 20);
  const Proposal plan = rebalance(before.map, before.units.units, {}, {.locked = {before.map.find("B")}});
  EXPECT_EQ(plan.next.record(plan.next.find("B")), before.map.record(before.map.find("B")));
  EXPECT_EQ(plan.after.in_range, 3u) << "A is split";
}

TEST(Rebalance, CertifiesATower) {
  Scene before = drawn_plan("A A B B", 30);
  before.units.units[0].households = 130;
  const Proposal plan = rebalance(before.map, before.units.units, {});
  EXPECT_TRUE(plan.changes.changes.empty());
  ASSERT_FALSE(plan.after.findings.empty());
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::tower);
}

TEST(Rebalance, SplitsAMicroGridThatIsPartOfNothing) {
  const Scene before = draw("A A A A A A A A", {.households_each = 20, .level = Level::micro_grid});
  const Proposal plan = rebalance(before.map, before.units.units, {});
  EXPECT_EQ(plan.after.in_range, 2u);
}

TEST(Rebalance, RefusesHomesThatAreNotOneAUnit) {
  const Scene before = drawn_plan("A A A B B", 20);
  EXPECT_THROW(rebalance(before.map, before.units.units, {}, {.home_of_unit = {GridId{1}}}), Error);
  EXPECT_THROW(rebalance(before.map, before.units.units, {},
                         {.home_of_unit = std::vector<GridId>(before.units.units.size(), GridId{77})}),
               Error);
}

TEST(Rebalance, TellsAMapWithoutMicroGrids) {
  const Scene scene = draw("A A B B");
  EXPECT_THROW(rebalance(scene.map, scene.units.units, {}), Error);
}

/// A plan of a town, and some of its houses later on.
struct Later {
  City town;
  GridMap plan;
};

Later later(std::uint32_t households, std::uint64_t seed, std::uint32_t every) {
  Later later{make_town({.households = households, .seed = seed}), {}};
  const GridMap map = GridMap::build(later.town.areas);
  std::vector<GridId> leaves;
  for (std::uint32_t i = 0; i < map.size(); ++i)
    if (map.children(GridId{i}).empty()) leaves.push_back(GridId{i});
  later.plan = split(map, leaves, later.town.units.units, later.town.barriers).next;
  for (std::size_t u = seed; u < later.town.units.size(); u += every) {
    auto& unit = later.town.units.units[u];
    if (unit.households < 60) unit.households += 25;
  }
  return later;
}

TEST(Rebalance, MendsATownAndMovesNothingElse) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Later now = later(4000, seed, 60);
    const Units units = now.town.units.units;
    const Assessment before = assess(now.plan, units);
    const Proposal plan = rebalance(now.plan, units, now.town.barriers);
    EXPECT_LT(before.in_range, before.micro_grids);
    std::size_t proven = 0;
    for (const Finding& f : plan.after.findings) proven += f.certificate.has_value();
    EXPECT_GE(plan.after.in_range + proven, plan.after.micro_grids);
    EXPECT_GE(plan.changes.households_moved, plan.changes.households_moved_bound);
    std::set<std::string> touched;
    for (const ChangeSet::Change& change : plan.changes.changes)
      for (const GridRecord& record : change.before) touched.insert(record.code);
    for (std::uint32_t i = 0; i < now.plan.size(); ++i) {
      const std::string code(now.plan.code(GridId{i}));
      if (now.plan.level(GridId{i}) != Level::micro_grid || touched.contains(code)) continue;
      // A new border that ends on theirs may give them a vertex there.
      EXPECT_TRUE(same_but_for_rounding(now.plan.polygons(GridId{i}), plan.next.polygons(plan.next.find(code))))
          << code;
    }
    for (std::size_t u = 0; u < units.size(); ++u) {
      if (units[u].footprint.empty()) continue;
      EXPECT_EQ(plan.next.locate(units[u].position), plan.area_of_unit[u]) << units[u].id;
    }
    const Proposal again = rebalance(plan.next, units, now.town.barriers);
    EXPECT_EQ(again.changes.households_moved, 0u) << "a mended plan is left alone";
  }
}

}  // namespace
}  // namespace wangge
