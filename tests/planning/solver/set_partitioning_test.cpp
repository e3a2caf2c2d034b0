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

/// Of the places for slabs up to ten are empty.
Graph face_of_slabs(std::uint64_t seed) {
  Random random(seed);
  const std::uint32_t rows = 5 + random.below(3), missing = random.below(11);
  std::vector<std::uint32_t> places(16 * rows);
  std::iota(places.begin(), places.end(), 0u);
  for (std::uint32_t i = 0; i < missing; ++i) places.erase(places.begin() + random.below(std::uint32_t(places.size())));
  return face_of_slabs(rows, random, [&](std::uint32_t place) { return std::ranges::binary_search(places, place); });
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
