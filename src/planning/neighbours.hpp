#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/graph.hpp"

namespace wangge::planning {

/// Whom each node of a graph is linked to, in the order of the links.
class Neighbours {
 public:
  explicit Neighbours(const Graph& graph);
  std::span<const std::uint32_t> operator[](std::uint32_t node) const {
    return {to_.data() + first_[node], to_.data() + first_[node + 1]};
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> to_;
};

/// For each node the number of its connected component.
std::vector<std::uint32_t> component_of_nodes(const Graph& graph);

}  // namespace wangge::planning
