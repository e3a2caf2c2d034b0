#pragma once

#include <cstdint>

#include "coverage/arrangement.hpp"
#include "coverage/segment_grid.hpp"

namespace wangge::coverage {

/// Finds the face of an arrangement that owns a position, by a ray to the west through a grid of cells. Exact.
class FaceLocator {
 public:
  explicit FaceLocator(const Arrangement& arrangement);

  /// The face that owns `p` by the half-open rule: p stands for p + (ε, ε²).
  std::uint32_t face_of(Position p) const;

  /// The first half-edge strictly west of vertex position `p` that has the side of `p` on its left, or `nothing`.
  std::uint32_t half_edge_west_of(Position p) const { return nearest(p, true); }

 private:
  std::uint32_t nearest(Position p, bool strictly_west) const;
  void consider(Position p, bool strictly_west, std::uint32_t edge, std::uint32_t& best) const;

  const Arrangement& arrangement_;
  CellGrid grid_;
  PackedLists cells_;
  std::int32_t west_ = INT32_MAX;
};

}  // namespace wangge::coverage
