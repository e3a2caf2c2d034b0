// What is not in range is proven so: the proofs are checked here from the graph alone.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bitset>
#include <set>
#include <unordered_set>

#include "planning/city_graph.hpp"
#include "planning/graph_tools.hpp"

namespace wangge::planning {
namespace {

using Nodes = std::vector<std::uint32_t>;
using NodeSet = std::set<std::uint32_t>;

struct Near : std::vector<Nodes> {
  explicit Near(const Graph& graph) : std::vector<Nodes>(graph.nodes.size()) {
    for (const Graph::Link& link : graph.links) {
      (*this)[link.a].push_back(link.b);
      (*this)[link.b].push_back(link.a);
    }
  }
  /// What can be reached from `start` by nodes for which `keep` holds.
  template <class Keep>
  NodeSet reach(std::uint32_t start, Keep keep) const {
    NodeSet seen{start};
    for (Nodes line{start}; !line.empty();) {
      const std::uint32_t node = line.back();
      line.pop_back();
      for (const std::uint32_t other : (*this)[node]) {
        if (keep(other) && seen.insert(other).second) line.push_back(other);
      }
    }
    return seen;
  }
};

std::uint64_t households(const Graph& graph, const auto& nodes) {
  std::uint64_t sum = 0;
  for (const std::uint32_t node : nodes) sum += graph.nodes[node].households;
  return sum;
}

bool no_number_of_parts_fits(std::uint64_t households, const Range& range) {
  for (std::uint64_t parts = 1; parts * range.min <= households; ++parts) {
    if (households <= parts * range.max) return false;
  }
  return true;
}

/// Pairs in range: neighbours, or joined through empty nodes.
Near pairs_in_range(const Graph& graph, const Near& near, const Range& range) {
  Near pairs(Graph{});
  pairs.resize(graph.nodes.size());
  for (std::uint32_t a = 0; a < graph.nodes.size(); ++a) {
    NodeSet found;
    const NodeSet empties = near.reach(a, [&](std::uint32_t n) { return graph.nodes[n].households == 0; });
    for (const std::uint32_t e : empties) found.insert(near[e].begin(), near[e].end());
    for (const std::uint32_t b : found) {
      const std::uint32_t sum = graph.nodes[a].households + graph.nodes[b].households;
      const bool both = graph.nodes[a].households > 0 && graph.nodes[b].households > 0;
      if (a != b && both && sum >= range.min && sum <= range.max) pairs[a].push_back(b);
    }
  }
  return pairs;
}

/// More sets of odd size in which nobody may stand alone than there are blockers to break them up.
bool proves_by_matching(const Graph& graph, const Near& near, const Certificate& certificate, std::uint32_t member,
                        const Range& range) {
  const NodeSet component = near.reach(member, [](std::uint32_t) { return true; });
  std::vector<std::uint32_t> sizes;
  for (const std::uint32_t node : component) {
    if (graph.nodes[node].households > 0) sizes.push_back(graph.nodes[node].households);
  }
  std::sort(sizes.begin(), sizes.end());
  if (sizes.size() >= 3 && sizes[0] + sizes[1] + sizes[2] <= range.max) return false;
  const NodeSet out(certificate.nodes.begin(), certificate.nodes.end());
  const Near pairs = pairs_in_range(graph, near, range);
  NodeSet seen = out;
  std::size_t odd = 0;
  for (const std::uint32_t node : component) {
    if (graph.nodes[node].households == 0 || seen.count(node)) continue;
    const NodeSet set = pairs.reach(node, [&](std::uint32_t n) { return out.count(n) == 0; });
    seen.insert(set.begin(), set.end());
    const bool alone = std::any_of(set.begin(), set.end(), [&](std::uint32_t n) {
      return graph.nodes[n].households >= range.min && graph.nodes[n].households <= range.max;
    });
    odd += set.size() % 2 == 1 && !alone;
  }
  return odd > out.size();
}

/// Tries to cover the inhabited nodes of a ring of up to 64, the nearest first, as rings run outwards and what cannot
/// be covered is in their middle. Sets are grown node by node.
class RingCover {
 public:
  RingCover(const Graph& graph, const Near& near, const Nodes& ring, const Range& range) : range_(range) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      households_.push_back(graph.nodes[ring[i]].households);
      ring_.set(i);
      links_.emplace_back();
      for (const std::uint32_t other : near[ring[i]]) {
        const auto at = std::size_t(std::ranges::find(ring, other) - ring.begin());
        at < ring.size() ? links_[i].set(at) : leaves_.set(i);
      }
    }
  }
  bool exists() { return cover(ring_); }

 private:
  using Set = std::bitset<64>;

  bool cover(const Set& open) {
    for (std::size_t i = 0; i < households_.size(); ++i) {
      if (!open[i] || households_[i] == 0) continue;
      if (failed_.contains(open)) return false;
      std::unordered_set<Set> tried;
      if (extend(Set().set(i), households_[i], open, tried)) return true;
      failed_.insert(open);
      return false;
    }
    return true;
  }

  bool extend(const Set& set, std::uint64_t holds, const Set& open, std::unordered_set<Set>& tried) {
    if (holds > range_.max || !tried.insert(set).second) return false;
    const bool free = holds >= range_.min || (set & leaves_).any();
    if (free && cover(open & ~set)) return true;
    Set reach;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (set[i]) reach |= links_[i] & open & ~set;
    }
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (reach[i] && extend(Set(set).set(i), holds + households_[i], open, tried)) return true;
    }
    return false;
  }

  Range range_;
  std::vector<std::uint64_t> households_;
  std::vector<Set> links_;
  Set ring_, leaves_;  // leaves_: nodes with a neighbour outside
  std::unordered_set<Set> failed_;
};

/// What a certificate fails to show, or nothing.
std::string objection(const Graph& graph, const Partition& plan, const Certificate& certificate, const Range& range) {
  const Near near(graph);
  Nodes members;
  for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
    if (plan.part_of_node[node] == certificate.part) members.push_back(node);
  }
  if (certificate.verdict != plan.verdicts[certificate.part]) return "another verdict";
  if (certificate.households != households(graph, members)) return "another number of households";
  const NodeSet named(certificate.nodes.begin(), certificate.nodes.end());
  switch (certificate.proof) {
    case Proof::none:
      return certificate.verdict == Verdict::unproven ? "" : "a verdict without a proof";
    case Proof::component:
      if (named != near.reach(members[0], [](std::uint32_t) { return true; })) return "not the component";
      return no_number_of_parts_fits(households(graph, named), range) ? "" : "some number of parts fits";
    case Proof::unit:
      return households(graph, named) > range.max ? "" : "not too many";
    case Proof::matching:
      return proves_by_matching(graph, near, certificate, members[0], range) ? "" : "no Tutte-Berge set";
    case Proof::ring:
      return RingCover(graph, near, certificate.nodes, range).exists() ? "the ring can be covered" : "";
  }
  return "an unknown proof";
}

TEST(Certificates, NameTheComponentOfAHamlet) {
  const Partition plan = partition(draw("20 9 # 60 60"), {});
  ASSERT_EQ(plan.certificates.size(), 1u);
  EXPECT_EQ(plan.certificates[0].verdict, Verdict::hamlet);
  EXPECT_EQ(plan.certificates[0].nodes, (Nodes{0, 1}));
  EXPECT_EQ(plan.certificates[0].households, 29u);
}

TEST(Certificates, NameTheTower) {
  const Partition plan = partition(draw("0 20 150 40 40"), {});
  ASSERT_EQ(plan.certificates.size(), 1u);
  EXPECT_EQ(plan.certificates[0].nodes, Nodes{2});
  EXPECT_EQ(plan.certificates[0].households, 170u);
}

TEST(Certificates, NameTheSetOfATutteBergeProof) {
  Graph star;
  for (std::uint32_t i = 0; i < 4; ++i)
    star.nodes.push_back({45, 45, 0, 0, Graph::none, 20.0 * i, 0, square(20.0 * i, 0, 20), {}});
  for (std::uint32_t i = 1; i < 4; ++i) add_link(star, 0, i);
  const Partition plan = partition(star, {});
  ASSERT_EQ(plan.certificates.size(), 2u);
  for (const Certificate& certificate : plan.certificates) {
    EXPECT_EQ(certificate.proof, Proof::matching);
    EXPECT_EQ(certificate.nodes, Nodes{0});
    EXPECT_EQ(objection(star, plan, certificate, {}), "");
  }
}

TEST(Certificates, NoneWhereAllIsLegal) { EXPECT_TRUE(partition(city_graph(), {}).certificates.empty()); }

TEST(Certificates, AnOddLumpyCityIsOneTooMany) {
  const Graph city = city_graph({4, 4, 6, false, {36, 40, 45, 48}});
  const Partition plan = partition(city, {});
  EXPECT_EQ(plan.certificates.size(), city.nodes.size() % 2);
  for (const Certificate& certificate : plan.certificates) EXPECT_EQ(objection(city, plan, certificate, {}), "");
}

RC_GTEST_PROP(Certificates, ProveWhatTheySay, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  const std::uint32_t size = *rc::gen::inRange(1u, 40u), biggest = *rc::gen::element(30u, 60u, 110u);
  const std::uint32_t least = *rc::gen::element(0u, 1u, 25u);
  Graph graph = random_planar_graph(
      size, random, [&](Random& r) { return least + r.below(biggest - least); }, 80);
  if (*rc::gen::arbitrary<bool>()) {
    std::erase_if(graph.links, [&](const Graph::Link&) { return random.below(10) == 0; });
  }
  PartitionOptions options{.range = *rc::gen::element(Range{50, 100}, Range{60, 90}, Range{70, 80})};
  const Partition plan = partition(graph, options);
  std::size_t next = 0;
  for (std::uint32_t part = 0; part < plan.verdicts.size(); ++part) {
    if (plan.verdicts[part] == Verdict::legal || plan.verdicts[part] == Verdict::empty) continue;
    RC_ASSERT(next < plan.certificates.size());
    RC_ASSERT(plan.certificates[next].part == part);
    RC_ASSERT(objection(graph, plan, plan.certificates[next], options.range) == "");
    ++next;
  }
  RC_ASSERT(next == plan.certificates.size());
}

}  // namespace
}  // namespace wangge::planning
