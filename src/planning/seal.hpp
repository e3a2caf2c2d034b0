#pragma once

#include <span>
#include <utility>
#include <vector>

#include "planning/tessellation.hpp"

namespace wangge::planning {

/// Makes the polygons of new micro-grids end at the borders of locked ones without a vertex of their own there, so that
/// the locked borders need not change: where two of them meet within a locked edge, the meeting moves along it to one
/// of its ends if nothing stands in the way (the same exact test as for simplifying), and stays otherwise.
///
/// Returns those locked areas that a border still ends on, with the vertex that they need there.
std::vector<std::pair<GridId, MultiPolygon>> seal(const GridMap& map, std::span<const GridId> locked,
                                                  const Tessellation& tessellation,
                                                  std::vector<MultiPolygon>& polygons);

}  // namespace wangge::planning
