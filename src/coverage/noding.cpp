#include "coverage/noding.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "coverage/segment_grid.hpp"
#include <wangge/error.hpp>

// Iterated snap rounding (Hobby 1999; Halperin and Packer 2002). A lattice position where a segment ends or two
// cross is hot; a segment that passes through the unit square round a hot position is bent to it. Bending never makes a
// new crossing, so crossings are sought once; bent pieces may come near other hot positions, so bending is repeated
// until nothing moves. Written by hand because GEOS's C interface loses where a segment came from.

namespace wangge::coverage {
namespace {

double grid_cell(std::span<const Segment> segments) {
  double sum = 0;
  for (const Segment& s : segments) sum += std::abs(double(s.a.x) - s.b.x) + std::abs(double(s.a.y) - s.b.y);
  return std::max(48.0, 1.2 * sum / double(std::max<std::size_t>(segments.size(), 1)));
}

Int128 cross(Position o, Position a, Position b) {
  return Int128{std::int64_t{a.x} - o.x} * (std::int64_t{b.y} - o.y) -
         Int128{std::int64_t{a.y} - o.y} * (std::int64_t{b.x} - o.x);
}

Int128 floor_div(Int128 numerator, Int128 denominator) {
  const Int128 quotient = numerator / denominator;
  return quotient - ((numerator % denominator != 0) && ((numerator < 0) != (denominator < 0)));
}

/// Where the interiors of two segments cross, rounded half up; false where they do not cross properly.
bool crossing(const Segment& s, const Segment& t, Position& where) {
  if (std::max(s.a.x, s.b.x) < std::min(t.a.x, t.b.x) || std::max(t.a.x, t.b.x) < std::min(s.a.x, s.b.x) ||
      std::max(s.a.y, s.b.y) < std::min(t.a.y, t.b.y) || std::max(t.a.y, t.b.y) < std::min(s.a.y, s.b.y)) {
    return false;
  }
  if (orientation(s.a, s.b, t.a) * orientation(s.a, s.b, t.b) >= 0) return false;
  if (orientation(t.a, t.b, s.a) * orientation(t.a, t.b, s.b) >= 0) return false;
  const Int128 from = cross(t.a, t.b, s.a), to = cross(t.a, t.b, s.b);
  const Int128 part = from, whole = from - to;
  const auto along = [&](std::int32_t a, std::int32_t b) {
    const Int128 step = Int128{std::int64_t{b} - a} * part;
    return static_cast<std::int32_t>(a + floor_div(2 * step + whole, 2 * whole));
  };
  where = {along(s.a.x, s.b.x), along(s.a.y, s.b.y)};
  return true;
}

std::vector<Position> crossings(std::span<const Segment> segments, const Execution& execution) {
  const CellGrid grid(segments.size(), grid_cell(segments));
  const PackedLists cells(grid.buckets(), [&](const auto& add) {
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
      grid.along(segments[i].a, segments[i].b, [&](std::size_t bucket) { add(bucket, i); });
    }
  });
  constexpr std::size_t chunks = 64;
  std::array<std::vector<Position>, chunks> found;
  execution.for_each(chunks, [&](std::size_t chunk) {
    const std::size_t from = cells.size() * chunk / chunks, to = cells.size() * (chunk + 1) / chunks;
    Position where;
    for (std::size_t c = from; c < to; ++c) {
      const auto here = cells[c];
      for (std::size_t i = 0; i < here.size(); ++i) {
        for (std::size_t j = i + 1; j < here.size(); ++j) {
          if (crossing(segments[here[i]], segments[here[j]], where)) found[chunk].push_back(where);
        }
      }
    }
  });
  std::vector<Position> all;
  for (const auto& some : found) all.insert(all.end(), some.begin(), some.end());
  return all;
}

/// True where the segment passes through the half-open unit square (west and south sides belong) round `p`.
bool passes(const Segment& s, Position p) {
  if (p.x < std::min(s.a.x, s.b.x) || p.x > std::max(s.a.x, s.b.x)) return false;
  if (p.y < std::min(s.a.y, s.b.y) || p.y > std::max(s.a.y, s.b.y)) return false;
  const std::int64_t dx = std::int64_t{s.b.x} - s.a.x, dy = std::int64_t{s.b.y} - s.a.y;
  const Int128 offset = 2 * cross(s.a, s.b, p);
  const Int128 reach = Int128{std::abs(dx)} + std::abs(dy);
  const Int128 distance = offset < 0 ? -offset : offset;
  // On equality the line grazes one corner of the square; only the south-western one belongs.
  return distance < reach || (distance == reach && offset == dx - dy);
}

class HotPositions {
 public:
  HotPositions(std::vector<Position> positions, double cell)
      : positions_(std::move(positions)), grid_(positions_.size(), cell), cells_(grid_.buckets(), [&](const auto& add) {
          for (std::uint32_t i = 0; i < positions_.size(); ++i) add(grid_.bucket_at(positions_[i]), i);
        }) {}

  /// Adds the pieces of `s`, bent to the hot positions on its way; true where it was bent.
  bool bend(const Segment& s, std::vector<Segment>& out) const {
    thread_local std::vector<Position> stops;
    stops.clear();
    grid_.along(s.a, s.b, [&](std::size_t bucket) {
      for (const std::uint32_t i : cells_[bucket]) {
        const Position p = positions_[i];
        if (p != s.a && p != s.b && passes(s, p)) stops.push_back(p);
      }
    });
    if (stops.empty()) {
      out.push_back(s);
      return false;
    }
    sort_along(s, stops);
    Position from = s.a;
    for (const Position stop : stops) out.push_back({from, stop, s.source}), from = stop;
    out.push_back({from, s.b, s.source});
    return true;
  }

 private:
  static void sort_along(const Segment& s, std::vector<Position>& stops) {
    // A segment runs through the squares with both coordinates monotone, so their order is that of the coordinates.
    const bool east = s.b.x >= s.a.x, north = s.b.y >= s.a.y;
    std::sort(stops.begin(), stops.end(), [&](Position p, Position q) {
      if (p.x != q.x) return (p.x < q.x) == east;
      return p.y != q.y && (p.y < q.y) == north;
    });
    stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  }

  std::vector<Position> positions_;
  CellGrid grid_;
  PackedLists cells_;
};

std::vector<Position> hot_positions(std::span<const Segment> segments, const Execution& execution) {
  std::vector<Position> hot = crossings(segments, execution);
  for (const Segment& s : segments) hot.push_back(s.a), hot.push_back(s.b);
  std::sort(hot.begin(), hot.end());
  hot.erase(std::unique(hot.begin(), hot.end()), hot.end());
  return hot;
}

/// True where an end of `t` bends `s`.
bool bends(const Segment& s, const Segment& t) {
  const auto hot = [&](Position p) { return p != s.a && p != s.b && passes(s, p); };
  return hot(t.a) || hot(t.b);
}

}  // namespace

bool are_noded(const Segment& s, const Segment& t) {
  Position where;
  return !bends(s, t) && !bends(t, s) && !crossing(s, t, where);
}

std::vector<Segment> node(std::vector<Segment> segments, const Execution& execution) {
  std::erase_if(segments, [](const Segment& s) { return s.a == s.b; });
  if (segments.empty()) return segments;
  const HotPositions hot(hot_positions(segments, execution), grid_cell(segments));

  std::vector<Segment> settled, moving = std::move(segments);
  while (!moving.empty()) {
    constexpr std::size_t chunks = 32;
    std::array<std::vector<Segment>, chunks> bent, straight;
    execution.for_each(chunks, [&](std::size_t chunk) {
      const std::size_t from = moving.size() * chunk / chunks, to = moving.size() * (chunk + 1) / chunks;
      for (std::size_t i = from; i < to; ++i) {
        const std::size_t before = bent[chunk].size();
        if (hot.bend(moving[i], bent[chunk])) continue;
        straight[chunk].push_back(bent[chunk][before]);
        bent[chunk].pop_back();
      }
    });
    moving.clear();
    for (const auto& some : straight) settled.insert(settled.end(), some.begin(), some.end());
    for (const auto& some : bent) moving.insert(moving.end(), some.begin(), some.end());
  }
  return settled;
}

}  // namespace wangge::coverage
