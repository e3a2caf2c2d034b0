#include "planning/explain.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "planning/neighbours.hpp"

namespace wangge::planning {
namespace {

using coverage::nothing;

std::string households(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " household" : " households");
}

std::string text_of(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", number);
  return text;
}

class RangeExplainer {
 public:
  RangeExplainer(const Outcome& outcome, const GridMap& map, std::span<const GridId> areas)
      : o_(outcome), map_(map), areas_(areas), units_of_node_(outcome.tessellation.graph.nodes.size()) {
    for (std::uint32_t u = 0; u < o_.units.size(); ++u) {
      const std::uint32_t node = o_.tessellation.node_of_unit[u];
      if (node != nothing) units_of_node_[node].push_back(u);
    }
    component_ = component_of_nodes(o_.tessellation.graph);
    within_reach_.assign(component_.size(), 0);
    main_node_.assign(o_.micro_grids.size(), nothing);
    const auto& nodes = o_.tessellation.graph.nodes;
    for (std::uint32_t node = 0; node < component_.size(); ++node) {
      within_reach_[component_[node]] += nodes[node].households;
      std::uint32_t& main = main_node_[o_.partition.part_of_node[node]];
      if (main == nothing || nodes[node].households > nodes[main].households) main = node;
    }
    for (const planning::Certificate& certificate : o_.partition.certificates)
      certificate_of_part_[certificate.part] = &certificate;
    for (const Annexation& annexation : o_.annexations) annexation_of_part_[annexation.hamlet] = &annexation;
  }

  std::vector<Finding> explain() {
    for (std::uint32_t p = 0; p < o_.micro_grids.size(); ++p) explain_verdict(p);
    explain_attributes();
    return std::move(findings_);
  }

 private:
  void explain_verdict(std::uint32_t p) {
    const MicroGrid& part = o_.micro_grids[p];
    const std::string wanted = std::to_string(o_.profile.range.min) + ":" + std::to_string(o_.profile.range.max);
    switch (o_.partition.verdicts[p]) {
      case Verdict::legal:
        explain_annexed(p);
        break;
      case Verdict::hamlet:
        found(Finding::Kind::hamlet, p, households(part.households) + " within reach" + shut_in(p) + annexation(p));
        break;
      case Verdict::tower:
        found(Finding::Kind::tower, p,
              households(part.households) + ": one unit alone, or several on one ground or kept together, hold " +
                  std::to_string(part.largest_unit) + ", above " + std::to_string(o_.profile.range.max));
        break;
      case Verdict::lumpy:
        found(Finding::Kind::lumpy, p,
              households(part.households) + ": proven that the units round it cannot all be shared out in the range " +
                  wanted);
        break;
      case Verdict::unproven:
        found(Finding::Kind::unproven, p,
              households(part.households) + ": no division in the range " + wanted +
                  " was found, and none is proven impossible; searched through " + std::to_string(searched(p)) +
                  " units about it");
        break;
      case Verdict::empty:
        found(Finding::Kind::empty_zone, p, "no household; hard barriers and outlines shut it in");
        break;
    }
  }

  void found(Finding::Kind kind, std::uint32_t p, std::string text) {
    findings_.push_back({kind, o_.micro_grids[p].code, "", o_.micro_grids[p].place, std::move(text)});
    if (kind != Finding::Kind::empty_zone) findings_.back().certificate = certificate(p);
  }

  std::uint32_t searched(std::uint32_t p) const {
    const auto known = certificate_of_part_.find(p);
    return known == certificate_of_part_.end() ? 0 : known->second->searched;
  }

  wangge::Certificate certificate(std::uint32_t p) const {
    wangge::Certificate result;
    result.households = o_.micro_grids[p].households;
    result.within_reach = within_reach_[component_[main_node_[p]]];
    if (const auto known = certificate_of_part_.find(p); known != certificate_of_part_.end()) {
      const planning::Certificate& from = *known->second;
      result.proof = static_cast<wangge::Certificate::Proof>(from.proof);
      result.searched = from.searched;
      for (const std::uint32_t node : from.nodes)
        for (const std::uint32_t u : units_of_node_[node]) result.units.push_back(o_.units[u].id);
    }
    if (const auto known = annexation_of_part_.find(p); known != annexation_of_part_.end()) {
      const Annexation& from = *known->second;
      result.barrier = from.barrier.empty() ? outline_of(p) : from.barrier;
      if (from.host != Graph::none) result.annexation = o_.micro_grids[from.host].code;
      result.after_annexation = from.households;
    }
    return result;
  }

  std::string outline_of(std::uint32_t p) const {
    return "the outline of " + std::string(map_.code(areas_[o_.micro_grids[p].area]));
  }

  std::string shut_in(std::uint32_t p) const {
    const auto known = annexation_of_part_.find(p);
    if (known == annexation_of_part_.end()) return "";
    return "; " + (known->second->barrier.empty() ? outline_of(p) : known->second->barrier) + " shuts it in";
  }

  std::string annexation(std::uint32_t p) const {
    const auto known = annexation_of_part_.find(p);
    if (known == annexation_of_part_.end() || known->second->host == Graph::none)
      return "; no neighbour in its area could take it in";
    return "; " + o_.micro_grids[known->second->host].code + " could take it in across the barrier and would hold " +
           std::to_string(known->second->households) + " (--annex)";
  }

  /// Hamlets that became part of this one.
  void explain_annexed(std::uint32_t p) {
    for (const Annexation& annexation : o_.annexations) {
      if (annexation.hamlet != p) continue;
      findings_.push_back({Finding::Kind::annexed, o_.micro_grids[p].code, "", o_.micro_grids[p].place,
                           "took in a hamlet across " +
                               (annexation.barrier.empty() ? "a hard barrier" : annexation.barrier) + " and holds " +
                               households(annexation.households)});
    }
  }

  void explain_attributes() {
    const std::vector<std::vector<double>> sums = attribute_sums(o_);
    for (std::size_t k = 0; k < o_.profile.attributes.size(); ++k) {
      const AttributeGoal& goal = o_.profile.attributes[k];
      for (std::uint32_t p = 0; p < sums.size(); ++p) {
        if (o_.partition.verdicts[p] == Verdict::empty) continue;
        const double sum = sums[p][k];
        const bool low = goal.min && sum < *goal.min, high = goal.max && sum > *goal.max;
        if (!low && !high) continue;
        findings_.push_back(
            {Finding::Kind::attribute, o_.micro_grids[p].code, "", o_.micro_grids[p].place,
             goal.attribute + " add up to " + text_of(sum) + ", " +
                 (low ? "below the minimum of " + text_of(*goal.min) : "above the maximum of " + text_of(*goal.max))});
      }
    }
  }

  const Outcome& o_;
  const GridMap& map_;
  std::span<const GridId> areas_;
  std::vector<std::vector<std::uint32_t>> units_of_node_;
  std::vector<std::uint32_t> component_, main_node_;  ///< main: a part's node with the most households
  std::vector<std::uint64_t> within_reach_;
  std::map<std::uint32_t, const planning::Certificate*> certificate_of_part_;
  std::map<std::uint32_t, const Annexation*> annexation_of_part_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<std::vector<double>> attribute_sums(const Outcome& o) {
  std::vector<std::vector<double>> sums(o.micro_grids.size(), std::vector<double>(o.attributes.size(), 0));
  for (std::size_t u = 0; u < o.units.size(); ++u) {
    const std::uint32_t node = o.tessellation.node_of_unit[u];
    if (node == nothing) continue;
    std::vector<double>& sum = sums[o.partition.part_of_node[node]];
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += o.attributes[k].values[u];
  }
  return sums;
}

std::vector<Finding> explain_range(const Outcome& outcome, const GridMap& map, std::span<const GridId> areas) {
  return RangeExplainer(outcome, map, areas).explain();
}

std::vector<Finding> explain_mixed(const Outcome& o, const Wholes& wholes) {
  std::vector<std::uint32_t> inhabited(o.micro_grids.size(), 0);
  for (std::size_t i = 0; i < o.partition.part_of_node.size(); ++i)
    inhabited[o.partition.part_of_node[i]] += o.tessellation.graph.nodes[i].households > 0;
  std::vector<Finding> findings;
  for (const Wholes::Group& group : wholes.groups()) {
    if (!group.loosened) continue;
    std::map<std::uint32_t, std::uint32_t> own;  // inhabited nodes by part
    for (const std::uint32_t node : group.nodes)
      own[o.partition.part_of_node[node]] += o.tessellation.graph.nodes[node].households > 0;
    const bool mixed =
        std::ranges::any_of(own, [&](const auto& entry) { return entry.second < inhabited[entry.first]; });
    const bool cut = group.households <= o.profile.range.max && own.size() > 1;
    if (!mixed && !cut) continue;
    const std::uint32_t part = own.begin()->first;
    findings.push_back({Finding::Kind::mixed, o.micro_grids[part].code, "", o.micro_grids[part].place,
                        group.name + (cut ? " had to be cut" : " had to share a micro-grid with others") +
                            ", or a micro-grid would be out of range"});
  }
  return findings;
}

std::vector<Finding> explain_apart(const Outcome& o, std::span<const UnitPair> apart) {
  std::vector<Finding> findings;
  for (const auto& [first, second] : apart) {
    const Unit &a = o.units[static_cast<std::uint32_t>(first)], &b = o.units[static_cast<std::uint32_t>(second)];
    const std::uint32_t i = o.tessellation.node_of_unit[static_cast<std::uint32_t>(first)],
                        j = o.tessellation.node_of_unit[static_cast<std::uint32_t>(second)];
    if (i == nothing || j == nothing || o.partition.part_of_node[i] != o.partition.part_of_node[j]) continue;
    findings.push_back(
        {Finding::Kind::apart, o.micro_grids[o.partition.part_of_node[i]].code, a.id, a.position,
         "units " + a.id + " and " + b.id + " were to be apart; no micro-grid could be cut between them"});
  }
  return findings;
}

std::vector<Finding> explain_locks(const GridMap& map, std::span<const GridId> locked, const GridMap& next) {
  std::vector<Finding> findings;
  for (const GridId lock : locked) {
    const std::string code(map.code(lock));
    const MultiPolygon before = map.polygons(lock);
    const bool same = next.polygons(next.find(code)) == before;
    findings.push_back({Finding::Kind::locked, code, "", inner_point(before),
                        same ? "stays as it was" : "stays, but for a vertex in its border where new micro-grids meet"});
  }
  return findings;
}

std::vector<Finding> explain_unassigned(const Outcome& o, std::span<const GridId> lock_of_unit) {
  std::vector<Finding> findings;
  for (std::size_t u = 0; u < o.units.size(); ++u) {
    if (o.tessellation.node_of_unit[u] != nothing || lock_of_unit[u] != GridId::none) continue;
    const Unit& unit = o.units[u];
    findings.push_back({Finding::Kind::unassigned, "", unit.id, unit.position,
                        "unit " + unit.id + " (" + households(unit.households) + ") lies outside every area"});
  }
  return findings;
}

}  // namespace wangge::planning
