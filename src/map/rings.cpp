#include "map/rings.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>

#include "coverage/pieces.hpp"
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

/// The positions of a ring that differ from the one before.
std::size_t distinct(const Ring& ring) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) count += ring[i] != ring[i > 0 ? i - 1 : ring.size() - 1];
  return count;
}

/// Writes the distinct positions with the inside on the left and the first one again at the end; false where the ring
/// is not plain.
bool write_plain(const Ring& ring, bool hole, std::span<Position> out) {
  const Int128 area = doubled_area(ring);
  if (area == 0 || !std::all_of(ring.begin(), ring.end(), on_lattice_of_earth)) return false;
  std::size_t count = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (ring[i] != ring[i > 0 ? i - 1 : ring.size() - 1]) out[count++] = ring[i];
  }
  const auto plain = out.first(count);
  if ((area > 0) == hole) std::reverse(plain.begin(), plain.end());
  out[count] = plain[0];
  for (std::size_t i = 0; i + 2 < out.size(); ++i) {
    if (out[i] == out[i + 2]) return false;
  }
  return out[1] != out[count - 1];
}

template <class Visit>
void for_each_ring(const GridRecord& record, const Visit& visit) {
  for (const Polygon& polygon : record.polygons) {
    visit(polygon.outer, false);
    for (const Ring& hole : polygon.holes) visit(hole, true);
  }
}

}  // namespace

std::optional<coverage::Rings> plain_rings(std::span<const GridRecord> records, const Execution& execution) {
  std::vector<std::vector<std::uint32_t>> sizes(coverage::pieces);  // of the rings
  coverage::in_pieces(records.size(), execution, [&](std::size_t piece, std::size_t from, std::size_t to) {
    for (const GridRecord& record : records.subspan(from, to - from))
      for_each_ring(record, [&](const Ring& ring, bool) {
        sizes[piece].push_back(static_cast<std::uint32_t>(distinct(ring) + 1));
      });
  });

  coverage::Rings rings;
  std::vector<std::size_t> first_ring;  // of each piece
  std::uint64_t points = 0;
  for (const std::vector<std::uint32_t>& of_piece : sizes) {
    first_ring.push_back(rings.first.size() - 1);
    for (const std::uint32_t size : of_piece) {
      points += size;
      rings.first.push_back(static_cast<std::uint32_t>(points));
    }
  }
  if (points > UINT32_MAX) return std::nullopt;
  rings.points.resize(points);
  rings.source.resize(rings.first.size() - 1);

  std::atomic<bool> plain = true;
  coverage::in_pieces(records.size(), execution, [&](std::size_t piece, std::size_t from, std::size_t to) {
    std::size_t i = first_ring[piece];
    for (const GridRecord& record : records.subspan(from, to - from)) {
      for_each_ring(record, [&](const Ring& ring, bool hole) {
        const auto room = std::span(rings.points).subspan(rings.first[i], rings.first[i + 1] - rings.first[i]);
        if (!write_plain(ring, hole, room)) plain = false;
        rings.source[i++] = static_cast<std::uint32_t>(&record - records.data());
      });
    }
  });
  if (!plain) return std::nullopt;
  return rings;
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
