#include "planning/repair_parts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "planning/city_graph.hpp"
#include "planning/graph_tools.hpp"
#include "planning/moved_bound.hpp"
#include "planning/referee.hpp"

namespace wangge::planning {
namespace {

/// A drawn graph and, drawn likewise, whose the nodes are: letters for parts, `.` for none.
struct Town {
  Graph graph;
  std::vector<std::uint32_t> part_of_node;
  std::uint32_t parts = 0;
};

Town town(const std::string& households, const std::string& parts) {
  Town town{draw(households), {}, 0};
  for (const char c : parts) {
    if (c == '.') town.part_of_node.push_back(Graph::none);
    if (c >= 'A' && c <= 'Z') town.part_of_node.push_back(std::uint32_t(c - 'A'));
    if (c >= 'A' && c <= 'Z') town.parts = std::max(town.parts, std::uint32_t(c - 'A') + 1);
  }
  return town;
}

RepairedPlan repaired(const Town& town, const RepairOptions& options = {}) {
  return repair_parts(town.graph, town.part_of_node, town.parts, options);
}

std::string drawn(const RepairedPlan& plan) {
  std::string letters;
  for (const std::uint32_t part : plan.part_of_node) letters += char('A' + part);
  return letters;
}

/// What is wrong with a mended plan by its own rules, or nothing.
std::string complaint(const Graph& graph, const std::vector<std::uint32_t>& old, const RepairedPlan& plan,
                      const RepairOptions& options) {
  std::vector<std::uint64_t> households(plan.parts, 0);
  std::vector<std::uint32_t> set(graph.nodes.size()), pieces(plan.parts, 0);
  std::uint64_t moved = 0;
  for (std::uint32_t node = 0; node < set.size(); ++node) {
    set[node] = node;
    households.at(plan.part_of_node[node]) += graph.nodes[node].households;
    if (old[node] != Graph::none && old[node] != plan.part_of_node[node]) moved += graph.nodes[node].households;
    for (const std::uint32_t lock : options.locked) {
      if ((old[node] == lock) != (plan.part_of_node[node] == lock)) return "a lock was touched";
    }
  }
  const auto find = [&](std::uint32_t a) {
    while (set[a] != a) a = set[a];
    return a;
  };
  for (const Graph::Link& link : graph.links) {
    if (plan.part_of_node[link.a] == plan.part_of_node[link.b]) set[find(link.a)] = find(link.b);
  }
  for (std::uint32_t node = 0; node < set.size(); ++node) pieces[plan.part_of_node[node]] += set[node] == node;
  if (moved != plan.moved) return "moved " + std::to_string(moved) + ", not " + std::to_string(plan.moved);
  if (plan.left == 0 && moved < plan.bound) return "moved less than the bound";
  for (std::uint32_t part = 0; part < plan.parts; ++part) {
    if (pieces[part] == 0 || std::ranges::count(options.locked, part) > 0) continue;
    const std::string name = "part " + std::to_string(part) + " of " + std::to_string(households[part]);
    if (pieces[part] > 1) return name + " is torn";
    const bool told = std::ranges::any_of(plan.certificates, [&](const auto& c) { return c.part == part; });
    const bool legal = households[part] >= options.wanted.range.min && households[part] <= options.wanted.range.max;
    if (!legal && !told && households[part] > 0) return name + " is out of range and nothing says so";
  }
  return "";
}

TEST(RepairParts, MovesOneBuildingAcrossTheBorderItTouches) {
  const Town before = town(R"(
      20 20 20 20 20
      20 20 20 20 20 )",
                           R"(
      A A A B B
      A A A B B )");
  const RepairedPlan plan = repaired(before);
  EXPECT_EQ(plan.moved, 20u);
  EXPECT_EQ(plan.bound, 20u);
  EXPECT_EQ(complaint(before.graph, before.part_of_node, plan, {}), "");
}

TEST(RepairParts, LeavesALegalPlanAlone) {
  const Town before = town("30 30 30 30 30 30", "A A A B B B");
  const RepairedPlan plan = repaired(before);
  EXPECT_EQ(drawn(plan), "AAABBB");
  EXPECT_EQ(plan.moved, 0u);
  EXPECT_EQ(plan.violations, 0u);
}

TEST(RepairParts, FillsOneNeighbourFromAnother) {
  const RepairedPlan plan = repaired(town("30 10 30 30 40", "A A B B B"));
  EXPECT_EQ(drawn(plan), "AAABB");
}

TEST(RepairParts, GivesAwayWhatHasEmptied) {
  const RepairedPlan plan = repaired(town("30 30 4 2 30 30", "A A B B C C"));
  EXPECT_EQ(plan.moved, 6u);
  EXPECT_EQ(plan.left, 0u);
}

TEST(RepairParts, SplitsWhatNobodyCanTake) {
  const RepairedPlan plan = repaired(town("50 40 30 30 40 50", "A B B B B C"), {.locked = {0, 2}});
  EXPECT_EQ(plan.left, 0u);
  EXPECT_EQ(plan.parts, 4u) << "a new part has a new number";
  EXPECT_EQ(plan.moved, 70u);
}

TEST(RepairParts, PassesHouseholdsOnToWhereThereIsRoom) {
  const RepairedPlan plan = repaired(town("61 40 50 30 30 30", "A A B B C C"));
  EXPECT_EQ(drawn(plan), "ABBCCC") << "A gives 40 to B, which gives 30 to C";
}

TEST(RepairParts, JoinsATornPieceToANeighbour) {
  const RepairedPlan plan = repaired(town("40 40 30 30 5 ", "A A B B A"));
  EXPECT_EQ(drawn(plan), "AABBB");
  EXPECT_EQ(plan.moved, 5u);
}

TEST(RepairParts, TakesInWhatBelongedToNobody) {
  const RepairedPlan plan = repaired(town("40 40 9 60", "A A . B"));
  EXPECT_EQ(plan.moved, 0u);
  EXPECT_EQ(plan.left, 0u);
  EXPECT_EQ(plan.parts, 2u);
}

TEST(RepairParts, NeverTouchesALock) {
  const Town before = town("20 20 20 20 20 20 30 30", "A A A A A A B B");
  const RepairedPlan plan = repaired(before, {.locked = {1}});
  EXPECT_EQ(complaint(before.graph, before.part_of_node, plan, {.locked = {1}}), "");
  EXPECT_EQ(plan.left, 0u) << "A is split";
}

TEST(RepairParts, StaysClearOfTheBoundsByTheMargin) {
  const Town before = town("20 20 20 20 10 10 5 20 20 20", "A A A A A A A B B B");
  const RepairedPlan plan = repaired(before, {.margin = 4});
  std::uint32_t households = 0;
  for (std::uint32_t i = 0; i < 10; ++i) households += plan.part_of_node[i] == 0 ? before.graph.nodes[i].households : 0;
  EXPECT_LE(households, 96u);
}

TEST(RepairParts, MovesNoMoreThanAllowed) {
  const Town before = town("20 20 20 20 20 20 30 30", "A A A A A A B B");
  const RepairedPlan plan = repaired(before, {.most_moved = 19});
  EXPECT_EQ(plan.moved, 0u);
  EXPECT_EQ(plan.left, 1u);
  EXPECT_EQ(plan.put_off, 1u);
}

TEST(RepairParts, CertifiesWhatCannotBe) {
  const RepairedPlan plan = repaired(town("49 # 60 45 # 120", "A B B C"));
  ASSERT_EQ(plan.certificates.size(), 3u);
  EXPECT_EQ(plan.certificates[0].verdict, Verdict::hamlet);
  EXPECT_EQ(plan.certificates[1].proof, Proof::matching);
  EXPECT_EQ(plan.certificates[2].verdict, Verdict::tower);
  EXPECT_EQ(plan.moved, 0u);
}

TEST(RepairParts, BoundsWhatMustMoveByWholeUnits) {
  const std::uint32_t counts[] = {12, 7, 30};
  EXPECT_EQ(least_sum(counts, 1), 7u);
  EXPECT_EQ(least_sum(counts, 13), 19u);
  EXPECT_EQ(least_sum(counts, 20), 30u);
  EXPECT_EQ(least_sum(counts, 50), 50u) << "more than there is";
}

/// A random graph, divided, and some years later.
struct Years {
  Graph graph;
  std::vector<std::uint32_t> plan;
  std::uint32_t parts = 0;
};

Years some_years(std::uint64_t seed, std::uint32_t size, std::uint32_t largest) {
  Random random(seed);
  Years years{random_planar_graph(size, random, [&](Random& r) { return 1 + r.below(largest); }), {}, 0};
  const Partition first = partition(years.graph, {.effort = 0});
  years.plan = first.part_of_node, years.parts = std::uint32_t(first.verdicts.size());
  for (auto& node : years.graph.nodes) {
    if (random.below(5) == 0) node.households = random.below(2 * node.households + 2);
    if (random.below(40) == 0) node.households += 30;
  }
  for (auto& part : years.plan) part = random.below(50) == 0 ? Graph::none : part;
  return years;
}

TEST(RepairParts, KeepsItsLawsOnRandomGraphs) {
  std::uint32_t violations = 0, left = 0, unproven = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Years years = some_years(seed, 30 + std::uint32_t(seed) * 3, seed % 3 == 0 ? 1 : seed % 3 == 1 ? 25 : 60);
    RepairOptions options;
    if (seed % 4 == 0 && years.parts > 2) options.locked = {1};
    const RepairedPlan plan = repair_parts(years.graph, years.plan, years.parts, options);
    EXPECT_EQ(complaint(years.graph, years.plan, plan, options), "") << "seed " << seed;
    violations += plan.violations, left += plan.left;
    for (const auto& c : plan.certificates) unproven += c.verdict == Verdict::unproven;
  }
  std::printf("%u violations, %u left, %u of them unproven\n", violations, left, unproven);
  EXPECT_GT(violations, 300u);
  EXPECT_LE(unproven * 100, violations);
}

/// Households that the best of all legal plans of a small connected graph moves, by trying all; none if there is none.
std::optional<std::uint64_t> fewest_moved(const Years& years, const Referee& referee,
                                          const std::vector<std::uint32_t>& node_of_atom) {
  constexpr std::uint64_t never = ~std::uint64_t{0};
  const std::uint32_t atoms = referee.piece().size(), names = 1u << years.parts;
  struct Option {
    std::uint32_t set, name;
    std::uint64_t moved;
  };
  std::vector<std::vector<Option>> starting(atoms);
  for (const auto& column : referee.columns()) {
    std::uint32_t set = 0;
    for (const std::uint32_t atom : column.set) set |= 1u << atom;
    for (std::uint32_t name = 0; name <= years.parts; ++name) {
      std::uint64_t moved = 0;
      for (const std::uint32_t atom : column.set) {
        const std::uint32_t home = years.plan[node_of_atom[atom]];
        if (home != Graph::none && home != name) moved += referee.piece().atoms[atom].households;
      }
      starting[column.set.front()].push_back({set, name < years.parts ? 1u << name : 0, moved});
    }
  }
  std::vector<std::vector<std::uint64_t>> best(std::size_t{1} << atoms, std::vector<std::uint64_t>(names, never));
  best[0][0] = 0;
  for (std::uint32_t done = 0; done + 1 < best.size(); ++done) {
    for (std::uint32_t used = 0; used < names; ++used) {
      if (best[done][used] == never) continue;
      for (const Option& next : starting[std::size_t(std::countr_one(done))]) {
        if ((next.set & done) != 0 || (next.name & used) != 0) continue;
        std::uint64_t& there = best[done | next.set][used | next.name];
        there = std::min(there, best[done][used] + next.moved);
      }
    }
  }
  const std::uint64_t fewest = *std::ranges::min_element(best.back());
  return fewest == never ? std::nullopt : std::optional(fewest);
}

/// Checks the bound of a small drifted plan against all plans; false where there is nothing to check.
bool bound_holds(std::uint64_t seed, std::uint32_t size, std::uint32_t largest, std::uint64_t sums[3]) {
  const Years years = some_years(seed, size, largest);
  const RepairedPlan plan = repair_parts(years.graph, years.plan, years.parts, {});
  const Components components = find_components(years.graph);
  if (plan.violations == 0 || !plan.certificates.empty() || components.count() > 1 || years.parts > 5) return false;
  std::vector<std::uint32_t> place(years.graph.nodes.size());
  const Terms terms{PartitionOptions{}};
  const auto component = prepare(years.graph, components.nodes_of(0), components.links_of(0), terms, place);
  const auto fewest = fewest_moved(years, Referee(years.graph, {}), component.nodes);
  EXPECT_TRUE(fewest.has_value()) << "seed " << seed;
  if (!fewest) return false;
  EXPECT_LE(plan.bound, *fewest) << "seed " << seed;
  EXPECT_LE(*fewest, plan.moved) << "seed " << seed;
  sums[0] += plan.moved, sums[1] += *fewest, sums[2] += plan.bound;
  return true;
}

TEST(RepairParts, NeverClaimsMoreThanTheBestOfAllPlansMoves) {
  std::uint64_t sums[3] = {0, 0, 0};
  int cases = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed)
    cases += bound_holds(seed, 8 + std::uint32_t(seed % 6), seed % 3 == 0 ? 25 : seed % 3 == 1 ? 45 : 60, sums);
  std::printf("%d small plans: moved %llu, at least %llu, bound %llu\n", cases,
              static_cast<unsigned long long>(sums[0]), static_cast<unsigned long long>(sums[1]),
              static_cast<unsigned long long>(sums[2]));
  EXPECT_GE(cases, 50);
}

TEST(RepairParts, BoundsAPlanOfWhichAPartIsEmpty) {
  std::uint64_t sums[3] = {0, 0, 0};
  EXPECT_TRUE(bound_holds(1295643, 10, 60, sums));
}

RC_GTEST_PROP(RepairParts, BoundsWhatMovesInAnySmallTown, ()) {
  std::uint64_t sums[3] = {0, 0, 0};
  RC_PRE(bound_holds(*rc::gen::inRange<std::uint64_t>(0, 1 << 24), *rc::gen::inRange(8u, 14u),
                     *rc::gen::element(20u, 35u, 50u, 60u), sums));
  RC_ASSERT(sums[2] <= sums[1]);
}

TEST(RepairParts, IsTheSameTwice) {
  const Years years = some_years(7, 400, 20);
  const RepairedPlan one = repair_parts(years.graph, years.plan, years.parts, {});
  const RepairedPlan other = repair_parts(years.graph, years.plan, years.parts, {});
  EXPECT_EQ(one.part_of_node, other.part_of_node);
}

RC_GTEST_PROP(RepairParts, MovesNothingASecondTime, ()) {
  const Years years = some_years(*rc::gen::inRange<std::uint64_t>(0, 1 << 20), 60, *rc::gen::element(1u, 20u, 50u));
  const RepairedPlan once = repair_parts(years.graph, years.plan, years.parts, {});
  RC_PRE(once.left == 0u);
  const RepairedPlan twice = repair_parts(years.graph, once.part_of_node, once.parts, {});
  RC_ASSERT(twice.part_of_node == once.part_of_node);
}

}  // namespace
}  // namespace wangge::planning
