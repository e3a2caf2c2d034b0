#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "map/arcs.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::test {

/// The borders of a map, copied.
struct Borders {
  std::vector<Position> points;
  std::vector<std::uint32_t> first{0};
  std::vector<map::Sides> sides;

  Borders() = default;
  explicit Borders(const GridMap& map) {
    for (std::size_t i = 0; i < map.arc_count(); ++i) {
      const GridMap::Arc arc = map.arc(i);
      add({arc.line.begin(), arc.line.end()}, arc.left, arc.right);
    }
  }
  void add(const Line& line, GridId left, GridId right) {
    points.insert(points.end(), line.begin(), line.end());
    first.push_back(static_cast<std::uint32_t>(points.size()));
    sides.push_back({left, right});
  }
  map::ArcsView view() const { return {points, first, sides}; }
};

struct TessellationOptions {
  std::uint32_t columns = 10, rows = 10;
  std::uint32_t edges_a_side = 8;  ///< of each border between two areas
  std::int32_t pitch = 60000;      ///< lattice units between areas
  double wobble = 0.25;            ///< how far corners move, as a share of the pitch; 0 keeps squares
  Position corner{1160000000, 390000000};
  std::uint64_t seed = 1;
};

/// A tiling by hexagon-like areas with jagged borders, made at once without geometry: every area has six sides, three
/// meet at a corner.
struct Tessellation : Borders {
  std::uint32_t areas = 0;
};

/// Rows of bricks, each shifted by half a brick: where a brick's corner stands on the side of another, three areas
/// meet.
inline Tessellation tessellate(const TessellationOptions& o) {
  std::mt19937_64 random(o.seed);
  const auto uniform = [&] { return double(random() >> 11) * 0x1p-53 * 2 - 1; };
  const std::uint32_t width = 2 * o.columns + 2;  // corners a line, half a brick apart
  std::vector<Position> corners;
  for (std::uint32_t r = 0; r <= o.rows; ++r) {
    for (std::uint32_t i = 0; i < width; ++i) {
      const double x = (i + o.wobble * uniform()) * o.pitch / 2, y = (r + o.wobble * uniform()) * o.pitch;
      corners.push_back({o.corner.x + static_cast<std::int32_t>(x), o.corner.y + static_cast<std::int32_t>(y)});
    }
  }
  const auto corner_at = [&](std::uint32_t i, std::uint32_t r) { return corners[r * width + i]; };
  const auto area_at = [&](std::int64_t column, std::int64_t r) {
    const bool there = 0 <= column && column < o.columns && 0 <= r && r < o.rows;
    return there ? GridId{static_cast<std::uint32_t>(r * o.columns + column)} : GridId::none;
  };
  Tessellation t;
  t.areas = o.columns * o.rows;
  const auto join = [&](Position a, Position b, GridId left, GridId right) {
    if (left == right) return;
    Line line{a};
    const double dx = double(b.x) - a.x, dy = double(b.y) - a.y;
    for (std::uint32_t k = 1; k < o.edges_a_side; ++k) {
      // To and fro across the straight line, less than would meet a neighbour.
      const double along = double(k) / o.edges_a_side, across = 0.3 * o.wobble * uniform() / o.edges_a_side * 2;
      const Position p{static_cast<std::int32_t>(a.x + along * dx - across * dy),
                       static_cast<std::int32_t>(a.y + along * dy + across * dx)};
      if (p != line.back()) line.push_back(p);
    }
    if (line.back() == b && line.size() > 1) line.pop_back();
    if (line.back() != b) line.push_back(b);
    if (line.size() > 1) t.add(line, left, right);
  };
  for (std::uint32_t r = 0; r <= o.rows; ++r) {
    const std::uint32_t shift = r % 2, below_shift = (r + 1) % 2;
    for (std::uint32_t i = 0; i + 1 < width; ++i) {
      const auto column = [&](std::uint32_t of) {
        return (std::int64_t{i} - of) < 0 ? -1 : (std::int64_t{i} - of) / 2;
      };
      join(corner_at(i, r), corner_at(i + 1, r), area_at(column(shift), r),
           area_at(column(below_shift), std::int64_t{r} - 1));
    }
    if (r == o.rows) break;
    for (std::uint32_t c = 0; c <= o.columns; ++c)
      join(corner_at(2 * c + shift, r), corner_at(2 * c + shift, r + 1), area_at(std::int64_t{c} - 1, r),
           area_at(c, r));
  }
  return t;
}

}  // namespace wangge::test
