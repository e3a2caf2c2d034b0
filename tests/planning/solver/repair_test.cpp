// Mended plans beside a solver for integer programs (CBC): faces of slabs, some years later.
#include <coin/Cbc_C_Interface.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "planning/graph_tools.hpp"
#include "planning/referee.hpp"
#include "planning/repair_parts.hpp"

namespace wangge::planning {
namespace {

void drift(Graph& graph, Random& random) {
  for (auto& node : graph.nodes) {
    if (random.below(5) > 0) continue;
    node.households = node.households + random.below(11) - std::min(node.households, 5u);
  }
  for (int times = 0; times < 2; ++times)
    graph.nodes[random.below(std::uint32_t(graph.nodes.size()))].households = random.below(2) * 58;
}

/// Households that the best of all legal plans moves, if it moves at most `most`: sets in range, each with the old part
/// whose number it takes or a new one, so that every atom is in one set and every number is taken once.
std::uint64_t fewest_moved(const Graph& graph, const std::vector<std::uint32_t>& old, std::uint64_t most) {
  const PartitionOptions options;
  const Referee referee(graph, options);
  const Components components = find_components(graph);
  std::vector<std::uint32_t> place(graph.nodes.size());
  const Component component = prepare(graph, components.nodes_of(0), components.links_of(0), Terms(options), place);
  const int atoms = int(component.nodes.size()), parts = int(*std::max_element(old.begin(), old.end())) + 1;
  std::vector<CoinBigIndex> first{0};
  std::vector<int> rows;
  std::vector<double> price;
  for (const auto& column : referee.columns()) {
    std::set<std::uint32_t> names{Graph::none};
    for (const std::uint32_t atom : column.set) names.insert(old[component.nodes[atom]]);
    for (const std::uint32_t name : names) {
      std::uint64_t moved = 0;
      for (const std::uint32_t atom : column.set) {
        const std::uint32_t node = component.nodes[atom];
        if (old[node] != name) moved += graph.nodes[node].households;
      }
      if (moved > most) continue;
      rows.insert(rows.end(), column.set.begin(), column.set.end());
      if (name != Graph::none) rows.push_back(atoms + int(name));
      first.push_back(CoinBigIndex(rows.size()));
      price.push_back(double(moved));
    }
  }
  const std::vector<double> ones(std::max(rows.size(), std::size_t(atoms + parts)), 1), none(price.size(), 0);
  std::vector<double> least(std::size_t(atoms + parts), 1);
  std::fill(least.begin() + atoms, least.end(), 0);
  const std::unique_ptr<Cbc_Model, decltype(&Cbc_deleteModel)> model(Cbc_newModel(), &Cbc_deleteModel);
  Cbc_setLogLevel(model.get(), 0);
  Cbc_loadProblem(model.get(), int(price.size()), atoms + parts, first.data(), rows.data(), ones.data(), none.data(),
                  std::vector<double>(price.size(), 1).data(), price.data(), least.data(), ones.data());
  for (int i = 0; i < int(price.size()); ++i) Cbc_setInteger(model.get(), i);
  Cbc_solve(model.get());
  EXPECT_TRUE(Cbc_isProvenOptimal(model.get()));
  return std::uint64_t(Cbc_getObjValue(model.get()) + 0.5);
}

TEST(RepairParts, MovesHardlyMoreThanTheBestPlan) {
  std::uint64_t moved = 0, fewest = 0, bound = 0;
  int cases = 0, alike = 0;
  for (std::uint64_t seed = 1; cases < 24 && seed <= 80; ++seed) {
    Random random(seed);
    const std::uint32_t rows = 5 + random.below(3);
    Graph graph = face_of_slabs(rows, random, [&](std::uint32_t) { return random.below(12) > 0; });
    const Partition plan = partition(graph, {});
    drift(graph, random);
    const RepairedPlan mended = repair_parts(graph, plan.part_of_node, std::uint32_t(plan.verdicts.size()), {});
    if (mended.violations == 0 || mended.left > 0) continue;
    const std::uint64_t best = fewest_moved(graph, plan.part_of_node, mended.moved);
    EXPECT_LE(mended.bound, best) << "seed " << seed;
    EXPECT_LE(best, mended.moved) << "seed " << seed;
    std::printf("seed %llu: %u violations, moved %llu, at least %llu, bound %llu\n",
                static_cast<unsigned long long>(seed), mended.violations, static_cast<unsigned long long>(mended.moved),
                static_cast<unsigned long long>(best), static_cast<unsigned long long>(mended.bound));
    moved += mended.moved, fewest += best, bound += mended.bound, ++cases, alike += best == mended.moved;
  }
  std::printf("%d cases, %d at the optimum: moved %llu for %llu (%.3f), bound %llu\n", cases, alike,
              static_cast<unsigned long long>(moved), static_cast<unsigned long long>(fewest),
              double(moved) / double(fewest), static_cast<unsigned long long>(bound));
  EXPECT_GE(cases, 20);
  EXPECT_LE(double(moved), 1.03 * double(fewest));
}

}  // namespace
}  // namespace wangge::planning
