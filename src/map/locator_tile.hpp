#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "map/locator_layout.hpp"
#include <wangge/geometry.hpp>

namespace wangge::map {

/// An edge of a border: from points[at] to points[at + 1]; `change` is left ^ right of the area codes, 0 at the last
/// point of an arc, where no edge begins.
struct Edges {
  std::span<const Position> points;
  std::span<const std::uint32_t> change;
};

/// An edge with the ends in order of latitude.
struct Sloped {
  Position low, high;
  Sloped() = default;
  Sloped(Position a, Position b) : low(a.y <= b.y ? a : b), high(a.y <= b.y ? b : a) {}
  bool level() const { return low.y == high.y; }
  bool rises() const { return low.x < high.x; }  ///< to the east; else falls, stands upright or is level
  std::int32_t west() const { return low.x < high.x ? low.x : high.x; }
  std::int32_t east() const { return low.x < high.x ? high.x : low.x; }
};

/// Rounds towards minus infinity; b > 0.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return a / b + (a % b > 0); }

/// The longitude at which an edge that is not level has latitude y, rounded west.
inline std::int64_t x_at(const Sloped& e, std::int64_t y) {
  const std::int64_t dx = std::int64_t{e.high.x} - e.low.x, dy = std::int64_t{e.high.y} - e.low.y;
  return e.low.x + floor_div(dx * (y - e.low.y), dy);
}

/// The least longitude at latitude y at which one is on such an edge or east of it.
inline std::int64_t first_east_of(const Sloped& e, std::int64_t y) {
  const std::int64_t dx = std::int64_t{e.high.x} - e.low.x, dy = std::int64_t{e.high.y} - e.low.y;
  return e.low.x + ceil_div(dx * (y - e.low.y), dy);
}

/// The least latitude at which a position (standing for itself and a little more, see `contains`) at longitude x, which
/// the edge passes, is above it.
inline std::int64_t first_above(const Sloped& e, std::int64_t x) {
  if (e.level()) return e.low.y;
  const std::int64_t dy = std::int64_t{e.high.y} - e.low.y;
  if (e.rises()) return e.low.y + floor_div(dy * (x - e.low.x), std::int64_t{e.high.x} - e.low.x) + 1;
  return e.low.y + ceil_div(dy * (e.low.x - x), std::int64_t{e.low.x} - e.high.x);
}

/// The length of an edge, a few per cent off.
inline double length_of(Position a, Position b) {
  const double dx = std::abs(double(b.x) - a.x), dy = std::abs(double(b.y) - a.y);
  return std::max(dx, dy) + 0.4 * std::min(dx, dy);
}

/// How wide cells should be where edges of such a mean length run for `length` over such an area. A few edges wide, for
/// long borders of short edges; and narrow enough that about a quarter of the cells are divided, for small areas of few
/// edges.
inline double best_cell(double edge, double length, double area) {
  constexpr double edges_across = 2.4, share = 0.3;
  return std::max(1.0, std::min(edges_across * edge, share * area / length));
}

/// A grid of square cells.
struct CellFrame {
  std::int64_t west, south;
  int shift;  ///< a cell is 2^shift wide
  std::int64_t columns, rows;
  std::int64_t column(std::int64_t x) const { return (x - west) >> shift; }
  std::int64_t row(std::int64_t y) const { return (y - south) >> shift; }
  /// The first column or row whose corner is not before.
  std::int64_t column_from(std::int64_t x) const { return (x - west + (std::int64_t{1} << shift) - 1) >> shift; }
  std::int64_t row_from(std::int64_t y) const { return (y - south + (std::int64_t{1} << shift) - 1) >> shift; }
  std::int64_t corner_y(std::int64_t row) const { return south + (row << shift); }
};

/// Calls visit(column, row) for each cell of the frame that the edge may divide, south to north, west to east.
template <class Visit>
void for_each_cell(const CellFrame& frame, const Sloped& e, const Visit& visit) {
  const std::int64_t first = std::max<std::int64_t>(frame.row(e.low.y), 0);
  const std::int64_t last = std::min(frame.row(e.level() ? e.high.y : e.high.y - 1), frame.rows - 1);
  std::int64_t from = 0;
  for (std::int64_t r = first; r <= last; ++r) {
    const std::int64_t south = frame.corner_y(r), north = frame.corner_y(r + 1);
    if (r == first) from = south <= e.low.y ? e.low.x : x_at(e, south);
    const std::int64_t to = north >= e.high.y ? e.high.x : x_at(e, north);
    const std::int64_t west = std::max<std::int64_t>(frame.column(std::min(from, to)), 0);
    const std::int64_t east = std::min(frame.column(std::max(from, to)), frame.columns - 1);
    for (std::int64_t c = west; c <= east; ++c) visit(static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(r));
    from = to;
  }
}

/// Builds the block of one tile; keeps its memory from tile to tile.
class TileBuilder {
 public:
  explicit TileBuilder(const Edges& edges) : edges_(edges) {}

  /// Appends the block of the tile with that corner and those edges (ascending) to `words`, in whole units, and returns
  /// its directory entry with a place relative to the beginning of `words`; or an area code where one covers the tile.
  std::uint32_t build(Position corner, int tile_shift, std::uint32_t corner_code, std::span<const std::uint32_t> edges,
                      std::vector<std::uint32_t>& words);

 private:
  struct Stepped {
    std::uint32_t at = 0;
    Sloped edge;
    std::int64_t step = layout::no_wide_step;
  };

  int choose_cells(std::span<const std::uint32_t> edges, int tile_shift) const;
  void sort_into_cells(std::span<const std::uint32_t> edges);
  void find_corners(std::uint32_t corner_code, std::span<const std::uint32_t> edges);
  std::uint32_t code_of_cell(std::uint32_t cell);
  bool steps_in(std::uint32_t at, Position corner, Stepped& out) const;
  template <class AnyChain>
  bool join_chain(Position corner);
  template <class AnyChain>
  std::uint32_t add_chain(std::vector<AnyChain>& chains, layout::Kind kind, std::uint32_t corner_code, Position corner);
  std::uint32_t add_lines(std::uint32_t corner_code, Position corner);
  std::uint32_t add_wide(std::uint32_t corner_code);
  static bool is_narrow(std::span<const Stepped> edges, Position corner);
  Sloped edge(std::uint32_t at) const { return {edges_.points[at], edges_.points[at + 1]}; }

  Edges edges_;
  CellFrame frame_{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> hits_;  ///< cell, edge
  std::vector<std::uint32_t> first_, items_;                   ///< edges by cell
  std::vector<std::uint32_t> corners_, codes_;                 ///< by cell
  std::vector<Stepped> kept_, joined_;                         ///< of the cell at hand
  std::vector<layout::Chain> chains_;
  std::vector<layout::LongChain> long_chains_;
  std::vector<layout::Lines> lines_;
  std::vector<std::uint32_t> wides_;
};

}  // namespace wangge::map
