#include "town/footprints.hpp"

#include <geos_c.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

namespace wangge::testing_town {
namespace {

struct Destroy {
  GEOSContextHandle_t geos;
  void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(geos, geometry); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

GEOSGeometry* closed(GEOSContextHandle_t geos, const Ring& ring) {
  const auto size = static_cast<unsigned>(ring.size() + 1);
  GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(geos, size, 2);
  for (unsigned i = 0; i < size; ++i) {
    const Position p = ring[i % ring.size()];
    GEOSCoordSeq_setXY_r(geos, sequence, i, p.x, p.y);
  }
  return GEOSGeom_createLinearRing_r(geos, sequence);
}

Geometry polygon(GEOSContextHandle_t geos, const Polygon& from) {
  std::vector<GEOSGeometry*> holes;
  for (const Ring& hole : from.holes) holes.push_back(closed(geos, hole));
  return {GEOSGeom_createPolygon_r(geos, closed(geos, from.outer), holes.data(), unsigned(holes.size())), {geos}};
}

// Calls `visit(i, j)` for all pairs whose boxes meet, by a sweep from west to east.
template <class Visit>
void for_pairs(const std::vector<Box>& boxes, Visit visit) {
  std::vector<std::size_t> order(boxes.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return boxes[a].min.x < boxes[b].min.x; });
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size() && boxes[order[b]].min.x <= boxes[order[a]].max.x; ++b) {
      if (boxes[order[a]].meets(boxes[order[b]])) visit(order[a], order[b]);
    }
  }
}

std::vector<Box> boxes_of(Units units) {
  std::vector<Box> boxes;
  for (const Unit& unit : units) boxes.push_back(bounds(unit.footprint));
  return boxes;
}

struct Edge {
  Position a, b;
  std::size_t owner;
};

void add_edges(std::vector<Edge>& edges, const std::vector<Position>& line, bool ring, std::size_t owner) {
  for (std::size_t i = 0; i + (ring ? 0 : 1) < line.size(); ++i) {
    edges.push_back({line[i], line[(i + 1) % line.size()], owner});
  }
}

}  // namespace

std::string first_overlap(Units units) {
  GEOSContextHandle_t geos = GEOS_init_r();
  std::string found;
  {
    std::vector<Geometry> geometries;
    for (const Unit& unit : units) geometries.push_back(polygon(geos, unit.footprint.at(0)));
    for_pairs(boxes_of(units), [&](std::size_t i, std::size_t j) {
      if (!found.empty()) return;
      if (GEOSRelatePattern_r(geos, geometries[i].get(), geometries[j].get(), "T********") != 0) {
        found = units[i].id + " and " + units[j].id;
      }
    });
  }
  GEOS_finish_r(geos);
  return found;
}

std::size_t shared_walls(Units units) {
  std::map<std::pair<Position, Position>, int> edges;
  for (const Unit& unit : units) {
    std::vector<Edge> own;
    add_edges(own, unit.footprint.at(0).outer, true, 0);
    for (const Edge& edge : own) ++edges[std::minmax(edge.a, edge.b)];
  }
  return std::count_if(edges.begin(), edges.end(), [](const auto& edge) { return edge.second == 2; });
}

std::string first_crossing(const City& city) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < city.barriers.size(); ++i) add_edges(edges, city.barriers[i].line, false, i);
  const std::size_t barrier_edges = edges.size();
  for (std::size_t i = 0; i < city.units.size(); ++i) {
    add_edges(edges, city.units.units[i].footprint.at(0).outer, true, i);
  }
  std::vector<Box> boxes(edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) boxes[i].add(edges[i].a), boxes[i].add(edges[i].b);
  std::string found;
  for_pairs(boxes, [&](std::size_t i, std::size_t j) {
    const auto [barrier, footprint] = std::minmax(i, j);
    if (barrier >= barrier_edges || footprint < barrier_edges || !found.empty()) return;
    if (!segments_meet(edges[i].a, edges[i].b, edges[j].a, edges[j].b)) return;
    found = city.units.units[edges[footprint].owner].id + " and " + city.barriers[edges[barrier].owner].name;
  });
  return found;
}

}  // namespace wangge::testing_town
