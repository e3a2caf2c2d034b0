#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::bench {

struct TilingOptions {
  std::size_t grids = 2281;
  double vertices_each = 98;  ///< on average
  double across_m = 200;      ///< of a grid, on average
  std::uint64_t seed = 1;
};

/// A made-up town: the Voronoi cells of a jittered square lattice of sites, in rows. Each border is bent by midpoint
/// displacement, the same for both its grids and without ever crossing another.
std::vector<GridRecord> make_tiling(const TilingOptions& options);

}  // namespace wangge::bench
