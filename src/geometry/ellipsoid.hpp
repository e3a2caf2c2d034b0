#pragma once

#include <numbers>

namespace wangge::geometry {

// WGS 84.
inline constexpr double semi_major_m = 6378137;
inline constexpr double flattening = 1 / 298.257223563;
inline constexpr double eccentricity2 = flattening * (2 - flattening);
inline constexpr double semi_minor_m = semi_major_m * (1 - flattening);
inline constexpr double radians_per_unit = std::numbers::pi / 180e7;

}  // namespace wangge::geometry
