#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "planning/partition.hpp"
#include "planning/tessellation.hpp"

namespace wangge::planning {

/// Length of the border between each two parts of one area, hard barriers included, in metres.
std::map<std::pair<std::uint32_t, std::uint32_t>, double> borders_of_parts(const Tessellation& tessellation,
                                                                           std::span<const std::uint32_t> part_of_node);

/// Makes each part one with its host (itself where it stays; hosts of hosts do not occur) and renumbers the parts.
/// Returns the new number of each.
std::vector<std::uint32_t> merge_parts(std::span<const std::uint32_t> host, Partition& partition);

/// Gives the medians, verges and slivers that hard barriers shut in (no household, below a hectare or thinner than ten
/// metres) to the part with which they share the longest border; renumbers the parts.
void absorb_slivers(const Tessellation& tessellation, Partition& partition);

}  // namespace wangge::planning
