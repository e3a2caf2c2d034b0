#include <wangge/geometry.hpp>

#include <array>
#include <cmath>

#include "geometry/ellipsoid.hpp"

namespace wangge {
namespace {

using namespace geometry;

/// Metres a radian of longitude and a radian of latitude, at a latitude.
struct Radii {
  double east, north;
};

Radii radii_at(double latitude) {
  const double s = std::sin(latitude);
  const double w2 = 1 - eccentricity2 * s * s;
  const double prime_vertical = semi_major_m / std::sqrt(w2);
  return {prime_vertical * std::cos(latitude), prime_vertical * (1 - eccentricity2) / w2};
}

/// Area in m² a radian of longitude between two latitudes: Snyder's authalic function at `latitude` less its value at
/// `reference`, written so that nothing cancels where they lie close together.
class AuthalicStrip {
 public:
  explicit AuthalicStrip(double reference) : reference_(reference), sine_(std::sin(reference)) {}

  /// `rise` is the latitude less the reference.
  double operator()(double rise) const {
    const double ds = 2 * std::cos(reference_ + rise / 2) * std::sin(rise / 2);
    const double s = sine_ + ds, e2ss = eccentricity2 * s * sine_;
    const double rational = ds * (1 + e2ss) / ((1 - eccentricity2 * s * s) * (1 - eccentricity2 * sine_ * sine_));
    const double e = std::sqrt(eccentricity2);
    return semi_minor_m * semi_minor_m / 2 * (rational + std::atanh(e * ds / (1 - e2ss)) / e);
  }

 private:
  double reference_, sine_;
};

/// Mean of the strip over an edge whose ends lie `rise_a` and `rise_b` above the reference.
double mean_strip(const AuthalicStrip& strip, double rise_a, double rise_b) {
  const double middle = (rise_a + rise_b) / 2, half = (rise_b - rise_a) / 2;
  if (half == 0) return strip(middle);
  if (std::abs(half) < 1e-3) {  // two nodes leave 1e-14 of the area
    const double offset = half / std::numbers::sqrt3;
    return (strip(middle - offset) + strip(middle + offset)) / 2;
  }
  if (std::abs(half) > 0.1) return (mean_strip(strip, rise_a, middle) + mean_strip(strip, middle, rise_b)) / 2;
  constexpr std::array<double, 2> nodes{0.5384693101056830910, 0.9061798459386639928};
  constexpr std::array<double, 2> weights{0.2393143352496832340, 0.1184634425280945438};
  double sum = 0.2844444444444444444 * strip(middle);
  for (std::size_t i = 0; i < 2; ++i)
    sum += weights[i] * (strip(middle - half * nodes[i]) + strip(middle + half * nodes[i]));
  return sum;
}

/// Area, first moments and polar second moment about the frame's origin, in metres.
struct Moments {
  double area = 0, x = 0, y = 0, polar = 0;
};

Moments moments(const MultiPolygon& polygons, const LocalFrame& frame) {
  Moments m;
  const auto add = [&](const Ring& ring) {
    if (ring.empty()) return;
    auto a = frame.to_metres(ring.back());
    for (const Position p : ring) {
      const auto b = frame.to_metres(p);
      const double cross = a.x * b.y - b.x * a.y;
      m.area += cross / 2;
      m.x += (a.x + b.x) * cross / 6;
      m.y += (a.y + b.y) * cross / 6;
      m.polar += (a.x * a.x + a.x * b.x + b.x * b.x + a.y * a.y + a.y * b.y + b.y * b.y) * cross / 12;
      a = b;
    }
  };
  for (const Polygon& polygon : polygons) {
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
  }
  return m;
}

Position middle_of(const Box& box) {
  return {static_cast<std::int32_t>((std::int64_t{box.min.x} + box.max.x) / 2),
          static_cast<std::int32_t>((std::int64_t{box.min.y} + box.max.y) / 2)};
}

std::int32_t rounded(double value, double limit) {
  return static_cast<std::int32_t>(std::nearbyint(std::fmin(std::fmax(value, -limit), limit)));
}

}  // namespace

LocalFrame::LocalFrame(Position origin_) noexcept : origin(origin_) {
  const Radii radii = radii_at(origin.y * radians_per_unit);
  metres_per_x = radii.east * radians_per_unit;
  metres_per_y = radii.north * radians_per_unit;
}

Position LocalFrame::to_position(Metres m) const noexcept {
  return {rounded(origin.x + m.x / metres_per_x, 180 * lattice_per_degree),
          rounded(origin.y + m.y / metres_per_y, 90 * lattice_per_degree)};
}

double length_m(Position a, Position b) noexcept {
  const Radii radii = radii_at((double(a.y) + b.y) / 2 * radians_per_unit);
  const double east = (double(b.x) - a.x) * radians_per_unit * radii.east;
  const double north = (double(b.y) - a.y) * radians_per_unit * radii.north;
  return std::sqrt(east * east + north * north);
}

double length_m(std::span<const Position> line) noexcept {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += length_m(line[i - 1], line[i]);
  return sum;
}

double perimeter_m(std::span<const Position> ring) noexcept {
  return ring.size() < 2 ? 0 : length_m(ring) + length_m(ring.back(), ring.front());
}

double perimeter_m(const MultiPolygon& polygons) noexcept {
  double sum = 0;
  for (const Polygon& polygon : polygons) {
    sum += perimeter_m(polygon.outer);
    for (const Ring& hole : polygon.holes) sum += perimeter_m(hole);
  }
  return sum;
}

double area_m2(std::span<const Position> ring) noexcept {
  if (ring.size() < 3) return 0;
  const std::int32_t y0 = ring[0].y;
  const AuthalicStrip strip(y0 * radians_per_unit);
  const auto rise = [y0](Position p) { return (double(p.y) - y0) * radians_per_unit; };
  double sum = 0;
  Position a = ring.back();
  for (const Position b : ring) {
    if (a.x != b.x) sum -= mean_strip(strip, rise(a), rise(b)) * (double(b.x) - a.x);
    a = b;
  }
  return sum * radians_per_unit;
}

double area_m2(const Polygon& polygon) noexcept {
  double sum = area_m2(polygon.outer);
  for (const Ring& hole : polygon.holes) sum += area_m2(hole);
  return sum;
}

double area_m2(const MultiPolygon& polygons) noexcept {
  double sum = 0;
  for (const Polygon& polygon : polygons) sum += area_m2(polygon);
  return sum;
}

double polsby_popper(double area_m2, double perimeter_m) noexcept {
  return perimeter_m > 0 ? 4 * std::numbers::pi * area_m2 / (perimeter_m * perimeter_m) : 0;
}

double moment_of_inertia_m4(const MultiPolygon& polygons) noexcept {
  if (polygons.empty()) return 0;
  const Moments m = moments(polygons, LocalFrame(middle_of(bounds(polygons))));
  return m.area == 0 ? 0 : m.polar - (m.x * m.x + m.y * m.y) / m.area;
}

Position centroid(const MultiPolygon& polygons) noexcept {
  const LocalFrame frame(middle_of(bounds(polygons)));
  const Moments m = moments(polygons, frame);
  return m.area == 0 ? frame.origin : frame.to_position({m.x / m.area, m.y / m.area});
}

}  // namespace wangge
