#include "planning/region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "planning/borders.hpp"
#include "planning/seal.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::nothing;

constexpr std::uint32_t none = Graph::none;

std::uint32_t place_of(GridId id, std::span<const GridId> ascending) {
  const auto at = std::ranges::lower_bound(ascending, id);
  return at != ascending.end() && *at == id ? std::uint32_t(at - ascending.begin()) : none;
}

/// The members as they are, below one area for each of their parents; the areas come first.
GridMap ground_of(const GridMap& map, const Region& region) {
  std::vector<GridRecord> records;
  for (std::size_t i = 0; i < region.parents.size(); ++i)
    records.push_back({"area " + std::to_string(i), "", Level::grid, "", Kind::general, {}});
  for (const GridId id : region.members) {
    const std::uint32_t parent = place_of(map.parent(id), region.parents);
    records.push_back({std::to_string(records.size()), "", Level::micro_grid, "area " + std::to_string(parent),
                       Kind::general, map.polygons(id)});
  }
  return GridMap::build(records, {.snap_m = 0});
}

std::vector<Barrier> barriers_near(std::span<const Barrier> barriers, const GridMap& ground, std::size_t areas) {
  Box box;
  for (std::uint32_t i = 0; i < areas; ++i) box.add(bounds(ground.polygons(GridId{i})));
  std::vector<Barrier> near;
  for (const Barrier& barrier : barriers)
    if (bounds(barrier.line).meets(box)) near.push_back(barrier);
  return near;
}

/// A unit's ground is its home's, as far as its home lies in the same area; all other ground is whose it is.
void note_today(Region& region, std::span<const GridId> home) {
  const Tessellation& t = region.tessellation;
  region.part_of_node.assign(t.graph.nodes.size(), none);
  std::vector<std::uint32_t> area_of_member(region.members.size(), none);
  for (std::uint32_t face = 0; face < t.node_of_face.size(); ++face) {
    if (t.node_of_face[face] != nothing)
      area_of_member[region.member_of_face[face]] = t.graph.nodes[t.node_of_face[face]].area;
  }
  for (std::size_t u = 0; u < region.units.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u], part = place_of(home[region.units[u]], region.members);
    if (node == nothing || region.part_of_node[node] != none) continue;
    if (area_of_member[part] == t.graph.nodes[node].area) region.part_of_node[node] = part;
  }
  for (std::uint32_t face = 0; face < t.node_of_face.size(); ++face) {
    const std::uint32_t node = t.node_of_face[face];
    if (node != nothing && region.part_of_node[node] == none) region.part_of_node[node] = region.member_of_face[face];
  }
}

using PiecesOfPart = std::vector<std::vector<std::uint32_t>>;

std::vector<PiecesOfPart> pieces_by_part(const Graph& graph, std::span<const std::uint32_t> part_of_node) {
  Sets pieces = pieces_of(graph, part_of_node);
  std::map<std::uint32_t, std::map<std::uint32_t, std::vector<std::uint32_t>>> of_part;
  for (std::uint32_t node = 0; node < part_of_node.size(); ++node) {
    if (part_of_node[node] != none) of_part[part_of_node[node]][pieces.of(node)].push_back(node);
  }
  std::vector<PiecesOfPart> all;
  for (auto& [part, its] : of_part) {
    auto& lists = all.emplace_back();
    for (auto& [first, nodes] : its) lists.push_back(std::move(nodes));
  }
  return all;
}

std::uint64_t households_in(const Graph& graph, std::span<const std::uint32_t> nodes) {
  std::uint64_t sum = 0;
  for (const std::uint32_t node : nodes) sum += graph.nodes[node].households;
  return sum;
}

Graph::Link shortest_tie(const Graph& graph, std::span<const std::uint32_t> from, std::span<const std::uint32_t> to) {
  Graph::Link tie;
  double nearest = std::numeric_limits<double>::infinity();
  for (const std::uint32_t a : from) {
    for (const std::uint32_t b : to) {
      const double dx = graph.nodes[a].x_m - graph.nodes[b].x_m, dy = graph.nodes[a].y_m - graph.nodes[b].y_m;
      if (dx * dx + dy * dy >= nearest) continue;
      nearest = dx * dx + dy * dy;
      tie = {std::min(a, b), std::max(a, b), Passage::open, 0};
    }
  }
  return tie;
}

using SharedBorders = std::map<std::pair<std::uint32_t, std::uint32_t>, double>;

/// How far nodes of one area share a border, hard barriers included, in metres.
SharedBorders touching(const Tessellation& t) {
  SharedBorders border_m;
  const Arrangement& a = t.arrangement;
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    const std::uint32_t i = t.node_of_face[a.left(2 * e)], j = t.node_of_face[a.left(2 * e + 1)];
    if (i == nothing || j == nothing || i == j || t.graph.nodes[i].area != t.graph.nodes[j].area) continue;
    border_m[std::minmax(i, j)] += length_m(a.from(2 * e), a.to(2 * e));
  }
  return border_m;
}

/// Ground without a household that touches the rest of its part nowhere.
class LooseLand {
 public:
  LooseLand(const Graph& graph, const SharedBorders& borders, std::span<const std::uint32_t> part_of_node)
      : part_of_node_(part_of_node.begin(), part_of_node.end()), piece_(part_of_node.size()), lived_in_(piece_.size()) {
    Sets pieces(piece_.size());
    for (const auto& [pair, length] : borders)
      if (part_of_node[pair.first] == part_of_node[pair.second]) pieces.join(pair.first, pair.second);
    for (std::uint32_t node = 0; node < piece_.size(); ++node) {
      piece_[node] = pieces.of(node);
      if (graph.nodes[node].households == 0) continue;
      lived_in_[piece_[node]] = true;
      inhabited_.insert(part_of_node[node]);
    }
  }

  bool is_loose(std::uint32_t node) const {
    return !lived_in_[piece_[node]] && inhabited_.contains(part_of_node_[node]);
  }
  std::uint32_t piece_of(std::uint32_t node) const { return piece_[node]; }

 private:
  std::vector<std::uint32_t> part_of_node_, piece_;
  std::vector<bool> lived_in_;
  std::set<std::uint32_t> inhabited_;
};

std::uint32_t part_of_face(const Region& region, std::span<const std::uint32_t> part_of_node, std::uint32_t face) {
  const std::uint32_t node = region.tessellation.node_of_face[face];
  return node == nothing ? none : part_of_node[node];
}

/// Places where something met a border of today that stays as it is, without being a vertex of it.
std::set<Position> met_on_the_way(const GridMap& map, const Region& region,
                                  std::span<const std::uint32_t> part_of_node) {
  const Tessellation& t = region.tessellation;
  const Arrangement& a = t.arrangement;
  std::vector<std::uint32_t> borders(a.vertex_count(), 0);
  std::vector<bool> turns_off(a.vertex_count(), false);
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    if (part_of_face(region, part_of_node, a.left(2 * e)) == part_of_face(region, part_of_node, a.left(2 * e + 1)))
      continue;
    const bool is_old =
        std::ranges::any_of(a.uses(e), [&](const Arrangement::Use& use) { return use.source < t.outlines; });
    for (const std::uint32_t v : {a.origin(2 * e), a.origin(2 * e + 1)}) {
      ++borders[v];
      if (!is_old) turns_off[v] = true;
    }
  }
  std::set<Position> corners;
  for (const GridId id : region.members) {
    for (const Polygon& polygon : map.polygons(id)) {
      corners.insert(polygon.outer.begin(), polygon.outer.end());
      for (const Ring& hole : polygon.holes) corners.insert(hole.begin(), hole.end());
    }
  }
  std::set<Position> met;
  for (std::uint32_t v = 0; v < a.vertex_count(); ++v) {
    if (borders[v] == 2 && !turns_off[v] && !corners.contains(a.vertex(v))) met.insert(a.vertex(v));
  }
  return met;
}

bool lies_along(Position a, Position b, Position p) {
  constexpr double reach = 1.5;  // lattice units; noding moves a line less far
  const double dx = double(b.x) - a.x, dy = double(b.y) - a.y, length = std::hypot(dx, dy);
  return std::abs((double(p.x) - a.x) * dy - (double(p.y) - a.y) * dx) <= reach * length;
}

/// Takes out what was met on the way, and nothing at which the border turns.
void straighten(Ring& ring, const std::set<Position>& met) {
  const auto first = std::ranges::find_if(ring, [&](Position p) { return !met.contains(p); });
  if (first == ring.end()) return;
  std::rotate(ring.begin(), first, ring.end());
  Ring kept;
  for (std::size_t i = 0; i < ring.size();) {
    std::size_t next = i + 1;
    while (next < ring.size() && met.contains(ring[next])) ++next;
    kept.push_back(ring[i]);
    for (std::size_t k = i + 1; k < next; ++k)
      if (!lies_along(ring[i], ring[next % ring.size()], ring[k])) kept.push_back(ring[k]);
    i = next;
  }
  ring = std::move(kept);
}

/// The finest areas that border on some others and are none of them.
std::vector<GridId> areas_around(const GridMap& map, std::span<const GridId> ascending) {
  const auto is_inside = [&](GridId id) { return place_of(id, ascending) != none; };
  std::set<GridId> around;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    for (const auto& [here, there] : {std::pair(arc.left, arc.right), std::pair(arc.right, arc.left)})
      if (there != GridId::none && is_inside(here) && !is_inside(there)) around.insert(there);
  }
  return {around.begin(), around.end()};
}

}  // namespace

Region survey(const GridMap& map, std::vector<GridId> members, Units units, std::span<const GridId> home,
              std::span<const Barrier> barriers, const Execution& execution) {
  Region region;
  region.members = std::move(members);
  std::ranges::sort(region.members);
  for (const GridId id : region.members) region.parents.push_back(map.parent(id));
  std::ranges::sort(region.parents);
  region.parents.erase(std::unique(region.parents.begin(), region.parents.end()), region.parents.end());
  for (std::uint32_t u = 0; u < units.size(); ++u) {
    if (place_of(home[u], region.members) == none) continue;
    region.units.push_back(u);
    region.its_units.push_back(units[u]);
  }
  const GridMap ground = ground_of(map, region);
  std::vector<GridId> areas;
  for (std::uint32_t i = 0; i < region.parents.size(); ++i) areas.push_back(GridId{i});
  region.tessellation =
      tessellate_leaves(ground, areas, region.its_units, barriers_near(barriers, ground, areas.size()), execution);
  for (const GridId leaf : region.tessellation.leaf_of_face)
    region.member_of_face.push_back(
        leaf == GridId::none ? none : static_cast<std::uint32_t>(leaf) - std::uint32_t(areas.size()));
  note_today(region, home);
  return region;
}

Sets pieces_of(const Graph& graph, std::span<const std::uint32_t> part_of_node) {
  Sets pieces(graph.nodes.size());
  for (const Graph::Link& link : graph.links) {
    if (part_of_node[link.a] == part_of_node[link.b]) pieces.join(link.a, link.b);
  }
  return pieces;
}

void tie_pieces(Graph& graph, std::span<const std::uint32_t> part_of_node) {
  std::vector<bool> is_spare(graph.nodes.size(), false);
  std::vector<Graph::Link> ties;
  for (const PiecesOfPart& its : pieces_by_part(graph, part_of_node)) {
    const auto main = std::ranges::max_element(
        its, {}, [&](const auto& piece) { return std::pair(households_in(graph, piece), piece.size()); });
    for (auto piece = its.begin(); piece != its.end(); ++piece) {
      if (piece == main) continue;
      ties.push_back(shortest_tie(graph, *piece, *main));
      if (households_in(graph, *piece) == 0)
        for (const std::uint32_t node : *piece) is_spare[node] = true;
    }
  }
  std::erase_if(graph.links, [&](const Graph::Link& link) {
    return (is_spare[link.a] || is_spare[link.b]) && part_of_node[link.a] != part_of_node[link.b];
  });
  graph.links.insert(graph.links.end(), ties.begin(), ties.end());
  std::sort(graph.links.begin(), graph.links.end(),
            [](const auto& p, const auto& q) { return std::pair(p.a, p.b) < std::pair(q.a, q.b); });
}

void settle_land(const Region& region, std::vector<std::uint32_t>& part_of_node) {
  const SharedBorders border_m = touching(region.tessellation);
  const LooseLand today(region.tessellation.graph, border_m, region.part_of_node);
  for (bool more = true; more;) {
    const LooseLand now(region.tessellation.graph, border_m, part_of_node);
    const auto is_loose = [&](std::uint32_t node) { return now.is_loose(node) && !today.is_loose(node); };
    std::map<std::uint32_t, std::map<std::uint32_t, double>> by_part;  // of a loose piece
    for (const auto& [pair, length] : border_m) {
      for (const auto& [here, there] : {pair, std::pair(pair.second, pair.first)})
        if (is_loose(here) && !now.is_loose(there)) by_part[now.piece_of(here)][part_of_node[there]] += length;
    }
    more = !by_part.empty();
    for (std::uint32_t node = 0; node < part_of_node.size(); ++node) {
      if (const auto at = by_part.find(now.piece_of(node)); at != by_part.end() && is_loose(node))
        part_of_node[node] =
            std::ranges::max_element(at->second, {}, [](const auto& entry) { return entry.second; })->first;
    }
  }
}

std::vector<std::vector<std::uint32_t>> exchanges(const Region& region, std::span<const std::uint32_t> part_of_node,
                                                  std::uint32_t parts) {
  Sets sets(parts);
  std::vector<bool> changed(parts, false);
  for (std::uint32_t face = 0; face < region.member_of_face.size(); ++face) {
    const std::uint32_t then = region.member_of_face[face], now = part_of_face(region, part_of_node, face);
    if (now == none || now == then) continue;
    changed[then] = changed[now] = true;
    sets.join(then, now);
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_set;
  for (std::uint32_t part = 0; part < parts; ++part) {
    if (changed[part]) by_set[sets.of(part)].push_back(part);
  }
  std::vector<std::vector<std::uint32_t>> groups;
  for (auto& [set, members] : by_set) groups.push_back(std::move(members));
  return groups;
}

Redraft draw_anew(const GridMap& map, const Region& region, std::span<const std::uint32_t> part_of_node,
                  std::uint32_t parts, std::span<const std::uint32_t> drawn, std::span<const GridId> gone,
                  double simplify_m) {
  Redraft redraft;
  std::vector<MultiPolygon> all = draw_borders(region.tessellation, part_of_node, parts, simplify_m).polygons;
  redraft.polygons.resize(parts);
  for (const std::uint32_t part : drawn) redraft.polygons[part] = std::move(all[part]);
  const std::set<Position> met = met_on_the_way(map, region, part_of_node);
  for (MultiPolygon& polygons : redraft.polygons) {
    for (Polygon& polygon : polygons) {
      straighten(polygon.outer, met);
      for (Ring& hole : polygon.holes) straighten(hole, met);
    }
  }
  redraft.sealed = redraft.polygons;
  redraft.nudged = seal(map, areas_around(map, gone), region.tessellation, redraft.sealed);
  return redraft;
}

}  // namespace wangge::planning
