// The partition beside an exhaustive search on small graphs.
#include <gtest/gtest.h>

#include <bit>
#include <cstdio>
#include <limits>

#include "planning/components.hpp"
#include "planning/graph_tools.hpp"
#include "planning/partition.hpp"

namespace wangge::planning {
namespace {

constexpr double impossible = std::numeric_limits<double>::infinity();

bool connected(std::uint32_t set, const std::vector<std::uint32_t>& near) {
  std::uint32_t reached = set & -set;
  for (std::uint32_t last = 0; reached != last;) {
    last = reached;
    for (std::uint32_t rest = reached; rest != 0; rest &= rest - 1) reached |= near[std::countr_zero(rest)] & set;
  }
  return reached == set;
}

/// Price of the best legal division, by dynamic programming over all subsets; `impossible` if there is none.
double best_price(const Graph& graph, const PartitionOptions& options) {
  const Terms terms(options);
  const Components components = find_components(graph);
  std::vector<std::uint32_t> place(graph.nodes.size());
  const Component whole = prepare(graph, components.nodes_of(0), components.links_of(0), terms, place);
  const Piece& piece = whole.piece;
  const std::uint32_t all = (1u << piece.size()) - 1;
  std::vector<std::uint32_t> near(piece.size(), 0);
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) near[a] |= 1u << arc.to;
  }
  std::vector<double> part_price(all + 1, impossible), best(all + 1, impossible);
  for (std::uint32_t set = 1; set <= all; ++set) {
    Part part;
    double cut = 0;
    for (std::uint32_t a = 0; a < piece.size(); ++a) {
      if ((set >> a & 1) == 0) continue;
      part.add(piece.atoms[a]);
      for (const Arc& arc : piece.arcs_of(a)) cut += (set >> arc.to & 1) ? 0 : double(arc.cut_m) / 2;
    }
    if (terms.in_range(part.sums.households) && connected(set, near)) part_price[set] = cut + price(part, terms);
  }
  best[0] = 0;
  for (std::uint32_t set = 1; set <= all; ++set) {
    const std::uint32_t least = set & -set;
    for (std::uint32_t sub = set; sub != 0; sub = (sub - 1) & set) {
      if (sub & least) best[set] = std::min(best[set], part_price[sub] + best[set & ~sub]);
    }
  }
  return best[all];
}

struct Score {
  int cases = 0, feasible = 0, solved = 0, proven = 0;
  double gap = 0, worst = 0;
};

template <class Households>
Score compare(std::uint32_t size, int cases, std::uint64_t seed, Households households,
              const PartitionOptions& options) {
  Random random(seed);
  Score score;
  for (; score.cases < cases; ++score.cases) {
    const Graph graph = random_planar_graph(size, random, households, 45);
    std::uint64_t total = 0;
    for (const auto& node : graph.nodes) total += node.households;
    if (total < options.range.min) continue;
    const Partition plan = partition(graph, options);
    EXPECT_EQ(complaint(graph, plan, options), "");
    bool legal = true, proven = true;
    for (const Verdict verdict : plan.verdicts) {
      legal &= verdict == Verdict::legal;
      proven &= verdict == Verdict::legal || verdict == Verdict::lumpy;
    }
    const double best = best_price(graph, options);
    if (best == impossible) {
      EXPECT_FALSE(legal);
      EXPECT_TRUE(proven) << "case " << score.cases;
      score.proven += proven;
      continue;
    }
    ++score.feasible;
    EXPECT_TRUE(legal) << "case " << score.cases;
    if (!legal) continue;
    ++score.solved;
    const double gap = plan.objective.total() / best - 1;
    EXPECT_GE(gap, -1e-6);
    score.gap += gap;
    score.worst = std::max(score.worst, gap);
  }
  std::printf("%d cases: %d feasible, %d solved; %d proven impossible; gap mean %.2f %%, worst %.1f %%\n", score.cases,
              score.feasible, score.solved, score.proven, 100 * score.gap / std::max(1, score.solved),
              100 * score.worst);
  return score;
}

auto between(std::uint32_t low, std::uint32_t high) {
  return [=](Random& random) { return low + random.below(high - low + 1); };
}

TEST(PartitionReferee, SolvesMixedUnits) { compare(10, 400, 1, between(1, 60), {}); }
TEST(PartitionReferee, SolvesSmallUnits) { compare(10, 400, 2, between(5, 25), {}); }
TEST(PartitionReferee, SolvesLumpyUnits) { compare(10, 400, 3, between(30, 50), {}); }
TEST(PartitionReferee, SolvesMoreMixedUnits) { compare(12, 150, 4, between(1, 60), {}); }
TEST(PartitionReferee, SolvesMoreLumpyUnits) { compare(12, 150, 5, between(30, 50), {}); }
TEST(PartitionReferee, SolvesATightRange) { compare(11, 200, 6, between(1, 40), {.range = {60, 90}, .target = 75}); }
TEST(PartitionReferee, SolvesManyMixedUnits) { compare(14, 40, 8, between(1, 60), {}); }
TEST(PartitionReferee, SolvesManySmallUnits) { compare(14, 40, 9, between(5, 25), {}); }
TEST(PartitionReferee, SolvesManyLumpyUnits) { compare(14, 40, 10, between(30, 50), {}); }
TEST(PartitionReferee, SolvesWithEmptyNodes) {
  compare(11, 200, 7, [](Random& r) { return r.below(3) == 0 ? 0 : 5 + r.below(50); }, {});
}

}  // namespace
}  // namespace wangge::planning
