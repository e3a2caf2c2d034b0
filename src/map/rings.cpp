#include "map/rings.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "geometry/text.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

using coverage::Segment;
using geometry::to_text;

[[noreturn]] void refuse(const GridRecord& record, const std::string& what, Position place) {
  throw Error(Errc::invalid_geometry, "area " + record.code + " " + what + " near " + to_text(place) + "; redraw it");
}

bool on_lattice_of_earth(Position p) {
  return std::abs(double(p.x)) <= 180 * lattice_per_degree && std::abs(double(p.y)) <= 90 * lattice_per_degree;
}

void append_ring(const Ring& ring, bool inside_on_left, std::uint32_t source, std::vector<Segment>& segments) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Position a = ring[i], b = ring[i + 1 < ring.size() ? i + 1 : 0];
    if (a == b) continue;
    segments.push_back(inside_on_left ? Segment{a, b, source} : Segment{b, a, source});
  }
}

bool cross_properly(const Segment& s, const Segment& t) {
  if (std::max(s.a.y, s.b.y) < std::min(t.a.y, t.b.y) || std::max(t.a.y, t.b.y) < std::min(s.a.y, s.b.y)) return false;
  return orientation(s.a, s.b, t.a) * orientation(s.a, s.b, t.b) < 0 &&
         orientation(t.a, t.b, s.a) * orientation(t.a, t.b, s.b) < 0;
}

Position crossing_place(const Segment& s, const Segment& t) {
  const double sx = double(s.b.x) - s.a.x, sy = double(s.b.y) - s.a.y;
  const double tx = double(t.b.x) - t.a.x, ty = double(t.b.y) - t.a.y;
  const double share = ((double(t.a.x) - s.a.x) * ty - (double(t.a.y) - s.a.y) * tx) / (sx * ty - sy * tx);
  return {static_cast<std::int32_t>(s.a.x + share * sx), static_cast<std::int32_t>(s.a.y + share * sy)};
}

/// Sweeps from west to east and compares each segment with those that have not ended yet.
void refuse_crossings(const GridRecord& record, std::span<const Segment> of_record) {
  const auto west = [](const Segment& s) { return std::min(s.a.x, s.b.x); };
  const auto east = [](const Segment& s) { return std::max(s.a.x, s.b.x); };
  std::vector<Segment> sweep(of_record.begin(), of_record.end());
  std::sort(sweep.begin(), sweep.end(),
            [&](const Segment& s, const Segment& t) { return std::pair(west(s), s) < std::pair(west(t), t); });
  std::vector<Segment> open;
  for (const Segment& s : sweep) {
    std::erase_if(open, [&](const Segment& t) { return east(t) < west(s); });
    for (const Segment& t : open) {
      if (cross_properly(s, t)) refuse(record, "has rings that cross", crossing_place(s, t));
    }
    open.push_back(s);
  }
}

}  // namespace

void append_rings(const GridRecord& record, std::uint32_t source, std::vector<Segment>& segments) {
  const std::size_t before = segments.size();
  const auto append = [&](const Ring& ring, bool hole) {
    for (const Position p : ring) {
      if (!on_lattice_of_earth(p)) refuse(record, "has a position off the Earth", p);
    }
    append_ring(ring, (doubled_area(ring) > 0) != hole, source, segments);
  };
  for (const Polygon& polygon : record.polygons) {
    append(polygon.outer, false);
    for (const Ring& hole : polygon.holes) append(hole, true);
  }
  refuse_crossings(record, std::span(segments).subspan(before));
  for (const auto& [outer, holes] : record.polygons) {
    if (doubled_area(outer) == 0)
      refuse(record, "has an outline without extent", outer.empty() ? Position{} : outer[0]);
  }
}

}  // namespace wangge::map
