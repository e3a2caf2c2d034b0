#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/arrangement.hpp"
#include "planning/graph.hpp"
#include <wangge/execution.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/planning.hpp>
#include <wangge/units.hpp>

namespace wangge::planning {

/// What an edge runs along.
enum class Course : std::uint8_t {
  open,     ///< nothing: between two houses
  barrier,  ///< a street, a wall or a main road
  fixed,    ///< an area's outline or a hard barrier: stays as it is drawn
};

/// The land of some areas shared out to their units: one exact tiling on the lattice for all areas at once, since
/// separate runs would disagree at shared borders.
struct Tessellation {
  coverage::Arrangement arrangement;
  /// In the uses of the arrangement's edges, sources below this are outlines, and those from it on the barriers.
  std::uint32_t outlines = 0;
  /// For each face the node of `graph` that it belongs to, or `coverage::nothing` outside the areas.
  std::vector<std::uint32_t> node_of_face;
  /// For each unit its node, or `coverage::nothing` where it lies outside the areas.
  std::vector<std::uint32_t> node_of_unit;
  /// For each face the area, or the leaf of it, that it lies in, or `GridId::none` outside the areas.
  std::vector<GridId> leaf_of_face;
  std::vector<Course> course;  ///< of each edge of the arrangement
  /// True for each vertex of the arrangement that a footprint's outline runs through.
  std::vector<bool> on_footprint;
  std::vector<Position> points;  ///< where the units without a footprint stand
  /// For each node the block between streets that it lies in.
  std::vector<std::uint32_t> block_of_node;
  Graph graph;
  std::vector<Finding> findings;  ///< overlaps and straddlers
};

/// Shares the land of `areas` out to the units: enclosures between outlines and barriers, in each the Voronoi diagram
/// of its units' footprints (momepy's enclosed tessellation; Fleischmann et al., 2020), footprints never cut, noded
/// once on the lattice. Parts that an area has already stay as they are and get no unit.
Tessellation tessellate(const GridMap& map, std::span<const GridId> areas, Units units,
                        std::span<const Barrier> barriers, const Execution& execution);

/// The same for the land of the areas' leaves, whose borders divide enclosures, too, though not neighbours: no unit
/// gets land beyond them, but for a footprint that lies across.
Tessellation tessellate_leaves(const GridMap& map, std::span<const GridId> areas, Units units,
                               std::span<const Barrier> barriers, const Execution& execution);

}  // namespace wangge::planning
