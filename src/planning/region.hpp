#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "planning/sets.hpp"
#include "planning/tessellation.hpp"
#include <wangge/execution.hpp>

namespace wangge::planning {

/// Some micro-grids of a map and the units that live there, tessellated so that the borders of today stay where they
/// are: what changes hands later on is a unit's ground in them, and nothing else moves.
struct Region {
  std::vector<GridId> members;       ///< ascending; their places are the numbers of the parts that they are today
  std::vector<std::uint32_t> units;  ///< rows of the caller's units, ascending
  std::vector<Unit> its_units;
  std::vector<GridId> parents;  ///< of the members: the areas of the tessellation
  Tessellation tessellation;
  std::vector<std::uint32_t> member_of_face;  ///< or `Graph::none` outside
  std::vector<std::uint32_t> part_of_node;    ///< today
};

/// `home` names the micro-grid of each unit, or none.
Region survey(const GridMap& map, std::vector<GridId> members, Units units, std::span<const GridId> home,
              std::span<const Barrier> barriers, const Execution& execution);

/// The pieces of the parts that hang together by links, named by their least node.
Sets pieces_of(const Graph& graph, std::span<const std::uint32_t> part_of_node);

/// Links the pieces of each part to the one with most households, at their nearest nodes: what is one area today counts
/// as connected. Pieces without a household lead nowhere else.
void tie_pieces(Graph& graph, std::span<const std::uint32_t> part_of_node);

/// Gives ground without a household that no longer touches the rest of its part to the neighbour with the longest
/// border.
void settle_land(const Region& region, std::vector<std::uint32_t>& part_of_node);

/// The parts whose ground is not what it was, in groups that exchange some directly or through others. Below the number
/// of members a part is the member of that place; those without any ground left are listed, too.
std::vector<std::vector<std::uint32_t>> exchanges(const Region& region, std::span<const std::uint32_t> part_of_node,
                                                  std::uint32_t parts);

/// New borders of some parts.
struct Redraft {
  std::vector<MultiPolygon> polygons;
  /// The same, led to vertices of the neighbours wherever they can be (see `seal`), so that those need no new ones.
  std::vector<MultiPolygon> sealed;
  std::vector<std::pair<GridId, MultiPolygon>> nudged;  ///< the neighbours that need one all the same, with it
};

/// Draws some parts that share out just the ground of the members `gone` (ascending). A border that is what it was
/// keeps its vertices. Polygons of all other parts are empty.
Redraft draw_anew(const GridMap& map, const Region& region, std::span<const std::uint32_t> part_of_node,
                  std::uint32_t parts, std::span<const std::uint32_t> drawn, std::span<const GridId> gone,
                  double simplify_m);

}  // namespace wangge::planning
