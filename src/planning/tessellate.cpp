#include "planning/tessellation.hpp"

#include <algorithm>

#include "planning/adjacency.hpp"
#include "planning/clip.hpp"
#include "planning/ground.hpp"
#include "planning/labels.hpp"
#include "planning/sets.hpp"
#include "planning/voronoi.hpp"
#include <wangge/error.hpp>

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::nothing;
using coverage::Segment;

/// The borders between stacks, drawn enclosure by enclosure and cut off at its border.
struct CellBorders {
  std::vector<Chain> chains;
  std::vector<Segment> segments;
};

std::vector<Box> extents_of_enclosures(const Ground& ground) {
  std::vector<Box> extents(ground.area_of_enclosure.size());
  for (std::uint32_t h = 0; h < 2 * ground.arrangement.edge_count(); ++h) {
    const std::uint32_t enclosure = ground.enclosure_of_face[ground.arrangement.left(h)];
    if (enclosure != nothing) extents[enclosure].add(ground.arrangement.from(h));
  }
  return extents;
}

CellBorders draw_cell_borders(const Ground& ground, Units units, const Execution& execution) {
  const std::size_t enclosures = ground.area_of_enclosure.size();
  std::vector<std::vector<std::uint32_t>> units_in(enclosures);
  std::vector<std::uint32_t> stacks_in(enclosures, 0);
  for (const std::uint32_t enclosure : ground.enclosure_of_stack) ++stacks_in[enclosure];
  for (std::uint32_t u = 0; u < units.size(); ++u) {
    if (ground.stack_of_unit[u] == nothing) continue;
    units_in[ground.enclosure_of_stack[ground.stack_of_unit[u]]].push_back(u);
  }
  const LocalFrame frame(ground.arrangement.vertex(0));
  const EnclosureClip clip(ground);
  const std::vector<Box> extents = extents_of_enclosures(ground);
  const auto sharers_of = [&](std::uint32_t enclosure) {
    const std::vector<std::uint32_t>& heirs = ground.heirs_of_enclosure[enclosure];
    return heirs.empty() ? std::vector{enclosure} : heirs;
  };
  std::vector<CellBorders> drawn(enclosures);
  execution.for_each(enclosures, [&](std::size_t enclosure) {
    const std::vector<std::uint32_t> sharers = sharers_of(static_cast<std::uint32_t>(enclosure));
    std::uint32_t stacks = 0;
    for (const std::uint32_t sharer : sharers) stacks += stacks_in[sharer];
    if (stacks < 2 || !execution.go_on("sharing out land", double(enclosure) / double(enclosures))) return;
    std::vector<Site> sites;
    for (const std::uint32_t sharer : sharers) {
      for (const std::uint32_t u : units_in[sharer]) add_sites(units[u], ground.stack_of_unit[u], frame, sites);
    }
    CellBorders& here = drawn[enclosure];
    here.chains = voronoi_borders(std::move(sites), extents[enclosure], frame);
    for (std::size_t c = 0; c < here.chains.size(); ++c) {
      clip.clip(here.chains[c].line, static_cast<std::uint32_t>(enclosure), static_cast<std::uint32_t>(c),
                here.segments);
    }
  });
  CellBorders all;
  for (CellBorders& here : drawn) {
    for (Segment s : here.segments) {
      s.source = ground.sources.voronoi(all.chains.size() + s.source);
      all.segments.push_back(s);
    }
    std::ranges::move(here.chains, std::back_inserter(all.chains));
  }
  return all;
}

/// Rings round the enclosures, so that a face of the final arrangement knows which one it is in.
void outline_enclosures(const Ground& ground, std::vector<Segment>& out) {
  const Arrangement& a = ground.arrangement;
  for (std::uint32_t h = 0; h < 2 * a.edge_count(); ++h) {
    const std::uint32_t here = ground.enclosure_of_face[a.left(h)];
    if (here != nothing && here != ground.enclosure_of_face[a.left(h ^ 1)]) {
      out.push_back({a.from(h), a.to(h), ground.sources.enclosure(here)});
    }
  }
}

void mark_lines(Tessellation& result, const Sources& sources, std::span<const std::uint8_t> barrier_of_edge) {
  const Arrangement& a = result.arrangement;
  result.course.assign(a.edge_count(), Course::open);
  result.on_footprint.assign(a.vertex_count(), false);
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    if (barrier_of_edge[e] != no_barrier) result.course[e] = Course::barrier;
    if (barrier_of_edge[e] == static_cast<std::uint8_t>(BarrierClass::hard)) result.course[e] = Course::fixed;
    for (const Arrangement::Use& use : a.uses(e)) {
      const auto kind = sources.kind(use.source);
      if (kind == Sources::Kind::outline) result.course[e] = Course::fixed;
      if (kind != Sources::Kind::footprint) continue;
      result.on_footprint[a.origin(2 * e)] = result.on_footprint[a.origin(2 * e + 1)] = true;
    }
  }
}

/// Streets, main roads, hard barriers and outlines bound blocks; walls do not.
std::vector<std::uint32_t> blocks_of_nodes(const Arrangement& a, const Ground& ground, const Labels& labels,
                                           std::span<const std::uint8_t> barrier_of_edge) {
  Sets blocks(ground.area_of_enclosure.size());
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    const std::uint32_t f = labels.enclosure_of_face[a.left(2 * e)], g = labels.enclosure_of_face[a.left(2 * e + 1)];
    if (f == nothing || g == nothing || ground.area_of_enclosure[f] != ground.area_of_enclosure[g]) continue;
    const bool passes =
        barrier_of_edge[e] == no_barrier || barrier_of_edge[e] == static_cast<std::uint8_t>(BarrierClass::wall);
    if (passes) blocks.join(f, g);
  }
  std::vector<std::uint32_t> block_of_node;
  for (const std::uint32_t enclosure : labels.enclosure_of_owner) block_of_node.push_back(blocks.of(enclosure));
  return block_of_node;
}

std::vector<Position> places_without_footprint(Units units) {
  std::vector<Position> places;
  for (const Unit& unit : units) {
    if (unit.footprint.empty()) places.push_back(unit.position);
  }
  return places;
}

std::vector<Finding> findings_of(const Ground& ground, const Labels& labels, Units units) {
  std::vector<Finding> findings;
  for (const auto& [u, v] : ground.overlaps) {
    findings.push_back(
        {Finding::Kind::overlap, "", units[u].id, units[u].position,
         "the footprints of " + units[u].id + " and " + units[v].id + " overlap; the smaller one owns the overlap"});
  }
  for (const std::uint32_t u : labels.straddlers) {
    findings.push_back({Finding::Kind::straddler, "", units[u].id, units[u].position,
                        "the footprint of " + units[u].id +
                            " lies across an area's outline or a hard barrier; it went to the side with most of it"});
  }
  return findings;
}

void leave_if_stopped(const Execution& execution, double share) {
  if (!execution.go_on("sharing out land", share))
    throw Error(Errc::stopped, "stopped before there was a plan; nothing was written");
}

Tessellation share_out(const GridMap& map, std::span<const GridId> areas, const Plots& plots, Units units,
                       std::span<const Barrier> barriers, const Execution& execution) {
  leave_if_stopped(execution, 0);
  const Ground ground = lay_ground(map, areas, plots, units, barriers, execution);
  leave_if_stopped(execution, 0.3);
  const CellBorders borders = draw_cell_borders(ground, units, execution);
  leave_if_stopped(execution, 0.6);

  std::vector<Segment> lines = to_segments(ground.arrangement);
  lines.insert(lines.end(), ground.loose_ends.begin(), ground.loose_ends.end());
  outline_enclosures(ground, lines);
  lines.insert(lines.end(), borders.segments.begin(), borders.segments.end());
  Tessellation result;
  result.outlines = static_cast<std::uint32_t>(plots.leaves.size());
  result.arrangement = Arrangement::build(node(std::move(lines), execution), true);
  leave_if_stopped(execution, 0.8);

  const std::vector<std::uint8_t> barrier_of_edge = barriers_of_edges(result.arrangement, ground.sources, barriers);
  Labels labels = label_faces(result.arrangement, ground, borders.chains, barrier_of_edge, units);
  result.graph = build_graph(result.arrangement, ground, labels, barrier_of_edge, units, barriers);
  result.findings = findings_of(ground, labels, units);
  result.block_of_node = blocks_of_nodes(result.arrangement, ground, labels, barrier_of_edge);
  result.points = places_without_footprint(units);
  for (const std::uint32_t enclosure : labels.enclosure_of_face)
    result.leaf_of_face.push_back(enclosure == nothing ? GridId::none
                                                       : plots.leaves[ground.plot_of_enclosure[enclosure]]);
  result.node_of_face = std::move(labels.owner_of_face);
  result.node_of_unit = std::move(labels.owner_of_unit);
  mark_lines(result, ground.sources, barrier_of_edge);
  return result;
}

}  // namespace

Tessellation tessellate(const GridMap& map, std::span<const GridId> areas, Units units,
                        std::span<const Barrier> barriers, const Execution& execution) {
  return share_out(map, areas, areas_as_plots(map, areas), units, barriers, execution);
}

Tessellation tessellate_leaves(const GridMap& map, std::span<const GridId> areas, Units units,
                               std::span<const Barrier> barriers, const Execution& execution) {
  return share_out(map, areas, leaves_as_plots(map, areas), units, barriers, execution);
}

}  // namespace wangge::planning
