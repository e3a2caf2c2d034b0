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

/// The land of some areas shared out to their units: one exact tiling on the lattice for all areas at once, since
/// separate runs would disagree at shared borders.
struct Tessellation {
  coverage::Arrangement arrangement;
  /// For each face the node of `graph` that it belongs to, or `coverage::nothing` outside the areas.
  std::vector<std::uint32_t> node_of_face;
  /// For each unit its node, or `coverage::nothing` where it lies outside the areas.
  std::vector<std::uint32_t> node_of_unit;
  /// True for each edge of the arrangement that runs on a barrier or on an area's outline.
  std::vector<bool> on_barrier;
  /// True for each vertex of the arrangement that a footprint's outline runs through.
  std::vector<bool> on_footprint;
  Graph graph;
  std::vector<Finding> findings;  ///< overlaps and straddlers
};

/// Shares the land of `areas` (leaves of the map) out to the units: enclosures between outlines and barriers, in each
/// the Voronoi diagram of its units' footprints (momepy's enclosed tessellation; Fleischmann et al., 2020), footprints
/// never cut, noded once on the lattice.
Tessellation tessellate(const GridMap& map, std::span<const GridId> areas, Units units,
                        std::span<const Barrier> barriers, const Execution& execution);

}  // namespace wangge::planning
