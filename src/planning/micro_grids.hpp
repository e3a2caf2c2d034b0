#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "planning/partition.hpp"
#include "planning/tessellation.hpp"
#include <wangge/export.hpp>

namespace wangge::planning {

/// The finest areas above the micro-grid, in the order of the map.
WANGGE_EXPORT std::vector<GridId> areas_to_split(const GridMap& map);

/// A micro-grid in the making: what a part holds, where it is and how it will be called.
struct MicroGrid {
  std::uint32_t area = 0;  ///< index into the areas that are split
  std::uint64_t households = 0, largest_unit = 0;
  double area_m2 = 0;
  Position place;  ///< of its largest unit
  std::string code;
};

std::vector<MicroGrid> gather_micro_grids(const Tessellation& tessellation, const Partition& partition);

/// Numbers the micro-grids of each area as one reads, past the codes that the map has already.
void give_codes(const GridMap& map, std::span<const GridId> areas, std::vector<MicroGrid>& micro_grids);

GridRecord to_record(const GridMap& map, GridId area, const MicroGrid& micro_grid, Verdict verdict,
                     MultiPolygon polygons);

}  // namespace wangge::planning
