#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "coverage/face_locator.hpp"
#include "planning/ground.hpp"
#include "planning/tessellation.hpp"
#include "support/random_town.hpp"
#include "support/scene.hpp"

namespace wangge {
namespace {

using coverage::nothing;
using planning::Graph;
using planning::Passage;
using planning::Tessellation;
using test::box;
using test::RandomTown;

Unit house(const std::string& id, Polygon footprint, std::uint32_t households = 1) {
  Unit unit;
  unit.id = id;
  unit.footprint = {std::move(footprint)};
  unit.position = centroid(unit.footprint);
  unit.households = households;
  return unit;
}

Barrier barrier(BarrierClass kind, std::initializer_list<std::pair<int, int>> places) {
  Barrier result;
  for (const auto& [x, y] : places) result.line.push_back({test::corner.x + x, test::corner.y + y});
  result.barrier = kind;
  return result;
}

Tessellation tessellate(const std::vector<GridRecord>& areas, const std::vector<Unit>& units,
                        const std::vector<Barrier>& barriers = {}, const Execution& execution = {}) {
  const GridMap map = GridMap::build(areas);
  std::vector<GridId> ids;
  for (std::uint32_t i = 0; i < map.size(); ++i) ids.push_back(GridId{i});
  return planning::tessellate(map, ids, units, barriers, execution);
}

std::vector<GridRecord> one_area(int side = 20000) {
  return {{"01", "", Level::grid, "", Kind::general, {box(0, 0, side, side)}}};
}

const Graph::Link* link_between(const Tessellation& t, std::size_t unit, std::size_t other) {
  const std::pair<std::uint32_t, std::uint32_t> ends = std::minmax(t.node_of_unit[unit], t.node_of_unit[other]);
  const auto at =
      std::ranges::find_if(t.graph.links, [&](const Graph::Link& l) { return std::pair(l.a, l.b) == ends; });
  return at == t.graph.links.end() ? nullptr : &*at;
}

TEST(Tessellate, TwoHousesShareTheirAreaAndABorder) {
  const Tessellation t =
      tessellate(one_area(), {house("a", box(2000, 8000, 4000, 10000)), house("b", box(12000, 8000, 14000, 10000))});
  ASSERT_EQ(t.graph.nodes.size(), 2u);
  ASSERT_NE(link_between(t, 0, 1), nullptr);
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::open);
  EXPECT_NEAR(link_between(t, 0, 1)->border_m, 222, 3);  // from the southern to the northern outline
}

TEST(Tessellate, ARiverSeparatesAndABridgeLinks) {
  const std::vector<Unit> units{house("a", box(2000, 8000, 4000, 10000)), house("b", box(12000, 8000, 14000, 10000))};
  const Barrier river = barrier(BarrierClass::hard, {{8000, 0}, {8000, 20000}});
  Barrier road = barrier(BarrierClass::street, {{1000, 5000}, {9000, 5000}, {15000, 5000}});
  EXPECT_EQ(link_between(tessellate(one_area(), units, {river, road}), 0, 1), nullptr);
  road.bridge = true;
  const Tessellation t = tessellate(one_area(), units, {river, road});
  ASSERT_NE(link_between(t, 0, 1), nullptr);
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::crossing);
}

TEST(Tessellate, ALevelCrossingLinksWhereTheLinesShareAVertex) {
  const std::vector<Unit> units{house("a", box(2000, 8000, 4000, 10000)), house("b", box(12000, 8000, 14000, 10000))};
  const Barrier railway = barrier(BarrierClass::hard, {{8000, 0}, {8000, 5000}, {8000, 20000}});
  const Barrier road = barrier(BarrierClass::soft, {{1000, 5000}, {8000, 5000}, {15000, 5000}});
  ASSERT_NE(link_between(tessellate(one_area(), units, {railway, road}), 0, 1), nullptr);
}

TEST(Tessellate, WhatRunsInATunnelDividesNothing) {
  Barrier railway = barrier(BarrierClass::hard, {{8000, 0}, {8000, 20000}});
  railway.tunnel = true;
  const Tessellation t = tessellate(
      one_area(), {house("a", box(2000, 8000, 4000, 10000)), house("b", box(12000, 8000, 14000, 10000))}, {railway});
  ASSERT_NE(link_between(t, 0, 1), nullptr);
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::open);
}

TEST(Tessellate, ARiverThatStopsShortOfTheOutlineIsDrawnOnToIt) {
  const std::vector<Unit> units{house("a", box(2000, 8000, 4000, 10000)), house("b", box(12000, 8000, 14000, 10000))};
  const Barrier river = barrier(BarrierClass::hard, {{8000, 2000}, {8000, 18000}});
  EXPECT_EQ(link_between(tessellate(one_area(), units, {river}), 0, 1), nullptr);
}

TEST(Tessellate, AWallWithAGateStillBoundsItsCompound) {
  const std::vector<Unit> units{house("a", box(7000, 8000, 9500, 10000)), house("b", box(16000, 8000, 18000, 10000))};
  const Barrier wall = barrier(
      BarrierClass::wall, {{9000, 5000}, {6000, 5000}, {6000, 12000}, {11000, 12000}, {11000, 5000}, {9900, 5000}});
  const Tessellation t = tessellate(one_area(), units, {wall});
  ASSERT_NE(link_between(t, 0, 1), nullptr);
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::wall);
}

TEST(Tessellate, AHouseGoesToTheAreaWithMostOfItHoweverManyEnclosuresItLiesIn) {
  std::vector<GridRecord> areas = one_area(10000);
  areas.push_back({"02", "", Level::grid, "", Kind::general, {box(10000, 0, 20000, 10000)}});
  const std::vector<Unit> units{house("a", box(6000, 4000, 16000, 6000))};  // 40 % in the west, 30 % + 30 % in the east
  const Tessellation t = tessellate(areas, units, {barrier(BarrierClass::street, {{13000, 0}, {13000, 10000}})});
  EXPECT_EQ(t.graph.nodes[t.node_of_unit[0]].area, 1u);
}

TEST(Tessellate, AWallYieldsToTheHouseItRunsThrough) {
  const std::vector<Unit> units{house("a", box(7000, 8000, 9500, 10000)), house("b", box(12000, 8000, 14000, 10000))};
  const Tessellation t = tessellate(one_area(), units, {barrier(BarrierClass::wall, {{8000, 0}, {8000, 20000}})});
  ASSERT_NE(link_between(t, 0, 1), nullptr);
  EXPECT_TRUE(t.findings.empty());
}

TEST(Tessellate, AHouseAcrossARiverIsAFinding) {
  const std::vector<Unit> units{house("a", box(7000, 8000, 9500, 10000)), house("b", box(12000, 8000, 14000, 10000))};
  const Tessellation t = tessellate(one_area(), units, {barrier(BarrierClass::hard, {{8000, 0}, {8000, 20000}})});
  ASSERT_EQ(t.findings.size(), 1u);
  EXPECT_EQ(t.findings[0].kind, Finding::Kind::straddler);
  EXPECT_EQ(t.findings[0].unit, "a");
}

TEST(Tessellate, AnEnclosureWithoutAUnitIsANodeOfItsOwn) {
  const Tessellation t = tessellate(one_area(), {house("a", box(2000, 8000, 4000, 10000))},
                                    {barrier(BarrierClass::street, {{8000, 0}, {8000, 20000}})});
  ASSERT_EQ(t.graph.nodes.size(), 2u);
  EXPECT_EQ(t.graph.nodes[1].households, 0u);
  EXPECT_EQ(t.graph.links.size(), 1u);
  EXPECT_EQ(t.graph.links[0].passage, Passage::street);
}

Barrier walled(int from, int to) {
  return barrier(BarrierClass::wall, {{from, from}, {to, from}, {to, to}, {from, to}, {from, from}});
}

TEST(Tessellate, TheVergeRoundACompoundGoesToItsHouses) {
  const std::vector<Unit> units{house("a", box(4000, 8000, 6000, 10000)), house("b", box(14000, 8000, 16000, 10000))};
  const Tessellation t = tessellate(one_area(), units, {walled(2000, 18000)});
  ASSERT_EQ(t.graph.nodes.size(), 2u);
  EXPECT_NEAR(t.graph.nodes[0].land.area_m2, t.graph.nodes[1].land.area_m2, 0.02 * t.graph.nodes[0].land.area_m2);
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::open);
}

TEST(Tessellate, AFieldRoundACompoundIsANodeOfItsOwn) {
  const Tessellation t = tessellate(one_area(), {house("a", box(9000, 9000, 11000, 11000))}, {walled(8000, 12000)});
  ASSERT_EQ(t.graph.nodes.size(), 2u);
  ASSERT_EQ(t.graph.links.size(), 1u);
  EXPECT_EQ(t.graph.links[0].passage, Passage::wall);
}

TEST(Tessellate, HousesThatMeetAtLittleMoreThanACornerAreNoNeighbours) {
  const std::vector<Unit> units{house("sw", box(4000, 4000, 6000, 6000)), house("se", box(14000, 4000, 16000, 6000)),
                                house("nw", box(4000, 14000, 6000, 16000)),
                                house("ne", box(14300, 14300, 16300, 16300))};
  const Tessellation t = tessellate(one_area(), units);
  EXPECT_EQ(t.graph.links.size(), 4u);
  EXPECT_EQ(link_between(t, 0, 3), nullptr);
  EXPECT_EQ(link_between(t, 1, 2), nullptr);
}

TEST(Tessellate, UnitsAtOnePlaceFormAStack) {
  Unit flat;
  flat.position = {test::corner.x + 5000, test::corner.y + 5000};
  flat.households = 30;
  flat.id = "1";
  Unit other = flat;
  other.id = "2";
  const Tessellation t = tessellate(one_area(), {flat, other, house("a", box(12000, 8000, 14000, 10000))});
  EXPECT_EQ(t.node_of_unit[0], t.node_of_unit[1]);
  EXPECT_EQ(t.graph.nodes[t.node_of_unit[0]].households, 60u);
  EXPECT_EQ(t.graph.nodes[t.node_of_unit[0]].largest_unit, 30u);
}

TEST(Tessellate, AUnitOutsideEveryAreaHasNoNode) {
  const Tessellation t =
      tessellate(one_area(), {house("a", box(2000, 8000, 4000, 10000)), house("b", box(42000, 8000, 44000, 10000))});
  EXPECT_NE(t.node_of_unit[0], nothing);
  EXPECT_EQ(t.node_of_unit[1], nothing);
}

TEST(Tessellate, AUnitLivesInTheAreaOfWhatLiesOnTheMap) {
  const Tessellation t = tessellate(one_area(), {house("a", box(-6000, 8000, 4000, 10000))});
  EXPECT_NE(t.node_of_unit[0], nothing) << "three fifths of it lie outside";
}

/// One area of two parts that meet at x = 10000.
Tessellation tessellate_halves(const std::vector<Unit>& units) {
  const GridMap map = GridMap::build(std::vector<GridRecord>{
      {"W", "", Level::grid, "", Kind::general, {}},
      {"A", "", Level::micro_grid, "W", Kind::general, {box(0, 0, 10000, 20000)}},
      {"B", "", Level::micro_grid, "W", Kind::general, {box(10000, 0, 20000, 20000)}},
  });
  return planning::tessellate_leaves(map, std::vector{map.find("W")}, units, {}, {});
}

/// The places of the leaves in which a unit's ground lies.
std::set<GridId> leaves_under(const Tessellation& t, std::size_t unit) {
  std::set<GridId> leaves;
  for (std::size_t face = 0; face < t.node_of_face.size(); ++face)
    if (t.node_of_face[face] == t.node_of_unit[unit]) leaves.insert(t.leaf_of_face[face]);
  return leaves;
}

TEST(Tessellate, LandOfOneLeafGoesToNoUnitOfAnother) {
  const Tessellation t =
      tessellate_halves({house("a", box(1000, 8000, 2000, 9000)), house("b", box(10500, 8000, 12000, 9000))});
  EXPECT_EQ(leaves_under(t, 0), std::set{GridId{1}});
  EXPECT_EQ(leaves_under(t, 1), std::set{GridId{2}});
  ASSERT_NE(link_between(t, 0, 1), nullptr) << "neighbours all the same";
  EXPECT_EQ(link_between(t, 0, 1)->passage, Passage::open);
}

TEST(Tessellate, AHouseAcrossTheBorderOfLeavesKeepsItsGround) {
  const Tessellation t =
      tessellate_halves({house("a", box(1000, 8000, 2000, 9000)), house("b", box(9000, 8000, 12000, 9000))});
  EXPECT_EQ(leaves_under(t, 1), (std::set{GridId{1}, GridId{2}}));
}

TEST(Tessellate, AHouseThatReachesOverTheBorderOfLeavesByRoundingDoesNot) {
  const Tessellation t =
      tessellate_halves({house("a", box(1000, 8000, 2000, 9000)), house("b", box(9998, 8000, 12000, 9000))});
  EXPECT_EQ(leaves_under(t, 1), std::set{GridId{2}});
}

/// Twice the land of each area in the arrangement, exactly.
std::map<std::uint32_t, Int128> land_by_area(const Tessellation& t) {
  std::map<std::uint32_t, Int128> land;
  for (std::uint32_t h = 0; h < 2 * t.arrangement.edge_count(); ++h) {
    const std::uint32_t node = t.node_of_face[t.arrangement.left(h)];
    if (node == nothing) continue;
    const Position a = t.arrangement.from(h), b = t.arrangement.to(h);
    land[t.graph.nodes[node].area] += Int128{a.x} * b.y - Int128{a.y} * b.x;
  }
  return land;
}

RC_GTEST_PROP(Tessellate, TilesTheAreasExactly, ()) {
  const RandomTown town = test::random_town();
  const Tessellation t = tessellate(town.areas, town.units, town.barriers);
  Int128 land = 0, areas = 0;
  for (const auto& [area, doubled] : land_by_area(t)) land += doubled;
  for (const GridRecord& area : town.areas) areas += doubled_area(area.polygons);
  RC_ASSERT(land == areas);
}

RC_GTEST_PROP(Tessellate, GivesEveryUnitInsideTheLandItStandsOn, ()) {
  const RandomTown town = test::random_town();
  const Tessellation t = tessellate(town.areas, town.units, town.barriers);
  const coverage::FaceLocator locator(t.arrangement);
  std::vector<bool> has_land(t.graph.nodes.size(), false);
  for (const std::uint32_t node : t.node_of_face) {
    if (node != nothing) has_land[node] = true;
  }
  RC_ASSERT(std::ranges::all_of(has_land, std::identity{}));
  std::uint64_t shared_out = 0, inside = 0;
  for (const Graph::Node& node : t.graph.nodes) shared_out += node.households;
  for (std::size_t u = 0; u < town.units.size(); ++u) {
    if (t.node_of_unit[u] != nothing) inside += town.units[u].households;
    const bool lies_inside = t.node_of_face[locator.face_of(town.units[u].position)] != nothing;
    if (town.units[u].footprint.empty()) RC_ASSERT((t.node_of_unit[u] != nothing) == lies_inside);
  }
  RC_ASSERT(shared_out == inside);
}

/// Doubled area of each unit's footprint that lies on land of another node of the same area, by the final faces.
RC_GTEST_PROP(Tessellate, CutsNoFootprintUnlessItSaysSo, ()) {
  RandomTown town = test::random_town();
  const Tessellation t = tessellate(town.areas, town.units, town.barriers);
  const coverage::FaceLocator locator(t.arrangement);
  for (std::size_t u = 0; u < town.units.size(); ++u) {
    if (town.units[u].footprint.empty() || t.node_of_unit[u] == nothing) continue;
    const bool told = std::ranges::any_of(t.findings, [&](const Finding& f) {
      return f.unit == town.units[u].id || f.text.find(town.units[u].id + " ") != std::string::npos;
    });
    if (told) continue;
    const Box box = bounds(town.units[u].footprint);
    for (int k = 0; k < 20; ++k) {  // well inside: noding moves an outline by a unit or two
      const Position p{box.min.x + 5 + test::number(box.max.x - box.min.x - 10),
                       box.min.y + 5 + test::number(box.max.y - box.min.y - 10)};
      RC_ASSERT(t.node_of_face[locator.face_of(p)] == t.node_of_unit[u]);
    }
  }
}

RC_GTEST_PROP(Tessellate, LinksOnlyNodesOfOneAreaAndInOrder, ()) {
  const RandomTown town = test::random_town();
  const Tessellation t = tessellate(town.areas, town.units, town.barriers);
  for (std::size_t i = 0; i < t.graph.links.size(); ++i) {
    const Graph::Link& link = t.graph.links[i];
    RC_ASSERT(link.a < link.b);
    RC_ASSERT(link.border_m > 0);
    RC_ASSERT(t.graph.nodes[link.a].area == t.graph.nodes[link.b].area);
    if (i > 0) RC_ASSERT(std::pair(t.graph.links[i - 1].a, t.graph.links[i - 1].b) < std::pair(link.a, link.b));
  }
}

}  // namespace
}  // namespace wangge
