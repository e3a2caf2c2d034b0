#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "support/random_town.hpp"
#include "support/scene.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>
#include <wangge/town.hpp>

namespace wangge {
namespace {

using test::box;
using test::draw;
using test::RandomTown;
using test::Scene;

std::vector<GridId> leaves(const GridMap& map) {
  std::vector<GridId> ids;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (map.children(GridId{i}).empty()) ids.push_back(GridId{i});
  }
  return ids;
}

/// Runs two tasks at a time, the later ones first.
Execution two_threads() {
  Execution execution;
  execution.parallel_for = [](std::size_t count, const std::function<void(std::size_t)>& body) {
    std::jthread other([&] {
      for (std::size_t i = 1; i < count; i += 2) body(count - 1 - i);
    });
    for (std::size_t i = 0; i < count; i += 2) body(count - 1 - i);
  };
  return execution;
}

std::multiset<std::uint64_t> households_of_micro_grids(const Proposal& proposal) {
  std::multiset<std::uint64_t> households;
  for (const AreaFigures& figures : proposal.after.areas) {
    if (proposal.next.level(figures.id) == Level::micro_grid) households.insert(figures.households);
  }
  return households;
}

TEST(Split, CutsASquareOfEightHousesInTwo) {
  const Scene scene = draw(R"(
      A A A A
      A A A A )",
                           {.households_each = 20});
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  EXPECT_EQ(households_of_micro_grids(plan), (std::multiset<std::uint64_t>{80, 80}));
  EXPECT_TRUE(plan.after.findings.empty());
  EXPECT_EQ(plan.next.revision(), scene.map.revision() + 1);
}

TEST(Split, SaysWhereItsMicroGridsHaveTheirHouseholdsFrom) {
  const Scene scene = draw("A A A A A A A A", {.households_each = 20});
  const ChangeSet changes = split(scene.map, GridId{0}, scene.units.units, {}).changes;
  using enum ChangeSet::Coding;
  const std::vector<ChangeSet::Lineage> expected{
      {"A", split, 160, 160, {}}, {"A001", split, 0, 80, {{"A", 80}}}, {"A002", split, 0, 80, {{"A", 80}}}};
  EXPECT_EQ(changes.lineage, expected);
  EXPECT_TRUE(changes.moves.empty());
}

TEST(Split, NumbersMicroGridsAfterTheirAreaAsOneReads) {
  const Scene scene = draw("A A A A A A A A", {.households_each = 25});
  const Proposal plan =
      split(scene.map, GridId{0}, scene.units.units, {}, {.profile = {.range = {50, 50}, .target = 50}});
  ASSERT_EQ(plan.changes.changes.size(), 1u);
  EXPECT_EQ(plan.changes.changes[0].operation, ChangeSet::Operation::create);
  ASSERT_EQ(plan.changes.changes[0].after.size(), 4u);
  for (const char* code : {"A001", "A002", "A003", "A004"}) EXPECT_NE(plan.next.find(code), GridId::none) << code;
  const auto west = [&](const char* code) { return bounds(plan.next.polygons(plan.next.find(code))).min.x; };
  EXPECT_LT(west("A001"), west("A002"));
  EXPECT_LT(west("A003"), west("A004"));
}

TEST(Split, SaysThatAHamletIsTooSmall) {
  const Scene scene = draw("A A", {.households_each = 20});
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::hamlet);
  EXPECT_EQ(plan.after.findings[0].code, "A001");
}

TEST(Split, NamesTheNeighbourThatCouldTakeAHamletIn) {
  const Scene scene = draw("A A A A", {.households_each = 20});
  Barrier river;
  river.barrier = BarrierClass::hard;
  river.line = {{test::corner.x + test::cell_side, test::corner.y - 100},
                {test::corner.x + test::cell_side, test::corner.y + test::cell_side + 100}};
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {&river, 1});
  EXPECT_EQ(households_of_micro_grids(plan), (std::multiset<std::uint64_t>{20, 60}));
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_NE(plan.after.findings[0].text.find("A002 could take it in across the barrier and would hold 80"),
            std::string::npos)
      << plan.after.findings[0].text;
}

TEST(Split, SaysThatATowerIsTooLarge) {
  Scene scene = draw("A A A A", {.households_each = 60});
  scene.units.units[0].households = 164;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::tower);
  EXPECT_EQ(households_of_micro_grids(plan), (std::multiset<std::uint64_t>{60, 60, 60, 164}));
}

TEST(Split, ListsAUnitOutsideEveryArea) {
  Scene scene = draw("A A A A", {.households_each = 20});
  scene.units.units[3].position.x += 10 * test::cell_side;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  EXPECT_EQ(plan.area_of_unit[3], GridId::none);
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::unassigned);
  EXPECT_EQ(plan.after.households_assigned, 60u);
}

TEST(Split, RefusesAnEmptyRangeAndAnAreaThatIsSplitAlready) {
  const Scene scene = draw("A A A A", {.households_each = 20});
  EXPECT_THROW(split(scene.map, GridId{0}, scene.units.units, {}, {.profile = {.range = {100, 50}}}), Error);
  EXPECT_THROW(split(scene.map, GridId{0}, scene.units.units, {}, {.profile = {.target = 20}}), Error);
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  EXPECT_THROW(split(plan.next, GridId{0}, scene.units.units, {}), Error);
}

TEST(Split, StopsWhenItIsAskedTo) {
  const Scene scene = draw("A A A A", {.households_each = 20});
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  EXPECT_THROW(split(scene.map, GridId{0}, scene.units.units, {}, {}, execution), Error);
}

TEST(Split, KeepsTheBestPlanOfASearchThatIsStopped) {
  const City town = make_town({.households = 3000, .seed = 2});
  const GridMap map = GridMap::build(town.areas);
  for (const int calls : {1, 2, 5, 20}) {
    int left = calls;
    Execution execution;
    execution.progress = [&](std::string_view step, double) { return step != "partition" || --left > 0; };
    const Proposal plan = split(map, leaves(map), town.units.units, town.barriers, {}, execution);
    EXPECT_EQ(plan.stopped, left <= 0) << calls;
    EXPECT_TRUE(plan.stopped || calls > 5);
    EXPECT_EQ(plan.after.households_assigned, 3000u);
    for (std::uint32_t i = 0; i < map.size(); ++i) {
      const GridId area = plan.next.find(map.code(GridId{i}));
      Int128 parts = 0;
      for (const GridId child : plan.next.children(area)) parts += doubled_area(plan.next.polygons(child));
      EXPECT_EQ(parts == doubled_area(plan.next.polygons(area)), true);
    }
  }
}

TEST(Split, AFangzhouLikeTownNestsInItsGrids) {
  const City town = make_town({.like = "fangzhou"});
  const GridMap map = GridMap::build(town.areas);
  const Proposal plan = split(map, leaves(map), town.units.units, town.barriers);
  EXPECT_GE(plan.after.micro_grids, 41u);
  EXPECT_LE(plan.after.micro_grids, 81u);
  EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId same = plan.next.find(map.code(GridId{i}));
    EXPECT_EQ(plan.after.areas[static_cast<std::uint32_t>(same)].households,
              assess(map, town.units.units).areas[i].households);
  }
  EXPECT_EQ(plan.after.households, 4072u);
  EXPECT_EQ(plan.after.households_assigned, 4072u);
}

void expect_same(const Proposal& a, const Proposal& b) {
  EXPECT_EQ(a.changes, b.changes);
  EXPECT_EQ(a.area_of_unit, b.area_of_unit);
}

TEST(Split, GivesTheSamePlanForAnyNumberOfThreads) {
  const City town = make_town({.households = 7000, .seed = 5});
  const GridMap map = GridMap::build(town.areas);
  expect_same(split(map, leaves(map), town.units.units, town.barriers),
              split(map, leaves(map), town.units.units, town.barriers, {}, two_threads()));
}

RC_GTEST_PROP(Split, MicroGridsTileTheirAreaExactly, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  const Proposal plan = split(map, leaves(map), town.units, town.barriers);
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId area = plan.next.find(map.code(GridId{i}));
    Int128 parts = 0;
    for (const GridId child : plan.next.children(area)) parts += doubled_area(plan.next.polygons(child));
    RC_ASSERT(parts == doubled_area(plan.next.polygons(area)));
  }
  RC_ASSERT(plan.next.weld_report().mends.empty());
}

RC_GTEST_PROP(Split, ItsChangesHoldTheAreasThatTheyLeadTo, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  const Proposal plan = split(map, leaves(map), town.units, town.barriers);
  for (const ChangeSet::Change& change : plan.changes.changes)
    for (const GridRecord& record : change.after) RC_ASSERT(plan.next.record(plan.next.find(record.code)) == record);
}

RC_GTEST_PROP(Split, EveryPositionAndUnitHasItsMicroGrid, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  const Proposal plan = split(map, leaves(map), town.units, town.barriers);
  for (int k = 0; k < 100; ++k) {
    const Position p{test::corner.x + test::number(29999), test::corner.y + test::number(29999)};
    const GridId owner = plan.next.locate(p);
    RC_ASSERT(owner != GridId::none);
    RC_ASSERT(plan.next.level(owner) == Level::micro_grid);
  }
  std::uint64_t inside = 0;
  for (std::size_t u = 0; u < town.units.size(); ++u) {
    if (plan.area_of_unit[u] != GridId::none) inside += town.units[u].households;
  }
  std::uint64_t counted = 0;
  for (const std::uint64_t households : households_of_micro_grids(plan)) counted += households;
  RC_ASSERT(counted <= inside + 0u);
}

RC_GTEST_PROP(Split, GivesEveryIllegalMicroGridAReason, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  const Proposal plan = split(map, leaves(map), town.units, town.barriers);
  for (std::uint32_t i = 0; i < plan.next.size(); ++i) {
    if (plan.next.level(GridId{i}) != Level::micro_grid) continue;
    std::uint64_t households = 0;
    for (std::size_t u = 0; u < town.units.size(); ++u)
      households += plan.area_of_unit[u] == GridId{i} ? town.units[u].households : 0;
    const bool in_range = households >= 50 && households <= 100;
    const bool told =
        std::ranges::any_of(plan.after.findings, [&](const Finding& f) { return f.code == plan.next.code(GridId{i}); });
    RC_ASSERT(in_range || told);
  }
}

}  // namespace
}  // namespace wangge
