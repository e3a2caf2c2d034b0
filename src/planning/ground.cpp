#include "planning/ground.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "coverage/face_locator.hpp"
#include "planning/barrier_lines.hpp"
#include "planning/labels.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::Containment;
using coverage::nothing;
using coverage::Segment;

/// Adds a ring so that its inside is on the left.
void add_ring(std::span<const Position> ring, bool hole, std::uint32_t source, std::vector<Segment>& out) {
  const bool forward = (doubled_area(ring) > 0) != hole;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Position a = ring[i], b = ring[(i + 1) % ring.size()];
    out.push_back(forward ? Segment{a, b, source} : Segment{b, a, source});
  }
}

void add_polygons(const MultiPolygon& polygons, std::uint32_t source, std::vector<Segment>& out) {
  for (const Polygon& polygon : polygons) {
    add_ring(polygon.outer, false, source, out);
    for (const Ring& hole : polygon.holes) add_ring(hole, true, source, out);
  }
}

/// What bounds the areas to share out, without the borders of plots within one.
std::vector<Segment> outer_lines(const GridMap& map, std::span<const GridId> areas, const Plots& plots) {
  std::vector<Segment> lines;
  for (const GridId area : areas) add_polygons(map.polygons(area), 0, lines);
  for (std::size_t leaf = plots.area_of_plot.size(); leaf < plots.leaves.size(); ++leaf)
    add_polygons(map.polygons(plots.leaves[leaf]), 0, lines);
  return lines;
}

std::vector<Segment> all_lines(const GridMap& map, std::span<const GridId> areas, const Plots& plots, Units units,
                               std::span<const Barrier> barriers, const Sources& sources) {
  std::vector<Segment> lines;
  Box extent;
  for (std::size_t leaf = 0; leaf < plots.leaves.size(); ++leaf) {
    const MultiPolygon outline = map.polygons(plots.leaves[leaf]);
    add_polygons(outline, sources.outline(leaf), lines);
    extent.add(bounds(outline));
  }
  const std::vector<Line> drawn = lines_that_divide(barriers, outer_lines(map, areas, plots));
  for (std::size_t b = 0; b < drawn.size(); ++b) {
    for (std::size_t i = 1; i < drawn[b].size(); ++i)
      lines.push_back({drawn[b][i - 1], drawn[b][i], sources.barrier(b)});
  }
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (bounds(units[u].footprint).meets(extent)) add_polygons(units[u].footprint, sources.footprint(u), lines);
  }
  return lines;
}

bool divides(const Arrangement& arrangement, std::uint32_t edge, const Sources& sources) {
  return std::ranges::any_of(arrangement.uses(edge), [&](const Arrangement::Use& use) {
    return sources.kind(use.source) <= Sources::Kind::barrier;
  });
}

bool has_edge(const Arrangement& arrangement, Position a, Position b) {
  const std::uint32_t v = arrangement.find(a);
  return v != nothing &&
         std::ranges::any_of(arrangement.leaving(v), [&](std::uint32_t h) { return arrangement.to(h) == b; });
}

std::vector<Segment> find_loose_ends(const Ground& ground, std::span<const Segment> noded,
                                     std::span<const Barrier> barriers) {
  std::vector<Segment> loose;
  for (const Segment& s : noded) {
    if (ground.sources.kind(s.source) != Sources::Kind::barrier) continue;
    if (barriers[ground.sources.index(s.source)].barrier != BarrierClass::hard) continue;
    if (!has_edge(ground.arrangement, s.a, s.b)) loose.push_back(s);
  }
  return loose;
}

/// Numbers the sets of faces that no outline and no barrier divides, inside the areas to share out.
void find_enclosures(Ground& ground, const Containment& inside, std::span<const std::uint32_t> area_of_plot) {
  const Arrangement& a = ground.arrangement;
  Sets sets(a.face_count());
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    if (!divides(a, e, ground.sources)) sets.join(a.left(2 * e), a.left(2 * e + 1));
  }
  ground.enclosure_of_face.assign(a.face_count(), nothing);
  for (std::uint32_t face = 0; face < a.face_count(); ++face) {
    const std::uint32_t first = sets.of(face);
    const auto sources = inside.of(face);
    if (sources.empty() || sources.front() >= area_of_plot.size()) continue;
    const auto stays = [&](std::uint32_t s) {  // a part of the area that is not shared out
      return s >= area_of_plot.size() && ground.sources.kind(s) == Sources::Kind::outline;
    };
    if (std::ranges::any_of(sources, stays)) continue;
    if (first == face) {
      ground.enclosure_of_face[face] = static_cast<std::uint32_t>(ground.area_of_enclosure.size());
      ground.plot_of_enclosure.push_back(sources.front());
      ground.area_of_enclosure.push_back(area_of_plot[sources.front()]);
    } else {
      ground.enclosure_of_face[face] = ground.enclosure_of_face[first];
    }
  }
  ground.sources.set_enclosures(ground.area_of_enclosure.size());
}

/// How much of which unit lies where; of a footprint, what lies on the map.
struct Standing {
  struct Share {
    std::uint32_t unit, enclosure;
    double area;
  };
  std::vector<Share> shares;  ///< ascending by unit and enclosure
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> overlap;
};

Standing stand_footprints(Ground& ground, const Containment& inside, std::size_t units) {
  Standing standing;
  ground.footprint_area.assign(units, 0);
  const std::vector<double> area = face_areas(ground.arrangement);
  for (std::uint32_t face = 1; face < ground.arrangement.face_count(); ++face) {
    std::vector<std::uint32_t> here;
    bool on_the_map = false;
    for (const std::uint32_t source : inside.of(face)) {
      if (ground.sources.kind(source) == Sources::Kind::footprint) here.push_back(ground.sources.index(source));
      on_the_map = on_the_map || ground.sources.kind(source) == Sources::Kind::outline;
    }
    for (const std::uint32_t unit : here) {
      if (on_the_map) standing.shares.push_back({unit, ground.enclosure_of_face[face], area[face]});
      ground.footprint_area[unit] += area[face];
    }
    for (std::size_t i = 0; i < here.size(); ++i) {
      for (std::size_t j = i + 1; j < here.size(); ++j) standing.overlap[{here[i], here[j]}] += area[face];
    }
  }
  return standing;
}

/// Point units stand where their position is; returns the footprint that holds each, the smallest of several, or
/// `nothing`.
std::vector<std::uint32_t> stand_points(const Ground& ground, const Containment& inside, Units units,
                                        Standing& standing) {
  std::optional<coverage::FaceLocator> locator;
  std::vector<std::uint32_t> host(units.size(), nothing);
  for (std::uint32_t unit = 0; unit < units.size(); ++unit) {
    if (ground.footprint_area[unit] > 0) continue;
    if (!locator) locator.emplace(ground.arrangement);
    const std::uint32_t face = locator->face_of(units[unit].position);
    standing.shares.push_back({unit, ground.enclosure_of_face[face], 1});
    for (const std::uint32_t source : inside.of(face)) {
      if (ground.sources.kind(source) != Sources::Kind::footprint) continue;
      const std::uint32_t candidate = ground.sources.index(source);
      if (host[unit] == nothing || ground.footprint_area[candidate] < ground.footprint_area[host[unit]]) {
        host[unit] = candidate;
      }
    }
  }
  return host;
}

/// The key with the largest sum of areas over a run of shares that are sorted by it; of several, the first.
template <class Key>
auto most_of(std::span<const Standing::Share> shares, const Key& key) {
  auto best = key(shares.front());
  double most = -1;
  for (std::size_t i = 0; i < shares.size();) {
    const auto here = key(shares[i]);
    double area = 0;
    for (; i < shares.size() && key(shares[i]) == here; ++i) area += shares[i].area;
    if (area > most) most = area, best = here;
  }
  return best;
}

std::uint32_t area_of(const Ground& ground, const Standing::Share& share) {
  return share.enclosure == nothing ? nothing : ground.area_of_enclosure[share.enclosure];
}

/// Sorts the shares and calls visit(unit, its shares) for each unit (or stack) in turn.
template <class Visit>
void for_each_owner(const Ground& ground, std::vector<Standing::Share>& shares, const Visit& visit) {
  std::ranges::sort(shares, {}, [&](const Standing::Share& s) {
    return std::tuple(s.unit, area_of(ground, s), s.enclosure, s.area);
  });
  for (auto from = shares.begin(); from != shares.end();) {
    const auto to = std::find_if(from, shares.end(), [&](const Standing::Share& s) { return s.unit != from->unit; });
    visit(from->unit, std::span<const Standing::Share>(from, to));
    from = to;
  }
}

/// The area that holds most of each unit, or `nothing`.
std::vector<std::uint32_t> areas_of_units(const Ground& ground, Standing& standing, std::size_t units) {
  std::vector<std::uint32_t> areas(units, nothing);
  for_each_owner(ground, standing.shares, [&](std::uint32_t unit, std::span<const Standing::Share> shares) {
    areas[unit] = most_of(shares, [&](const Standing::Share& s) { return area_of(ground, s); });
  });
  return areas;
}

/// Joins units at one place to stacks; units of different areas never share one.
Sets join_stacks(Ground& ground, const Standing& standing, std::span<const std::uint32_t> host,
                 std::span<const std::uint32_t> area, Units units) {
  Sets stacks(units.size());
  std::map<Position, std::uint32_t> first_at;
  for (std::uint32_t unit = 0; unit < units.size(); ++unit) {
    if (ground.footprint_area[unit] > 0) continue;
    const bool housed = host[unit] != nothing && area[host[unit]] == area[unit];
    stacks.join(unit, housed ? host[unit] : first_at.emplace(units[unit].position, unit).first->second);
  }
  for (const auto& [pair, shared] : standing.overlap) {
    const auto [u, v] = pair;
    const bool mostly = shared > 0.5 * std::min(ground.footprint_area[u], ground.footprint_area[v]);
    if (mostly && area[u] == area[v]) {
      stacks.join(u, v);
    } else {
      ground.overlaps.push_back(pair);
    }
  }
  return stacks;
}

/// Gives each stack the enclosure of its area that holds most of it; a stack mostly in areas that are not shared out is
/// none.
void settle_stacks(Ground& ground, Standing& standing, Sets& stacks, std::span<const std::uint32_t> area) {
  std::erase_if(standing.shares, [&](const Standing::Share& s) { return area_of(ground, s) != area[s.unit]; });
  for (Standing::Share& share : standing.shares) share.unit = stacks.of(share.unit);
  ground.stack_of_unit.assign(area.size(), nothing);
  for_each_owner(ground, standing.shares, [&](std::uint32_t set, std::span<const Standing::Share> shares) {
    if (area[set] == nothing) return;
    ground.stack_of_unit[set] = static_cast<std::uint32_t>(ground.enclosure_of_stack.size());
    ground.enclosure_of_stack.push_back(most_of(shares, [](const Standing::Share& s) { return s.enclosure; }));
  });
  for (std::uint32_t unit = 0; unit < area.size(); ++unit)
    ground.stack_of_unit[unit] = ground.stack_of_unit[stacks.of(unit)];
}

/// Finds who shares the land of each enclosure without a unit.
void find_heirs(Ground& ground, std::span<const Barrier> barriers) {
  const Arrangement& a = ground.arrangement;
  const std::size_t enclosures = ground.area_of_enclosure.size();
  std::vector<bool> inhabited(enclosures, false);
  for (const std::uint32_t enclosure : ground.enclosure_of_stack) inhabited[enclosure] = true;
  ground.heirs_of_enclosure.resize(enclosures);
  const std::vector<std::uint8_t> barrier = barriers_of_edges(a, ground.sources, barriers);
  for (std::uint32_t h = 0; h < 2 * a.edge_count(); ++h) {
    const std::uint32_t f = ground.enclosure_of_face[a.left(h)], g = ground.enclosure_of_face[a.left(h ^ 1)];
    if (barrier[h / 2] != static_cast<std::uint8_t>(BarrierClass::wall) || f == nothing || g == nothing) continue;
    if (inhabited[f] || !inhabited[g] || ground.plot_of_enclosure[f] != ground.plot_of_enclosure[g]) continue;
    ground.heirs_of_enclosure[f].push_back(g);
  }
  std::vector<double> size(enclosures, 0);
  const std::vector<double> area = face_areas(a);
  for (std::uint32_t face = 0; face < a.face_count(); ++face) {
    if (ground.enclosure_of_face[face] != nothing) size[ground.enclosure_of_face[face]] += area[face];
  }
  for (std::size_t enclosure = 0; enclosure < enclosures; ++enclosure) {
    std::vector<std::uint32_t>& heirs = ground.heirs_of_enclosure[enclosure];
    std::ranges::sort(heirs);
    heirs.erase(std::unique(heirs.begin(), heirs.end()), heirs.end());
    double sum = 0;
    for (const std::uint32_t heir : heirs) sum += size[heir];
    if (sum < size[enclosure]) heirs.clear();
  }
}

/// The leaves below an area, or itself where it has no parts.
std::vector<GridId> leaves_of(const GridMap& map, GridId area) {
  std::vector<GridId> leaves, open{area};
  while (!open.empty()) {
    const GridId id = open.back();
    open.pop_back();
    if (map.children(id).empty()) leaves.push_back(id);
    open.insert(open.end(), map.children(id).rbegin(), map.children(id).rend());
  }
  return leaves;
}

void add_plot(GridId leaf, std::uint32_t area, Plots& plots) {
  plots.leaves.push_back(leaf);
  plots.area_of_plot.push_back(area);
}

void add_other_leaves(const GridMap& map, Plots& plots) {
  std::vector<bool> listed(map.size(), false);
  for (const GridId id : plots.leaves) listed[static_cast<std::uint32_t>(id)] = true;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (!listed[i] && map.children(GridId{i}).empty()) plots.leaves.push_back(GridId{i});
  }
}

}  // namespace

Plots areas_as_plots(const GridMap& map, std::span<const GridId> areas) {
  Plots plots;
  for (std::uint32_t area = 0; area < areas.size(); ++area) add_plot(areas[area], area, plots);
  add_other_leaves(map, plots);
  return plots;
}

Plots leaves_as_plots(const GridMap& map, std::span<const GridId> areas) {
  Plots plots;
  for (std::uint32_t area = 0; area < areas.size(); ++area)
    for (const GridId leaf : leaves_of(map, areas[area])) add_plot(leaf, area, plots);
  add_other_leaves(map, plots);
  return plots;
}

Ground lay_ground(const GridMap& map, std::span<const GridId> areas, const Plots& plots, Units units,
                  std::span<const Barrier> barriers, const Execution& execution) {
  Ground ground{Sources(plots.leaves.size(), barriers.size(), units.size()), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  const std::vector<Segment> noded = node(all_lines(map, areas, plots, units, barriers, ground.sources), execution);
  ground.arrangement = Arrangement::build(noded, true);
  ground.loose_ends = find_loose_ends(ground, noded, barriers);
  const Containment inside(ground.arrangement,
                           [&](std::uint32_t source) { return ground.sources.kind(source) != Sources::Kind::barrier; });
  find_enclosures(ground, inside, plots.area_of_plot);
  Standing standing = stand_footprints(ground, inside, units.size());
  const std::vector<std::uint32_t> host = stand_points(ground, inside, units, standing);
  const std::vector<std::uint32_t> area = areas_of_units(ground, standing, units.size());
  Sets stacks = join_stacks(ground, standing, host, area, units);
  settle_stacks(ground, standing, stacks, area);
  find_heirs(ground, barriers);
  return ground;
}

std::vector<double> face_areas(const Arrangement& arrangement) {
  std::vector<double> areas(arrangement.face_count());
  for (std::uint32_t h = 0; h < 2 * arrangement.edge_count(); ++h) {
    // Relative to a corner of the arrangement, so that small faces keep their precision.
    const Position o = arrangement.vertex(0), a = arrangement.from(h), b = arrangement.to(h);
    areas[arrangement.left(h)] += (double(a.x) - o.x) * (double(b.y) - o.y) - (double(b.x) - o.x) * (double(a.y) - o.y);
  }
  return areas;
}

std::vector<Segment> to_segments(const Arrangement& arrangement) {
  std::vector<Segment> segments;
  for (std::uint32_t e = 0; e < arrangement.edge_count(); ++e) {
    for (const Arrangement::Use& use : arrangement.uses(e)) {
      const std::uint32_t half = 2 * e + (use.forward ? 0 : 1);
      segments.push_back({arrangement.from(half), arrangement.to(half), use.source});
    }
  }
  return segments;
}

}  // namespace wangge::planning
