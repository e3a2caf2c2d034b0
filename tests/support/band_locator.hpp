#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "coverage/segment_grid.hpp"
#include "map/arcs.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::test {

/// The slow twin of the lookup index, and sure of itself: answers whose finest area a position is in, from the edges in
/// its band of latitude. Walking in from far west, each edge crossed changes the owner from its one side to the other;
/// as exclusive-or that needs no order among the edges.
class BandLocator {
 public:
  explicit BandLocator(const map::ArcsView& arcs);
  GridId locate(Position p) const noexcept;

 private:
  struct Edge {
    Position low, high;
    std::uint32_t change;  ///< left ^ right
  };
  static std::vector<Edge> edges_of(const map::ArcsView& arcs);
  void choose_bands();
  std::size_t band(std::int32_t y) const { return static_cast<std::size_t>((std::int64_t{y} - south_) >> shift_); }

  std::vector<Edge> edges_;
  std::int32_t south_ = 0, north_ = 0;  ///< no edge reaches north_ from below
  int shift_ = 0;                       ///< a band is 2^shift_ lattice units high
  std::optional<coverage::PackedLists> bands_;
};

inline BandLocator::BandLocator(const map::ArcsView& arcs) : edges_(edges_of(arcs)) {
  if (edges_.empty()) return;
  choose_bands();
  bands_.emplace(band(north_ - 1) + 1, [this](const auto& add) {
    for (std::uint32_t e = 0; e < edges_.size(); ++e) {
      for (std::size_t b = band(edges_[e].low.y); b <= band(edges_[e].high.y - 1); ++b) add(b, e);
    }
  });
}

/// Edges along a parallel are never crossed: a position on one stands just north of it.
inline std::vector<BandLocator::Edge> BandLocator::edges_of(const map::ArcsView& arcs) {
  std::vector<Edge> edges;
  for (std::size_t arc = 0; arc < arcs.sides.size(); ++arc) {
    const auto line = arcs.points.subspan(arcs.first[arc], arcs.first[arc + 1] - arcs.first[arc]);
    const auto change =
        static_cast<std::uint32_t>(arcs.sides[arc].left) ^ static_cast<std::uint32_t>(arcs.sides[arc].right);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const bool rises = line[i - 1].y < line[i].y;
      if (line[i - 1].y != line[i].y) edges.push_back({line[i - rises], line[i - !rises], change});
    }
  }
  return edges;
}

/// As low as leaves an edge in two or three bands on average, and no more bands than edges.
inline void BandLocator::choose_bands() {
  south_ = INT32_MAX, north_ = INT32_MIN;
  std::uint64_t heights = 0;
  for (const Edge& e : edges_) {
    south_ = std::min(south_, e.low.y), north_ = std::max(north_, e.high.y);
    heights += static_cast<std::uint64_t>(std::int64_t{e.high.y} - e.low.y);
  }
  const auto extent = static_cast<std::uint64_t>(std::int64_t{north_} - south_);
  shift_ = static_cast<int>(std::bit_width(std::max(heights, extent) / edges_.size()));
}

inline GridId BandLocator::locate(Position p) const noexcept {
  auto owner = static_cast<std::uint32_t>(GridId::none);
  if (edges_.empty() || p.y < south_ || p.y >= north_) return GridId::none;
  for (const std::uint32_t i : (*bands_)[band(p.y)]) {
    const Edge& e = edges_[i];
    if (e.low.y <= p.y && p.y < e.high.y && orientation(e.low, e.high, p) <= 0) owner ^= e.change;
  }
  return GridId{owner};
}

}  // namespace wangge::test
