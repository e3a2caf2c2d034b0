#pragma once

#include <optional>

#include <wangge/geometry.hpp>

namespace wangge::planning {

/// Long axis over short axis of the ellipse with the same second moments of area; a rectangle has that of its sides.
double axis_ratio(const MultiPolygon& polygons);

/// A lobe that hangs on by little: a straight cut inside the outline, shorter than 5 % of the perimeter of either piece
/// that it would make, each of them a tenth of the land or more.
struct Neck {
  Position place;                       ///< the middle of the cut
  double width_m = 0, perimeter_m = 0;  ///< of the cut, and of the lobe: the piece with the shorter perimeter
  Ring lobe;
};

/// The narrowest neck for its lobe, or nothing. Holes are not looked at.
std::optional<Neck> find_neck(const MultiPolygon& polygons);

}  // namespace wangge::planning
