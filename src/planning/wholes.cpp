#include "planning/wholes.hpp"

#include <algorithm>
#include <set>

namespace wangge::planning {
namespace {

using coverage::nothing;
using Members = std::map<std::string, std::vector<std::uint32_t>>;

/// The nodes of all units of which `key` says the same.
template <class Key>
Members members_by(const Tessellation& t, Units units, const Key& key) {
  Members members;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const std::string name = key(units[u]);
    if (!name.empty() && t.node_of_unit[u] != nothing) members[name].push_back(t.node_of_unit[u]);
  }
  for (auto& [name, nodes] : members) {
    std::ranges::sort(nodes);
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  }
  return members;
}

/// Buildings are numbered compound by compound.
std::string name_of_building(const Unit& unit) {
  if (unit.building.empty() || unit.compound.empty()) return unit.building;
  return unit.building + " of " + unit.compound;
}

/// A node in which units of several compounds stand belongs to none of them.
void drop_shared(Members& members) {
  std::map<std::uint32_t, int> uses;
  for (const auto& [name, nodes] : members)
    for (const std::uint32_t node : nodes) ++uses[node];
  for (auto& [name, nodes] : members) std::erase_if(nodes, [&](std::uint32_t node) { return uses[node] > 1; });
}

std::vector<std::uint64_t> households_of(const Graph& graph, const std::vector<std::uint32_t>& component,
                                         std::uint32_t most) {
  std::vector<std::uint64_t> households(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].households <= most) households[component[i]] += graph.nodes[i].households;
  }
  return households;
}

}  // namespace

Wholes::Wholes(const Tessellation& tessellation, Units units, const Wishes& wishes, const Range& range, bool compounds)
    : t_(tessellation), wishes_(wishes), range_(range), neighbours_(tessellation.graph) {
  if (compounds) {
    Members members = members_by(t_, units, [](const Unit& unit) { return unit.compound; });
    drop_shared(members);
    find_groups(members, "compound ", false);
  }
  find_groups(members_by(t_, units, name_of_building), "building ", true);
  Sets sets(t_.graph.nodes.size());
  std::vector<std::uint64_t> households;
  for (const Graph::Node& node : t_.graph.nodes) households.push_back(node.households);
  for (const auto& [a, b] : wishes_.together) {
    const std::uint64_t sum =
        sets.of(a) == sets.of(b) ? households[sets.of(a)] : households[sets.of(a)] + households[sets.of(b)];
    sets.join(a, b);
    households[sets.of(a)] = sum;
  }
  for (Group& group : groups_) tie(group, households, sets);
  close_within_reason();
}

/// Each connected set of a compound's nodes, or a building's, is a group.
void Wholes::find_groups(const Members& members, const char* kind, bool alone_above_max_only) {
  std::vector<std::uint32_t> owner(t_.graph.nodes.size(), nothing);
  for (const auto& [name, nodes] : members) {
    for (const std::uint32_t node : nodes) owner[node] = nodes.front();
    for (const std::uint32_t start : nodes) {
      if (owner[start] == nothing) continue;
      const std::uint32_t here = owner[start];
      Group group{kind + name, {start}};
      owner[start] = nothing;
      for (std::size_t i = 0; i < group.nodes.size(); ++i) {
        for (const std::uint32_t next : neighbours_[group.nodes[i]]) {
          if (owner[next] != here) continue;
          owner[next] = nothing;
          group.nodes.push_back(next);
        }
      }
      std::ranges::sort(group.nodes);
      std::uint64_t all = 0;
      for (const std::uint32_t node : group.nodes) {
        all += t_.graph.nodes[node].households;
        if (!tower(node)) group.households += t_.graph.nodes[node].households;
      }
      const std::uint64_t least = alone_above_max_only ? range_.max + std::uint64_t{1} : range_.min;
      group.closed = all >= least && group.nodes.size() > 1 && feasible(group.households);
      group.tied = all <= range_.max && group.nodes.size() > 1;
      groups_.push_back(std::move(group));
    }
  }
}

/// Ties a group unless what hangs on it already would make it too large, or is to be kept apart. A wish that links it
/// to somebody outside opens it.
void Wholes::tie(Group& group, std::vector<std::uint64_t>& households, Sets& sets) {
  std::set<std::uint32_t> names;
  std::uint64_t sum = 0;
  for (const std::uint32_t node : group.nodes) {
    if (names.insert(sets.of(node)).second) sum += households[sets.of(node)];
  }
  const auto inside = [&](std::uint32_t node) { return std::ranges::binary_search(group.nodes, node); };
  for (const auto& [a, b] : wishes_.together) group.closed &= inside(a) == inside(b);
  for (const auto& [a, b] : wishes_.apart) group.tied &= !(names.contains(sets.of(a)) && names.contains(sets.of(b)));
  group.tied &= sum <= range_.max;
  if (!group.tied) return;
  for (const std::uint32_t node : group.nodes) sets.join(group.nodes.front(), node);
  households[sets.of(group.nodes.front())] = sum;
}

bool Wholes::feasible(std::uint64_t households) const noexcept {
  return (households + range_.max - 1) / range_.max <= households / range_.min;
}

/// Later groups lie within earlier ones: buildings in compounds.
void Wholes::set_sides() {
  side_.assign(t_.graph.nodes.size(), nothing);
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g].closed) continue;
    for (const std::uint32_t node : groups_[g].nodes) side_[node] = g;
  }
}

/// Opens groups until what is left between them, and in them, can be in range where the whole can.
void Wholes::close_within_reason() {
  set_sides();
  if (std::ranges::none_of(groups_, &Group::closed)) return;
  const std::vector<std::uint32_t> whole = component_of_nodes(t_.graph);
  const std::vector<std::uint64_t> whole_households = households_of(t_.graph, whole, range_.max);
  for (bool again = true; again;) {
    set_sides();
    std::vector<std::uint32_t> component = component_of_nodes(graph());
    take_in_empty_ground(component, households_of(t_.graph, component, ~0u));
    component = component_of_nodes(graph());
    const std::vector<std::uint64_t> households = households_of(t_.graph, component, range_.max);
    std::vector<bool> bad(t_.graph.nodes.size(), false);
    for (std::size_t i = 0; i < component.size(); ++i) {
      bad[component[i]] = !feasible(households[component[i]]) && feasible(whole_households[whole[i]]);
    }
    again = open_beside(component, bad);
  }
}

/// Ground without a household that closed groups shut in goes with the one with which it shares the longest border.
void Wholes::take_in_empty_ground(const std::vector<std::uint32_t>& component,
                                  std::span<const std::uint64_t> households) {
  std::map<std::uint32_t, std::pair<float, std::uint32_t>> longest;  // by component: border and side
  const auto offer = [&](std::uint32_t node, const Graph::Link& link, std::uint32_t other) {
    if (households[component[node]] > 0 || !cut(link)) return;
    auto& [border, side] = longest.try_emplace(component[node], -1.0f, nothing).first->second;
    if (link.border_m > border) border = link.border_m, side = side_[other];
  };
  for (const Graph::Link& link : t_.graph.links) offer(link.a, link, link.b), offer(link.b, link, link.a);
  for (std::size_t i = 0; i < component.size(); ++i) {
    const auto found = longest.find(component[i]);
    if (found != longest.end()) side_[i] = found->second.second;
  }
}

/// Opens for each bad component the closed group that it is, or else the one with which it shares the longest border.
bool Wholes::open_beside(const std::vector<std::uint32_t>& component, const std::vector<bool>& bad) {
  std::map<std::uint32_t, std::map<std::uint32_t, double>> border;  // by component, by side
  for (const Graph::Link& link : t_.graph.links) {
    if (!cut(link)) continue;
    for (const auto& [here, there] : {std::pair(link.a, link.b), std::pair(link.b, link.a)}) {
      if (!bad[component[here]]) continue;
      const std::uint32_t group = side_[here] != nothing ? side_[here] : side_[there];
      border[component[here]][group] += double(link.border_m);
    }
  }
  for (const auto& [name, groups] : border) {
    const auto longest = std::ranges::max_element(groups, {}, [](const auto& entry) { return entry.second; });
    groups_[longest->first].closed = false;
    groups_[longest->first].loosened = true;
  }
  return !border.empty();
}

Graph Wholes::graph() const {
  Graph graph{t_.graph.nodes, {}};
  std::ranges::copy_if(t_.graph.links, std::back_inserter(graph.links), [&](const auto& link) { return !cut(link); });
  return graph;
}

Wishes::Pairs Wholes::together() const {
  Wishes::Pairs pairs = wishes_.together;
  for (const Group& group : groups_) {
    if (!group.tied) continue;
    std::set<std::uint32_t> open(group.nodes.begin(), group.nodes.end());
    while (!open.empty()) {
      std::vector<std::uint32_t> reached{*open.begin()};
      open.erase(open.begin());
      for (std::size_t i = 0; i < reached.size(); ++i) {
        for (const std::uint32_t next : neighbours_[reached[i]]) {
          if (side_[next] != side_[reached[i]] || open.erase(next) == 0) continue;
          pairs.emplace_back(std::min(reached[i], next), std::max(reached[i], next));
          reached.push_back(next);
        }
      }
    }
  }
  return pairs;
}

void Wholes::loosen(std::uint32_t g) {
  Group& group = groups_[g];
  group.loosened |= group.tied || group.closed;
  group.tied = group.closed = false;
}

bool Wholes::loosen(const Partition& partition) {
  std::vector<bool> near(t_.graph.nodes.size(), false);
  for (std::uint32_t node = 0; node < near.size(); ++node) {
    const Verdict verdict = partition.verdicts[partition.part_of_node[node]];
    if (verdict == Verdict::legal || verdict == Verdict::tower || verdict == Verdict::empty) continue;
    near[node] = true;
    for (const std::uint32_t other : neighbours_[node]) near[other] = true;
  }
  bool any = false;
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g].tied && !groups_[g].closed) continue;
    if (!std::ranges::any_of(groups_[g].nodes, [&](std::uint32_t node) { return near[node]; })) continue;
    loosen(g);
    any = true;
  }
  if (any) close_within_reason();
  return any;
}

bool Wholes::lean_on_groups(std::span<const std::uint32_t> nodes) const {
  const std::set<std::uint32_t> asked(nodes.begin(), nodes.end());
  const auto touches = [&](std::uint32_t node) { return asked.contains(node); };
  if (std::ranges::any_of(groups_, [&](const Group& g) { return g.tied && std::ranges::any_of(g.nodes, touches); }))
    return true;
  return std::ranges::any_of(asked, [&](std::uint32_t node) {
    return std::ranges::any_of(neighbours_[node], [&](std::uint32_t next) { return side_[next] != side_[node]; });
  });
}

}  // namespace wangge::planning
