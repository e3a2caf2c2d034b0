#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/noding.hpp"
#include <wangge/planning.hpp>

namespace wangge::planning {

/// The lines of the barriers as they divide the land, one a barrier: what runs in a tunnel divides nothing (an empty
/// line), and a hard line that ends within 50 m of an outline is drawn on to it, since the data usually stop there and
/// not the river.
std::vector<Line> lines_that_divide(std::span<const Barrier> barriers, std::span<const coverage::Segment> outlines);

/// A place where a street or a main road leads over or under a hard barrier (either has a bridge or a tunnel, or their
/// layers differ) or crosses it on the level (they share a vertex).
struct Crossing {
  Position place;
  std::uint32_t hard, road;  ///< barriers
};
std::vector<Crossing> find_crossings(std::span<const Barrier> barriers);

}  // namespace wangge::planning
