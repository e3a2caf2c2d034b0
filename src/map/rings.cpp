#include "map/rings.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>
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

/// Appends the ring to `rings`; false where it is not plain.
bool append_plain(const Ring& ring, bool hole, std::uint32_t source, coverage::Rings& rings) {
  const Int128 area = doubled_area(ring);
  if (area == 0 || !std::all_of(ring.begin(), ring.end(), on_lattice_of_earth)) return false;
  const auto before = static_cast<std::ptrdiff_t>(rings.points.size());
  std::unique_copy(ring.begin(), ring.end(), std::back_inserter(rings.points));
  if (rings.points.back() == rings.points[static_cast<std::size_t>(before)]) rings.points.pop_back();
  if ((area > 0) == hole) std::reverse(rings.points.begin() + before, rings.points.end());
  const auto plain = std::span(rings.points).subspan(static_cast<std::size_t>(before));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i] == plain[(i + 2) % plain.size()]) return false;
  }
  rings.points.push_back(Position(plain[0]));
  rings.first.push_back(static_cast<std::uint32_t>(rings.points.size()));
  rings.source.push_back(source);
  return true;
}

bool append_plain(const GridRecord& record, std::uint32_t source, coverage::Rings& rings) {
  for (const Polygon& polygon : record.polygons) {
    if (!append_plain(polygon.outer, false, source, rings)) return false;
    for (const Ring& hole : polygon.holes) {
      if (!append_plain(hole, true, source, rings)) return false;
    }
  }
  return true;
}

/// One after the other.
coverage::Rings joined(std::span<const coverage::Rings> parts, const Execution& execution) {
  coverage::Rings all;
  std::vector<std::size_t> place;
  std::size_t points = 0;
  for (const coverage::Rings& part : parts) {
    place.push_back(points);
    for (std::size_t i = 1; i < part.first.size(); ++i)
      all.first.push_back(static_cast<std::uint32_t>(points) + part.first[i]);
    all.source.insert(all.source.end(), part.source.begin(), part.source.end());
    points += part.points.size();
  }
  all.points.resize(points);
  execution.for_each(parts.size(), [&](std::size_t i) {
    std::copy(parts[i].points.begin(), parts[i].points.end(),
              all.points.begin() + static_cast<std::ptrdiff_t>(place[i]));
  });
  return all;
}

}  // namespace

std::optional<coverage::Rings> plain_rings(std::span<const GridRecord> records, const Execution& execution) {
  constexpr std::size_t pieces = 32;
  std::vector<coverage::Rings> parts(pieces);
  std::atomic<bool> plain = true;
  execution.for_each(pieces, [&](std::size_t piece) {
    for (std::size_t i = records.size() * piece / pieces; plain && i < records.size() * (piece + 1) / pieces; ++i) {
      if (!append_plain(records[i], static_cast<std::uint32_t>(i), parts[piece])) plain = false;
    }
  });
  std::uint64_t points = 0;
  for (const coverage::Rings& part : parts) points += part.points.size();
  if (!plain || points > UINT32_MAX) return std::nullopt;
  return joined(parts, execution);
}

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
