#include <wangge/geometry.hpp>

#include <algorithm>
#include <cmath>

namespace wangge {

bool on_earth(LngLat place) noexcept {
  return std::abs(place.lng) <= 180 && std::abs(place.lat) <= 90;  // false for a NaN
}

Position to_lattice(LngLat place) noexcept {
  return {static_cast<std::int32_t>(std::nearbyint(place.lng * lattice_per_degree)),
          static_cast<std::int32_t>(std::nearbyint(place.lat * lattice_per_degree))};
}

LngLat to_degrees(Position position) noexcept {
  return {position.x / lattice_per_degree, position.y / lattice_per_degree};
}

bool on_segment(Position a, Position b, Position p) noexcept {
  return std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= p.y &&
         p.y <= std::max(a.y, b.y) && orientation(a, b, p) == 0;
}

bool segments_meet(Position a, Position b, Position c, Position d) noexcept {
  const int abc = orientation(a, b, c), abd = orientation(a, b, d);
  const int cda = orientation(c, d, a), cdb = orientation(c, d, b);
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return on_segment(a, b, c) || on_segment(a, b, d) || on_segment(c, d, a) || on_segment(c, d, b);
}

Int128 doubled_area(std::span<const Position> ring) noexcept {
  if (ring.size() < 3) return 0;
  // Σ x_i (y_{i+1} − y_{i−1}): one product a vertex, at most 3.6e9 · 1.8e9 < 2^63.
  const auto term = [x0 = std::int64_t{ring[0].x}](Position before, Position p, Position after) {
    return (p.x - x0) * (std::int64_t{after.y} - before.y);
  };
  Int128 sum = term(ring[ring.size() - 2], ring.back(), ring[0]);
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) sum += term(ring[i - 1], ring[i], ring[i + 1]);
  return sum;
}

Int128 doubled_area(const Polygon& polygon) noexcept {
  Int128 sum = doubled_area(polygon.outer);
  for (const Ring& hole : polygon.holes) sum += doubled_area(hole);
  return sum;
}

Int128 doubled_area(const MultiPolygon& polygons) noexcept {
  Int128 sum = 0;
  for (const Polygon& polygon : polygons) sum += doubled_area(polygon);
  return sum;
}

bool contains(std::span<const Position> ring, Position p) noexcept {
  if (ring.empty()) return false;
  // A ray runs east from p + (ε, ε²): it meets the edges that span p.y, upper end left out, and have p strictly to the
  // west.
  bool inside = false;
  Position a = ring.back();
  for (const Position b : ring) {
    const bool rising = a.y <= p.y;
    if (rising != (b.y <= p.y) && orientation(a, b, p) == (rising ? 1 : -1)) inside = !inside;
    a = b;
  }
  return inside;
}

bool contains(const MultiPolygon& polygons, Position p) noexcept {
  return std::any_of(polygons.begin(), polygons.end(), [p](const Polygon& polygon) {
    bool inside = contains(polygon.outer, p);
    for (const Ring& hole : polygon.holes) inside ^= contains(hole, p);
    return inside;
  });
}

void Box::add(Position p) noexcept {
  min = {std::min(min.x, p.x), std::min(min.y, p.y)};
  max = {std::max(max.x, p.x), std::max(max.y, p.y)};
}

void Box::add(const Box& other) noexcept {
  min = {std::min(min.x, other.min.x), std::min(min.y, other.min.y)};
  max = {std::max(max.x, other.max.x), std::max(max.y, other.max.y)};
}

Box bounds(std::span<const Position> positions) noexcept {
  Box box;
  for (const Position p : positions) box.add(p);
  return box;
}

Box bounds(const MultiPolygon& polygons) noexcept {
  Box box;
  for (const Polygon& polygon : polygons) box.add(bounds(polygon.outer));
  return box;
}

}  // namespace wangge
