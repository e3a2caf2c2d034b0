#include "planning/seal.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "coverage/segment_grid.hpp"

namespace wangge::planning {
namespace {

struct Edge {
  Position a, b;
};

template <class Visit>
void each_ring(MultiPolygon& polygons, const Visit& visit) {
  for (Polygon& polygon : polygons) {
    visit(polygon.outer);
    for (Ring& hole : polygon.holes) visit(hole);
  }
}

bool strictly_within(Position a, Position b, Position c, Position p) {
  const int turn = orientation(a, b, c);
  return turn != 0 && orientation(a, b, p) == turn && orientation(b, c, p) == turn && orientation(c, a, p) == turn;
}

bool lies_between(Position a, Position b, Position p) {
  return p != a && p != b && orientation(a, b, p) == 0 && std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x) &&
         std::min(a.y, b.y) <= p.y && p.y <= std::max(a.y, b.y);
}

class Sealer {
 public:
  Sealer(const GridMap& map, std::span<const GridId> locked, const Tessellation& t, std::vector<MultiPolygon>& polygons)
      : t_(t), polygons_(polygons) {
    for (const GridId lock : locked) {
      MultiPolygon outline = map.polygons(lock);
      each_ring(outline, [&](Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          edges_.push_back({ring[i], ring[(i + 1) % ring.size()]});
          corners_.insert(ring[i]);
        }
      });
    }
    for (MultiPolygon& polygon : polygons_) each_ring(polygon, [&](Ring& ring) { rings_.push_back(&ring); });
  }

  void run() {
    find_strays();
    find_obstacles();
    for (const auto& [way, place] : nearest_first()) remove(place, edges_[strays_.at(place)]);
  }

  /// Puts the vertices that are left on a locked ring into it; true where there are any.
  bool give_vertices(Ring& locked) const {
    Ring next;
    for (std::size_t i = 0; i < locked.size(); ++i) {
      const Position a = locked[i], b = locked[(i + 1) % locked.size()];
      next.push_back(a);
      const auto [from, to] = left_.equal_range(std::minmax(a, b));
      std::vector<Position> between;
      for (auto at = from; at != to; ++at) between.push_back(at->second);
      std::ranges::sort(between, {}, [&](Position p) { return length_m(a, p); });
      next.insert(next.end(), between.begin(), between.end());
    }
    const bool more = next.size() > locked.size();
    locked = std::move(next);
    return more;
  }

  void find_left() {
    for (const auto& stray : strays_) {
      const Position place = stray.first;
      const Edge& edge = edges_[stray.second];
      const auto& rings = rings_with_.at(place);
      if (std::ranges::any_of(rings, [&](const Ring* ring) { return std::ranges::count(*ring, place) > 0; }))
        left_.emplace(std::minmax(edge.a, edge.b), place);
    }
  }

 private:
  static constexpr double near = 1.5;  // lattice units; noding moves a line less far

  /// Vertices of the new micro-grids on a locked edge that the locked micro-grid does not have.
  void find_strays() {
    const coverage::CellGrid grid(edges_.size(), 2000);
    const coverage::PackedLists cells(grid.buckets(), [&](const auto& add) {
      for (std::uint32_t e = 0; e < edges_.size(); ++e)
        grid.along(edges_[e].a, edges_[e].b, [&](std::size_t bucket) { add(bucket, e); });
    });
    for (Ring* ring : rings_) {
      for (std::size_t i = 0; i < ring->size(); ++i) {
        const Position p = (*ring)[i];
        if (corners_.contains(p)) continue;
        for (const std::uint32_t e : cells[grid.bucket_at(p)]) {
          if (!lies_on(edges_[e], p)) continue;
          strays_.emplace(p, e);
          break;
        }
      }
    }
    for (Ring* ring : rings_)
      for (const Position p : *ring)
        if (strays_.contains(p)) rings_with_[p].insert(ring);
  }

  static bool lies_on(const Edge& e, Position p) {
    const double dx = double(e.b.x) - e.a.x, dy = double(e.b.y) - e.a.y, length = dx * dx + dy * dy;
    const double along = ((double(p.x) - e.a.x) * dx + (double(p.y) - e.a.y) * dy) / length;
    const double off = ((double(p.x) - e.a.x) * dy - (double(p.y) - e.a.y) * dx) / std::sqrt(length);
    return along > 0 && along < 1 && std::abs(off) <= near;
  }

  /// All that a moved border must not sweep over: vertices of borders and footprints.
  void find_obstacles() {
    for (const Ring* ring : rings_) obstacles_.insert(obstacles_.end(), ring->begin(), ring->end());
    obstacles_.insert(obstacles_.end(), corners_.begin(), corners_.end());
    for (std::uint32_t v = 0; v < t_.on_footprint.size(); ++v)
      if (t_.on_footprint[v]) footprints_.push_back(t_.arrangement.vertex(v));
    std::ranges::sort(footprints_);
    obstacles_.insert(obstacles_.end(), footprints_.begin(), footprints_.end());
    std::ranges::sort(obstacles_);
    obstacles_.erase(std::unique(obstacles_.begin(), obstacles_.end()), obstacles_.end());
  }

  /// So that none is moved past another.
  std::vector<std::pair<double, Position>> nearest_first() const {
    std::vector<std::pair<double, Position>> order;
    for (const auto& [place, edge] : strays_)
      order.emplace_back(std::min(length_m(place, edges_[edge].a), length_m(place, edges_[edge].b)), place);
    std::ranges::sort(order);
    return order;
  }

  void remove(Position place, const Edge& edge) {
    const double to_a = length_m(place, edge.a), to_b = length_m(place, edge.b);
    const Position nearer = to_a <= to_b ? edge.a : edge.b, farther = to_a <= to_b ? edge.b : edge.a;
    if (!move(place, nearer, edge)) move(place, farther, edge);
  }

  /// Moves a vertex, and with it the ends of all borders that run to it, onto an end of its edge.
  bool move(Position from, Position to, const Edge& edge) {
    if (enters_footprint(from, to)) return false;
    for (const Position other : borders_at(from, edge)) {
      if (!free(other, from, to)) return false;
    }
    const auto& rings = rings_with_.at(from);
    if (std::ranges::any_of(rings, [&](const Ring* ring) { return doubled_area(moved(*ring, from, to)) == 0; }))
      return false;  // nothing would be left of a micro-grid, or of a hole
    obstacles_.erase(std::ranges::lower_bound(obstacles_, from));
    for (Ring* ring : rings) *ring = moved(*ring, from, to);
    return true;
  }

  static Ring moved(Ring ring, Position from, Position to) {
    std::ranges::replace(ring, from, to);
    ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    return ring;
  }

  /// The other ends of the borders that leave the locked edge here.
  std::set<Position> borders_at(Position place, const Edge& edge) const {
    std::set<Position> others;
    for (const Ring* ring : rings_with_.at(place)) {
      for (std::size_t i = 0; i < ring->size(); ++i) {
        if ((*ring)[i] != place) continue;
        for (const Position other : {(*ring)[(i + ring->size() - 1) % ring->size()], (*ring)[(i + 1) % ring->size()]}) {
          const bool along = other == edge.a || other == edge.b || (strays_.contains(other) && lies_on(edge, other));
          if (!along) others.insert(other);
        }
      }
    }
    return others;
  }

  /// True where a footprint reaches the locked edge on the way, so that the border would be drawn through it.
  bool enters_footprint(Position from, Position to) const {
    const auto [west, east] = std::minmax(from.x, to.x);
    const auto first = std::ranges::lower_bound(footprints_, west - 1, {}, &Position::x);
    for (auto p = first; p != footprints_.end() && p->x <= east + 1; ++p) {
      if (*p == from || (*p != to && lies_on({from, to}, *p))) return true;
    }
    return false;
  }

  bool free(Position other, Position from, Position to) const {
    const auto [west, east] = std::minmax({other.x, from.x, to.x});
    const auto first = std::ranges::lower_bound(obstacles_, west, {}, &Position::x);
    for (auto p = first; p != obstacles_.end() && p->x <= east; ++p) {
      if (strictly_within(other, from, to, *p) || lies_between(other, to, *p)) return false;
    }
    return true;
  }

  const Tessellation& t_;
  std::vector<MultiPolygon>& polygons_;
  std::vector<Edge> edges_;
  std::set<Position> corners_;
  std::vector<Ring*> rings_;
  std::map<Position, std::uint32_t> strays_;  ///< and the locked edge that each lies on
  std::map<Position, std::set<Ring*>> rings_with_;
  std::multimap<std::pair<Position, Position>, Position> left_;  ///< by the ends of their edge
  std::vector<Position> obstacles_;
  std::vector<Position> footprints_;  ///< those of them that footprints have
};

}  // namespace

std::vector<std::pair<GridId, MultiPolygon>> seal(const GridMap& map, std::span<const GridId> locked,
                                                  const Tessellation& tessellation,
                                                  std::vector<MultiPolygon>& polygons) {
  if (locked.empty()) return {};
  Sealer sealer(map, locked, tessellation, polygons);
  sealer.run();
  sealer.find_left();
  std::vector<std::pair<GridId, MultiPolygon>> given;
  for (const GridId lock : locked) {
    MultiPolygon outline = map.polygons(lock);
    bool more = false;
    each_ring(outline, [&](Ring& ring) { more = sealer.give_vertices(ring) || more; });
    if (more) given.emplace_back(lock, std::move(outline));
  }
  return given;
}

}  // namespace wangge::planning
