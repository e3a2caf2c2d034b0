#include <algorithm>
#include <vector>

#include <wangge/same_ground.hpp>

namespace wangge {
namespace {

struct Edge {
  Position a, b;
};

std::vector<Edge> edges_of(const MultiPolygon& polygons) {
  std::vector<Edge> edges;
  const auto add = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) edges.push_back({ring[i], ring[(i + 1) % ring.size()]});
  };
  for (const Polygon& polygon : polygons) {
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
  }
  return edges;
}

bool lies_near(const Edge& e, Position p) {
  constexpr std::int64_t reach = 2;
  const auto [west, east] = std::minmax({std::int64_t{e.a.x}, std::int64_t{e.b.x}});
  const auto [south, north] = std::minmax({std::int64_t{e.a.y}, std::int64_t{e.b.y}});
  if (p.x < west - reach || p.x > east + reach || p.y < south - reach || p.y > north + reach) return false;
  const std::int64_t dx = std::int64_t{e.b.x} - e.a.x, dy = std::int64_t{e.b.y} - e.a.y;
  const Int128 off = Int128{dx} * (std::int64_t{p.y} - e.a.y) - Int128{dy} * (std::int64_t{p.x} - e.a.x);
  return off * off <= Int128{reach * reach} * (Int128{dx} * dx + Int128{dy} * dy);
}

/// True where each vertex of one lies on the other's border, or nearly.
bool follows(const std::vector<Edge>& one, const std::vector<Edge>& other) {
  std::vector<Position> vertices;
  for (const Edge& edge : other) vertices.push_back(edge.a);
  std::ranges::sort(vertices);
  return std::ranges::all_of(one, [&](const Edge& edge) {
    return std::ranges::binary_search(vertices, edge.a) ||
           std::ranges::any_of(other, [&](const Edge& there) { return lies_near(there, edge.a); });
  });
}

}  // namespace

bool same_but_for_rounding(const MultiPolygon& a, const MultiPolygon& b) {
  if (a == b) return true;
  const std::vector<Edge> one = edges_of(a), other = edges_of(b);
  return follows(one, other) && follows(other, one);
}

}  // namespace wangge
