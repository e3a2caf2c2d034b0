#include <algorithm>
#include <string>

#include "map/lineage.hpp"
#include "planning/annex.hpp"
#include "planning/assess.hpp"
#include "planning/borders.hpp"
#include "planning/explain.hpp"
#include "planning/figures.hpp"
#include "planning/goals.hpp"
#include "planning/locks.hpp"
#include "planning/micro_grids.hpp"
#include "planning/partition.hpp"
#include "planning/seal.hpp"
#include "planning/tessellation.hpp"
#include "planning/wholes.hpp"
#include "planning/wishes.hpp"
#include "planning/zones.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge {
namespace {

using coverage::nothing;
using planning::MicroGrid;
using planning::Outcome;
using planning::Partition;
using planning::PartitionOptions;
using planning::Tessellation;
using planning::Verdict;
using planning::Wholes;
using planning::Wishes;

void check(const GridMap& map, std::span<const GridId> areas, const SplitOptions& options) {
  constexpr int most_effort = 3;
  check(options.profile);
  if (options.effort < 0 || options.effort > most_effort)
    throw Error(Errc::invalid_argument, "the effort " + std::to_string(options.effort) + " is not 0, 1, 2 or 3");
  planning::check_locks(map, areas, options.locked);
}

/// A proof in a graph that groups were cut out of, or tied in, says nothing of the whole one.
void withdraw_proofs(const Wholes& wholes, Partition& partition) {
  for (planning::Certificate& certificate : partition.certificates) {
    if (certificate.verdict != Verdict::lumpy || !wholes.lean_on_groups(certificate.nodes)) continue;
    certificate.verdict = partition.verdicts[certificate.part] = Verdict::unproven;
    certificate.proof = planning::Proof::none;
  }
}

/// Divides with compounds and buildings kept whole, and loosens those that stand in the way of the range.
Partition divide(const Tessellation& t, Wholes& wholes, PartitionOptions options, const Execution& execution) {
  constexpr int most_rounds = 4;
  options.together = wholes.together();
  Partition partition = planning::partition(wholes.graph(), options, execution);
  for (int round = 1; round < most_rounds && !partition.stopped && wholes.loosen(partition); ++round) {
    options.together = wholes.together();
    Partition next = planning::partition(wholes.graph(), options, execution);
    next.cpu_s += partition.cpu_s;
    partition = std::move(next);
  }
  withdraw_proofs(wholes, partition);
  planning::absorb_slivers(t, partition);
  return partition;
}

/// One change an area: its micro-grids, in their order, which have their households from it.
ChangeSet changes_of(const GridMap& map, std::span<const GridId> areas, const std::vector<MicroGrid>& micro_grids,
                     const Partition& partition, std::vector<MultiPolygon>&& polygons) {
  ChangeSet changes;
  changes.base_revision = map.revision();
  changes.reason = "split into micro-grids";
  std::vector<std::vector<GridRecord>> made(areas.size());
  std::vector<std::uint64_t> households(areas.size(), 0);
  wangge::map::Flows flows;
  for (std::size_t p = 0; p < micro_grids.size(); ++p) {
    const MicroGrid& here = micro_grids[p];
    made[here.area].push_back(
        planning::to_record(map, areas[here.area], here, partition.verdicts[p], std::move(polygons[p])));
    households[here.area] += here.households;
    flows.set_after(here.code, here.households);
    flows.add(map.code(areas[here.area]), here.code, here.households);
  }
  for (std::size_t a = 0; a < areas.size(); ++a) {
    if (made[a].empty()) continue;
    changes.changes.push_back({ChangeSet::Operation::create, {}, std::move(made[a])});
    flows.set_before(map.code(areas[a]), households[a]);
    flows.set_after(map.code(areas[a]), households[a]);
  }
  changes.lineage = flows.lineage();
  return changes;
}

/// The records as the map has them: a border that ends on an outline from beyond gives it a vertex there.
void take_borders_from(const GridMap& next, ChangeSet& changes) {
  for (ChangeSet::Change& change : changes.changes)
    for (GridRecord& record : change.after) record.polygons = next.polygons(next.find(record.code));
}

/// Whose the units are in the next map.
void assign(const Tessellation& t, const Partition& partition, const std::vector<MicroGrid>& micro_grids,
            const GridMap& map, std::span<const GridId> lock_of_unit, Proposal& proposal) {
  std::vector<GridId> made;
  for (const MicroGrid& here : micro_grids) made.push_back(proposal.next.find(here.code));
  for (std::size_t u = 0; u < t.node_of_unit.size(); ++u) {
    const std::uint32_t node = t.node_of_unit[u];
    GridId area = GridId::none;
    if (node != nothing)
      area = made[partition.part_of_node[node]];
    else if (lock_of_unit[u] != GridId::none)
      area = proposal.next.find(map.code(lock_of_unit[u]));
    proposal.area_of_unit.push_back(area);
  }
}

CutLength cut_of(const planning::Graph& graph, std::span<const std::uint32_t> part_of_node) {
  CutLength cut;
  double* const by_passage[] = {&cut.open_m, &cut.street_m, &cut.wall_m, &cut.soft_m, &cut.crossing_m};
  for (const planning::Graph::Link& link : graph.links) {
    if (part_of_node[link.a] != part_of_node[link.b])
      *by_passage[static_cast<std::size_t>(link.passage)] += double(link.border_m);
  }
  return cut;
}

void append(std::vector<Finding>& to, std::vector<Finding>&& more) { std::ranges::move(more, std::back_inserter(to)); }

}  // namespace

Proposal split(const GridMap& map, std::span<const GridId> areas, Units units, std::span<const Barrier> barriers,
               const SplitOptions& options, const Execution& execution) {
  check(map, areas, options);
  const Profile& profile = options.profile;
  std::vector<Finding> missing;
  const std::vector<UnitAttribute> attributes = attributes_of(profile, units, options.columns, missing);
  const std::vector<GridId> lock_of_unit = planning::locks_of_units(map, options.locked, units);

  const Tessellation t = planning::tessellate(map, areas, units, barriers, execution);
  const Wishes wishes = planning::gather_wishes(map, t, units, lock_of_unit, options);
  Wholes wholes(t, units, wishes, profile.range, options.keep_compounds);
  Partition partition = divide(t, wholes,
                               {.range = profile.range,
                                .target = profile.aim(),
                                .weights = profile.weights,
                                .keep_compounds = options.keep_compounds,
                                .effort = options.effort,
                                .goals = planning::goals_of(t, profile, attributes),
                                .apart = wishes.apart},
                               execution);
  const std::vector<planning::Annexation> annexations =
      planning::annexations(t, barriers, profile, options.annex, partition);

  std::vector<MicroGrid> micro_grids = planning::gather_micro_grids(t, partition);
  planning::give_codes(map, areas, micro_grids);
  planning::Borders borders = planning::draw_borders(
      t, partition.part_of_node, static_cast<std::uint32_t>(micro_grids.size()), options.simplify_m);
  std::vector<std::uint64_t> counts;
  std::vector<std::string> codes;
  for (const MicroGrid& made : micro_grids) counts.push_back(made.households), codes.push_back(made.code);
  const auto necks = planning::find_necks(borders, counts, execution);
  Proposal proposal;
  proposal.borders = planning::figures_of(t, partition.part_of_node, counts, borders, necks, profile.range);
  planning::seal(map, options.locked, t, borders.polygons);
  proposal.changes = changes_of(map, areas, micro_grids, partition, std::move(borders.polygons));
  proposal.next = map.with(proposal.changes);
  take_borders_from(proposal.next, proposal.changes);
  assign(t, partition, micro_grids, map, lock_of_unit, proposal);

  proposal.after = planning::assess_assigned(proposal.next, units, proposal.area_of_unit, profile.range);
  planning::add_attributes(proposal.next, proposal.area_of_unit, attributes, proposal.after);
  for (std::size_t p = 0; p < micro_grids.size(); ++p) {
    const GridId made = proposal.next.find(micro_grids[p].code);
    proposal.after.areas[static_cast<std::uint32_t>(made)].objective = partition.terms[p];
  }
  const Outcome outcome{t, partition, micro_grids, annexations, profile, attributes, units};
  proposal.after.findings = planning::explain_range(outcome, map, areas);
  append(proposal.after.findings,
         planning::explain_necks(t, partition.part_of_node, counts, codes, necks, profile.range));
  append(proposal.after.findings, planning::explain_mixed(outcome, wholes));
  append(proposal.after.findings, planning::explain_apart(outcome, options.apart));
  append(proposal.after.findings, planning::explain_locks(map, options.locked, proposal.next));
  append(proposal.after.findings, std::vector(t.findings));
  append(proposal.after.findings, planning::explain_unassigned(outcome, lock_of_unit));
  append(proposal.after.findings, std::move(missing));
  proposal.objective = partition.objective;
  proposal.cut = cut_of(t.graph, partition.part_of_node);
  proposal.partition_cpu_s = partition.cpu_s;
  proposal.stopped = partition.stopped;
  return proposal;
}

Proposal split(const GridMap& map, GridId area, Units units, std::span<const Barrier> barriers,
               const SplitOptions& options, const Execution& execution) {
  return split(map, std::span(&area, 1), units, barriers, options, execution);
}

}  // namespace wangge
