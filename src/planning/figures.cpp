#include "planning/figures.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace wangge::planning {
namespace {

constexpr double elongated = 3;
constexpr std::uint64_t near_bound = 5;

/// Blocks between streets that would fit in one part, and those of them whose households are shared out to several.
void count_blocks(const Tessellation& t, std::span<const std::uint32_t> part_of_node, const Range& range,
                  BorderFigures& figures) {
  struct Block {
    std::uint64_t households = 0;
    std::uint32_t part = coverage::nothing;
    bool split = false;
  };
  std::map<std::uint32_t, Block> blocks;
  for (std::size_t i = 0; i < t.graph.nodes.size(); ++i) {
    if (t.graph.nodes[i].households == 0) continue;
    Block& block = blocks[t.block_of_node[i]];
    block.households += t.graph.nodes[i].households;
    if (block.part == coverage::nothing) block.part = part_of_node[i];
    block.split = block.split || block.part != part_of_node[i];
  }
  for (const auto& [number, block] : blocks) {
    if (block.households > range.max) continue;
    ++figures.blocks;
    figures.blocks_split += block.split;
  }
}

std::string counted(std::uint64_t households) {
  return households == 0   ? "without a household"
         : households == 1 ? "with 1 household"
                           : "with " + std::to_string(households) + " households";
}

/// One of the two pieces that a neck joins.
struct Lobe {
  std::uint64_t households = 0;
  std::vector<std::uint32_t> neighbours;  ///< parts that border on it, ascending
};

/// The lobe and the rest of a part, by where the nodes stand.
std::array<Lobe, 2> lobes_of(const Tessellation& t, std::span<const std::uint32_t> part_of_node, std::uint32_t part,
                             const Ring& ring) {
  std::array<Lobe, 2> lobes;
  std::vector<std::uint8_t> side(t.graph.nodes.size(), 2);
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (part_of_node[i] != part) continue;
    side[i] = contains(ring, t.graph.nodes[i].place) ? 0 : 1;
    lobes[side[i]].households += t.graph.nodes[i].households;
  }
  for (const Graph::Link& link : t.graph.links) {
    for (const auto& [a, b] : {std::pair(link.a, link.b), std::pair(link.b, link.a)}) {
      if (side[a] < 2 && part_of_node[b] != part) lobes[side[a]].neighbours.push_back(part_of_node[b]);
    }
  }
  for (Lobe& lobe : lobes) {
    std::ranges::sort(lobe.neighbours);
    lobe.neighbours.erase(std::unique(lobe.neighbours.begin(), lobe.neighbours.end()), lobe.neighbours.end());
  }
  return lobes;
}

std::string reason(const std::array<Lobe, 2>& lobes, std::span<const std::uint64_t> households,
                   std::span<const std::string> codes, const Range& range) {
  for (const std::size_t i : {0, 1}) {
    if (lobes[1 - i].households < range.min) continue;
    for (const std::uint32_t other : lobes[i].neighbours) {
      if (households[other] != 0 && households[other] + lobes[i].households <= range.max)
        return "; " + codes[other] + " could take " + (i == 0 ? "it" : "the rest") + " in";
    }
  }
  if (std::min(lobes[0].households, lobes[1].households) >= range.min) return "; both sides could stand alone";
  return "; neither side could stand alone, and no neighbour could take the lesser one in";
}

}  // namespace

std::vector<std::optional<Neck>> find_necks(const Borders& borders, std::span<const std::uint64_t> households,
                                            const Execution& execution) {
  std::vector<std::optional<Neck>> necks(borders.polygons.size());
  execution.for_each(necks.size(), [&](std::size_t part) {
    if (households[part] > 0) necks[part] = find_neck(borders.polygons[part]);
  });
  return necks;
}

BorderFigures figures_of(const Tessellation& t, std::span<const std::uint32_t> part_of_node,
                         std::span<const std::uint64_t> households, const Borders& borders,
                         std::span<const std::optional<Neck>> necks, const Range& range) {
  BorderFigures figures;
  figures.inner_m = borders.inner_m;
  if (borders.inner_m > 0) {
    figures.on_barriers = borders.on_barriers_m / borders.inner_m;
    figures.vertices_per_km = 1000 * double(borders.inner_vertices) / borders.inner_m;
  }
  for (std::size_t part = 0; part < households.size(); ++part) {
    const std::uint64_t count = households[part];
    if (count == 0) continue;
    figures.elongated += axis_ratio(borders.polygons[part]) > elongated;
    figures.necked += necks[part].has_value();
    if (count < range.min || count > range.max) continue;
    figures.near_bounds += std::min(count - range.min, range.max - count) <= near_bound;
  }
  count_blocks(t, part_of_node, range, figures);
  return figures;
}

std::vector<Finding> explain_necks(const Tessellation& t, std::span<const std::uint32_t> part_of_node,
                                   std::span<const std::uint64_t> households, std::span<const std::string> codes,
                                   std::span<const std::optional<Neck>> necks, const Range& range) {
  std::vector<Finding> findings;
  for (std::uint32_t part = 0; part < necks.size(); ++part) {
    if (!necks[part]) continue;
    const Neck& neck = *necks[part];
    const std::array<Lobe, 2> lobes = lobes_of(t, part_of_node, part, neck.lobe);
    char width[64];
    std::snprintf(width, sizeof width, "a neck of %.1f m, %.1f %% of its perimeter", neck.width_m,
                  100 * neck.width_m / neck.perimeter_m);
    findings.push_back(
        {Finding::Kind::neck, codes[part], "", neck.place,
         "a lobe " + counted(lobes[0].households) + " hangs on by " + width + reason(lobes, households, codes, range)});
  }
  return findings;
}

}  // namespace wangge::planning
