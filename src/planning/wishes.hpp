#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "planning/tessellation.hpp"

namespace wangge::planning {

/// What planners want of particular units, as nodes of the graph.
struct Wishes {
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  Pairs together;  ///< each pair joined by a link
  Pairs apart;
};

/// Finds the nodes of the units that are to stay together, with those on the way between them that hold the fewest
/// households, and of the units that are to be kept apart. Pairs of which a unit lies in a locked micro-grid
/// (`lock_of_unit`, none elsewhere) are checked and left out. Throws `contradiction` naming the units where a wish
/// cannot be met: across a hard barrier or an outline, above the maximum, or against another wish.
Wishes gather_wishes(const GridMap& map, const Tessellation& tessellation, Units units,
                     std::span<const GridId> lock_of_unit, const SplitOptions& options);

}  // namespace wangge::planning
