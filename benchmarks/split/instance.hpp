#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "planning/graph.hpp"

namespace wangge::bench {

/// A graph to share out, what is asked for, and the land behind it, which no method sees but by the graph.
struct Instance {
  /// A stretch of border between the land of two nodes, whether or not it can be crossed.
  struct Shared {
    std::uint32_t a, b;
    float length_m;
  };
  std::string name;
  planning::Graph graph;
  Range range;
  std::uint32_t target = 75;
  std::vector<float> perimeter_m;            ///< of each node's land
  std::vector<std::uint32_t> block_of_node;  ///< between streets; empty where nobody knows
  std::vector<Shared> shared;

  std::uint64_t households() const;
};

/// The same graph for another range.
Instance with_range(Instance instance, const Range& range, std::uint32_t target);

/// A made-up city of `columns` × `rows` superblocks (see planning::CityOptions), each node's land the Voronoi cell of
/// its house within a fence 15 m outside the outermost houses. With `lumps`, every house holds one of those counts.
Instance made_city(const std::string& name, std::uint32_t columns, std::uint32_t rows, std::uint64_t seed,
                   std::vector<std::uint32_t> lumps = {});

}  // namespace wangge::bench
