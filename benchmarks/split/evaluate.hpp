#pragma once

#include <cstdint>
#include <span>

#include "split/instance.hpp"

namespace wangge::bench {

/// What a division is worth, recomputed from its labels alone and alike for all methods. Shares are of the parts that
/// could be in range: parts of components below the minimum, and parts that hold a node above the maximum, are left
/// out.
struct Worth {
  std::uint64_t parts = 0;  ///< those with a node
  std::uint64_t judged = 0;
  std::uint64_t under = 0, over = 0, torn = 0;  ///< judged parts out of range, or in range but not contiguous
  double legal_share = 0;
  double crossing_share = 0;      ///< its households live in more than one block between main roads and hard barriers
  double near_bounds_share = 0;   ///< within 5 households of either end of the range, or outside it
  double blocks_split_share = 0;  ///< of the inhabited blocks between streets that one part could hold
  double elongated_share = 0;     ///< more than 3 times as long as wide, by the moments of its nodes' land
  double compactness_median = 0;  ///< Polsby-Popper of the dissolved land, outer border and all
  double cut_m_per_part = 0;      ///< length of the links cut, each once, over all parts
  std::uint64_t compounds_mixed = 0;  ///< parts with households of several compounds, or of one and of none
};

/// `part_of_node` may leave part numbers out, and holds one number a node.
Worth evaluate(const Instance& instance, std::span<const std::uint32_t> part_of_node);

}  // namespace wangge::bench
