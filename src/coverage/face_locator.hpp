#pragma once

#include <cstdint>
#include <vector>

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
  /// A piece of an edge that is not level.
  struct Slope {
    Position low, high;
    std::uint32_t south;  ///< the half-edge that runs south along it
  };
  static std::vector<Slope> slopes_of(const Arrangement& arrangement);
  static double suitable_cell(const std::vector<Slope>& slopes);
  std::uint32_t nearest(Position p, bool strictly_west) const;
  void consider(Position p, bool strictly_west, const Slope& slope, const Slope*& best) const;

  const Arrangement& arrangement_;
  std::vector<Slope> slopes_;
  CellGrid grid_;
  PackedLists cells_;
  std::int32_t west_ = INT32_MAX;
};

}  // namespace wangge::coverage
