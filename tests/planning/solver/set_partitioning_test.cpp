// The partition beside a solver for integer programs (CBC), on faces of slabs that hold a fifth of a micro-grid or
// more.
#include <coin/Cbc_C_Interface.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>

#include "planning/graph_tools.hpp"
#include "planning/referee.hpp"

namespace wangge::planning {
namespace {

/// A superblock of 420 × 380 m: four walled compounds of slabs in rows of four, 12 households × 1…5 entrances, nine in
/// ten let.
Graph face_of_slabs(std::uint64_t seed) {
  Random random(seed);
  const std::uint32_t rows = 5 + random.below(3), missing = random.below(11);
  std::vector<std::uint32_t> places(16 * rows);
  std::iota(places.begin(), places.end(), 0u);
  for (std::uint32_t i = 0; i < missing; ++i) places.erase(places.begin() + random.below(std::uint32_t(places.size())));
  Graph graph;
  for (const std::uint32_t place : places) {
    const std::uint32_t column = place % 8, row = place / 8, compound = column / 4 + 2 * (row / rows);
    const double x = column * 52 + (column / 4) * 12 + random.below(800) / 100.0;
    const double y = row * (190.0 / rows) + random.below(600) / 100.0;
    const std::uint32_t households = 12 * (1 + random.below(5)) * (80 + random.below(21)) / 100;
    graph.nodes.push_back({households, households, 0, 0, compound, x, y, 52 * 190.0 / rows, {}});
  }
  link_neighbours(graph, [&](std::uint32_t a, std::uint32_t b) {
    return graph.nodes[a].compound == graph.nodes[b].compound ? Passage::open : Passage::wall;
  });
  return graph;
}

struct Solution {
  bool optimal = false, infeasible = false;
  double price = 0;
};

/// Every atom in exactly one of the columns taken, at the lowest price.
Solution solve(const std::vector<Referee::Column>& columns, std::uint32_t atoms) {
  std::vector<CoinBigIndex> first{0};
  std::vector<int> rows;
  std::vector<double> price;
  for (const auto& column : columns) {
    rows.insert(rows.end(), column.set.begin(), column.set.end());
    first.push_back(CoinBigIndex(rows.size()));
    price.push_back(column.price);
  }
  const std::vector<double> ones(std::max(rows.size(), std::size_t{atoms}), 1), least(columns.size(), 0),
      most(columns.size(), 1);
  const std::unique_ptr<Cbc_Model, decltype(&Cbc_deleteModel)> model(Cbc_newModel(), &Cbc_deleteModel);
  Cbc_setLogLevel(model.get(), 0);
  Cbc_loadProblem(model.get(), int(columns.size()), int(atoms), first.data(), rows.data(), ones.data(), least.data(),
                  most.data(), price.data(), ones.data(), ones.data());
  for (int i = 0; i < int(columns.size()); ++i) Cbc_setInteger(model.get(), i);
  Cbc_solve(model.get());
  return {Cbc_isProvenOptimal(model.get()) != 0, Cbc_isProvenInfeasible(model.get()) != 0,
          Cbc_getObjValue(model.get())};
}

TEST(Partition, IsNearTheOptimumOnLumpyFaces) {
  constexpr int faces = 8;
  double sum = 0, worst = 0;
  for (std::uint64_t seed = 1; seed <= faces; ++seed) {
    const Graph graph = face_of_slabs(seed);
    const PartitionOptions options;
    const Partition plan = partition(graph, options);
    EXPECT_EQ(complaint(graph, plan, options), "");
    const Referee referee(graph, options);
    const auto columns = referee.columns();
    const Solution best = solve(columns, referee.piece().size());
    ASSERT_TRUE(best.optimal) << "seed " << seed;
    EXPECT_TRUE(std::ranges::all_of(plan.verdicts, [](Verdict v) { return v == Verdict::legal; })) << "seed " << seed;
    const double gap = referee.price(plan) / best.price - 1;
    EXPECT_GE(gap, -1e-6);
    std::printf("seed %llu: %zu slabs, %zu sets: gap %.2f %%, in %.0f ms\n", static_cast<unsigned long long>(seed),
                graph.nodes.size(), columns.size(), 100 * gap, 1000 * plan.cpu_s);
    sum += gap;
    worst = std::max(worst, gap);
  }
  std::printf("%d faces: gap mean %.2f %%, worst %.2f %%\n", faces, 100 * sum / faces, 100 * worst);
  EXPECT_LE(sum / faces, 0.005);
  EXPECT_LE(worst, 0.02);
}

}  // namespace
}  // namespace wangge::planning
