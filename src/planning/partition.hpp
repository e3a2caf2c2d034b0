#pragma once

#include <cstdint>
#include <vector>

#include "planning/graph.hpp"

namespace wangge::planning {

struct PartitionOptions {
  Range range;
  std::uint32_t target = 75;
  bool keep_compounds = false;
};

/// Why a part is as it is.
enum class Verdict : std::uint8_t {
  legal,     ///< in range and contiguous
  hamlet,    ///< its whole component holds fewer households than the minimum
  tower,     ///< it holds a node above the maximum
  lumpy,     ///< out of range, and proven that no division of its component has all parts in range
  unproven,  ///< out of range; neither repaired nor proven impossible
  empty,     ///< a component without a household
};

struct Partition {
  std::vector<std::uint32_t> part_of_node;  ///< parts are numbered by their least node
  std::vector<Verdict> verdicts;            ///< one a part
  Objective objective;
  double cpu_s = 0;  ///< processor seconds, all threads
  bool stopped = false;
};

/// Shares the nodes out to contiguous parts in range. Every node gets a part, every part is connected by links; never
/// fails. The same answer for any number of threads.
Partition partition(const Graph& graph, const PartitionOptions& options, const Execution& execution = {});

}  // namespace wangge::planning
