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
  std::uint32_t inner_vertices = 0;    ///< on them
};

/// Dissolves the faces to parts and simplifies each border once (Visvalingam and Whyatt, 1993). Outlines and hard
/// barriers, places where several borders meet, and vertices at footprints stay. Elsewhere a vertex goes if the
/// triangle with its neighbours holds no other border vertex, no footprint vertex and no unit without footprint, so
/// that no border crosses another and no unit changes sides; and if that triangle is smaller than `tolerance_m` squared
/// or, along a street, wall or main road, the border stays within half a metre (or the tolerance) of where it was.
Borders draw_borders(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
                     double tolerance_m);

}  // namespace wangge::planning
