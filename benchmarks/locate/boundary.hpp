#pragma once

#include <cstddef>

#include "locate/oracle.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::bench {

/// What was asked for on borders. A position is wrong where the oracle and the map (one by one and in batches) do not
/// name the same single owner; on the outer border that may be nobody.
struct BoundaryCount {
  std::size_t junctions = 0, vertices = 0, middles = 0, on_edges = 0, wrong = 0;
};

/// Asks for each junction and vertex of the map's borders, and for each edge's middle (rounded to the lattice) and up
/// to three lattice positions on it.
BoundaryCount check_boundaries(const GridMap& map, const Oracle& oracle);

}  // namespace wangge::bench
