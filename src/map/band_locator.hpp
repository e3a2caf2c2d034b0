#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "coverage/segment_grid.hpp"
#include "map/arcs.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// Answers whose finest area a position is in, from the edges in its band of latitude. Walking in from far west, each
/// edge crossed changes the owner from its one side to the other; as exclusive-or that needs no order among the edges.
class BandLocator {
 public:
  explicit BandLocator(const Arcs& arcs);
  GridId locate(Position p) const noexcept;

 private:
  struct Edge {
    Position low, high;
    std::uint32_t change;  ///< left ^ right
  };
  static std::vector<Edge> edges_of(const Arcs& arcs);
  void choose_bands();
  std::size_t band(std::int32_t y) const { return static_cast<std::size_t>((std::int64_t{y} - south_) >> shift_); }

  std::vector<Edge> edges_;
  std::int32_t south_ = 0, north_ = 0;  ///< no edge reaches north_ from below
  int shift_ = 0;                       ///< a band is 2^shift_ lattice units high
  std::optional<coverage::PackedLists> bands_;
};

}  // namespace wangge::map
