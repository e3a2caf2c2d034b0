#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/arrangement.hpp"
#include "planning/graph.hpp"
#include "planning/ground.hpp"
#include "planning/labels.hpp"

namespace wangge::planning {

/// Who borders whom: a node for each owner, a link where two owners of one area share a border that can be crossed, or
/// a crossing leads over a hard one.
Graph build_graph(const coverage::Arrangement& arrangement, const Ground& ground, const Labels& labels,
                  std::span<const std::uint8_t> barrier_of_edge, Units units, std::span<const Barrier> barriers);

}  // namespace wangge::planning
