#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/planning.hpp>

namespace wangge::planning {

/// A micro-grid with new borders.
struct Redrawn {
  MultiPolygon polygons;        ///< empty where no unit and no land is left to it
  bool across_barrier = false;  ///< it is in one piece, but its households lie on both sides of a hard barrier
};

/// Draws the borders anew between some micro-grids of a map whose units are shared out otherwise than they were. Their
/// common ground stays what it is, borders within it that nothing changes keep their vertices, and so do those to all
/// others wherever a new border can be led to one of them (see `seal`). `home` names the micro-grid of each unit today.
/// Of the micro-grids to be, 0 … parts-1, `part_of_unit` names one for each unit whose home is concerned;
/// `part_of_area` names the one that gets the land without a unit of each `concerned` micro-grid, as long as it touches
/// its units: else the neighbour with the longest border does. Throws `contradiction` where units that stand on one
/// ground are to be in two micro-grids, and `stopped`.
WANGGE_EXPORT std::vector<Redrawn> redraw(const GridMap& map, std::span<const GridId> concerned,
                                          std::span<const std::uint32_t> part_of_area, Units units,
                                          std::span<const GridId> home, std::span<const std::uint32_t> part_of_unit,
                                          std::uint32_t parts, std::span<const Barrier> barriers, double simplify_m,
                                          const Execution& execution = {});

}  // namespace wangge::planning
