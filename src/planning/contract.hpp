#pragma once

#include <vector>

#include "planning/partition.hpp"

namespace wangge::planning {

/// A graph in which nodes that stay together have become one.
struct Contraction {
  Graph graph;
  PartitionOptions options;            ///< of the smaller graph
  std::vector<std::uint32_t> node_of;  ///< for each node before, the one it is in
};

/// Contracts `options.together`. Two that no links join directly take in the nodes on a shortest way between them; two
/// in different components stay apart.
Contraction contract(const Graph& graph, const PartitionOptions& options);

/// The partition of the graph before, from that of the smaller one.
Partition expand(const Contraction& contraction, Partition partition);

}  // namespace wangge::planning
