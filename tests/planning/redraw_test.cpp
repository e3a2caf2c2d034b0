#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include <wangge/error.hpp>
#include <wangge/planning.hpp>

#include "planning/graph.hpp"
#include "planning/redraw.hpp"
#include "support/random_town.hpp"
#include "support/scene.hpp"

namespace wangge {
namespace {

using planning::Redrawn;
using test::draw;
using test::RandomTown;
using test::Scene;
constexpr std::uint32_t elsewhere = planning::Graph::none;

/// Micro-grids of a drawing within one grid, and a unit in each cell.
Scene micro_grids(const char* drawing) { return draw(drawing, {.level = Level::micro_grid, .whole = "G"}); }

std::vector<GridId> homes(const Scene& scene) {
  std::vector<GridId> homes;
  for (const Unit& unit : scene.units.units) homes.push_back(scene.map.locate(unit.position));
  return homes;
}

/// The areas once those of `codes` have new borders, with each unit where the second drawing has it.
std::string redrawn(const Scene& before, const std::vector<std::string>& codes, const char* wanted) {
  const GridMap goal = micro_grids(wanted).map;
  std::vector<GridId> concerned;
  std::vector<std::uint32_t> part_of_area, part_of_unit;
  const std::vector<GridId> home = homes(before);
  for (const std::string& code : codes) {
    part_of_area.push_back(static_cast<std::uint32_t>(concerned.size()));
    concerned.push_back(before.map.find(code));
  }
  for (const Unit& unit : before.units.units) {
    const auto at = std::ranges::find(codes, goal.code(goal.locate(unit.position)));
    part_of_unit.push_back(at == codes.end() ? elsewhere : static_cast<std::uint32_t>(at - codes.begin()));
  }
  const std::vector<Redrawn> drawn = planning::redraw(before.map, concerned, part_of_area, before.units.units, home,
                                                      part_of_unit, static_cast<std::uint32_t>(codes.size()), {}, 0);
  std::vector<GridRecord> records = before.map.records();
  for (std::size_t i = 0; i < codes.size(); ++i)
    std::ranges::find(records, codes[i], &GridRecord::code)->polygons = drawn[i].polygons;
  return test::drawn(GridMap::build(records));
}

TEST(Redraw, LetsAUnitGoToTheMicroGridBesideIt) {
  const Scene scene = micro_grids(R"(
      A A B B C
      A A B B C )");
  const char* wanted = R"(
      A B B B C
      A A B B C )";
  EXPECT_EQ(redrawn(scene, {"A", "B"}, wanted), test::trim(wanted));
}

TEST(Redraw, ExchangesUnitsBetweenThree) {
  const Scene scene = micro_grids(R"(
      A A B B
      C C C C )");
  const char* wanted = R"(
      A A A B
      A C B B )";
  EXPECT_EQ(redrawn(scene, {"A", "B", "C"}, wanted), test::trim(wanted));
}

TEST(Redraw, DoesNotShareTheUnitsOfOneGround) {
  Scene scene = micro_grids("A A B B");
  scene.units.units[0].position = scene.units.units[1].position;
  const std::vector<GridId> concerned{scene.map.find("A"), scene.map.find("B")};
  EXPECT_THROW(planning::redraw(scene.map, concerned, std::vector<std::uint32_t>{0, 1}, scene.units.units, homes(scene),
                                std::vector<std::uint32_t>{0, 1, 1, 1}, 2, {}, 0),
               Error);
}

/// Two neighbours of a random plan, one of whose units moves to the other.
struct Exchange {
  GridId from = GridId::none, to = GridId::none;
  std::size_t unit = 0;
};

std::optional<Exchange> random_exchange(const Proposal& plan) {
  const std::size_t units = plan.area_of_unit.size();
  const auto start = static_cast<std::size_t>(test::number(static_cast<std::int32_t>(units)));
  for (std::size_t k = 0; k < units; ++k) {
    const std::size_t unit = (start + k) % units;
    const GridId from = plan.area_of_unit[unit];
    if (from == GridId::none || std::ranges::count(plan.area_of_unit, from) < 2) continue;
    for (const GridMap::Neighbor& other : plan.next.neighbors(from))
      if (plan.next.parent(other.id) == plan.next.parent(from)) return Exchange{from, other.id, unit};
  }
  return {};
}

RC_GTEST_PROP(Redraw, SharesOutTheSameGround, ()) {
  const RandomTown town = test::random_town();
  const GridMap map = GridMap::build(town.areas);
  std::vector<GridId> leaves;
  for (std::uint32_t i = 0; i < map.size(); ++i)
    if (map.children(GridId{i}).empty()) leaves.push_back(GridId{i});
  const Proposal plan = split(map, leaves, town.units, town.barriers);
  const std::optional<Exchange> exchange = random_exchange(plan);
  RC_CLASSIFY(exchange.has_value(), "two neighbours");
  if (!exchange) return;
  const std::vector<GridId> concerned{exchange->from, exchange->to};
  std::vector<std::uint32_t> part_of_unit;
  for (std::size_t u = 0; u < town.units.size(); ++u) {
    const GridId home = u == exchange->unit ? exchange->to : plan.area_of_unit[u];
    part_of_unit.push_back(home == exchange->from ? 0 : home == exchange->to ? 1 : elsewhere);
  }
  std::vector<Redrawn> drawn;
  try {
    drawn = planning::redraw(plan.next, concerned, std::vector<std::uint32_t>{0, 1}, town.units, plan.area_of_unit,
                             part_of_unit, 2, town.barriers, 2);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Errc::contradiction);  // units on one ground
    return;
  }
  ChangeSet changes;
  changes.base_revision = plan.next.revision();
  std::vector<GridRecord> before, after;
  for (std::size_t part = 0; part < 2; ++part) {
    before.push_back(plan.next.record(concerned[part]));
    after.push_back(before.back());
    after.back().polygons = drawn[part].polygons;
    RC_ASSERT(!drawn[part].polygons.empty());
  }
  changes.changes = {ChangeSet::Change::of(before, after)};
  const GridMap next = plan.next.with(changes);
  for (const WeldReport::Mend& mend : next.weld_report().mends) RC_ASSERT(mend.area_m2 < 0.5);
  Int128 was = 0, is = 0;
  for (const GridId id : concerned) was += doubled_area(plan.next.polygons(id));
  for (const GridRecord& record : before) is += doubled_area(next.polygons(next.find(record.code)));
  const auto off = was > is ? was - is : is - was;
  RC_ASSERT(off * 10'000 < was);  // but for where borders end on others, which takes a lattice unit
}

}  // namespace
}  // namespace wangge
