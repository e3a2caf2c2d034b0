#include "planning/redraw.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "planning/region.hpp"
#include "planning/sets.hpp"
#include <wangge/error.hpp>

namespace wangge::planning {
namespace {

using coverage::nothing;

constexpr std::uint32_t none = Graph::none;

/// Units go where they are to be, land goes along with the micro-grid that it was in.
std::vector<std::uint32_t> share_out(const Region& region, std::span<const std::uint32_t> part_of_unit,
                                     const std::map<GridId, std::uint32_t>& part_of_area) {
  const Tessellation& t = region.tessellation;
  std::vector<std::uint32_t> part_of_node, first(region.part_of_node.size(), nothing);
  for (const std::uint32_t member : region.part_of_node)
    part_of_node.push_back(part_of_area.at(region.members[member]));
  for (std::uint32_t u = 0; u < region.units.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u], part = part_of_unit[region.units[u]];
    if (node == nothing) continue;
    if (first[node] != nothing && part_of_node[node] != part)
      throw Error(Errc::contradiction, "units " + region.its_units[first[node]].id + " and " + region.its_units[u].id +
                                           " stand on one ground and cannot be in two micro-grids; move both");
    part_of_node[node] = part;
    first[node] = u;
  }
  settle_land(region, part_of_node);
  return part_of_node;
}

/// For each part whether its households cannot all reach each other within it.
std::vector<bool> parts_in_pieces(const Graph& graph, std::span<const std::uint32_t> part_of_node,
                                  std::uint32_t parts) {
  Sets linked = pieces_of(graph, part_of_node);
  std::vector<std::uint32_t> first(parts, none);
  std::vector<bool> broken(parts, false);
  for (std::uint32_t node = 0; node < part_of_node.size(); ++node) {
    if (graph.nodes[node].households == 0) continue;
    const std::uint32_t part = part_of_node[node];
    if (first[part] == none) first[part] = linked.of(node);
    broken[part] = broken[part] || first[part] != linked.of(node);
  }
  return broken;
}

}  // namespace

std::vector<Redrawn> redraw(const GridMap& map, std::span<const GridId> concerned,
                            std::span<const std::uint32_t> part_of_area, Units units, std::span<const GridId> home,
                            std::span<const std::uint32_t> part_of_unit, std::uint32_t parts,
                            std::span<const Barrier> barriers, double simplify_m, const Execution& execution) {
  std::map<GridId, std::uint32_t> part_of;
  for (std::size_t i = 0; i < concerned.size(); ++i) part_of.emplace(concerned[i], part_of_area[i]);
  const Region region = survey(map, {concerned.begin(), concerned.end()}, units, home, barriers, execution);
  const std::vector<std::uint32_t> part_of_node = share_out(region, part_of_unit, part_of);
  const std::vector<bool> in_pieces = parts_in_pieces(region.tessellation.graph, part_of_node, parts);
  std::vector<std::uint32_t> all(parts);
  std::iota(all.begin(), all.end(), 0u);
  Redraft redraft = draw_anew(map, region, part_of_node, parts, all, region.members, simplify_m);
  std::vector<Redrawn> redrawn;
  for (std::uint32_t part = 0; part < parts; ++part) {
    const bool across = in_pieces[part] && redraft.sealed[part].size() == 1;
    redrawn.push_back({std::move(redraft.sealed[part]), across});
  }
  return redrawn;
}

}  // namespace wangge::planning
