#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <wangge/grid_map.hpp>
#include "town/ground.hpp"
#include "town/plan.hpp"

namespace wangge::town {

/// A rectangle of the street net: from line to line, both bordering.
struct Span {
  int x0, y0, x1, y1;
};

/// One area, whose border runs along the lines round its span.
struct Area {
  Span span;
  Level level;
  std::string code, name, parent;
};

/// Towns and communities of a general town, parents first: a county above where there are several towns. Borders run
/// on main roads, rivers and railways.
std::vector<Area> general_areas(const TownPlan& plan, std::span<const std::uint64_t> households_of_cell,
                                std::uint64_t seed);

/// One community, four sectors, 15 grids.
std::vector<Area> fangzhou_areas(const TownPlan& plan);

/// The area as a polygon whose vertices are nodes of the ground, so that neighbours share them.
GridRecord record(const Area& area, const Ground& ground);

}  // namespace wangge::town
