#pragma once

#include <algorithm>
#include <cmath>

namespace wangge::planning {

/// What the shape of some land is measured by: its area, its centroid, and its second moments about that, in m⁴.
template <class Real>
struct Land {
  Real area_m2 = 0, x_m = 0, y_m = 0, xx = 0, xy = 0, yy = 0;

  /// Takes in other land, which must not overlap.
  void add(const Land& other) noexcept {
    const Real both = area_m2 + other.area_m2;
    if (!(both > 0)) return;
    const Real share = other.area_m2 / both, dx = other.x_m - x_m, dy = other.y_m - y_m, lever = area_m2 * share;
    area_m2 = both, x_m += dx * share, y_m += dy * share;
    xx += other.xx + lever * dx * dx, xy += other.xy + lever * dx * dy, yy += other.yy + lever * dy * dy;
  }
};

/// Long axis over short axis of the ellipse with the same second moments; a rectangle has that of its sides.
template <class Real>
Real axis_ratio(const Land<Real>& land) noexcept {
  const Real middle = (land.xx + land.yy) / 2, across = (land.xx - land.yy) / 2;
  const Real apart = std::sqrt(across * across + land.xy * land.xy);
  if (!(middle > 0)) return 1;
  return std::sqrt((middle + apart) / std::max(middle - apart, Real(1e-9) * middle));
}

/// Sums the land inside rings up edge by edge: counterclockwise outlines, clockwise holes.
class LandSum {
 public:
  void add_edge(double px, double py, double qx, double qy) noexcept {
    if (!begun_) begun_ = true, from_x_ = px, from_y_ = py;
    px -= from_x_, py -= from_y_, qx -= from_x_, qy -= from_y_;
    const double turn = px * qy - py * qx;
    area_m2_ += turn / 2, x_ += (px + qx) * turn / 6, y_ += (py + qy) * turn / 6;
    xx_ += (px * px + px * qx + qx * qx) * turn / 12, yy_ += (py * py + py * qy + qy * qy) * turn / 12;
    xy_ += (px * qy + 2 * px * py + 2 * qx * qy + qx * py) * turn / 24;
  }
  Land<double> land() const noexcept {
    if (!(area_m2_ > 0)) return {};
    const double x = x_ / area_m2_, y = y_ / area_m2_;
    return {area_m2_, from_x_ + x, from_y_ + y, xx_ - x * x_, xy_ - x * y_, yy_ - y * y_};
  }

 private:
  bool begun_ = false;
  double from_x_ = 0, from_y_ = 0;  ///< one of the corners: near it sums keep their precision
  double area_m2_ = 0, x_ = 0, y_ = 0, xx_ = 0, xy_ = 0, yy_ = 0;
};

}  // namespace wangge::planning
