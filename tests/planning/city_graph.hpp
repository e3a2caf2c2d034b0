#pragma once

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "planning/graph.hpp"
#include "planning/random.hpp"

namespace wangge::planning {

/// A made-up city: superblocks of 450 × 410 m between main roads, rivers between every 14th row. Of the superblocks two
/// fifths are 2 × 2 walled compounds of slabs (12 households × 1…5 entrances, not all let), two fifths streets of
/// houses of 1…25 households, the rest nearly empty. Some houses are empty and some superblocks have a park.
struct CityOptions {
  std::uint32_t columns = 2, rows = 2;
  std::uint64_t seed = 1;
  bool bridges = false;
  std::vector<std::uint32_t> lumps;  ///< if any: every node holds one of these, drawn at random
};

class City {
 public:
  explicit City(const CityOptions& options) : options_(options), random_(options.seed) {}

  Graph build() {
    for (std::uint32_t row = 0; row < options_.rows; ++row) {
      for (std::uint32_t column = 0; column < options_.columns; ++column) superblock(column, row);
    }
    link();
    return std::move(graph_);
  }

 private:
  static constexpr double width_m = 450, height_m = 410, road_m = 15;

  double uniform() { return double(random_.next() >> 11) * 0x1p-53; }

  void superblock(std::uint32_t column, std::uint32_t row) {
    const std::uint32_t block = row * options_.columns + column;
    const double x = column * width_m + road_m, y = row * height_m + road_m;
    const double kind = uniform();
    if (kind < 0.4) {
      compounds(block, x, y);
    } else if (kind < 0.8) {
      houses(block, x, y, 20, 20, 1);
    } else {
      houses(block, x, y, 60, 60, 0.3);
    }
  }

  void compounds(std::uint32_t block, double x, double y) {
    for (std::uint32_t i = 0; i < 24 * 4; ++i) {
      const std::uint32_t quarter = i / 24, column = i % 24 % 4, row = i % 24 / 4;
      const double dx = (quarter % 2) * 210 + 26 + column * 52 + 6 * uniform();
      const double dy = double(quarter / 2) * 190 + 16 + row * 31 + 6 * uniform();
      const double let = 0.8 + 0.2 * uniform();
      node(x + dx, y + dy, std::uint32_t(12 * (1 + random_.below(5)) * let), block, block * 4 + quarter);
    }
  }

  void houses(std::uint32_t block, double x, double y, double apart_x, double apart_y, double density) {
    const bool park = uniform() < 0.2;
    for (double dy = apart_y / 2; dy < height_m - 2 * road_m; dy += apart_y) {
      for (double dx = apart_x / 2; dx < width_m - 2 * road_m; dx += apart_x) {
        const double jitter_x = (uniform() - 0.5) * apart_x * 0.6, jitter_y = (uniform() - 0.5) * apart_y * 0.6;
        const double u = uniform();
        const bool empty = uniform() < 0.02;
        if (park && dx > 150 && dx < 300 && dy > 100 && dy < 250) continue;
        const auto households = std::uint32_t(1 + 24 * density * u * u * u * u);
        node(x + dx + jitter_x, y + dy + jitter_y, empty ? 0 : households, block, Graph::none);
      }
    }
    if (park) node(x + 225, y + 175, 0, block, Graph::none);
  }

  void node(double x, double y, std::uint32_t households, std::uint32_t block, std::uint32_t compound) {
    if (!options_.lumps.empty()) households = options_.lumps[random_.below(std::uint32_t(options_.lumps.size()))];
    graph_.nodes.push_back({households, households, 0, block, compound, x, y, {}, {}});
  }

  /// Voronoi neighbours are linked; the shared edge is the border.
  void link() {
    using Site = boost::polygon::point_data<std::int32_t>;
    std::vector<Site> sites;
    for (const Graph::Node& n : graph_.nodes) sites.emplace_back(std::int32_t(n.x_m * 100), std::int32_t(n.y_m * 100));
    boost::polygon::voronoi_diagram<double> voronoi;
    boost::polygon::construct_voronoi(sites.begin(), sites.end(), &voronoi);
    for (const auto& edge : voronoi.edges()) {
      const auto a = std::uint32_t(edge.cell()->source_index()), b = std::uint32_t(edge.twin()->cell()->source_index());
      double border_m = 40;
      if (edge.is_finite()) {
        const double x0 = edge.vertex0()->x() / 100, y0 = edge.vertex0()->y() / 100;
        const double x1 = edge.vertex1()->x() / 100, y1 = edge.vertex1()->y() / 100;
        border_m = std::min(60.0, std::hypot(x1 - x0, y1 - y0));
      }
      const double away =
          std::hypot(graph_.nodes[a].x_m - graph_.nodes[b].x_m, graph_.nodes[a].y_m - graph_.nodes[b].y_m);
      graph_.nodes[a].land.area_m2 += border_m * std::min(away, 100.0) / 4;
      Passage passage = Passage::open;
      if (a < b && border_m > 0.1 && passable(a, b, passage)) graph_.links.push_back({a, b, passage, float(border_m)});
    }
    for (Graph::Node& node : graph_.nodes) {  // as if of a square
      const double area_m2 = node.land.area_m2, moment = area_m2 * area_m2 / 12;
      node.land = {area_m2, node.x_m, node.y_m, moment, 0, moment};
    }
    std::sort(graph_.links.begin(), graph_.links.end(),
              [](const Graph::Link& p, const Graph::Link& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
  }

  bool passable(std::uint32_t a, std::uint32_t b, Passage& passage) {
    const Graph::Node &p = graph_.nodes[a], &q = graph_.nodes[b];
    const std::uint32_t row_p = p.block / options_.columns, row_q = q.block / options_.columns;
    if (row_p / 14 != row_q / 14) {
      passage = Passage::crossing;
      return options_.bridges && p.block % options_.columns % 4 == 0 && uniform() < 0.1;
    }
    const auto street = [&](const Graph::Node& n) {
      const auto column = std::uint32_t(std::fmod(n.x_m, width_m) / 150);
      const auto row = std::uint32_t(std::fmod(n.y_m, height_m) / 137);
      return column * 8 + row;
    };
    if (p.block != q.block)
      passage = Passage::soft;
    else if (p.compound != q.compound)
      passage = Passage::wall;
    else if (p.compound == Graph::none && street(p) != street(q))
      passage = Passage::street;
    return true;
  }

  const CityOptions& options_;
  Random random_;
  Graph graph_;
};

inline Graph city_graph(const CityOptions& options = {}) { return City(options).build(); }

}  // namespace wangge::planning
