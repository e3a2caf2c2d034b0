#pragma once

#include <cstdint>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// The connected components of a graph, by least node.
struct Components {
  std::vector<std::uint32_t> nodes;  ///< of the first component, then of the second, …; each ascending
  std::vector<std::size_t> first_node;
  std::vector<std::uint32_t> links;  ///< indices into the graph's links, in the same way
  std::vector<std::size_t> first_link;

  std::size_t count() const noexcept { return first_node.size() - 1; }
  std::span<const std::uint32_t> nodes_of(std::size_t i) const {
    return {nodes.data() + first_node[i], nodes.data() + first_node[i + 1]};
  }
  std::span<const std::uint32_t> links_of(std::size_t i) const {
    return {links.data() + first_link[i], links.data() + first_link[i + 1]};
  }
};

Components find_components(const Graph& graph);

/// A component ready for the search. Its atoms lie along a Morton curve, so that neighbours are near in memory.
struct Component {
  std::vector<std::uint32_t> nodes;  ///< graph node of each atom
  Piece piece;
};

/// `place` is scratch of the graph's size; components may be prepared at the same time with one `place`.
Component prepare(const Graph& graph, std::span<const std::uint32_t> nodes, std::span<const std::uint32_t> links,
                  const Terms& terms, std::vector<std::uint32_t>& place);

}  // namespace wangge::planning
