// What a caller may wish for beside the range: nodes together or apart, and further counts.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "planning/city_graph.hpp"
#include "planning/graph_tools.hpp"

namespace wangge::planning {
namespace {

bool all_legal(const Partition& plan) {
  return std::all_of(plan.verdicts.begin(), plan.verdicts.end(), [](Verdict v) { return v == Verdict::legal; });
}

TEST(Wishes, NodesThatStayTogetherShareAPart) {
  const Graph street = draw("26 26 26 26 26 26");
  EXPECT_EQ(letters(partition(street, {})), "AAABBB");
  EXPECT_EQ(letters(partition(street, {.together = {{2, 3}}})), "AABBCC");
}

TEST(Wishes, NodesThatStayTogetherTakeInTheWayBetween) {
  EXPECT_EQ(letters(partition(draw("50 20 20 20 50"), {.together = {{1, 3}}})), "ABBBC");
}

TEST(Wishes, TooManyHouseholdsTogetherAreATower) {
  const Partition plan = partition(draw("60 60 70"), {.together = {{0, 1}}});
  EXPECT_EQ(plan.verdicts, (std::vector{Verdict::tower, Verdict::legal}));
  ASSERT_EQ(plan.certificates.size(), 1u);
  EXPECT_EQ(plan.certificates[0].proof, Proof::unit);
  EXPECT_EQ(plan.certificates[0].nodes, (std::vector<std::uint32_t>{0, 1}));
}

TEST(Wishes, NodesThatStayApartNeverShareAPart) {
  const Graph street = draw("25 25 25 25");
  EXPECT_EQ(letters(partition(street, {.apart = {{0, 3}}})), "AABB");
  const Partition hopeless = partition(draw("25 25"), {.apart = {{0, 1}}});
  EXPECT_FALSE(all_legal(hopeless));
}

TEST(Wishes, ALowerBoundOfPersonsHolds) {
  const Graph street = draw("25 25 25 25 25 25");
  Goal persons{.of_node = {90, 30, 30, 30, 30, 90}, .min = 145};
  const Partition plan = partition(street, {.goals = {persons}});
  EXPECT_TRUE(all_legal(plan));
  EXPECT_EQ(letters(plan), "AAABBB");
  persons.min = 160;
  EXPECT_FALSE(all_legal(partition(street, {.goals = {persons}})));
}

TEST(Wishes, AWeightedTargetPullsTheWorkLoadEven) {
  const Graph street = draw("25 25 25 25 25 25 25");
  Goal load{.of_node = {1, 1, 1, 1, 1, 1, 6}, .target = 6, .weight = 20};
  EXPECT_EQ(letters(partition(street, {.goals = {load}})), "AAAABBB");
  load.of_node = {6, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(letters(partition(street, {.goals = {load}})), "AAABBBB");
  EXPECT_GT(partition(street, {.goals = {load}}).objective.attributes, 0);
}

TEST(Wishes, ACityKeepsThemAll) {
  const Graph city = city_graph({3, 3, 4, false, {}});
  PartitionOptions options;
  Goal persons{.of_node = {}, .min = 100};
  for (const Graph::Node& node : city.nodes) persons.of_node.push_back(2.4 * node.households);
  options.goals = {persons};
  for (std::size_t i = 0; i < city.links.size(); i += 97) {
    const Graph::Link& link = city.links[i];
    if (city.nodes[link.a].households + city.nodes[link.b].households > 60) continue;
    (i % 2 ? options.together : options.apart).emplace_back(link.a, link.b);
  }
  const Partition plan = partition(city, options);
  for (const auto& [a, b] : options.together) EXPECT_EQ(plan.part_of_node[a], plan.part_of_node[b]);
  for (const auto& [a, b] : options.apart) EXPECT_NE(plan.part_of_node[a], plan.part_of_node[b]);
  EXPECT_TRUE(all_legal(plan));
  EXPECT_EQ(complaint(city, plan, options), "");
}

RC_GTEST_PROP(Wishes, WhatStaysTogetherIsConnected, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Graph graph = random_planar_graph(60, random, [](Random& r) { return 1 + r.below(8); });
  PartitionOptions options;
  for (int i = 0; i < 3; ++i) options.together.emplace_back(random.below(60), random.below(60));
  const Partition plan = partition(graph, options);
  for (const auto& [a, b] : options.together) RC_ASSERT(plan.part_of_node[a] == plan.part_of_node[b]);
  const bool tower = std::count(plan.verdicts.begin(), plan.verdicts.end(), Verdict::tower) > 0;
  RC_ASSERT(tower || complaint(graph, plan, options) == "");
}

RC_GTEST_PROP(Wishes, NoLegalPartHoldsTwoThatStayApart, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const Graph graph = random_planar_graph(60, random, [](Random& r) { return r.below(20); });
  PartitionOptions options;
  for (int i = 0; i < 8; ++i) options.apart.emplace_back(random.below(30), 30 + random.below(30));
  const Partition plan = partition(graph, options);
  for (const auto& [a, b] : options.apart) {
    if (plan.part_of_node[a] != plan.part_of_node[b]) continue;
    RC_ASSERT(plan.verdicts[plan.part_of_node[a]] != Verdict::legal);
  }
}

}  // namespace
}  // namespace wangge::planning
