// The partition beside an exhaustive search on small graphs.
#include "planning/referee.hpp"

#include <gtest/gtest.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/max_cardinality_matching.hpp>
#include <cstdio>

#include "planning/city_graph.hpp"
#include "planning/graph_tools.hpp"

namespace wangge::planning {
namespace {

/// Every case has a seed of its own, so that one can be looked at by itself.
struct Family {
  const char* name;
  std::uint32_t low, high;     ///< households of a unit
  std::uint32_t empty_of = 0;  ///< one unit in so many is empty; 0: none
  PartitionOptions options = {};

  std::uint32_t households(Random& random) const {
    if (empty_of > 0 && random.below(empty_of) == 0) return 0;
    return low + random.below(high - low + 1);
  }
  Graph graph(std::uint32_t size, std::uint64_t seed) const {
    Random random(seed);
    return random_planar_graph(
        size, random, [this](Random& r) { return households(r); }, 45);
  }
};

const Family mixed{"mixed", 1, 60}, small{"small", 5, 25}, lumpy{"lumpy", 30, 50}, some_empty{"some empty", 5, 54, 3},
    tight{"tight", 1, 40, 0, {.range = {60, 90}}};

struct Score {
  int cases = 0, feasible = 0, solved = 0, best = 0, proven = 0;
  double gap = 0, worst = 0;
  std::uint64_t worst_seed = 0;

  double mean() const { return gap / std::max(1, solved); }
  void print(const Family& family, std::uint32_t size) const {
    std::printf(
        "%s, %u units: %d cases, %d feasible, %d of them solved, %d best; %d proven impossible; gap mean %.3f "
        "%%, worst %.2f %% (seed %llu)\n",
        family.name, size, cases, feasible, solved, best, proven, 100 * mean(), 100 * worst,
        static_cast<unsigned long long>(worst_seed));
  }
};

bool all_legal(const Partition& plan) {
  return std::all_of(plan.verdicts.begin(), plan.verdicts.end(), [](Verdict v) { return v == Verdict::legal; });
}

bool all_proven(const Partition& plan) {
  return std::none_of(plan.verdicts.begin(), plan.verdicts.end(), [](Verdict v) { return v == Verdict::unproven; });
}

void judge(const Family& family, std::uint32_t size, std::uint64_t seed, Score& score) {
  const Graph graph = family.graph(size, seed);
  const Partition plan = partition(graph, family.options);
  EXPECT_EQ(complaint(graph, plan, family.options), "");
  const Referee referee(graph, family.options);
  const auto best = best_price(referee.columns(), size);
  const bool legal = all_legal(plan);
  ++score.cases;
  if (!best) {
    EXPECT_FALSE(legal) << "of " << size << " units, seed " << seed;
    EXPECT_TRUE(all_proven(plan)) << "not proven impossible: " << size << " units, seed " << seed;
    score.proven += all_proven(plan);
    return;
  }
  ++score.feasible;
  EXPECT_TRUE(legal) << "no plan found: " << size << " units, seed " << seed;
  if (!legal) return;
  ++score.solved;
  const double price = referee.price(plan), gap = price / *best - 1;
  EXPECT_NEAR(plan.objective.total(), price, 1e-4 * price);
  EXPECT_GE(gap, -1e-9);
  score.best += gap < 1e-6;
  score.gap += gap;
  if (gap > score.worst) score.worst = gap, score.worst_seed = seed;
}

Score compare(const Family& family, std::uint32_t size, int cases) {
  Score score;
  for (int i = 0; i < cases; ++i) judge(family, size, 1000 * size + std::uint64_t(i), score);
  score.print(family, size);
  return score;
}

void expect_the_best(const Family& family, std::uint32_t size, int cases) {
  const Score score = compare(family, size, cases);
  EXPECT_LE(score.mean(), 0.005);
  EXPECT_LE(score.worst, 0.02);
}

TEST(Referee, FindsEveryConnectedSetInRange) {
  const Graph graph = draw(R"(
      30 30 30
      30 30 30 )");
  const auto columns = Referee(graph, {}).columns();
  EXPECT_EQ(columns.size(), 7u + 10u);  // pairs that share a border, and bent or straight threes
}

TEST(Referee, KnowsTheBestOfTwoDivisions) {
  const Graph graph = draw(" 40 40 | 40 40 ");
  const Referee referee(graph, {});
  const auto columns = referee.columns();
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_NEAR(*best_price(columns, 4), referee.price({0, 1}) + referee.price({2, 3}), 1e-9);
}

/// Units of which any two, and no three, fit together in a part.
TEST(Partition, PairsAsManyHeavyUnitsAsAnyMatchingDoes) {
  using Pairs = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Graph graph = city_graph({2, 2, seed, false, {36, 40, 45, 48}});
    Pairs pairs(graph.nodes.size());
    for (const Graph::Link& link : graph.links) boost::add_edge(link.a, link.b, pairs);
    std::vector<Pairs::vertex_descriptor> mate(graph.nodes.size());
    boost::edmonds_maximum_cardinality_matching(pairs, mate.data());
    const Partition plan = partition(graph, {});
    EXPECT_EQ(complaint(graph, plan, {}), "");
    EXPECT_EQ(std::size_t(std::ranges::count(plan.verdicts, Verdict::legal)), boost::matching_size(pairs, mate.data()));
    EXPECT_TRUE(all_proven(plan));
  }
}

TEST(Partition, IsTheBestOfFewMixedUnits) { expect_the_best(mixed, 10, 300), expect_the_best(mixed, 15, 400); }
TEST(Partition, IsTheBestOfFewSmallUnits) { expect_the_best(small, 10, 300), expect_the_best(small, 15, 400); }
TEST(Partition, IsTheBestOfFewLumpyUnits) { expect_the_best(lumpy, 10, 300), expect_the_best(lumpy, 15, 400); }
TEST(Partition, IsTheBestInATightRange) { expect_the_best(tight, 11, 200), expect_the_best(tight, 15, 100); }
TEST(Partition, IsTheBestWithEmptyNodes) { expect_the_best(some_empty, 11, 200), expect_the_best(some_empty, 15, 100); }

/// Beyond what is divided exactly the local search may stay behind a little.
TEST(Partition, IsNearlyTheBestOfMoreUnits) {
  for (const Score& score : {compare(mixed, 18, 300), compare(small, 17, 200), compare(lumpy, 18, 500)}) {
    EXPECT_EQ(score.solved, score.feasible);
    EXPECT_LE(score.mean(), 0.005);
  }
}

}  // namespace
}  // namespace wangge::planning
