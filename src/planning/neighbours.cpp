#include "planning/neighbours.hpp"

#include <numeric>

#include "planning/components.hpp"

namespace wangge::planning {

Neighbours::Neighbours(const Graph& graph) : first_(graph.nodes.size() + 1, 0), to_(2 * graph.links.size()) {
  for (const Graph::Link& link : graph.links) ++first_[link.a + 1], ++first_[link.b + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (const Graph::Link& link : graph.links) to_[next[link.a]++] = link.b, to_[next[link.b]++] = link.a;
}

std::vector<std::uint32_t> component_of_nodes(const Graph& graph) {
  const Components components = find_components(graph);
  std::vector<std::uint32_t> component(graph.nodes.size());
  for (std::uint32_t c = 0; c < components.count(); ++c) {
    for (const std::uint32_t node : components.nodes_of(c)) component[node] = c;
  }
  return component;
}

}  // namespace wangge::planning
