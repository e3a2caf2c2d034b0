#include "split/instance.hpp"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <stdexcept>

#include "planning/city_graph.hpp"

namespace wangge::bench {
namespace {

using planning::Graph;
using Site = boost::polygon::point_data<std::int32_t>;
using Voronoi = boost::polygon::voronoi_diagram<double>;

/// Places on a rectangle round all others, so that every cell of theirs ends.
void add_fence(std::vector<Site>& sites) {
  constexpr std::int32_t margin = 1500, apart = 2000;  // centimetres
  std::int32_t west = sites[0].x(), east = west, south = sites[0].y(), north = south;
  for (const Site& site : sites) {
    west = std::min(west, site.x()), east = std::max(east, site.x());
    south = std::min(south, site.y()), north = std::max(north, site.y());
  }
  west -= margin, east += margin, south -= margin, north += margin;
  for (std::int32_t x = west; x < east; x += apart) sites.emplace_back(x, south), sites.emplace_back(x, north);
  for (std::int32_t y = south; y < north; y += apart) sites.emplace_back(west, y), sites.emplace_back(east, y);
  sites.emplace_back(east, north);
}

/// Measures the cells of all nodes; shared borders ascend by their nodes.
void measure_land(const Voronoi& voronoi, Instance& instance) {
  auto& nodes = instance.graph.nodes;
  std::vector<planning::LandSum> land(nodes.size());
  instance.perimeter_m.assign(nodes.size(), 0);
  for (const auto& edge : voronoi.edges()) {
    const auto a = edge.cell()->source_index(), b = edge.twin()->cell()->source_index();
    if (a >= nodes.size()) continue;
    if (edge.is_infinite()) throw std::logic_error("a cell of the made-up city leaves its fence");
    const double x0 = edge.vertex0()->x() / 100, y0 = edge.vertex0()->y() / 100;
    const double x1 = edge.vertex1()->x() / 100, y1 = edge.vertex1()->y() / 100;
    const auto length_m = float(std::hypot(x1 - x0, y1 - y0));
    land[a].add_edge(x0, y0, x1, y1);
    instance.perimeter_m[a] += length_m;
    if (a < b && b < nodes.size()) instance.shared.push_back({std::uint32_t(a), std::uint32_t(b), length_m});
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].land = land[i].land();
  std::sort(instance.shared.begin(), instance.shared.end(),
            [](const auto& p, const auto& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
}

/// Gives the links the length of the borders between their nodes' land; those without one go.
void measure_links(Instance& instance) {
  constexpr float least_m = 0.1f;
  auto shared = instance.shared.begin();
  std::erase_if(instance.graph.links, [&](Graph::Link& link) {
    const auto before = [&](const Instance::Shared& s) { return std::pair(s.a, s.b) < std::pair(link.a, link.b); };
    while (shared != instance.shared.end() && before(*shared)) ++shared;
    if (shared == instance.shared.end() || shared->a != link.a || shared->b != link.b) return true;
    link.border_m = shared->length_m;
    return link.border_m < least_m;
  });
}

}  // namespace

std::uint64_t Instance::households() const {
  std::uint64_t sum = 0;
  for (const Graph::Node& node : graph.nodes) sum += node.households;
  return sum;
}

Instance with_range(Instance instance, const Range& range, std::uint32_t target) {
  instance.range = range, instance.target = target;
  return instance;
}

Instance made_city(const std::string& name, std::uint32_t columns, std::uint32_t rows, std::uint64_t seed,
                   std::vector<std::uint32_t> lumps) {
  Instance instance;
  instance.name = name;
  instance.graph = planning::city_graph({columns, rows, seed, false, std::move(lumps)});
  std::vector<Site> sites;
  for (const Graph::Node& n : instance.graph.nodes)
    sites.emplace_back(std::int32_t(n.x_m * 100), std::int32_t(n.y_m * 100));
  add_fence(sites);
  Voronoi voronoi;
  boost::polygon::construct_voronoi(sites.begin(), sites.end(), &voronoi);
  measure_land(voronoi, instance);
  measure_links(instance);
  return instance;
}

}  // namespace wangge::bench
