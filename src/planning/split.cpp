#include <algorithm>
#include <string>

#include "planning/assess.hpp"
#include "planning/borders.hpp"
#include "planning/codes.hpp"
#include "planning/figures.hpp"
#include "planning/partition.hpp"
#include "planning/tessellation.hpp"
#include "planning/zones.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge {
namespace {

using planning::Partition;
using planning::Tessellation;
using planning::Verdict;

/// One micro-grid in the making.
struct Part {
  std::uint32_t area = 0;  ///< index into the areas that are split
  std::uint64_t households = 0, largest_unit = 0;
  Position place;
  std::string code;
};

void check(const GridMap& map, std::span<const GridId> areas, const SplitOptions& options) {
  const Range range = options.range;
  if (range.min == 0 || range.min > range.max) {
    throw Error(Errc::invalid_argument, "the range " + std::to_string(range.min) + ":" + std::to_string(range.max) +
                                            " is empty; give MIN:MAX with 0 < MIN <= MAX");
  }
  if (options.target != 0 && (options.target < range.min || options.target > range.max)) {
    throw Error(Errc::invalid_argument, "the target " + std::to_string(options.target) + " lies outside the range " +
                                            std::to_string(range.min) + ":" + std::to_string(range.max));
  }
  for (const GridId area : areas) {
    if (map.level(area) != Level::micro_grid && map.children(area).empty()) continue;
    throw Error(Errc::invalid_argument,
                "area " + std::string(map.code(area)) + " is split already; split its parts, or retire them first");
  }
}

std::vector<Part> gather_parts(const Tessellation& t, const Partition& partition) {
  std::vector<Part> parts(partition.verdicts.size());
  std::vector<bool> seen(parts.size(), false);
  for (std::size_t i = 0; i < t.graph.nodes.size(); ++i) {
    const auto& node = t.graph.nodes[i];
    const std::uint32_t p = partition.part_of_node[i];
    if (!seen[p] || node.households > parts[p].largest_unit) parts[p].place = node.place;
    seen[p] = true;
    parts[p].area = node.area;
    parts[p].households += node.households;
    parts[p].largest_unit = std::max<std::uint64_t>(parts[p].largest_unit, node.households);
  }
  return parts;
}

void give_codes(const GridMap& map, std::span<const GridId> areas, std::vector<Part>& parts) {
  std::vector<std::vector<std::uint32_t>> in_area(areas.size());
  for (std::uint32_t p = 0; p < parts.size(); ++p) in_area[parts[p].area].push_back(p);
  for (std::size_t a = 0; a < areas.size(); ++a) {
    std::vector<Position> centres;
    for (const std::uint32_t p : in_area[a]) centres.push_back(parts[p].place);
    std::uint32_t number = 0;
    for (const std::uint32_t i : planning::reading_order(centres)) {
      parts[in_area[a][i]].code =
          planning::child_code(map.code(areas[a]), ++number, static_cast<std::uint32_t>(in_area[a].size()));
    }
  }
}

std::string digits_of(const Part& part, std::string_view area_code) { return part.code.substr(area_code.size()); }

GridRecord to_record(const GridMap& map, GridId area, const Part& part, Verdict verdict, MultiPolygon polygons) {
  const std::string area_code(map.code(area)), area_name(map.name(area).empty() ? map.code(area) : map.name(area));
  return {part.code,
          area_name + " " + digits_of(part, area_code),
          Level::micro_grid,
          area_code,
          verdict == Verdict::empty ? Kind::dedicated : Kind::general,
          std::move(polygons)};
}

std::string households(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " household" : " households");
}

/// The neighbour over a hard barrier that could take a hamlet in without leaving its own range.
std::string annexation(std::uint32_t hamlet, const std::vector<Part>& parts, const Range& range,
                       const std::map<std::pair<std::uint32_t, std::uint32_t>, double>& borders) {
  std::uint32_t best = coverage::nothing;
  double longest = 0;
  for (const auto& [pair, length] : borders) {
    if (pair.first != hamlet && pair.second != hamlet) continue;
    const std::uint32_t other = pair.first == hamlet ? pair.second : pair.first;
    const std::uint64_t sum = parts[hamlet].households + parts[other].households;
    if (sum >= range.min && sum <= range.max && length > longest) longest = length, best = other;
  }
  if (best == coverage::nothing) return "; no neighbour in its area could take it in";
  return "; " + parts[best].code + " could take it in across the barrier and would hold " +
         std::to_string(parts[hamlet].households + parts[best].households);
}

std::vector<Finding> explain(const std::vector<Part>& parts, const Partition& partition, const Range& range,
                             const std::map<std::pair<std::uint32_t, std::uint32_t>, double>& borders) {
  std::vector<Finding> findings;
  const std::string wanted = std::to_string(range.min) + ":" + std::to_string(range.max);
  for (std::uint32_t p = 0; p < parts.size(); ++p) {
    const Part& part = parts[p];
    const auto found = [&](Finding::Kind kind, const std::string& text) {
      findings.push_back({kind, part.code, "", part.place, text});
    };
    switch (partition.verdicts[p]) {
      case Verdict::legal:
        break;
      case Verdict::hamlet:
        found(Finding::Kind::hamlet, "a hamlet of " + households(part.households) +
                                         " that outlines and hard barriers cut off" +
                                         annexation(p, parts, range, borders));
        break;
      case Verdict::tower:
        found(Finding::Kind::tower, households(part.households) + ": one unit alone holds " +
                                        std::to_string(part.largest_unit) + ", above " + std::to_string(range.max));
        break;
      case Verdict::lumpy:
        found(Finding::Kind::out_of_range,
              households(part.households) + ": proven that the units round it cannot all be shared out in the range " +
                  wanted);
        break;
      case Verdict::unproven:
        found(Finding::Kind::out_of_range, households(part.households) + ": no division in the range " + wanted +
                                               " was found, and none is proven impossible");
        break;
      case Verdict::empty:
        found(Finding::Kind::empty_zone, "no household; hard barriers and outlines shut it in");
        break;
    }
  }
  return findings;
}

void list_unassigned(Units units, const Tessellation& t, std::vector<Finding>& findings) {
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (t.node_of_unit[u] != coverage::nothing) continue;
    findings.push_back({Finding::Kind::unassigned, "", units[u].id, units[u].position,
                        "unit " + units[u].id + " (" + households(units[u].households) + ") lies outside every area"});
  }
}

}  // namespace

Proposal split(const GridMap& map, std::span<const GridId> areas, Units units, std::span<const Barrier> barriers,
               const SplitOptions& options, const Execution& execution) {
  check(map, areas, options);
  const Tessellation t = planning::tessellate(map, areas, units, barriers, execution);
  const std::uint32_t target = options.target ? options.target : (options.range.min + options.range.max) / 2;
  Partition partition = planning::partition(
      t.graph, {.range = options.range, .target = target, .keep_compounds = options.keep_compounds}, execution);
  planning::absorb_slivers(t, partition);

  std::vector<Part> parts = gather_parts(t, partition);
  give_codes(map, areas, parts);
  planning::Borders borders =
      planning::draw_borders(t, partition.part_of_node, static_cast<std::uint32_t>(parts.size()), options.simplify_m);
  std::vector<std::uint64_t> counts;
  std::vector<std::string> codes;
  for (const Part& part : parts) counts.push_back(part.households), codes.push_back(part.code);
  const auto necks = planning::find_necks(borders, counts, execution);
  Proposal proposal;
  proposal.borders = planning::figures_of(t, partition.part_of_node, counts, borders, necks, options.range);
  proposal.changes.base_revision = map.revision();
  proposal.changes.reason = "split into micro-grids";
  for (std::size_t p = 0; p < parts.size(); ++p) {
    proposal.changes.changes.push_back(
        {ChangeSet::Operation::create,
         to_record(map, areas[parts[p].area], parts[p], partition.verdicts[p], std::move(borders.polygons[p]))});
  }
  for (std::size_t u = 0; u < units.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u];
    proposal.micro_grid_of_unit.push_back(node == coverage::nothing ? Proposal::unassigned
                                                                    : partition.part_of_node[node]);
  }
  proposal.next = map.with(proposal.changes);
  std::vector<GridId> area_of_unit;
  for (const std::uint32_t row : proposal.micro_grid_of_unit) {
    area_of_unit.push_back(row == Proposal::unassigned ? GridId::none : proposal.next.find(parts[row].code));
  }
  proposal.after = planning::assess_assigned(proposal.next, units, area_of_unit, options.range);
  proposal.after.findings =
      explain(parts, partition, options.range, planning::borders_of_parts(t, partition.part_of_node));
  std::ranges::move(planning::explain_necks(t, partition.part_of_node, counts, codes, necks, options.range),
                    std::back_inserter(proposal.after.findings));
  proposal.after.findings.insert(proposal.after.findings.end(), t.findings.begin(), t.findings.end());
  list_unassigned(units, t, proposal.after.findings);
  proposal.objective = partition.objective;
  proposal.partition_cpu_s = partition.cpu_s;
  proposal.stopped = partition.stopped;
  return proposal;
}

Proposal split(const GridMap& map, GridId area, Units units, std::span<const Barrier> barriers,
               const SplitOptions& options, const Execution& execution) {
  return split(map, std::span(&area, 1), units, barriers, options, execution);
}

}  // namespace wangge
