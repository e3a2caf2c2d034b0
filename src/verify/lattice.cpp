#include "verify/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wangge::verify {
namespace {

__extension__ typedef __int128 Wide;

constexpr double radians_per_unit = std::numbers::pi / 180 / per_degree;
constexpr double semi_major = 6378137.0, flattening = 1 / 298.257223563;
constexpr double e2 = flattening * (2 - flattening);

Wide cross(Point a, Point b, Point c) {
  return Wide(std::int64_t{b.x} - a.x) * (std::int64_t{c.y} - a.y) -
         Wide(std::int64_t{b.y} - a.y) * (std::int64_t{c.x} - a.x);
}

/// Area of the ellipsoid between the equator and the latitude, for a longitude of one radian.
double zone(double y) {
  const double e = std::sqrt(e2), s = std::sin(y * radians_per_unit);
  return semi_major * semi_major * (1 - e2) / 2 * (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
}

double area_m2(const Ring& ring) {
  if (ring.empty()) return 0;
  const double base = zone(ring[0].y);  // keeps the summands small
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point a = ring[i], b = ring[i + 1 == ring.size() ? 0 : i + 1];
    if (a.x == b.x) continue;
    const double mean = (zone(a.y) + 4 * zone((double(a.y) + b.y) / 2) + zone(b.y)) / 6 - base;
    sum -= mean * (double(b.x) - a.x) * radians_per_unit;
  }
  return sum;
}

}  // namespace

bool strictly_between(Point a, Point b, Point p) {
  if (p == a || p == b || cross(a, b, p) != 0) return false;
  return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
         p.y <= std::max(a.y, b.y);
}

bool counter_clockwise(const Ring& ring) {
  Wide doubled = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) doubled += cross(ring[0], ring[i], ring[i + 1]);
  return doubled > 0;
}

Scale scale_at(double y) {
  const double s = std::sin(y * radians_per_unit), w = 1 - e2 * s * s;
  const double prime_vertical = semi_major / std::sqrt(w);
  return {prime_vertical * std::cos(y * radians_per_unit) * radians_per_unit,
          prime_vertical * (1 - e2) / w * radians_per_unit};
}

double length_m(Point a, Point b) {
  const Scale scale = scale_at((double(a.y) + b.y) / 2);
  return std::hypot((double(b.x) - a.x) * scale.east, (double(b.y) - a.y) * scale.north);
}

double perimeter_m(const Polygons& polygons) {
  double sum = 0;
  each_edge(polygons, [&](Edge edge) { sum += length_m(edge.a, edge.b); });
  return sum;
}

double area_m2(const Polygons& polygons) {
  double sum = 0;
  for (const Polygon& polygon : polygons)
    for (const Ring& ring : polygon) sum += area_m2(ring);
  return sum;
}

}  // namespace wangge::verify
