#include "planning/redraw.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "planning/borders.hpp"
#include "planning/neighbours.hpp"
#include "planning/seal.hpp"
#include "planning/sets.hpp"
#include "planning/tessellation.hpp"
#include <wangge/error.hpp>

namespace wangge::planning {
namespace {

using coverage::nothing;

/// The common ground of the micro-grids, one leaf for each parent.
GridMap common_ground(const GridMap& map, std::span<const GridId> concerned) {
  std::vector<GridRecord> parts;
  std::set<std::string> parents;
  for (const GridId id : concerned) {
    GridRecord record = map.record(id);
    record.parent = "ground of " + record.parent;
    record.level = Level::micro_grid;
    parents.insert(record.parent);
    parts.push_back(std::move(record));
  }
  const std::size_t count = parts.size();
  for (const std::string& parent : parents) parts.push_back({parent, "", Level::grid, "", Kind::general, {}});
  const GridMap whole = GridMap::build(parts, {.snap_m = 0});
  std::vector<GridRecord> ground;
  for (std::size_t i = count; i < parts.size(); ++i) ground.push_back(whole.record(GridId(std::uint32_t(i))));
  return GridMap::build(ground, {.snap_m = 0});
}

std::vector<Barrier> barriers_near(std::span<const Barrier> barriers, const GridMap& ground) {
  Box box;
  for (std::uint32_t i = 0; i < ground.size(); ++i) box.add(bounds(ground.polygons(GridId{i})));
  std::vector<Barrier> near;
  for (const Barrier& barrier : barriers)
    if (bounds(barrier.line).meets(box)) near.push_back(barrier);
  return near;
}

/// The finest areas that border on the micro-grids.
std::vector<GridId> areas_around(const GridMap& map, std::span<const GridId> concerned) {
  std::vector<bool> inside(map.size(), false);
  for (const GridId id : concerned) inside[static_cast<std::uint32_t>(id)] = true;
  const auto is_inside = [&](GridId id) { return id != GridId::none && inside[static_cast<std::uint32_t>(id)]; };
  std::set<GridId> around;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    for (const auto& [here, there] : {std::pair(arc.left, arc.right), std::pair(arc.right, arc.left)})
      if (is_inside(here) && there != GridId::none && !is_inside(there)) around.insert(there);
  }
  return {around.begin(), around.end()};
}

template <class Visit>
void each_ring(MultiPolygon& polygons, const Visit& visit) {
  for (Polygon& polygon : polygons) {
    visit(polygon.outer);
    for (Ring& hole : polygon.holes) visit(hole);
  }
}

/// Takes out vertices where a street or a cell of some unit met the outline: what just one part has and the ground has
/// not. So the outline stays what it was but where two parts meet on it.
void restore_outline(const GridMap& ground, std::vector<MultiPolygon>& parts) {
  std::set<Position> outline;
  for (std::uint32_t i = 0; i < ground.size(); ++i) {
    MultiPolygon polygons = ground.polygons(GridId{i});
    each_ring(polygons, [&](const Ring& ring) { outline.insert(ring.begin(), ring.end()); });
  }
  std::map<Position, std::set<std::size_t>> parts_at;
  for (std::size_t part = 0; part < parts.size(); ++part)
    each_ring(parts[part], [&](const Ring& ring) {
      for (const Position p : ring) parts_at[p].insert(part);
    });
  for (MultiPolygon& polygons : parts)
    each_ring(polygons, [&](Ring& ring) {
      std::erase_if(ring, [&](Position p) { return parts_at[p].size() == 1 && !outline.contains(p); });
    });
}

class Redrawing {
 public:
  Redrawing(const GridMap& map, std::span<const GridId> concerned, std::span<const std::uint32_t> part_of_area,
            Units units, const Tessellation& t, std::span<const std::uint32_t> part_of_unit, std::uint32_t parts)
      : map_(map), units_(units), t_(t), part_of_unit_(part_of_unit), parts_(parts) {
    for (std::uint32_t i = 0; i < concerned.size(); ++i) part_of_area_.emplace(concerned[i], part_of_area[i]);
  }

  std::vector<std::uint32_t> share_out() {
    place_units();
    place_land();
    while (reassign_stranded_land()) {
    }
    return part_of_node_;
  }

  /// For each part whether its households cannot all reach each other within it.
  std::vector<bool> parts_in_pieces() {
    Sets linked = links_within();
    std::vector<std::uint32_t> first(parts_, Graph::none);
    std::vector<bool> broken(parts_, false);
    for (std::uint32_t node = 0; node < part_of_node_.size(); ++node) {
      const std::uint32_t part = part_of_node_[node];
      if (part == Graph::none || t_.graph.nodes[node].households == 0) continue;
      if (first[part] == Graph::none) first[part] = linked.of(node);
      broken[part] = broken[part] || first[part] != linked.of(node);
    }
    return broken;
  }

 private:
  void place_units() {
    part_of_node_.assign(t_.graph.nodes.size(), Graph::none);
    has_unit_.assign(t_.graph.nodes.size(), false);
    std::vector<std::uint32_t> first(t_.graph.nodes.size(), nothing);
    for (std::uint32_t u = 0; u < units_.size(); ++u) {
      const std::uint32_t node = t_.node_of_unit[u], part = part_of_unit_[u];
      if (node == nothing || part == Graph::none) continue;
      if (has_unit_[node] && part_of_node_[node] != part)
        throw Error(Errc::contradiction, "units " + units_[first[node]].id + " and " + units_[u].id +
                                             " stand on one ground and cannot be in two micro-grids; move both");
      part_of_node_[node] = part;
      has_unit_[node] = true;
      first[node] = u;
    }
  }

  void place_land() {
    for (std::uint32_t node = 0; node < part_of_node_.size(); ++node) {
      if (has_unit_[node]) continue;
      const auto at = part_of_area_.find(map_.locate(t_.graph.nodes[node].place));
      if (at != part_of_area_.end()) part_of_node_[node] = at->second;
    }
  }

  Sets links_within() const {
    Sets linked(part_of_node_.size());
    for (const Graph::Link& link : t_.graph.links)
      if (part_of_node_[link.a] == part_of_node_[link.b]) linked.join(link.a, link.b);
    return linked;
  }

  /// Land that its micro-grid's units no longer reach, or that has none, goes to the neighbour with the longest border.
  bool reassign_stranded_land() {
    Sets linked = links_within();
    std::vector<bool> lived_in(part_of_node_.size(), false), inhabited(parts_, false);
    for (std::uint32_t node = 0; node < part_of_node_.size(); ++node) {
      if (!has_unit_[node]) continue;
      lived_in[linked.of(node)] = true;
      inhabited[part_of_node_[node]] = true;
    }
    std::map<std::uint32_t, std::map<std::uint32_t, double>> border;  // of a stranded group, by part
    for (const Graph::Link& link : t_.graph.links) {
      for (const auto& [here, there] : {std::pair(link.a, link.b), std::pair(link.b, link.a)}) {
        const std::uint32_t part = part_of_node_[here], other = part_of_node_[there];
        const bool stranded = !lived_in[linked.of(here)] && (part == Graph::none || inhabited[part]);
        if (stranded && other != part && lived_in[linked.of(there)])
          border[linked.of(here)][other] += double(link.border_m);
      }
    }
    for (std::uint32_t node = 0; node < part_of_node_.size(); ++node) {
      const auto at = border.find(linked.of(node));
      if (at == border.end()) continue;
      part_of_node_[node] =
          std::ranges::max_element(at->second, {}, [](const auto& entry) { return entry.second; })->first;
    }
    return !border.empty();
  }

  const GridMap& map_;
  Units units_;
  const Tessellation& t_;
  std::span<const std::uint32_t> part_of_unit_;
  std::uint32_t parts_;
  std::map<GridId, std::uint32_t> part_of_area_;
  std::vector<std::uint32_t> part_of_node_;
  std::vector<bool> has_unit_;
};

}  // namespace

std::vector<Redrawn> redraw(const GridMap& map, std::span<const GridId> concerned,
                            std::span<const std::uint32_t> part_of_area, Units units,
                            std::span<const std::uint32_t> part_of_unit, std::uint32_t parts,
                            std::span<const Barrier> barriers, double simplify_m, const Execution& execution) {
  std::vector<Unit> here;
  std::vector<std::uint32_t> part_here;
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (part_of_unit[u] == Graph::none) continue;
    here.push_back(units[u]);
    part_here.push_back(part_of_unit[u]);
  }
  const GridMap ground = common_ground(map, concerned);
  std::vector<GridId> leaves;
  for (std::uint32_t i = 0; i < ground.size(); ++i) leaves.push_back(GridId{i});
  const Tessellation t = tessellate(ground, leaves, here, barriers_near(barriers, ground), execution);
  Redrawing redrawing(map, concerned, part_of_area, here, t, part_here, parts);
  std::vector<std::uint32_t> part_of_node = redrawing.share_out();
  const std::vector<bool> in_pieces = redrawing.parts_in_pieces();
  std::ranges::replace(part_of_node, Graph::none, 0u);  // slivers that nobody owned before and nobody reaches
  std::vector<MultiPolygon> polygons = draw_borders(t, part_of_node, parts, simplify_m).polygons;
  seal(map, areas_around(map, concerned), t, polygons);
  restore_outline(ground, polygons);
  std::vector<Redrawn> redrawn;
  for (std::uint32_t part = 0; part < parts; ++part) {
    const bool across = in_pieces[part] && polygons[part].size() == 1;
    redrawn.push_back({std::move(polygons[part]), across});
  }
  return redrawn;
}

}  // namespace wangge::planning
