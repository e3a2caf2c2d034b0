#include "planning/partition.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>

#include "planning/city_graph.hpp"
#include "planning/graph_tools.hpp"

namespace wangge::planning {
namespace {

using Verdicts = std::vector<Verdict>;

TEST(Partition, OfNothingIsNothing) {
  const Partition none = partition(Graph{}, {});
  EXPECT_TRUE(none.part_of_node.empty());
  EXPECT_TRUE(none.verdicts.empty());
}

TEST(Partition, OfOneNodeIsOnePart) {
  EXPECT_EQ(partition(draw("70"), {}).verdicts, Verdicts{Verdict::legal});
  EXPECT_EQ(partition(draw("0"), {}).verdicts, Verdicts{Verdict::empty});
  EXPECT_EQ(partition(draw("49"), {}).verdicts, Verdicts{Verdict::hamlet});
  EXPECT_EQ(partition(draw("101"), {}).verdicts, Verdicts{Verdict::tower});
}

TEST(Partition, KeepsAHamletWhole) {
  const Partition plan = partition(draw(R"(
      20 9 0 0 20
      0  0 0 0 0 )"),
                                   {});
  EXPECT_EQ(letters(plan), "AAAAAAAAAA");
  EXPECT_EQ(plan.verdicts, Verdicts{Verdict::hamlet});
}

TEST(Partition, NeverJoinsTheBanksOfARiver) {
  const Partition plan = partition(draw(R"(
      30 30 # 25 20
      30 30 # 25 20 )"),
                                   {});
  EXPECT_EQ(plan.part_of_node[2], plan.part_of_node[7]);
  EXPECT_NE(plan.part_of_node[1], plan.part_of_node[2]);
  EXPECT_EQ(complaint(draw(R"(
      30 30 # 25 20
      30 30 # 25 20 )"),
                      plan, {}),
            "");
}

TEST(Partition, PrefersTheMainRoadAsABorder) {
  EXPECT_EQ(letters(partition(draw(R"(
      20 20 20 | 20 20
      20 20    | 20 20 20 )"),
                              {}))
                .size(),
            10u);
  EXPECT_EQ(letters(partition(draw("20 20 20 20 | 20 20 20"), {})), "AAAABBB");
  EXPECT_EQ(letters(partition(draw("20 20 20 20 : 20 20 20"), {})), "AAAABBB");
  EXPECT_EQ(letters(partition(draw("20 20 20 | 20 20 20 20"), {})), "AAABBBB");
}

/// Slabs in rows, each on 60 m by 25 m, a street between the rows.
Graph slabs(std::uint32_t columns, std::uint32_t rows, std::uint32_t households) {
  Graph graph;
  for (std::uint32_t i = 0; i < columns * rows; ++i) {
    const double x_m = 60.0 * (i % columns), y_m = 25.0 * (i / columns);
    graph.nodes.push_back({households, households, 0, 0, Graph::none, x_m, y_m, rectangle(x_m, y_m, 60, 25), {}});
    if (i % columns > 0) add_link(graph, i - 1, i, Passage::open, 25);
    if (i >= columns) add_link(graph, i - columns, i, Passage::street, 60);
  }
  sort_links(graph);
  return graph;
}

TEST(Partition, PutsSlabsSideBySideRatherThanEndToEnd) {
  const Graph graph = slabs(2, 4, 38);
  PartitionOptions options;
  EXPECT_EQ(letters(partition(graph, options)), "ABABCDCD");
  options.weights.elongation = 0;
  EXPECT_EQ(letters(partition(graph, options)), "AABBCCDD") << "every row is a block that a part could hold";
}

TEST(Partition, GivesATowerItsOwnPart) {
  const Partition plan = partition(draw("30 30 150 0 40 40"), {});
  EXPECT_EQ(letters(plan), "AABCCC");
  EXPECT_EQ(plan.verdicts, (Verdicts{Verdict::legal, Verdict::tower, Verdict::legal}));
}

TEST(Partition, LetsATowerTakeInWhatNobodyElseCan) {
  const Partition plan = partition(draw("0 20 150 40 40"), {});
  EXPECT_EQ(letters(plan), "AAABB");
  EXPECT_EQ(plan.verdicts, (Verdicts{Verdict::tower, Verdict::legal}));
}

TEST(Partition, ProvesThatLumpsCannotBeDivided) {
  const Partition plan = partition(draw("49 55 58"), {});
  EXPECT_EQ(plan.verdicts, (Verdicts{Verdict::lumpy, Verdict::legal, Verdict::legal}));
}

TEST(Partition, FindsTheOnlyMatching) { EXPECT_EQ(letters(partition(draw("40 45 48 36 40 45"), {})), "AABBCC"); }

TEST(Partition, KeepsCompoundsWholeWhenAsked) {
  Graph graph = draw(R"(
      15 15 15 15 15 15
      15 15 15 15 15 15 )");
  for (const std::uint32_t node : {0, 1, 2, 6, 7, 8}) graph.nodes[node].compound = 7;
  const Partition plan = partition(graph, {.range = {}, .target = 75, .keep_compounds = true});
  EXPECT_EQ(letters(plan), "AAABBBAAABBB");
}

TEST(Partition, StopsWhenToldTo) {
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  const Graph graph = city_graph();
  const Partition plan = partition(graph, {}, execution);
  EXPECT_TRUE(plan.stopped);
  EXPECT_EQ(complaint(graph, plan, {}), "");
}

TEST(Partition, IsLegalWhereverPolishingIsStopped) {
  const Graph city = city_graph({4, 4, 3, false, {}});
  for (const double stop_at : {0.1, 0.4, 0.6, 0.9}) {
    Execution execution;
    execution.progress = [=](std::string_view, double share) { return share < stop_at; };
    const Partition plan = partition(city, {}, execution);
    EXPECT_TRUE(plan.stopped);
    EXPECT_EQ(std::count(plan.verdicts.begin(), plan.verdicts.end(), Verdict::legal), plan.verdicts.size());
  }
}

TEST(Partition, TellsItsProgress) {
  double last = 0, leap = 0;
  Execution execution;
  execution.progress = [&](std::string_view step, double share) {
    EXPECT_EQ(step, "partition");
    EXPECT_GE(share, last);
    leap = std::max(leap, share - last);
    last = share;
    return true;
  };
  partition(city_graph({8, 8, 3, false, {}}), {}, execution);
  EXPECT_GT(last, 0.9);
  EXPECT_LE(last, 1.0);
  EXPECT_LT(leap, 0.2);
}

TEST(Partition, GetsCheaperWithEffort) {
  const Graph city = city_graph({4, 4, 3, false, {}});
  double last = std::numeric_limits<double>::infinity();
  for (const int effort : {0, 1, 2}) {
    const Partition plan = partition(city, {.effort = effort});
    EXPECT_EQ(complaint(city, plan, {}), "");
    EXPECT_LT(plan.objective.total(), last);
    last = plan.objective.total();
  }
}

TEST(Partition, SharesOutACityLegally) {
  const Graph city = city_graph({8, 30, 2, true, {}});
  const Partition plan = partition(city, {});
  EXPECT_EQ(complaint(city, plan, {}), "");
  for (const Verdict verdict : plan.verdicts) EXPECT_EQ(verdict, Verdict::legal);
}

TEST(Partition, SharesOutALumpyCityLegally) {
  const Graph city = city_graph({6, 6, 5, false, {36, 40, 45, 48}});
  const Partition plan = partition(city, {});
  EXPECT_EQ(complaint(city, plan, {}), "");
  const auto legal = std::count(plan.verdicts.begin(), plan.verdicts.end(), Verdict::legal);
  const auto lumpy = std::count(plan.verdicts.begin(), plan.verdicts.end(), Verdict::lumpy);
  EXPECT_EQ(legal, std::int64_t(city.nodes.size() / 2));  // only pairs are in range
  EXPECT_EQ(lumpy, std::int64_t(city.nodes.size() % 2));
}

Execution on_threads(std::size_t threads) {
  Execution execution;
  execution.parallel_for = [threads](std::size_t count, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> crew;
    for (std::size_t t = 0; t < threads; ++t) {
      crew.emplace_back([&] {
        for (std::size_t i; (i = next++) < count;) body(i);
      });
    }
    for (std::thread& thread : crew) thread.join();
  };
  return execution;
}

TEST(Partition, IsTheSameForAnyNumberOfThreads) {
  const Graph city = city_graph({12, 14, 9, false, {}});  // one component of several districts
  const Partition one = partition(city, {});
  for (const std::size_t threads : {2, 7}) {
    const Partition many = partition(city, {}, on_threads(threads));
    EXPECT_EQ(many.part_of_node, one.part_of_node);
    EXPECT_EQ(many.verdicts, one.verdicts);
    EXPECT_EQ(many.objective.total(), one.objective.total());
  }
}

/// Any graph: several islands, empty nodes, towers, lumps.
Graph any_graph() {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const std::uint32_t size = *rc::gen::inRange(1u, 200u), biggest = *rc::gen::element(2u, 12u, 60u, 140u);
  const std::uint32_t drop = *rc::gen::element(0u, 30u, 90u), empty = *rc::gen::element(0u, 30u, 95u);
  Graph graph = random_planar_graph(
      size, random, [&](Random& r) { return r.below(100) < empty ? 0 : 1 + r.below(biggest); }, drop);
  if (*rc::gen::arbitrary<bool>()) {
    std::erase_if(graph.links, [&](const Graph::Link&) { return random.below(10) == 0; });
  }
  for (Graph::Node& node : graph.nodes) node.compound = random.below(3) == 0 ? Graph::none : random.below(4);
  for (Graph::Link& link : graph.links) link.passage = Passage(random.below(5));
  return graph;
}

RC_GTEST_PROP(Partition, KeepsItsLaws, ()) {
  const Graph graph = any_graph();
  PartitionOptions options;
  options.range =
      *rc::gen::element(Range{50, 100}, Range{300, 500}, Range{50, 80}, Range{30, 100}, Range{40, 250}, Range{1, 1});
  options.target = (options.range.min + options.range.max) / 2;
  options.keep_compounds = *rc::gen::arbitrary<bool>();
  const Partition plan = partition(graph, options);
  RC_ASSERT(complaint(graph, plan, options) == "");
  RC_ASSERT(partition(graph, options, on_threads(2)).part_of_node == plan.part_of_node);
}

}  // namespace
}  // namespace wangge::planning
