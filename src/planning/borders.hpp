#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/tessellation.hpp"

namespace wangge::planning {

/// The borders between parts, drawn once and shared by both sides.
struct Borders {
  std::vector<MultiPolygon> polygons;  ///< of each part
  double inner_m = 0;                  ///< length of the borders between two parts of one area
  double on_barriers_m = 0;            ///< of them, on barrier lines
};

/// Dissolves the faces to parts and simplifies the borders (Visvalingam and Whyatt, 1993): where several borders meet,
/// on barriers and outlines, and at footprints every vertex stays; elsewhere a vertex goes if the triangle with its
/// neighbours is smaller than `tolerance_m` squared and holds no other border vertex and no footprint vertex, so that
/// no border crosses another and no footprint changes sides.
Borders draw_borders(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
                     double tolerance_m);

}  // namespace wangge::planning
