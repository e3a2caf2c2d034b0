#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "support/scene.hpp"
#include <wangge/planning.hpp>
#include <wangge/units.hpp>

namespace wangge::test {

/// A hostile little town: footprints that touch, overlap or hold each other, units at one place, barriers of every
/// class that cross footprints and each other, end anywhere, or lie on an outline.
struct RandomTown {
  std::vector<GridRecord> areas;
  std::vector<Unit> units;
  std::vector<Barrier> barriers;
};

/// A number from 0 to `last`.
inline int number(int last) { return *rc::gen::inRange(0, last + 1); }

inline RandomTown random_town() {
  constexpr int side = 30000, grid = 60;  // lattice units: about 300 m; coarse steps make coincidences common
  const auto somewhere = [&] {
    return Position{corner.x + number(side / grid) * grid, corner.y + number(side / grid) * grid};
  };
  RandomTown town;
  const int middle = (1 + number(side / grid - 2)) * grid;
  town.areas.push_back({"01", "West", Level::grid, "", Kind::general, {box(0, 0, middle, side)}});
  town.areas.push_back({"02", "East", Level::grid, "", Kind::general, {box(middle, 0, side, side)}});
  const int units = number(40);
  for (int i = 0; i < units; ++i) {
    Unit unit;
    unit.id = "u" + std::to_string(i);
    unit.position = somewhere();
    unit.households = static_cast<std::uint32_t>(number(60));
    if (number(4) > 0) {
      const int width = grid * (1 + number(40)), height = grid * (1 + number(20));
      const int x = unit.position.x - corner.x, y = unit.position.y - corner.y;
      unit.footprint.push_back(box(x, y, x + width, y + height));
      unit.position = {unit.position.x + width / 2, unit.position.y + height / 2};
    }
    town.units.push_back(std::move(unit));
  }
  const int barriers = number(8);
  for (int i = 0; i < barriers; ++i) {
    Barrier barrier;
    const int bends = 2 + number(4);
    for (int k = 0; k < bends; ++k) barrier.line.push_back(somewhere());
    barrier.barrier = static_cast<BarrierClass>(number(3));
    barrier.bridge = number(5) == 0;
    barrier.tunnel = number(9) == 0;
    town.barriers.push_back(std::move(barrier));
  }
  return town;
}

}  // namespace wangge::test
