#include "planning/voronoi.hpp"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <numbers>

#include "coverage/arrangement.hpp"

namespace wangge::planning {
namespace {

using coverage::nothing;
using Diagram = boost::polygon::voronoi_diagram<double>;
using Edge = Diagram::edge_type;

constexpr double step_m = 3;  // between sites; footprints are kept whole by other means, so coarse is enough
constexpr double shrink_m = 0.4;
constexpr double tolerance_cm = 10;

double area_and_perimeter(const Polygon& polygon, const LocalFrame& frame, double& perimeter) {
  double doubled = 0;
  perimeter = 0;
  const auto add = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto a = frame.to_metres(ring[i]), b = frame.to_metres(ring[(i + 1) % ring.size()]);
      doubled += a.x * b.y - a.y * b.x;
      perimeter += std::hypot(b.x - a.x, b.y - a.y);
    }
  };
  add(polygon.outer);
  for (const Ring& hole : polygon.holes) add(hole);
  return std::abs(doubled) / 2;
}

std::int32_t to_cm(double m) { return static_cast<std::int32_t>(std::lround(m * 100)); }

void add_ring_sites(const Ring& ring, double inset, std::uint32_t stack, const LocalFrame& frame,
                    std::vector<Site>& out) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto a = frame.to_metres(ring[i]), b = frame.to_metres(ring[(i + 1) % ring.size()]);
    const double dx = b.x - a.x, dy = b.y - a.y, length = std::hypot(dx, dy);
    if (length == 0) continue;
    const double span = std::max(0.0, length - 2 * inset);
    const int gaps = static_cast<int>(std::ceil(span / step_m));
    for (int k = 0; k <= gaps; ++k) {
      const double along = gaps == 0 ? length / 2 : inset + span * k / gaps;
      out.push_back(
          {to_cm(a.x + (dx * along - dy * inset) / length), to_cm(a.y + (dy * along + dx * inset) / length), stack});
    }
  }
}

/// Sites far out all round, so that every border between stacks ends, but not inside the extent.
void add_ring_of_strangers(std::vector<Site>& sites, const Box& extent, const LocalFrame& frame) {
  double west = sites.front().x, east = west, south = sites.front().y, north = south;
  const auto reach_out = [&](double x, double y) {
    west = std::min(west, x), east = std::max(east, x), south = std::min(south, y), north = std::max(north, y);
  };
  for (const Site& site : sites) reach_out(site.x, site.y);
  for (const Position corner : {extent.min, extent.max}) {
    const auto m = frame.to_metres(corner);
    reach_out(100 * m.x, 100 * m.y);
  }
  const double reach = 3 * std::max({east - west, north - south, 1000.0});
  for (int k = 0; k < 16; ++k) {
    const double angle = 2 * std::numbers::pi * k / 16;
    sites.push_back({static_cast<std::int32_t>((west + east) / 2 + reach * std::cos(angle)),
                     static_cast<std::int32_t>((south + north) / 2 + reach * std::sin(angle)), nothing});
  }
}

struct Cm {
  double x, y;
};

double distance(Cm p, Cm a, Cm b) {
  const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  const double t = square == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/// Douglas and Peucker, 1973.
void keep_needed(std::span<const Cm> points, std::size_t from, std::size_t to, std::vector<bool>& keep) {
  std::size_t far = from;
  double most = tolerance_cm;
  for (std::size_t i = from + 1; i < to; ++i) {
    const double d = distance(points[i], points[from], points[to]);
    if (d > most) most = d, far = i;
  }
  if (far == from) return;
  keep[far] = true;
  keep_needed(points, from, far, keep);
  keep_needed(points, far, to, keep);
}

Line simplified(std::span<const Cm> points, const LocalFrame& frame) {
  std::vector<bool> keep(points.size(), false);
  keep.front() = keep.back() = true;
  keep_needed(points, 0, points.size() - 1, keep);
  Line line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!keep[i]) continue;
    const Position p = frame.to_position({points[i].x / 100, points[i].y / 100});
    if (line.empty() || line.back() != p) line.push_back(p);
  }
  return line;
}

/// Follows the edges between different stacks from fork to fork.
class ChainTracer {
 public:
  ChainTracer(const Diagram& diagram, std::span<const Site> sites, const LocalFrame& frame)
      : diagram_(diagram),
        sites_(sites),
        frame_(frame),
        taken_(diagram.edges().size(), false),
        forks_(diagram.vertices().size(), 0) {
    for (const Edge& edge : diagram_.edges()) {
      if (is_border(edge)) ++forks_[index(edge.vertex0())];
    }
  }

  std::vector<Chain> trace() {
    for (const Edge& edge : diagram_.edges()) {
      if (is_border(edge) && forks_[index(edge.vertex0())] != 2) follow(edge);
    }
    for (const Edge& edge : diagram_.edges()) {
      if (is_border(edge)) follow(edge);  // what is left runs round in circles
    }
    return std::move(chains_);
  }

 private:
  std::uint32_t stack(const Edge& edge) const { return sites_[edge.cell()->source_index()].stack; }
  bool is_border(const Edge& edge) const {
    if (!edge.is_finite()) return false;
    const std::uint32_t left = stack(edge), right = stack(*edge.twin());
    return left != right && left != nothing && right != nothing;
  }
  std::size_t index(const Diagram::vertex_type* vertex) const {
    return static_cast<std::size_t>(vertex - diagram_.vertices().data());
  }
  std::size_t index(const Edge* edge) const { return static_cast<std::size_t>(edge - diagram_.edges().data()); }

  void follow(const Edge& first) {
    if (taken_[index(&first)]) return;
    std::vector<Cm> points{{first.vertex0()->x(), first.vertex0()->y()}};
    for (const Edge* edge = &first; edge && !taken_[index(edge)]; edge = onward(*edge)) {
      taken_[index(edge)] = taken_[index(edge->twin())] = true;
      points.push_back({edge->vertex1()->x(), edge->vertex1()->y()});
    }
    Line line = simplified(points, frame_);
    if (line.size() > 1) chains_.push_back({std::move(line), stack(first), stack(*first.twin())});
  }

  /// The other border at the end of an edge, or null at a fork.
  const Edge* onward(const Edge& edge) const {
    if (forks_[index(edge.vertex1())] != 2) return nullptr;
    const Edge* next = edge.twin()->rot_next();
    while (!is_border(*next)) next = next->rot_next();
    return next;
  }

  const Diagram& diagram_;
  std::span<const Site> sites_;
  const LocalFrame& frame_;
  std::vector<bool> taken_;
  std::vector<std::uint8_t> forks_;
  std::vector<Chain> chains_;
};

}  // namespace

void add_sites(const Unit& unit, std::uint32_t stack, const LocalFrame& frame, std::vector<Site>& out) {
  for (const Polygon& polygon : unit.footprint) {
    double perimeter = 0;
    const double area = area_and_perimeter(polygon, frame, perimeter);
    const double inset = std::min(shrink_m, area / perimeter) * (doubled_area(polygon.outer) > 0 ? 1 : -1);
    add_ring_sites(polygon.outer, inset, stack, frame, out);
    for (const Ring& hole : polygon.holes) add_ring_sites(hole, inset, stack, frame, out);
  }
  if (unit.footprint.empty()) {
    const auto m = frame.to_metres(unit.position);
    out.push_back({to_cm(m.x), to_cm(m.y), stack});
  }
}

std::vector<Chain> voronoi_borders(std::vector<Site> sites, const Box& extent, const LocalFrame& frame) {
  std::ranges::sort(sites);
  const auto same_place = [](const Site& a, const Site& b) { return a.x == b.x && a.y == b.y; };
  sites.erase(std::unique(sites.begin(), sites.end(), same_place), sites.end());
  add_ring_of_strangers(sites, extent, frame);
  boost::polygon::voronoi_builder<std::int32_t> builder;
  for (const Site& site : sites) builder.insert_point(site.x, site.y);
  Diagram diagram;
  builder.construct(&diagram);
  return ChainTracer(diagram, sites, frame).trace();
}

}  // namespace wangge::planning
