#pragma once

#include <limits>

#include <wangge/geometry.hpp>

namespace wangge::geometry {

/// The square of the distance from the frame's origin to the closed segment a–b, in m²; 0 exactly where the origin is
/// on it, and the same for all segments whose nearest position is the same end. Infinite, perhaps, where it is more
/// than `most_m2`.
inline double squared_distance_m2(const LocalFrame& frame, Position a, Position b,
                                  double most_m2 = std::numeric_limits<double>::infinity()) {
  const auto [ax, ay] = frame.to_metres(a);
  const auto [bx, by] = frame.to_metres(b);
  const double ux = bx - ax, uy = by - ay, length2 = ux * ux + uy * uy;
  const double along = -(ax * ux + ay * uy);
  if (!(along > 0)) return ax * ax + ay * ay;
  if (along >= length2) return bx * bx + by * by;
  const double cross = ax * by - ay * bx;
  if (cross * cross > most_m2 * length2 * (1 + 1e-9) + 1) return std::numeric_limits<double>::infinity();
  const double rough = cross * cross / length2;
  if (rough > 1e-4) return rough;  // nearer than 1 cm, what cancels in `cross` may matter
  const Position p = frame.origin;
  const Int128 exact = Int128{std::int64_t{a.x} - p.x} * (std::int64_t{b.y} - p.y) -
                       Int128{std::int64_t{b.x} - p.x} * (std::int64_t{a.y} - p.y);
  const double fine = double(exact) * frame.metres_per_x * frame.metres_per_y;
  return fine * fine / length2;
}

}  // namespace wangge::geometry
