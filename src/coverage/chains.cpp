#include "coverage/chains.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

#include "coverage/noding.hpp"
#include "coverage/sort.hpp"

namespace wangge::coverage {
namespace {

/// Work is shared out in so many pieces, whatever the number of threads.
constexpr std::size_t pieces = 32;

/// A tile holds about so many edges of rings; one that holds many more is quartered.
constexpr std::size_t edges_a_tile = 1024;
constexpr std::size_t too_many = 8 * edges_a_tile;

/// A square of 2^shift lattice units.
struct Tile {
  std::int64_t west, south;
  int shift;
  std::int64_t side() const { return std::int64_t{1} << shift; }
  bool holds(Position p) const { return p.x >= west && p.x < west + side() && p.y >= south && p.y < south + side(); }
  bool meets_box_of(Position a, Position b) const {
    return std::max(a.x, b.x) >= west && std::min(a.x, b.x) < west + side() && std::max(a.y, b.y) >= south &&
           std::min(a.y, b.y) < south + side();
  }
};

constexpr std::uint32_t nothing = 0xffffffff;

/// What is known about a point of a ring.
constexpr std::uint8_t junction = 1, ends_ring = 2;

/// Looks at the edges of one tile; keeps its memory from tile to tile.
class TileCheck {
 public:
  TileCheck(const Rings& rings, std::vector<std::uint8_t>& marks) : rings_(rings), marks_(marks) {}

  /// Marks the junctions in the tile, of whose edges `edges` has all that come near; false where two edges would have
  /// to be noded.
  bool run(const Tile& tile, std::span<const std::uint32_t> edges) {
    if (edges.size() > too_many && tile.shift > 4) return run_quarters(tile, edges);
    return look_at(tile, edges);
  }

 private:
  struct Edge {
    Position low, high;
    friend auto operator<=>(const Edge&, const Edge&) = default;
  };

  bool look_at(const Tile& tile, std::span<const std::uint32_t> edges) {
    gather(edges);
    mark_junctions(tile, edges);
    return is_noded();
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

  /// Each edge once, whichever and however many rings run along it.
  void gather(std::span<const std::uint32_t> edges) {
    edges_.clear();
    edge_table_.assign(std::bit_ceil(2 * edges.size()), nothing);
    for (const std::uint32_t at : edges) {
      const Position a = rings_.points[at], b = rings_.points[at + 1];
      const Edge edge = a < b ? Edge{a, b} : Edge{b, a};
      std::uint32_t& slot =
          find(edge_table_, mixed(edge.low) * 3 + mixed(edge.high), [&](std::uint32_t i) { return edges_[i] == edge; });
      if (slot != nothing) continue;
      slot = static_cast<std::uint32_t>(edges_.size());
      edges_.push_back(edge);
    }
  }

  void mark_junctions(const Tile& tile, std::span<const std::uint32_t> edges) {
    vertices_.clear();
    vertex_table_.assign(std::bit_ceil(4 * edges_.size()), nothing);
    for (const Edge& edge : edges_) {
      for (const Position p : {edge.low, edge.high}) {
        std::uint32_t& slot = slot_of(p);
        if (slot == nothing) {
          slot = static_cast<std::uint32_t>(vertices_.size());
          vertices_.push_back({p, 0});
        }
        ++vertices_[slot].degree;
      }
    }
    for (const std::uint32_t at : edges) {
      const Position p = rings_.points[at];
      if (tile.holds(p) && vertices_[slot_of(p)].degree != 2) marks_[at] |= junction;
    }
  }

  static std::uint64_t mixed(Position p) {
    const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(p.x)} << 32 | static_cast<std::uint32_t>(p.y);
    return (key * 0x9e3779b97f4a7c15u) >> 20;
  }
  std::uint32_t& slot_of(Position p) {
    return find(vertex_table_, mixed(p), [&](std::uint32_t i) { return vertices_[i].at == p; });
  }
  /// The slot of what `is_it` knows, or the free one where it would go.
  template <class IsIt>
  static std::uint32_t& find(std::vector<std::uint32_t>& table, std::uint64_t hash, const IsIt& is_it) {
    std::size_t slot = hash & (table.size() - 1);
    while (table[slot] != nothing && !is_it(table[slot])) slot = (slot + 1) & (table.size() - 1);
    return table[slot];
  }

  /// Sweeps from west to east.
  bool is_noded() {
    std::sort(edges_.begin(), edges_.end(), [](const Edge& s, const Edge& t) { return s.low.x < t.low.x; });
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      const Edge& s = edges_[i];
      const auto [south, north] = std::minmax(s.low.y, s.high.y);
      for (std::size_t j = i + 1; j < edges_.size() && edges_[j].low.x <= s.high.x; ++j) {
        const Edge& t = edges_[j];
        if (std::max(t.low.y, t.high.y) < south || std::min(t.low.y, t.high.y) > north) continue;
        if (!are_noded({s.low, s.high, 0}, {t.low, t.high, 0})) return false;
      }
    }
    return true;
  }

  struct Vertex {
    Position at;
    std::uint32_t degree;
  };

  const Rings& rings_;
  std::vector<std::uint8_t>& marks_;
  std::vector<Edge> edges_;
  std::vector<Vertex> vertices_;
  std::vector<std::uint32_t> edge_table_, vertex_table_;  ///< open addressing
};

class ChainFinder {
 public:
  ChainFinder(Rings rings, const Execution& execution)
      : rings_(std::move(rings)), execution_(execution), marks_(rings_.points.size(), 0) {}

  std::optional<Chains> run() {
    mark_rings();
    choose_tiles();
    if (!sort_into_tiles() || !check_tiles()) return std::nullopt;
    first_ = {}, items_ = {};
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
    for (std::size_t ring = 1; ring < rings_.first.size(); ++ring) marks_[rings_.first[ring] - 1] = ends_ring;
  }

  void choose_tiles() {
    std::vector<Box> boxes(pieces);
    execution_.for_each(pieces, [&](std::size_t piece) {
      const std::size_t from = rings_.points.size() * piece / pieces, to = rings_.points.size() * (piece + 1) / pieces;
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

  /// Calls visit(edge, tile) for the edges of some rings and each tile that their boxes meet.
  template <class Visit>
  void for_each_edge_and_tile(std::size_t piece, const Visit& visit) const {
    for (std::uint32_t at = rings_.first[ring_of(piece)]; at < rings_.first[ring_of(piece + 1)]; ++at) {
      if (marks_[at] & ends_ring) continue;
      const Position a = rings_.points[at], b = rings_.points[at + 1];
      const std::int64_t west = (std::int64_t{std::min(a.x, b.x)} - box_.min.x) >> shift_;
      const std::int64_t east = (std::int64_t{std::max(a.x, b.x)} - box_.min.x) >> shift_;
      const std::int64_t south = (std::int64_t{std::min(a.y, b.y)} - box_.min.y) >> shift_;
      const std::int64_t north = (std::int64_t{std::max(a.y, b.y)} - box_.min.y) >> shift_;
      for (std::int64_t row = south; row <= north; ++row) {
        for (std::int64_t column = west; column <= east; ++column)
          visit(at, static_cast<std::size_t>(row * columns_ + column));
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
        if (++total <= most) ++next[piece][tile];
      });
      if (total > most) fits = false;
    });
    if (!fits) return false;
    first_.assign(tiles() + 1, 0);
    std::uint64_t total = 0;
    for (std::size_t tile = 0; tile < tiles(); ++tile) {
      first_[tile] = static_cast<std::uint32_t>(total);
      for (std::vector<std::uint32_t>& count : next)
        total += std::exchange(count[tile], static_cast<std::uint32_t>(total));
    }
    if (total > UINT32_MAX) return false;
    first_.back() = static_cast<std::uint32_t>(total);
    items_.resize(total);
    execution_.for_each(pieces, [&](std::size_t piece) {
      for_each_edge_and_tile(piece, [&](std::uint32_t at, std::size_t tile) { items_[next[piece][tile]++] = at; });
    });
    return true;
  }

  bool check_tiles() {
    std::atomic<bool> noded = true;
    execution_.for_each(pieces, [&](std::size_t piece) {
      TileCheck check(rings_, marks_);
      for (std::size_t i = tile_of(piece); noded && i < tile_of(piece + 1); ++i) {
        if (!check.run(tile(i), std::span(items_).subspan(first_[i], first_[i + 1] - first_[i]))) noded = false;
      }
    });
    return noded;
  }

  /// Cuts the rings into `uses_`; returns the points, in which each ring now starts where a chain does.
  std::vector<Position> cut() {
    std::vector<std::vector<ChainUse>> found(pieces);
    execution_.for_each(pieces, [&](std::size_t piece) {
      for (std::size_t ring = ring_of(piece); ring < ring_of(piece + 1); ++ring) cut_ring(ring, found[piece]);
    });
    for (std::vector<ChainUse>& some : found) {
      uses_.insert(uses_.end(), some.begin(), some.end());
      some = {};
    }
    const auto key = [](const ChainUse& u) { return std::tie(u.start, u.next, u.source, u.forward); };
    sort_all(
        uses_, [&](const ChainUse& u, const ChainUse& v) { return key(u) < key(v); }, execution_);
    return std::move(rings_.points);
  }

  void cut_ring(std::size_t ring, std::vector<ChainUse>& found) {
    const std::uint32_t first = rings_.first[ring], last = rings_.first[ring + 1] - 1;
    start_at_cut(first, last);
    for (std::uint32_t from = first, to = first + 1; to <= last; ++to) {
      if (to != last && !(marks_[to] & junction)) continue;
      found.push_back(use(from, to, rings_.source[ring]));
      from = to;
    }
  }

  /// Turns a ring until it starts at a junction, or at its least position where it has none.
  void start_at_cut(std::uint32_t first, std::uint32_t last) {
    const auto points = rings_.points.begin();
    const auto marks = marks_.begin();
    auto start = static_cast<std::uint32_t>(
        std::find_if(marks + first, marks + last, [](std::uint8_t mark) { return mark & junction; }) - marks);
    if (start == last) start = static_cast<std::uint32_t>(std::min_element(points + first, points + last) - points);
    std::rotate(points + first, points + start, points + last);
    std::rotate(marks + first, marks + start, marks + last);
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
  std::vector<std::uint8_t> marks_;  ///< by point
  Box box_;
  int shift_ = 0;
  std::int64_t columns_ = 0, rows_ = 0;
  std::vector<std::uint32_t> first_, items_;  ///< edges by tile
  std::vector<ChainUse> uses_;
};

}  // namespace

std::optional<Chains> find_chains(Rings rings, const Execution& execution) {
  if (rings.source.empty()) return Chains{};
  return ChainFinder(std::move(rings), execution).run();
}

}  // namespace wangge::coverage
