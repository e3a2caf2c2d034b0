#include "planning/reground.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr std::uint32_t none = Graph::none;

/// The connected pieces of the parts, named by their least node.
Sets pieces_of(const Graph& graph, std::span<const std::uint32_t> part_of_node) {
  Sets pieces(graph.nodes.size());
  for (const Graph::Link& link : graph.links) {
    if (part_of_node[link.a] == part_of_node[link.b]) pieces.join(link.a, link.b);
  }
  return pieces;
}

MultiPolygon joined(const GridMap& map, const std::vector<GridId>& areas) {
  if (areas.size() == 1) return map.polygons(areas[0]);
  std::vector<GridRecord> records{{"0", "", Level::grid, "", Kind::general, {}}};
  for (const GridId id : areas) {
    records.push_back({std::to_string(records.size()), "", Level::micro_grid, "0", Kind::general, map.polygons(id)});
  }
  const GridMap whole = GridMap::build(records);
  return whole.polygons(whole.find("0"));
}

}  // namespace

GridMap join_ground(const GridMap& map, std::span<const std::vector<GridId>> groups) {
  std::vector<GridRecord> records;
  for (const std::vector<GridId>& group : groups) {
    records.push_back({std::to_string(records.size()), "", Level::grid, "", Kind::general, joined(map, group)});
  }
  return GridMap::build(records);
}

void settle(const Graph& graph, std::vector<std::uint32_t>& part_of_node) {
  for (bool more = true; more;) {
    std::vector<std::pair<float, std::uint32_t>> best(graph.nodes.size(), {-1.0f, none});
    more = false;
    const auto see = [&](std::uint32_t node, std::uint32_t other, float border_m) {
      if (part_of_node[node] == none && part_of_node[other] != none)
        best[node] = std::max(best[node], {border_m, part_of_node[other]});
    };
    for (const Graph::Link& link : graph.links) see(link.a, link.b, link.border_m), see(link.b, link.a, link.border_m);
    for (std::uint32_t node = 0; node < best.size(); ++node) {
      if (best[node].second != none) part_of_node[node] = best[node].second, more = true;
    }
  }
}

void settle_loose_ground(const Graph& graph, std::vector<std::uint32_t>& part_of_node) {
  Sets pieces = pieces_of(graph, part_of_node);
  std::vector<std::uint64_t> households(graph.nodes.size(), 0);
  std::map<std::uint32_t, std::uint32_t> lived_in;  // pieces with a household, by part
  for (std::uint32_t node = 0; node < households.size(); ++node) {
    households[pieces.of(node)] += graph.nodes[node].households;
  }
  for (std::uint32_t node = 0; node < households.size(); ++node) {
    if (pieces.of(node) == node && households[node] > 0 && part_of_node[node] != none) ++lived_in[part_of_node[node]];
  }
  std::vector<std::uint32_t> loose;
  for (std::uint32_t node = 0; node < households.size(); ++node) {
    if (part_of_node[node] != none && households[pieces.of(node)] == 0 && lived_in[part_of_node[node]] > 0)
      loose.push_back(node);
  }
  for (const std::uint32_t node : loose) part_of_node[node] = none;
  settle(graph, part_of_node);
}

void tie_pieces(Graph& graph, std::span<const std::uint32_t> part_of_node) {
  Sets pieces = pieces_of(graph, part_of_node);
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<std::uint32_t>>> of_part;
  for (std::uint32_t node = 0; node < part_of_node.size(); ++node) {
    if (part_of_node[node] != none) of_part[part_of_node[node]][pieces.of(node)].push_back(node);
  }
  for (const auto& [part, its] : of_part) {
    const auto largest = std::max_element(
        its.begin(), its.end(), [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    for (const auto& [piece, nodes] : its) {
      if (piece == largest->first) continue;
      Graph::Link tie;
      double nearest = 0;
      for (const std::uint32_t a : nodes) {
        for (const std::uint32_t b : largest->second) {
          const double dx = graph.nodes[a].x_m - graph.nodes[b].x_m, dy = graph.nodes[a].y_m - graph.nodes[b].y_m;
          if (tie.a != tie.b && dx * dx + dy * dy >= nearest) continue;
          nearest = dx * dx + dy * dy;
          tie = {std::min(a, b), std::max(a, b), Passage::open, 0};
        }
      }
      graph.links.push_back(tie);
    }
  }
  std::sort(graph.links.begin(), graph.links.end(),
            [](const auto& p, const auto& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
}

}  // namespace wangge::planning
