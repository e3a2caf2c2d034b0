#include "planning/borders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/scene.hpp"

namespace wangge {
namespace {

using planning::Borders;
using test::box;
using test::corner;

/// Two houses on either side of a line that runs from the south to the north of their area and sways by `sway_m` every
/// ten metres; each house is a part.
Borders beside(BarrierClass kind, double sway_m, double tolerance_m = 2, std::vector<Unit> more = {}) {
  constexpr int side = 20000, middle = side / 2, step = 1000;
  const int sway = static_cast<int>(std::lround(sway_m / LocalFrame(corner).metres_per_x));
  Barrier line;
  line.barrier = kind;
  for (int i = 0; i * step <= side; ++i)
    line.line.push_back({corner.x + middle + (i % 2 ? sway : 0), corner.y + i * step});
  std::vector<Unit> units(2);
  for (int i = 0; i < 2; ++i) {
    units[i].id = i == 0 ? "west" : "east";
    units[i].footprint = {box(3000 + i * 12000, 9000, 5000 + i * 12000, 11000)};
    units[i].position = centroid(units[i].footprint);
  }
  std::ranges::move(more, std::back_inserter(units));
  const std::vector<GridRecord> areas{{"01", "", Level::grid, "", Kind::general, {box(0, 0, side, side)}}};
  const GridMap map = GridMap::build(areas);
  const GridId area{0};
  const auto t = planning::tessellate(map, std::span(&area, 1), units, std::span(&line, 1), {});
  std::vector<std::uint32_t> part_of_node;
  for (const auto& node : t.graph.nodes) part_of_node.push_back(node.place.x < corner.x + middle + 30 ? 0 : 1);
  return planning::draw_borders(t, part_of_node, 2, tolerance_m);
}

TEST(Borders, AlongAStreetMayMoveByHalfAMetre) {
  const Borders swaying = beside(BarrierClass::street, 0.2);
  EXPECT_LE(swaying.inner_vertices, 4u) << "straight or nearly so from outline to outline";
  EXPECT_EQ(swaying.on_barriers_m, swaying.inner_m);
  EXPECT_EQ(beside(BarrierClass::street, 1).inner_vertices, 21u);
}

TEST(Borders, AlongAHardBarrierStayAsTheyAre) { EXPECT_EQ(beside(BarrierClass::hard, 0.2).inner_vertices, 21u); }

TEST(Borders, KeepEveryVertexWhenAsked) { EXPECT_EQ(beside(BarrierClass::street, 0.2, 0).inner_vertices, 21u); }

TEST(Borders, NeverPassOverAUnitWithoutAFootprint) {
  Unit kiosk;
  kiosk.id = "kiosk";
  kiosk.position = {corner.x + 10020, corner.y + 9010};  // in a bend, on the western side of the street
  const Borders borders = beside(BarrierClass::street, 0.4, 2, {kiosk});
  EXPECT_TRUE(contains(borders.polygons[0], kiosk.position));
  EXPECT_FALSE(contains(borders.polygons[1], kiosk.position));
}

}  // namespace
}  // namespace wangge
