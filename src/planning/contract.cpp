#include "planning/contract.hpp"

#include <algorithm>
#include <tuple>

#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

std::vector<std::vector<std::uint32_t>> neighbours_of(const Graph& graph) {
  std::vector<std::vector<std::uint32_t>> near(graph.nodes.size());
  for (const Graph::Link& link : graph.links) {
    near[link.a].push_back(link.b);
    near[link.b].push_back(link.a);
  }
  return near;
}

/// Joins what lies on a shortest way from `a` to `b`, over links and sets joined before.
void join_way(const std::vector<std::vector<std::uint32_t>>& near, std::uint32_t a, std::uint32_t b, Sets& sets) {
  if (sets.of(a) == sets.of(b)) return;
  std::vector<std::uint32_t> before(near.size(), Graph::none), line{a};
  before[a] = a;
  for (std::size_t i = 0; i < line.size() && before[b] == Graph::none; ++i) {
    for (const std::uint32_t other : near[line[i]]) {
      if (before[other] != Graph::none) continue;
      before[other] = line[i];
      line.push_back(other);
    }
  }
  if (before[b] == Graph::none) return;
  for (std::uint32_t node = b; node != a; node = before[node]) sets.join(node, before[node]);
}

Graph::Node merge(const std::vector<const Graph::Node*>& nodes) {
  const auto larger = [](const Graph::Node* p, const Graph::Node* q) { return p->households < q->households; };
  Graph::Node merged = **std::max_element(nodes.begin(), nodes.end(), larger);
  double weight = 0, x = 0, y = 0;
  Land<double> land;
  std::uint32_t households = 0;
  for (const Graph::Node* node : nodes) {
    const double w = node->households + 1e-3;
    weight += w, x += w * node->x_m, y += w * node->y_m;
    land.add(node->land);
    households += node->households;
    merged.largest_unit = std::max(merged.largest_unit, node->largest_unit);
  }
  merged.households = households, merged.land = land;
  merged.x_m = x / weight, merged.y_m = y / weight;
  return merged;
}

/// Links between merged nodes: borders add up, and the easiest way across counts.
std::vector<Graph::Link> merge_links(const Graph& graph, const std::vector<std::uint32_t>& node_of) {
  std::vector<Graph::Link> links;
  for (Graph::Link link : graph.links) {
    std::tie(link.a, link.b) = std::minmax(node_of[link.a], node_of[link.b]);
    if (link.a != link.b) links.push_back(link);
  }
  std::stable_sort(links.begin(), links.end(), [](const Graph::Link& p, const Graph::Link& q) {
    return std::pair(p.a, p.b) < std::pair(q.a, q.b);
  });
  std::size_t kept = 0;
  for (const Graph::Link& link : links) {
    if (kept > 0 && links[kept - 1].a == link.a && links[kept - 1].b == link.b) {
      links[kept - 1].border_m += link.border_m;
      links[kept - 1].passage = std::min(links[kept - 1].passage, link.passage);
    } else {
      links[kept++] = link;
    }
  }
  links.resize(kept);
  return links;
}

PartitionOptions merge_options(const PartitionOptions& options, const std::vector<std::uint32_t>& node_of,
                               std::size_t nodes) {
  PartitionOptions merged = options;
  merged.together.clear();
  for (std::size_t g = 0; g < options.goals.size(); ++g) {
    merged.goals[g].of_node.assign(nodes, 0.0);
    for (std::size_t i = 0; i < node_of.size(); ++i) merged.goals[g].of_node[node_of[i]] += options.goals[g].of_node[i];
  }
  for (auto& [a, b] : merged.apart) a = node_of[a], b = node_of[b];
  std::erase_if(merged.apart, [](const auto& pair) { return pair.first == pair.second; });
  return merged;
}

}  // namespace

Contraction contract(const Graph& graph, const PartitionOptions& options) {
  Sets sets(graph.nodes.size());
  const auto near = neighbours_of(graph);
  for (const auto& [a, b] : options.together) join_way(near, a, b, sets);
  Contraction contraction;
  contraction.node_of.resize(graph.nodes.size());
  std::vector<std::vector<const Graph::Node*>> members;
  for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
    const std::uint32_t leader = sets.of(node);
    if (leader == node) members.emplace_back();
    contraction.node_of[node] = leader == node ? std::uint32_t(members.size() - 1) : contraction.node_of[leader];
    members[contraction.node_of[node]].push_back(&graph.nodes[node]);
  }
  for (const auto& nodes : members) contraction.graph.nodes.push_back(merge(nodes));
  contraction.graph.links = merge_links(graph, contraction.node_of);
  contraction.options = merge_options(options, contraction.node_of, members.size());
  return contraction;
}

Partition expand(const Contraction& contraction, Partition partition) {
  std::vector<std::vector<std::uint32_t>> members(contraction.graph.nodes.size());
  std::vector<std::uint32_t> part_of(contraction.node_of.size());
  for (std::uint32_t node = 0; node < part_of.size(); ++node) {
    members[contraction.node_of[node]].push_back(node);
    part_of[node] = partition.part_of_node[contraction.node_of[node]];
  }
  partition.part_of_node = std::move(part_of);
  for (Certificate& certificate : partition.certificates) {
    std::vector<std::uint32_t> nodes;
    for (const std::uint32_t node : certificate.nodes) {
      nodes.insert(nodes.end(), members[node].begin(), members[node].end());
    }
    std::sort(nodes.begin(), nodes.end());
    certificate.nodes = std::move(nodes);
  }
  return partition;
}

}  // namespace wangge::planning
