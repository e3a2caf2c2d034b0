#include "planning/goals.hpp"

namespace wangge::planning {

std::vector<Goal> goals_of(const Tessellation& t, const Profile& profile, std::span<const UnitAttribute> attributes) {
  std::vector<Goal> goals;
  for (std::size_t k = 0; k < attributes.size(); ++k) {
    const AttributeGoal& wanted = profile.attributes[k];
    Goal goal;
    goal.of_node.assign(t.graph.nodes.size(), 0);
    for (std::size_t u = 0; u < t.node_of_unit.size(); ++u) {
      if (t.node_of_unit[u] != coverage::nothing) goal.of_node[t.node_of_unit[u]] += attributes[k].values[u];
    }
    if (wanted.min) goal.min = *wanted.min;
    if (wanted.max) goal.max = *wanted.max;
    if (wanted.target) goal.target = *wanted.target, goal.weight = wanted.weight;
    goals.push_back(std::move(goal));
  }
  return goals;
}

}  // namespace wangge::planning
