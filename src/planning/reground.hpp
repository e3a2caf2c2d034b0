#pragma once

#include <span>
#include <vector>

#include "planning/tessellation.hpp"

namespace wangge::planning {

/// The ground of some areas of a map in one piece, as an area of that number in a map of its own.
GridMap join_ground(const GridMap& map, std::span<const std::vector<GridId>> groups);

/// Gives each node without a part (`Graph::none`) to the neighbour with which it shares the longest border; such nodes
/// without any neighbour that has a part stay without.
void settle(const Graph& graph, std::vector<std::uint32_t>& part_of_node);

/// Takes ground without a household that hangs together with the rest of its part nowhere, and settles it anew.
void settle_loose_ground(const Graph& graph, std::vector<std::uint32_t>& part_of_node);

/// Links the pieces of each part at their nearest nodes: what is one area today counts as connected.
void tie_pieces(Graph& graph, std::span<const std::uint32_t> part_of_node);

}  // namespace wangge::planning
