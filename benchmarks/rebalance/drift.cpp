#include "rebalance/drift.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "planning/random.hpp"

namespace wangge::bench {
namespace {

using planning::Random;

double uniform(Random& random) { return (double(random.next() >> 11) + 0.5) * 0x1p-53; }

double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(uniform(random)));
  return radius * std::cos(2 * std::numbers::pi * uniform(random));
}

/// Takes `surplus` (or, if negative, what is lacking) from houses that changed, one household at a time.
void balance(Instance& instance, const std::vector<std::uint32_t>& changed, std::int64_t surplus, Random& random) {
  while (surplus != 0 && !changed.empty()) {
    std::uint32_t& households = instance.graph.nodes[changed[random.below(std::uint32_t(changed.size()))]].households;
    if (surplus > 0 && households == 0) continue;
    households += surplus > 0 ? std::uint32_t(-1) : 1;
    surplus += surplus > 0 ? -1 : 1;
  }
}

}  // namespace

Instance drift(Instance instance, double share, std::uint64_t seed) {
  Random random(seed * 1000 + std::uint64_t(share * 100));
  auto& nodes = instance.graph.nodes;
  std::vector<std::uint32_t> changed, inhabited;
  std::int64_t surplus = 0;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].households == 0) continue;
    inhabited.push_back(i);
    if (uniform(random) >= share) continue;
    const auto before = std::int64_t(nodes[i].households);
    const std::int64_t after =
        std::max<std::int64_t>(0, before + std::lround(normal(random) * (0.12 * double(before) + 0.7)));
    nodes[i].households = std::uint32_t(after);
    surplus += after - before;
    changed.push_back(i);
  }
  balance(instance, changed, surplus, random);
  const auto few = std::uint32_t(std::lround(double(inhabited.size()) / 1000));
  for (std::uint32_t i = 0; i < few; ++i) {
    nodes[inhabited[random.below(std::uint32_t(inhabited.size()))]].households += 30 + random.below(21);
    nodes[inhabited[random.below(std::uint32_t(inhabited.size()))]].households = 0;
  }
  for (auto& node : nodes) node.largest_unit = node.households;
  return instance;
}

}  // namespace wangge::bench
