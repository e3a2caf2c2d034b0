#include "verify/neighbourhood.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "verify/barriers.hpp"
#include "verify/groups.hpp"
#include "verify/reasons.hpp"

namespace wangge::verify {
namespace {

constexpr double on_barrier_m = 0.05;
constexpr double crossing_reach_m = 3;
constexpr double step_m = 0.5;      ///< between the places on a border at which is asked who lives there
constexpr double slack_m = 0.6;     ///< who is farther than the nearest by so much may still live there
constexpr double spacing_m = 2;     ///< of the places that stand for a footprint
constexpr double shortest_m = 0.1;  ///< what is shorter is no border

Vertex in_metres(Vertex v, const Scale& scale) { return {v.x * scale.east, v.y * scale.north}; }

/// Places on the outline of a footprint, or its point, in metres.
std::vector<Vertex> samples_of(const GEOSGeometry* footprint, Vertex place, const Scale& scale) {
  std::vector<Vertex> samples;
  const auto along = [&](Vertex a, Vertex b) {
    const Vertex p = in_metres(a, scale), q = in_metres(b, scale);
    const int steps = std::max(1, static_cast<int>(std::hypot(q.x - p.x, q.y - p.y) / spacing_m));
    for (int k = 0; k < steps; ++k) samples.push_back({p.x + (q.x - p.x) * k / steps, p.y + (q.y - p.y) * k / steps});
  };
  if (area_units(footprint) > 0) {
    const Geometry parts = united({footprint});
    for (const GEOSGeometry* polygon : polygons_of(parts))
      for (const std::vector<Vertex>& ring : rings_of(polygon))
        for (std::size_t i = 1; i < ring.size(); ++i) along(ring[i - 1], ring[i]);
  }
  if (samples.empty()) samples.push_back(in_metres(place, scale));
  return samples;
}

struct Sample {
  Vertex at;
  std::uint32_t member;
};

void link(Neighbourhood& n, std::uint32_t a, std::uint32_t b) {
  if (a == b) return;
  n.links[a].insert(b);
  n.links[b].insert(a);
}

Vertex centre_of(const std::array<Vertex, 3>& t) {
  const double bx = t[1].x - t[0].x, by = t[1].y - t[0].y, cx = t[2].x - t[0].x, cy = t[2].y - t[0].y;
  const double d = 2 * (bx * cy - by * cx), b = bx * bx + by * by, c = cx * cx + cy * cy;
  return {t[0].x + (cy * b - by * c) / d, t[0].y + (bx * c - cx * b) / d};
}

/// How long the borders between members are in the Voronoi diagram of their samples, its outer edges endless.
std::map<std::pair<std::uint32_t, std::uint32_t>, double> cell_borders(const std::vector<Sample>& samples) {
  using Place = std::pair<double, double>;
  std::map<Place, std::set<std::uint32_t>> members;
  std::vector<Vertex> places;
  for (const Sample& sample : samples) members[{sample.at.x, sample.at.y}].insert(sample.member);
  for (const auto& [place, here] : members) places.push_back({place.first, place.second});
  std::map<std::pair<Place, Place>, std::vector<Vertex>> centres;  // of the triangles on either side
  for (const std::array<Vertex, 3>& triangle : delaunay_triangles(places)) {
    for (std::size_t k = 0; k < 3; ++k) {
      const Vertex p = triangle[k], q = triangle[(k + 1) % 3];
      centres[std::minmax(Place{p.x, p.y}, Place{q.x, q.y})].push_back(centre_of(triangle));
    }
  }
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> borders;
  const auto add = [&](const Place& p, const Place& q, double length) {
    for (const std::uint32_t a : members.at(p))
      for (const std::uint32_t b : members.at(q))
        if (a != b) borders[std::minmax(a, b)] += length;
  };
  constexpr double endless = 1e9;
  for (const auto& [place, here] : members) add(place, place, here.size() > 1 ? endless : 0);
  for (const auto& [edge, at] : centres)
    add(edge.first, edge.second, at.size() == 2 ? std::hypot(at[0].x - at[1].x, at[0].y - at[1].y) : endless);
  // Places on one line have no triangle; neighbours along it border each other.
  if (centres.empty())
    for (std::size_t i = 1; i < places.size(); ++i)
      add({places[i - 1].x, places[i - 1].y}, {places[i].x, places[i].y}, endless);
  return borders;
}

/// Who may live at a place on the border of an enclosure.
std::set<std::uint32_t> near(const std::vector<Sample>& samples, Vertex at) {
  double nearest = 1e300;
  for (const Sample& s : samples) nearest = std::min(nearest, std::hypot(s.at.x - at.x, s.at.y - at.y));
  std::set<std::uint32_t> members;
  for (const Sample& s : samples)
    if (std::hypot(s.at.x - at.x, s.at.y - at.y) <= nearest + slack_m) members.insert(s.member);
  return members;
}

}  // namespace

/// Draws the neighbourhood of some enclosures.
class NeighbourhoodMap::Drawing {
 public:
  Drawing(const NeighbourhoodMap& map, const std::set<std::uint32_t>& enclosures)
      : map_(map), enclosures_(enclosures), scale_(scale_of(map)) {}

  Neighbourhood run() && {
    add_stacks();
    fill_enclosures();
    for (const Border& border : map_.borders_) cross(border);
    return std::move(n_);
  }

 private:
  static Scale scale_of(const NeighbourhoodMap& map) {
    const Box box = map.plan_.box(map.parent_);
    return scale_at((box.min_y + box.max_y) / 2);
  }

  const GEOSGeometry* footprint(std::size_t unit) const { return map_.ownership_.footprint[unit].get(); }

  std::uint32_t add_member() {
    n_.households.push_back(0), n_.links.emplace_back(), n_.open.push_back(0);
    return static_cast<std::uint32_t>(n_.households.size() - 1);
  }

  void add_stacks() {
    std::set<std::size_t> all;
    for (const std::uint32_t face : enclosures_) all.insert(map_.units_in_[face].begin(), map_.units_in_[face].end());
    const std::vector<std::size_t> units(all.begin(), all.end());
    std::vector<Box> boxes;
    for (const std::size_t unit : units) boxes.push_back(box_of(footprint(unit)));
    const BoxIndex index(boxes);
    Groups stacks(units.size());
    for (std::uint32_t i = 0; i < units.size(); ++i)
      for (const std::size_t j : index.meeting(boxes[i]))
        if (j < i && stacked(footprint(units[i]), footprint(units[j]))) stacks.join(i, static_cast<std::uint32_t>(j));
    for (std::uint32_t i = 0; i < units.size(); ++i) {
      const std::uint32_t member = stacks.of(i) == i ? add_member() : n_.member_of_unit.at(units[stacks.of(i)]);
      n_.member_of_unit[units[i]] = member;
      n_.households[member] += map_.plan_.file.units[units[i]].households.value_or(0);
    }
  }

  void fill_enclosures() {
    for (const std::uint32_t face : enclosures_) {
      if (map_.units_in_[face].empty()) {
        empty_[face] = add_member();
        continue;
      }
      std::vector<Sample>& here = samples_[face];
      for (const std::size_t unit : map_.units_in_[face])
        for (const Vertex at : samples_of(footprint(unit), map_.ownership_.place[unit], scale_))
          here.push_back({at, n_.member_of_unit.at(unit)});
      for (const auto& [pair, length] : cell_borders(here))
        if (length >= shortest_m) link(n_, pair.first, pair.second);
    }
  }

  std::set<std::uint32_t> members_at(std::uint32_t face, Vertex at) const {
    if (!enclosures_.contains(face)) return {};
    const auto ground = empty_.find(face);
    if (ground != empty_.end()) return {ground->second};
    return near(samples_.at(face), at);
  }

  /// Links who lives on either side of a border, or marks them open where the other side is not drawn.
  void cross(const Border& border) {
    const bool both = enclosures_.contains(border.a) && enclosures_.contains(border.b);
    if (!enclosures_.contains(border.a) && !enclosures_.contains(border.b)) return;
    const Vertex from = in_metres({double(border.edge.a.x), double(border.edge.a.y)}, scale_),
                 to = in_metres({double(border.edge.b.x), double(border.edge.b.y)}, scale_);
    const int steps = std::max(1, static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) / step_m));
    for (int k = 0; k <= steps; ++k) {
      const Vertex at{from.x + (to.x - from.x) * k / steps, from.y + (to.y - from.y) * k / steps};
      const std::set<std::uint32_t> here = members_at(border.a, at), there = members_at(border.b, at);
      for (const std::uint32_t i : here)
        for (const std::uint32_t j : there) link(n_, i, j);
      if (both) continue;
      for (const std::uint32_t i : here) n_.open[i] = 1;
      for (const std::uint32_t j : there) n_.open[j] = 1;
    }
  }

  const NeighbourhoodMap& map_;
  const std::set<std::uint32_t>& enclosures_;
  Scale scale_;
  Neighbourhood n_;
  std::map<std::uint32_t, std::vector<Sample>> samples_;  ///< by enclosure
  std::map<std::uint32_t, std::uint32_t> empty_;          ///< ground without a unit, by enclosure
};

NeighbourhoodMap::NeighbourhoodMap(const Plan& plan, const Ownership& ownership, Row parent)
    : plan_(plan), ownership_(ownership), parent_(parent) {
  const Box box = plan.box(parent);
  std::vector<Line> lines;
  const auto add_outline = [&](Row row) {
    for (const Polygon& polygon : plan.area(row).polygons) {
      for (Ring ring : polygon) {
        ring.push_back(ring[0]);
        lines.push_back(std::move(ring));
      }
    }
  };
  add_outline(parent);
  const Reasons reasons(plan.file);
  for (const Row child : plan.children[parent]) {
    if (!reasons.says(plan.area(child).code, "locked")) continue;
    locked_.insert(child);
    add_outline(child);
  }
  for (const Barrier& barrier : plan.file.barriers) {
    const Box b = box_of(barrier.line);
    const bool apart = b.max_x < box.min_x || box.max_x < b.min_x || b.max_y < box.min_y || box.max_y < b.min_y;
    if (!barrier.tunnel && !apart) lines.push_back(barrier.line);
  }
  faces_ = faces_of(lines);
  find_ground();
  place_units(ownership);
  find_borders();
  find_crossings();
}

/// The enclosures in the parent, but for those in locked micro-grids.
void NeighbourhoodMap::find_ground() {
  const Prepared inside(plan_.shapes[parent_]);
  std::vector<Prepared> locked;
  for (const Row row : locked_) locked.emplace_back(plan_.shapes[row]);
  for (const GEOSGeometry* face : faces_.polygons) {
    const auto place = inner_point(face);
    const Geometry point = place ? point_geometry(place->x, place->y) : nullptr;
    const auto holds = [&](const Prepared& shape) { return shape.covers(point.get()); };
    ground_.push_back(point && holds(inside) && std::none_of(locked.begin(), locked.end(), holds));
  }
}

/// A unit stands in each enclosure on which its footprint lies by more than a sliver.
void NeighbourhoodMap::place_units(const Ownership& ownership) {
  constexpr double sliver = 0.02;  // of the footprint
  std::vector<Box> boxes;
  for (const GEOSGeometry* face : faces_.polygons) boxes.push_back(box_of(face));
  const BoxIndex index(boxes);
  units_in_.resize(faces_.polygons.size());
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
    const Row leaf = ownership.leaf[i];
    if (leaf == none || plan_.parent[leaf] != parent_ || locked_.contains(leaf)) continue;
    const GEOSGeometry* footprint = ownership.footprint[i].get();
    const double area = area_units(footprint);
    for (const std::size_t face : index.meeting(box_of(footprint))) {
      if (!ground_[face]) continue;
      const Geometry common = intersection(footprint, faces_.polygons[face]);
      if (!inner_point(common.get()) || (area > 0 && area_units(common.get()) < sliver * area)) continue;
      units_in_[face].push_back(i);
      enclosures_of_[i].push_back(static_cast<std::uint32_t>(face));
    }
  }
}

void NeighbourhoodMap::find_borders() {
  NearLines hard;
  for (const Line& line : separating_lines(plan_)) hard.add(line);
  hard.build();
  std::map<Edge, std::uint32_t> seen;
  for (std::uint32_t face = 0; face < faces_.polygons.size(); ++face) {
    for (const std::vector<Vertex>& ring : rings_of(faces_.polygons[face])) {
      for (std::size_t k = 1; k < ring.size(); ++k) {
        const auto at = [&](std::size_t i) {
          return Point{static_cast<std::int32_t>(std::lround(ring[i].x)),
                       static_cast<std::int32_t>(std::lround(ring[i].y))};
        };
        const Edge edge{std::min(at(k - 1), at(k)), std::max(at(k - 1), at(k))};
        const auto [other, first] = seen.emplace(edge, face);
        if (!first && ground_[face] && ground_[other->second] && hard.tag_along(edge, on_barrier_m) < 0)
          borders_.push_back({edge, other->second, face});
      }
    }
  }
}

/// Where hard barriers can be crossed, whoever is near on one side borders whoever is near on the other.
void NeighbourhoodMap::find_crossings() {
  std::vector<Box> boxes;
  for (const GEOSGeometry* face : faces_.polygons) boxes.push_back(box_of(face));
  const BoxIndex index(boxes);
  for (const Vertex crossing : crossings_of(plan_.file.barriers)) {
    const Scale scale = scale_at(crossing.y);
    const double x = crossing_reach_m / scale.east, y = crossing_reach_m / scale.north;
    const Point at{static_cast<std::int32_t>(std::lround(crossing.x)),
                   static_cast<std::int32_t>(std::lround(crossing.y))};
    const std::vector<std::size_t> near =
        index.meeting({crossing.x - x, crossing.y - y, crossing.x + x, crossing.y + y});
    for (const std::size_t a : near)
      for (const std::size_t b : near)
        if (a < b && ground_[a] && ground_[b])
          borders_.push_back({{at, at}, static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b)});
  }
}

Neighbourhood NeighbourhoodMap::about(std::span<const std::size_t> units) const {
  std::set<std::uint32_t> inner;
  for (const std::size_t unit : units) {
    const auto found = enclosures_of_.find(unit);
    if (found != enclosures_of_.end()) inner.insert(found->second.begin(), found->second.end());
  }
  std::set<std::uint32_t> all = inner;
  for (const Border& border : borders_) {
    if (inner.contains(border.a)) all.insert(border.b);
    if (inner.contains(border.b)) all.insert(border.a);
  }
  return draw(all);
}

Neighbourhood NeighbourhoodMap::whole() const {
  std::set<std::uint32_t> all;
  for (std::uint32_t face = 0; face < units_in_.size(); ++face) all.insert(face);
  return draw(all);
}

Neighbourhood NeighbourhoodMap::draw(const std::set<std::uint32_t>& enclosures) const {
  return Drawing(*this, enclosures).run();
}

}  // namespace wangge::verify
