#pragma once

#include <optional>

#include "verify/geos.hpp"

namespace wangge::verify {

/// Long axis over short axis of the ellipse with the same second moments of area; a rectangle has that of its sides.
double axis_ratio(const Polygons& polygons);

/// Where an area hangs together by little: a straight cut inside it that is shorter than 5 % of the perimeter of either
/// piece that it would make, each of them a tenth of the area or more.
struct Neck {
  Vertex place;                                      ///< the middle of the cut
  double width_m = 0, perimeter_m = 0, area_m2 = 0;  ///< of the cut, and of the piece with the shorter perimeter
};
/// The narrowest neck for its lobe, or nothing. Holes are not looked at.
std::optional<Neck> find_neck(const Polygons& polygons);

}  // namespace wangge::verify
