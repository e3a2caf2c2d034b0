#include <wangge/town.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <wangge/error.hpp>
#include "town/apportion.hpp"
#include "town/areas.hpp"
#include "town/barriers.hpp"
#include "town/ground.hpp"
#include "town/layout.hpp"
#include "town/plan.hpp"
#include "town/units.hpp"

namespace wangge {
namespace {

using namespace town;

constexpr std::uint64_t most_households = 10'000'000, fangzhou_households = 4072;
constexpr double fangzhou_area_m2 = 2.2e6;
constexpr LngLat fangzhou_centre{118.84, 32.34};

void check(const TownOptions& options) {
  if (!options.like.empty() && options.like != "fangzhou") {
    throw Error(Errc::invalid_argument, "there is no town like '" + options.like + "'; the one known is fangzhou");
  }
  if (options.households < 1 || options.households > most_households) {
    throw Error(Errc::invalid_argument,
                "a town cannot have " + std::to_string(options.households) + " households; ask for 1 to 10,000,000");
  }
  if (!on_earth(options.centre) || std::abs(options.centre.lng) > 179 || std::abs(options.centre.lat) > 70) {
    throw Error(Errc::invalid_argument,
                "the town's centre must be a longitude within ±179 and a latitude within ±70 degrees, in this order");
  }
  if (!(options.towers >= 0 && options.towers <= 1)) {
    throw Error(Errc::invalid_argument, "the share of high towers must lie between 0 and 1");
  }
}

struct Design {
  TownPlan plan;
  std::vector<Building> buildings;
  std::vector<std::uint32_t> rooms;  ///< one a building
};

Design designed(TownPlan plan, std::uint64_t seed, const Execution& execution) {
  Design design{std::move(plan), {}, {}};
  for (int row = 0; row < design.plan.y.intervals(); ++row) {
    if (!execution.go_on("buildings", double(row) / design.plan.y.intervals())) {
      throw Error(Errc::stopped, "stopped while the town was being made; nothing is left of it");
    }
    for (int column = 0; column < design.plan.x.intervals(); ++column) {
      build_cell(design.plan, column, row, seed, design.buildings);
    }
  }
  for (const Building& building : design.buildings) design.rooms.push_back(building.room);
  return design;
}

std::uint64_t sum(const std::vector<std::uint32_t>& numbers) {
  std::uint64_t total = 0;
  for (const std::uint32_t number : numbers) total += number;
  return total;
}

// A plan with enough room: no building then gets more households than it has flats.
Design roomy_design(const TownOptions& options, const Execution& execution) {
  if (!options.like.empty()) return designed(plan_fangzhou(options.seed), options.seed, execution);
  for (std::uint64_t percent = 100;; percent += 10) {
    Design made = designed(plan_general((options.households * percent + 99) / 100, options), options.seed, execution);
    if (sum(made.rooms) >= options.households) return made;
  }
}

std::vector<std::uint64_t> households_of_cells(const Design& design, const std::vector<std::uint32_t>& households) {
  std::vector<std::uint64_t> cells(design.plan.cells.size(), 0);
  for (std::size_t i = 0; i < households.size(); ++i) cells[design.buildings[i].cell] += households[i];
  return cells;
}

std::vector<Area> finest(const std::vector<Area>& areas) {
  std::vector<Area> found;
  const Level level = areas.back().level;
  std::copy_if(areas.begin(), areas.end(), std::back_inserter(found),
               [&](const Area& area) { return area.level == level; });
  return found;
}

}  // namespace

City make_town(const TownOptions& asked, const Execution& execution) {
  check(asked);
  TownOptions options = asked;
  const bool fangzhou = options.like == "fangzhou";
  if (fangzhou) options.households = fangzhou_households, options.centre = fangzhou_centre;

  const Design design = roomy_design(options, execution);
  const Ground ground(design.plan, options.centre, options.seed, fangzhou ? fangzhou_area_m2 : 0);
  const std::vector<std::uint32_t> households = apportion(options.households, design.rooms);
  const std::vector<Area> areas =
      fangzhou ? fangzhou_areas(design.plan)
               : general_areas(design.plan, households_of_cells(design, households), options.seed);
  City city;
  for (const Area& area : areas) city.areas.push_back(record(area, ground));
  city.units = make_units(design.plan, ground, design.buildings, households, {options.stairwells, options.seed});
  city.barriers = barriers(design.plan, ground, finest(areas), options.seed);
  city.source = "made by wangge make-town, seed " + std::to_string(options.seed);
  return city;
}

}  // namespace wangge
