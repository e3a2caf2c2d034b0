#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <wangge/units.hpp>
#include "town/ground.hpp"
#include "town/layout.hpp"

namespace wangge::town {

struct UnitStyle {
  bool stairwells = false;  ///< a unit a stairwell instead of one a building
  std::uint64_t seed = 1;
};

/// The buildings as units, with persons, shops and elderly people living alone in Fangzhou's proportion to the
/// households. `households` has one number a building; homes without any are not built.
UnitTable make_units(const TownPlan& plan, const Ground& ground, std::span<const Building> buildings,
                     std::span<const std::uint32_t> households, const UnitStyle& style);

}  // namespace wangge::town
