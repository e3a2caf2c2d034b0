#include "io/rings.hpp"

#include <algorithm>

namespace wangge::io {
namespace {

bool on_earth(const RawLine& line) {
  return std::all_of(line.begin(), line.end(), [](LngLat place) { return wangge::on_earth(place); });
}

std::size_t distinct(const Ring& ring) {
  Ring sorted = ring;
  std::sort(sorted.begin(), sorted.end());
  return static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

void reverse(Ring& ring) { std::reverse(ring.begin() + 1, ring.end()); }  // the first position stays first

bool count(Footprint& footprint, RingFault fault) {
  footprint.unclosed += fault == RingFault::unclosed;
  footprint.degenerate += fault == RingFault::degenerate;
  return fault == RingFault::none;
}

}  // namespace

Line to_line(const RawLine& raw) {
  Line line;
  line.reserve(raw.size());
  for (const LngLat place : raw) line.push_back(to_lattice(place));
  line.erase(std::unique(line.begin(), line.end()), line.end());
  return line;
}

LatticeRing to_ring(const RawLine& raw) {
  if (!on_earth(raw)) return {{}, RingFault::off_earth};
  LatticeRing result{to_line(raw), RingFault::none};
  Ring& ring = result.ring;
  if (ring.size() < 2) return {{}, RingFault::degenerate};
  if (ring.front() != ring.back()) return {{}, RingFault::unclosed};
  ring.pop_back();
  const Int128 area = distinct(ring) < 3 ? Int128{0} : doubled_area(ring);
  if (area == 0) return {{}, RingFault::degenerate};
  if (area < 0) reverse(ring);
  return result;
}

bool all_on_earth(const Shape& shape) {
  const auto polygon_on_earth = [](const RawPolygon& polygon) {
    return std::all_of(polygon.begin(), polygon.end(), [](const RawLine& ring) { return on_earth(ring); });
  };
  return on_earth(shape.points) &&
         std::all_of(shape.lines.begin(), shape.lines.end(), [](const RawLine& line) { return on_earth(line); }) &&
         std::all_of(shape.polygons.begin(), shape.polygons.end(), polygon_on_earth);
}

Footprint to_footprint(std::span<const RawPolygon> polygons) {
  Footprint footprint;
  for (const RawPolygon& raw : polygons) {
    if (raw.empty()) continue;
    LatticeRing outer = to_ring(raw[0]);
    if (!count(footprint, outer.fault)) continue;
    Polygon polygon{std::move(outer.ring), {}};
    for (std::size_t i = 1; i < raw.size(); ++i) {
      LatticeRing hole = to_ring(raw[i]);
      if (!count(footprint, hole.fault)) continue;
      reverse(hole.ring);
      polygon.holes.push_back(std::move(hole.ring));
    }
    footprint.polygons.push_back(std::move(polygon));
  }
  return footprint;
}

std::optional<Position> middle(std::span<const RawPolygon> polygons) {
  std::int64_t x = 0, y = 0, count = 0;
  for (const RawPolygon& polygon : polygons)
    for (const RawLine& ring : polygon)
      for (const Position position : to_line(ring)) {
        x += position.x;
        y += position.y;
        ++count;
      }
  if (count == 0) return std::nullopt;
  return Position{static_cast<std::int32_t>(x / count), static_cast<std::int32_t>(y / count)};
}

}  // namespace wangge::io
