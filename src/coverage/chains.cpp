#include "coverage/chains.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <memory>
#include <span>
#include <tuple>
#include <utility>

#include "coverage/noding.hpp"
#include "coverage/pieces.hpp"
#include "coverage/segment_grid.hpp"
#include "coverage/sort.hpp"

namespace wangge::coverage {
namespace {

/// A tile holds about so many edges of rings; one that holds many more is quartered.
constexpr std::size_t edges_a_tile = 512;
constexpr std::size_t too_many = 16 * edges_a_tile;

/// A square of 2^shift lattice units.
struct Tile {
  std::int64_t west, south;
  int shift;
  std::int64_t side() const { return std::int64_t{1} << shift; }
  bool holds(Position p) const { return ((p.x - west) | (p.y - south)) >> shift == 0; }
  bool meets_box_of(Position a, Position b) const {
    return std::max(a.x, b.x) >= west && std::min(a.x, b.x) < west + side() && std::max(a.y, b.y) >= south &&
           std::min(a.y, b.y) < south + side();
  }
};

constexpr std::uint32_t nothing = 0xffffffff;

/// By point of the rings: 1 where it is so. (No bits: several threads write.)
using Flags = std::vector<std::uint8_t>;

/// Looks at the edges of one tile; keeps its memory from tile to tile.
class TileCheck {
 public:
  TileCheck(const Rings& rings, const Flags& ends_ring, Flags& is_junction)
      : rings_(rings), ends_ring_(ends_ring), is_junction_(is_junction) {}

  /// Marks the junctions in the tile, of whose edges `edges` has all that come near; false where two edges would have
  /// to be noded.
  bool run(const Tile& tile, std::span<const std::uint32_t> edges) {
    if (edges.size() > too_many && tile.shift > 4) return run_quarters(tile, edges);
    return look_at(tile, edges);
  }

 private:
  struct Edge {
    Position low, high;
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  struct Vertex {
    Position at, one, other;  ///< and the neighbours that a ring first came by, in order
    bool is_junction;         ///< others came by other ones
  };

  bool look_at(const Tile& tile, std::span<const std::uint32_t> edges) {
    gather(tile, edges);
    for (const auto& [point, vertex] : visits_) is_junction_[point] = vertices_[vertex].is_junction;
    return is_noded(tile);
  }

  bool run_quarters(const Tile& tile, std::span<const std::uint32_t> edges) {
    const std::int64_t half = tile.side() / 2;
    for (int quarter = 0; quarter < 4; ++quarter) {
      const Tile part{tile.west + half * (quarter % 2), tile.south + half * (quarter / 2), tile.shift - 1};
      std::vector<std::uint32_t> inside;
      std::copy_if(edges.begin(), edges.end(), std::back_inserter(inside),
                   [&](std::uint32_t at) { return part.meets_box_of(rings_.points[at], rings_.points[at + 1]); });
      if (inside.size() == edges.size()) return look_at(tile, edges);  // no use to go on
      if (!run(part, inside)) return false;
    }
    return true;
  }

  /// Each vertex in the tile with its neighbours, and each edge at least once.
  void gather(const Tile& tile, std::span<const std::uint32_t> edges) {
    edges_.clear(), vertices_.clear(), visits_.clear();
    table_.assign(std::bit_ceil(2 * edges.size()), nothing);
    for (const std::uint32_t at : edges) {
      const Position a = rings_.points[at], b = rings_.points[at + 1];
      if (tile.holds(a))
        visit(tile, at, a, b);
      else if (!tile.holds(b))
        edges_.push_back(edge(a, b));
    }
    for (const Vertex& v : vertices_) add_edge(tile, v.at, v.one), add_edge(tile, v.at, v.other);
  }

  void visit(const Tile& tile, std::uint32_t at, Position p, Position next) {
    const auto [one, other] = edge(before(at), next);
    std::uint32_t& slot = slot_of(p);
    if (slot == nothing) {
      slot = static_cast<std::uint32_t>(vertices_.size());
      vertices_.push_back({p, one, other, false});
    } else if (Vertex& v = vertices_[slot]; v.one != one || v.other != other) {
      v.is_junction = true;
      for (const Position neighbour : {one, other}) {
        if (neighbour != v.one && neighbour != v.other) add_edge(tile, p, neighbour);
      }
    }
    visits_.emplace_back(at, slot);
  }

  Position before(std::uint32_t point) const {
    if (point > 0 && !ends_ring_[point - 1]) return rings_.points[point - 1];
    const auto ring = std::lower_bound(rings_.first.begin(), rings_.first.end(), point);
    return rings_.points[ring[1] - 2];
  }

  static Edge edge(Position a, Position b) { return a < b ? Edge{a, b} : Edge{b, a}; }

  /// From a vertex in the tile; the other end adds it where that is a lesser one in the tile.
  void add_edge(const Tile& tile, Position v, Position neighbour) {
    if (v < neighbour || !tile.holds(neighbour)) edges_.push_back(edge(v, neighbour));
  }

  /// Where the vertex is in the table, or the free slot where it would go.
  std::uint32_t& slot_of(Position p) {
    const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(p.x)} << 32 | static_cast<std::uint32_t>(p.y);
    std::size_t slot = (key * 0x9e3779b97f4a7c15u) >> 20 & (table_.size() - 1);
    while (table_[slot] != nothing && vertices_[table_[slot]].at != p) slot = (slot + 1) & (table_.size() - 1);
    return table_[slot];
  }

  /// Edges that come near each other share a strip of the tile.
  bool is_noded(const Tile& tile) {
    const auto strip = [&](std::int32_t y) {
      const std::int64_t at = (y - tile.south) >> std::max(0, tile.shift - strips_shift);
      return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, strips - 1));
    };
    for (std::vector<Edge>& edges : strips_) edges.clear();
    for (const Edge& e : edges_) {
      const auto [south, north] = std::minmax(e.low.y, e.high.y);
      for (std::size_t i = strip(south); i <= strip(north); ++i) strips_[i].push_back(e);
    }
    return std::all_of(std::begin(strips_), std::end(strips_), is_strip_noded);
  }

  /// Sweeps from west to east.
  static bool is_strip_noded(std::vector<Edge>& edges) {
    std::sort(edges.begin(), edges.end(), [](const Edge& s, const Edge& t) { return s.low.x < t.low.x; });
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const Edge& s = edges[i];
      const auto [south, north] = std::minmax(s.low.y, s.high.y);
      for (std::size_t j = i + 1; j < edges.size() && edges[j].low.x <= s.high.x; ++j) {
        const Edge& t = edges[j];
        if (std::max(t.low.y, t.high.y) < south || std::min(t.low.y, t.high.y) > north) continue;
        if (s != t && !are_noded({s.low, s.high, 0}, {t.low, t.high, 0})) return false;
      }
    }
    return true;
  }

  static constexpr int strips_shift = 4, strips = 1 << strips_shift;

  const Rings& rings_;
  const Flags& ends_ring_;
  Flags& is_junction_;
  std::vector<Edge> edges_, strips_[strips];
  std::vector<Vertex> vertices_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> visits_;  ///< points of rings and their vertices
  std::vector<std::uint32_t> table_;                             ///< of vertices; open addressing
};

class ChainFinder {
 public:
  ChainFinder(Rings rings, const Execution& execution)
      : rings_(std::move(rings)),
        execution_(execution),
        ends_ring_(rings_.points.size(), 0),
        is_junction_(rings_.points.size(), 0) {}

  std::optional<Chains> run() {
    mark_rings();
    choose_tiles();
    if (!sort_into_tiles() || !check_tiles()) return std::nullopt;
    first_ = {}, items_.reset();
    return Chains{cut(), std::move(uses_)};
  }

 private:
  std::size_t ring_of(std::size_t piece) const { return rings_.source.size() * piece / pieces; }
  std::size_t tile_of(std::size_t piece) const { return tiles() * piece / pieces; }
  std::size_t tiles() const { return static_cast<std::size_t>(columns_ * rows_); }
  Tile tile(std::size_t i) const {
    const auto column = static_cast<std::int64_t>(i) % columns_, row = static_cast<std::int64_t>(i) / columns_;
    return {box_.min.x + (column << shift_), box_.min.y + (row << shift_), shift_};
  }

  void mark_rings() {
    for (std::size_t ring = 1; ring < rings_.first.size(); ++ring) ends_ring_[rings_.first[ring] - 1] = 1;
  }

  void choose_tiles() {
    std::vector<Box> boxes(pieces);
    in_pieces(rings_.points.size(), execution_, [&](std::size_t piece, std::size_t from, std::size_t to) {
      boxes[piece] = bounds(std::span(rings_.points).subspan(from, to - from));
    });
    for (const Box& box : boxes) box_.add(box);
    const auto enough = static_cast<std::int64_t>(rings_.points.size() / edges_a_tile + 1);
    for (shift_ = 4;; ++shift_) {
      columns_ = ((std::int64_t{box_.max.x} - box_.min.x) >> shift_) + 1;
      rows_ = ((std::int64_t{box_.max.y} - box_.min.y) >> shift_) + 1;
      if (columns_ <= enough && rows_ <= enough && columns_ * rows_ <= enough) return;
    }
  }

  /// Calls visit(edge, tile) for the edges of some rings and each tile that their boxes meet, until it returns false.
  template <class Visit>
  void for_each_edge_and_tile(std::size_t piece, const Visit& visit) const {
    for (std::uint32_t at = rings_.first[ring_of(piece)]; at < rings_.first[ring_of(piece + 1)]; ++at) {
      if (ends_ring_[at]) continue;
      const Position a = rings_.points[at], b = rings_.points[at + 1];
      const std::int64_t west = (std::int64_t{std::min(a.x, b.x)} - box_.min.x) >> shift_;
      const std::int64_t east = (std::int64_t{std::max(a.x, b.x)} - box_.min.x) >> shift_;
      const std::int64_t south = (std::int64_t{std::min(a.y, b.y)} - box_.min.y) >> shift_;
      const std::int64_t north = (std::int64_t{std::max(a.y, b.y)} - box_.min.y) >> shift_;
      for (std::int64_t row = south; row <= north; ++row) {
        for (std::int64_t column = west; column <= east; ++column)
          if (!visit(at, static_cast<std::size_t>(row * columns_ + column))) return;
      }
    }
  }

  /// False where edges are so long that they meet too many tiles.
  bool sort_into_tiles() {
    std::vector<std::vector<std::uint32_t>> next(pieces);
    std::atomic<bool> fits = true;
    execution_.for_each(pieces, [&](std::size_t piece) {
      next[piece].assign(tiles(), 0);
      const std::uint32_t edges = rings_.first[ring_of(piece + 1)] - rings_.first[ring_of(piece)];
      std::uint64_t total = 0;
      const std::uint64_t most = 4 * std::uint64_t{edges} + 1'000'000;
      for_each_edge_and_tile(piece, [&](std::uint32_t, std::size_t tile) {
        ++next[piece][tile];
        return ++total <= most;
      });
      if (total > most) fits = false;
    });
    if (!fits) return false;
    const std::uint64_t total = place_items(next, tiles(), first_);
    if (total > UINT32_MAX) return false;
    items_ = std::make_unique_for_overwrite<std::uint32_t[]>(total);
    execution_.for_each(pieces, [&](std::size_t piece) {
      for_each_edge_and_tile(piece, [&](std::uint32_t at, std::size_t tile) {
        items_[next[piece][tile]++] = at;
        return true;
      });
    });
    return true;
  }

  bool check_tiles() {
    std::atomic<bool> noded = true;
    execution_.for_each(pieces, [&](std::size_t piece) {
      TileCheck check(rings_, ends_ring_, is_junction_);
      for (std::size_t i = tile_of(piece); noded && i < tile_of(piece + 1); ++i) {
        if (!check.run(tile(i), std::span(&items_[first_[i]], &items_[first_[i + 1]]))) noded = false;
      }
    });
    return noded;
  }

  /// Cuts the rings into `uses_`; returns the points, in which each ring now starts where a chain does.
  RawVector<Position> cut() {
    std::vector<std::vector<ChainUse>> found(pieces);
    execution_.for_each(pieces, [&](std::size_t piece) {
      for (std::size_t ring = ring_of(piece); ring < ring_of(piece + 1); ++ring) cut_ring(ring, found[piece]);
    });
    join_all(found, uses_, execution_);
    const auto key = [](const ChainUse& u) {
      return std::tuple(place_order(u.start), place_order(u.next), u.source, u.forward);
    };
    sort_all(
        uses_, [&](const ChainUse& u, const ChainUse& v) { return key(u) < key(v); }, execution_);
    return std::move(rings_.points);
  }

  void cut_ring(std::size_t ring, std::vector<ChainUse>& found) {
    const std::uint32_t first = rings_.first[ring], last = rings_.first[ring + 1] - 1;
    start_at_cut(first, last);
    for (std::uint32_t from = first, to = first + 1; to <= last; ++to) {
      if (to != last && !is_junction_[to]) continue;
      found.push_back(use(from, to, rings_.source[ring]));
      from = to;
    }
  }

  /// Turns a ring until it starts at a junction, or at its least position where it has none. That becomes one where the
  /// ring comes by again: it goes round several times.
  void start_at_cut(std::uint32_t first, std::uint32_t last) {
    const auto points = rings_.points.begin();
    const auto flags = is_junction_.begin();
    auto start = static_cast<std::uint32_t>(std::find(flags + first, flags + last, 1) - flags);
    if (start == last) {
      start = static_cast<std::uint32_t>(std::min_element(points + first, points + last) - points);
      for (std::uint32_t at = start; at < last; ++at) {
        if (points[at] == points[start]) flags[at] = 1;
      }
    }
    std::rotate(points + first, points + start, points + last);
    std::rotate(flags + first, flags + start, flags + last);
    points[last] = points[first];
  }

  ChainUse use(std::uint32_t from, std::uint32_t last, std::uint32_t source) const {
    const auto& p = rings_.points;
    const auto there = std::pair(p[from], p[from + 1]), back = std::pair(p[last], p[last - 1]);
    const bool forward = there < back;
    const auto& [start, next] = forward ? there : back;
    return {start, next, from, last, source, forward};
  }

  Rings rings_;
  const Execution& execution_;
  Flags ends_ring_, is_junction_;
  Box box_;
  int shift_ = 0;
  std::int64_t columns_ = 0, rows_ = 0;
  std::vector<std::uint32_t> first_;  ///< edges by tile
  std::unique_ptr<std::uint32_t[]> items_;
  RawVector<ChainUse> uses_;
};

}  // namespace

std::optional<Chains> find_chains(Rings rings, const Execution& execution) {
  if (rings.source.empty()) return Chains{};
  return ChainFinder(std::move(rings), execution).run();
}

}  // namespace wangge::coverage
