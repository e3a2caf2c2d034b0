#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "planning/partition.hpp"

namespace wangge::planning {

struct RepairOptions {
  PartitionOptions wanted;                  ///< range, target, weights and effort of the plan; `together` is not heard
  std::vector<std::uint32_t> locked = {};   ///< parts that stay as they are, whatever they hold
  std::uint32_t margin = 0;                 ///< households by which a repaired part stays clear of either bound
  std::optional<std::uint64_t> most_moved;  ///< households; repairs that would move more in all are left undone
};

/// An old plan made legal again.
struct RepairedPlan {
  std::vector<std::uint32_t> part_of_node;  ///< old numbers for parts that go on, new ones from the old count on
  std::uint32_t parts = 0;                  ///< one more than the largest number
  /// Ascending by part; one for each part that is out of range or holds a tower, locked ones apart.
  std::vector<Certificate> certificates;
  std::uint32_t violations = 0;  ///< parts out of range or not contiguous before, those that nobody can mend apart
  std::uint32_t left = 0;        ///< of them, or made anew, after
  std::uint32_t put_off = 0;     ///< repairs left undone because of `most_moved`
  std::uint64_t moved = 0;       ///< households whose part in the old plan was another
  std::uint64_t bound = 0;       ///< which every plan moves that mends what this one mends (see `least_moved`)
  double cpu_s = 0;              ///< processor seconds
  bool stopped = false;          ///< the caller stopped: what is mended so far
};

/// Mends an old plan after units and households have changed: brings every part into range and into one piece by moving
/// as few households as it can find. A part keeps its number as long as it holds more of the old part of that number
/// than any other. Nodes without a part in the old plan (`Graph::none`) join a neighbour. Never fails; the same answer
/// for any number of threads.
RepairedPlan repair_parts(const Graph& graph, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
                          const RepairOptions& options, const Execution& execution = {});

}  // namespace wangge::planning
