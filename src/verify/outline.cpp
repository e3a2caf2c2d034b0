#include "verify/outline.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::verify {
namespace {

constexpr double narrow = 0.05, worthwhile = 0.1;

struct Metres {
  double x = 0, y = 0;
};
Metres operator-(Metres a, Metres b) { return {a.x - b.x, a.y - b.y}; }
double cross(Metres a, Metres b) { return a.x * b.y - a.y * b.x; }
double dot(Metres a, Metres b) { return a.x * b.x + a.y * b.y; }
double turn(Metres a, Metres b, Metres c) { return cross(b - a, c - a); }

/// Metres from a corner of the area, so that small differences keep their digits.
class Plane {
 public:
  explicit Plane(Point origin) : origin_(origin), scale_(scale_at(origin.y)) {}
  Metres operator()(Point p) const {
    return {(double(p.x) - origin_.x) * scale_.east, (double(p.y) - origin_.y) * scale_.north};
  }
  Vertex back(Metres m) const { return {origin_.x + m.x / scale_.east, origin_.y + m.y / scale_.north}; }

 private:
  Point origin_;
  Scale scale_;
};

/// A ring with running sums of its length and of the area that it sweeps.
class Outline {
 public:
  Outline(const Ring& ring, const Plane& plane) {
    for (const Point p : ring) at_.push_back(plane(p));
    length_.push_back(0), swept_.push_back(0);
    for (std::size_t i = 0; i < at_.size(); ++i) {
      const Metres a = at_[i], b = end(i);
      length_.push_back(length_.back() + std::hypot(b.x - a.x, b.y - a.y));
      swept_.push_back(swept_.back() + cross(a, b));
    }
  }

  std::optional<Neck> narrowest(double area_m2, const Plane& plane) const {
    std::optional<Neck> best;
    for (std::size_t i = 0; i < at_.size(); ++i)
      for (std::size_t j = 0; j < at_.size(); ++j)
        if (const auto neck = cut(i, j, area_m2, best ? best->width_m / best->perimeter_m : narrow, plane)) best = neck;
    return best;
  }

 private:
  Metres end(std::size_t edge) const { return at_[edge + 1 == at_.size() ? 0 : edge + 1]; }

  /// The cut from vertex i straight to edge j, where it is a neck and narrower for its lobe than `least`.
  std::optional<Neck> cut(std::size_t i, std::size_t j, double area_m2, double least, const Plane& plane) const {
    const Metres v = at_[i], a = at_[j], b = end(j), along = b - a;
    const double t = std::clamp(dot(v - a, along) / std::max(dot(along, along), 1e-12), 0.0, 1.0);
    const Metres foot{a.x + t * along.x, a.y + t * along.y};
    const double width = std::hypot(foot.x - v.x, foot.y - v.y), whole = length_.back();
    double way = length_[j] + t * (length_[j + 1] - length_[j]) - length_[i];
    double swept = swept_[j] - swept_[i] + cross(a, foot) + cross(foot, v);
    if (j < i) way += whole, swept += swept_.back();
    const double perimeter = std::min(way, whole - way) + width;
    if (!(width < least * perimeter)) return std::nullopt;
    double lobe = std::abs(swept) / 2;
    if (std::min(lobe, area_m2 - lobe) < worthwhile * area_m2 || (width > 0 && !inside(v, foot, i, j))) return {};
    if (whole - way < way) lobe = area_m2 - lobe;
    return Neck{plane.back({(v.x + foot.x) / 2, (v.y + foot.y) / 2}), width, perimeter, lobe};
  }

  /// True where the cut lies in the ring.
  bool inside(Metres v, Metres foot, std::size_t i, std::size_t j) const {
    const Metres middle{(v.x + foot.x) / 2, (v.y + foot.y) / 2};
    bool in = false;
    for (std::size_t k = 0; k < at_.size(); ++k) {
      const Metres a = at_[k], b = end(k);
      if ((a.y > middle.y) != (b.y > middle.y) && (turn(a, b, middle) > 0) == (b.y > a.y)) in = !in;
      if (k == j || k == i || (k + 1) % at_.size() == i) continue;
      if (turn(a, b, v) * turn(a, b, foot) < 0 && turn(v, foot, a) * turn(v, foot, b) < 0) return false;
    }
    return in;
  }

  std::vector<Metres> at_;
  std::vector<double> length_, swept_;  ///< up to each vertex; one more at the end
};

}  // namespace

double axis_ratio(const Polygons& polygons) {
  if (polygons.empty() || polygons[0].empty() || polygons[0][0].empty()) return 1;
  const Plane plane(polygons[0][0][0]);
  double area = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  each_edge(polygons, [&](Edge e) {
    const Metres a = plane(e.a), b = plane(e.b);
    const double c = cross(a, b);
    area += c / 2, x += (a.x + b.x) * c / 6, y += (a.y + b.y) * c / 6;
    xx += (a.x * a.x + a.x * b.x + b.x * b.x) * c / 12;
    yy += (a.y * a.y + a.y * b.y + b.y * b.y) * c / 12;
    xy += (a.x * b.y + 2 * a.x * a.y + 2 * b.x * b.y + b.x * a.y) * c / 24;
  });
  if (area <= 0) return 1;
  xx = xx / area - x * x / (area * area), yy = yy / area - y * y / (area * area),
  xy = xy / area - x * y / (area * area);
  const double middle = (xx + yy) / 2, apart = std::hypot((xx - yy) / 2, xy);
  return std::sqrt((middle + apart) / std::max(middle - apart, 1e-9));
}

std::optional<Neck> find_neck(const Polygons& polygons) {
  const double area = area_m2(polygons);
  std::optional<Neck> best;
  for (const Polygon& polygon : polygons) {
    if (polygon.empty() || polygon[0].size() < 4) continue;
    const Plane plane(polygon[0][0]);
    const auto neck = Outline(polygon[0], plane).narrowest(area, plane);
    if (neck && (!best || neck->width_m * best->perimeter_m < best->width_m * neck->perimeter_m)) best = neck;
  }
  return best;
}

}  // namespace wangge::verify
