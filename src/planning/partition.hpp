#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "planning/graph.hpp"

namespace wangge::planning {

/// One further count beside households: persons, work load, any column.
struct Goal {
  std::vector<double> of_node;                                           ///< one a node
  double min = 0, max = std::numeric_limits<double>::infinity();         ///< hard bounds of a part
  double target = std::numeric_limits<double>::quiet_NaN(), weight = 0;  ///< of the squared deviation over the target
};

struct PartitionOptions {
  Range range;
  std::uint32_t target = 75;  ///< households a part should hold; drawn into the range
  Weights weights = {};
  bool keep_compounds = false;  ///< mixing compounds costs at least 3 local scales
  int effort = 1;               ///< 0 legal only … 3, in iterations
  std::vector<Goal> goals = {};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> together = {};  ///< nodes that share a part; joined by links
  std::vector<std::pair<std::uint32_t, std::uint32_t>> apart = {};     ///< nodes that never share a part
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

/// What shows that a part must be as it is.
enum class Proof : std::uint8_t {
  none,       ///< nothing: the search ended without an answer
  component,  ///< no whole number of parts in range adds up to what the connected component `nodes` holds
  unit,       ///< what stands in `nodes`, one node or several that stay together, is above the maximum
  matching,   ///< no three inhabited nodes of the component fit in one part; and after `nodes` are taken out of its
              ///< graph of pairs in range, more odd components in which nobody can stand alone are left than `nodes`
              ///< holds
  ring,       ///< no disjoint connected sets cover the inhabited among `nodes`, each in range, or touching a node
              ///< outside `nodes`
};

/// For one part that is neither legal nor empty: data with which the verdict can be checked.
struct Certificate {
  Verdict verdict = Verdict::unproven;
  Proof proof = Proof::none;
  std::uint32_t part = 0;
  std::vector<std::uint32_t> nodes = {};  ///< what the proof is about, ascending
  std::uint64_t households = 0;           ///< of the part
  std::uint32_t searched = 0;             ///< nodes that the largest exhaustive search looked at
};

struct Partition {
  std::vector<std::uint32_t> part_of_node;  ///< parts are numbered by their least node
  std::vector<Verdict> verdicts;            ///< one a part
  std::vector<Objective> terms;             ///< one a part; a cut link counts half on either side
  std::vector<Certificate> certificates;    ///< ascending by part; one for each that is neither legal nor empty
  Objective objective;                      ///< sum of `terms`
  double cpu_s = 0;                         ///< processor seconds, all threads
  bool stopped = false;                     ///< the caller stopped: the best division so far
};

/// Shares the nodes out to contiguous parts in range. Every node gets a part, every part is connected by links; never
/// fails. The same answer for any number of threads.
Partition partition(const Graph& graph, const PartitionOptions& options, const Execution& execution = {});

}  // namespace wangge::planning
