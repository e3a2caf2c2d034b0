#pragma once

#include <boost/polygon/voronoi.hpp>
#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "planning/partition.hpp"
#include "planning/random.hpp"

namespace wangge::planning {

/// Land of a rectangle round a place.
inline Land<double> rectangle(double x_m, double y_m, double width_m, double height_m) {
  const double area_m2 = width_m * height_m;
  return {area_m2, x_m, y_m, area_m2 * width_m * width_m / 12, 0, area_m2 * height_m * height_m / 12};
}
inline Land<double> square(double x_m, double y_m, double side_m) { return rectangle(x_m, y_m, side_m, side_m); }

inline void add_link(Graph& graph, std::uint32_t a, std::uint32_t b, Passage passage = Passage::open,
                     float border_m = 20) {
  graph.links.push_back({std::min(a, b), std::max(a, b), passage, border_m});
}

inline void sort_links(Graph& graph) {
  std::sort(graph.links.begin(), graph.links.end(),
            [](const auto& p, const auto& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
}

/// Draws a graph: numbers are households of nodes 20 m apart, linked to the left, right, above and below. Between
/// numbers `|` is a soft barrier, `:` a street, `#` a river and `=` a crossing; in a line of its own likewise `-`, `.`,
/// `~` and `"` stand above and below the whole line. Sides of a soft or hard barrier are different blocks.
inline Graph draw(const std::string& picture) {
  Graph graph;
  std::istringstream lines(picture);
  std::vector<std::uint32_t> above;
  Passage down = Passage::open;
  bool river = false;
  std::uint32_t row = 0, bands = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::uint32_t> here;
    Passage passage = Passage::open;
    bool wet = false;
    std::uint32_t column = 0, strip = 0;
    for (std::string word; words >> word;) {
      if (word == "-" || word == "." || word == "~" || word == "\"") {
        down = word == "-" ? Passage::soft : word == "." ? Passage::street : Passage::crossing;
        river = word == "~";
        bands += word != ".";
        break;
      }
      if (word == "|" || word == ":" || word == "=" || word == "#") {
        passage = word == "|" ? Passage::soft : word == ":" ? Passage::street : Passage::crossing;
        wet = word == "#";
        strip += word != ":";
        continue;
      }
      const auto node = std::uint32_t(graph.nodes.size());
      const auto households = std::uint32_t(std::stoul(word));
      const double x_m = 20.0 * column, y_m = -20.0 * row;
      const std::uint32_t block = bands * 16 + strip;
      graph.nodes.push_back({households, households, 0, block, Graph::none, x_m, y_m, square(x_m, y_m, 20), {}});
      if (column > 0 && !wet) add_link(graph, node - 1, node, passage);
      if (column < above.size() && !river) add_link(graph, above[column], node, down);
      here.push_back(node);
      passage = Passage::open, wet = false;
      ++column;
    }
    if (here.empty()) continue;
    above = here, down = Passage::open, river = false;
    ++row;
  }
  sort_links(graph);
  return graph;
}

/// Parts of a drawn graph as letters, node by node.
inline std::string letters(const Partition& partition) {
  std::string text;
  for (const std::uint32_t part : partition.part_of_node) text += char('A' + part);
  return text;
}

/// Links the Voronoi neighbours among the nodes' places; a border is a quarter of the way between them long, and 5 m.
template <class PassageBetween>
void link_neighbours(Graph& graph, PassageBetween passage_between) {
  std::vector<boost::polygon::point_data<std::int32_t>> sites;
  for (const Graph::Node& n : graph.nodes)
    sites.emplace_back(std::int32_t(std::lround(n.x_m * 100)), std::int32_t(std::lround(n.y_m * 100)));
  boost::polygon::voronoi_diagram<double> voronoi;
  boost::polygon::construct_voronoi(sites.begin(), sites.end(), &voronoi);
  for (const auto& edge : voronoi.edges()) {
    const auto a = std::uint32_t(edge.cell()->source_index()), b = std::uint32_t(edge.twin()->cell()->source_index());
    if (a > b) continue;
    const double dx = graph.nodes[a].x_m - graph.nodes[b].x_m, dy = graph.nodes[a].y_m - graph.nodes[b].y_m;
    add_link(graph, a, b, passage_between(a, b), float(5 + std::sqrt(dx * dx + dy * dy) / 4));
  }
  sort_links(graph);
}

/// Voronoi neighbours of random places, some links taken away, still connected.
template <class Households>
Graph random_planar_graph(std::uint32_t size, Random& random, Households households, std::uint32_t drop_percent = 30) {
  Graph graph;
  for (std::uint32_t i = 0; i < size; ++i) {
    const auto x = std::int32_t(random.below(20'000)), y = std::int32_t(random.below(20'000));
    const std::uint32_t h = households(random);
    graph.nodes.push_back(
        {h, h, 0, random.below(5) == 0, Graph::none, x / 100.0, y / 100.0, square(x / 100.0, y / 100.0, 20), {}});
  }
  link_neighbours(graph, [&](std::uint32_t a, std::uint32_t b) {
    return graph.nodes[a].block != graph.nodes[b].block ? Passage::soft : Passage::open;
  });
  std::vector<std::uint32_t> leader(size);
  for (std::uint32_t i = 0; i < size; ++i) leader[i] = i;
  const auto find = [&](std::uint32_t a) {
    while (leader[a] != a) a = leader[a];
    return a;
  };
  std::erase_if(graph.links, [&](const Graph::Link& link) {
    if (find(link.a) == find(link.b)) return random.below(100) < drop_percent;
    leader[find(link.a)] = find(link.b);
    return false;
  });
  return graph;
}

/// A superblock of 420 × 380 m: four walled compounds of slabs in rows of four, 12 households × 1…5 entrances, nine in
/// ten let, at those of the 16 × `rows` places for which `is_built` holds.
template <class IsBuilt>
Graph face_of_slabs(std::uint32_t rows, Random& random, IsBuilt is_built) {
  Graph graph;
  for (std::uint32_t place = 0; place < 16 * rows; ++place) {
    if (!is_built(place)) continue;
    const std::uint32_t column = place % 8, row = place / 8, compound = column / 4 + 2 * (row / rows);
    const double x = column * 52 + (column / 4) * 12 + random.below(800) / 100.0;
    const double y = row * (190.0 / rows) + random.below(600) / 100.0;
    const std::uint32_t households = 12 * (1 + random.below(5)) * (80 + random.below(21)) / 100;
    graph.nodes.push_back({households, households, 0, 0, compound, x, y, rectangle(x, y, 52, 190.0 / rows), {}});
  }
  link_neighbours(graph, [&](std::uint32_t a, std::uint32_t b) {
    return graph.nodes[a].compound == graph.nodes[b].compound ? Passage::open : Passage::wall;
  });
  return graph;
}

/// What is wrong with a partition by its own rules, or nothing.
inline std::string complaint(const Graph& graph, const Partition& partition, const PartitionOptions& options) {
  const std::size_t n = graph.nodes.size(), parts = partition.verdicts.size();
  if (partition.part_of_node.size() != n) return "not every node has a part";
  std::vector<std::vector<std::uint32_t>> near(n), members(parts);
  for (const Graph::Link& link : graph.links) {
    near[link.a].push_back(link.b);
    near[link.b].push_back(link.a);
  }
  std::uint32_t next = 0;
  for (std::uint32_t node = 0; node < n; ++node) {
    const std::uint32_t part = partition.part_of_node[node];
    if (part >= parts) return "a part without a verdict";
    if (part > next) return "parts are not numbered by their least node";
    next = std::max(next, part + 1);
    members[part].push_back(node);
  }
  if (next != parts) return "a verdict without a part";
  for (std::uint32_t part = 0; part < parts; ++part) {
    std::vector<bool> seen(n, false);
    std::vector<std::uint32_t> stack{members[part][0]};
    seen[stack[0]] = true;
    std::size_t reached = 0;
    std::uint64_t households = 0, outside = 0;
    bool tower = false;
    while (!stack.empty()) {
      const std::uint32_t node = stack.back();
      stack.pop_back();
      ++reached;
      households += graph.nodes[node].households;
      tower |= graph.nodes[node].households > options.range.max;
      for (const std::uint32_t other : near[node]) {
        if (partition.part_of_node[other] != part) ++outside;
        if (partition.part_of_node[other] != part || seen[other]) continue;
        seen[other] = true;
        stack.push_back(other);
      }
    }
    const std::string name = "part " + std::to_string(part) + " of " + std::to_string(households) + " households";
    if (reached != members[part].size()) return name + " is not connected";
    const bool in_range = households >= options.range.min && households <= options.range.max;
    switch (partition.verdicts[part]) {
      case Verdict::legal:
        if (!in_range) return name + " is called legal";
        break;
      case Verdict::hamlet:
        if (households >= options.range.min || households == 0 || outside > 0) return name + " is called a hamlet";
        break;
      case Verdict::tower:
        if (!tower) return name + " is called a tower";
        break;
      case Verdict::empty:
        if (households > 0 || outside > 0) return name + " is called empty";
        break;
      case Verdict::lumpy:
      case Verdict::unproven:
        if (in_range || tower) return name + " is called out of range";
        if (households > options.range.max) return name + " is above the maximum";
        break;
    }
  }
  return "";
}

}  // namespace wangge::planning
