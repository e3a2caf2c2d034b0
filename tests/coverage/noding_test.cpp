#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "coverage/noding.hpp"
#include "support/random_coverage.hpp"

using namespace wangge;
using namespace wangge::test;
using coverage::node;
using coverage::Segment;

namespace {

using Segments = std::vector<Segment>;

Segments sorted(Segments segments) {
  std::sort(segments.begin(), segments.end());
  return segments;
}

bool inside(Position a, Position b, Position p) { return p != a && p != b && on_segment(a, b, p); }

/// Two segments that are noded share end positions only, or are the same.
bool noded(const Segment& s, const Segment& t) {
  if (std::minmax(s.a, s.b) == std::minmax(t.a, t.b)) return true;
  if (inside(s.a, s.b, t.a) || inside(s.a, s.b, t.b) || inside(t.a, t.b, s.a) || inside(t.a, t.b, s.b)) return false;
  return orientation(s.a, s.b, t.a) * orientation(s.a, s.b, t.b) >= 0 ||
         orientation(t.a, t.b, s.a) * orientation(t.a, t.b, s.b) >= 0;
}

bool all_noded(const Segments& segments) {
  for (const Segment& s : segments) {
    for (const Segment& t : segments) {
      if (!noded(s, t)) return false;
    }
  }
  return true;
}

/// How often each source leaves a position less how often it comes there.
std::map<std::pair<std::uint32_t, Position>, int> flow(const Segments& segments) {
  std::map<std::pair<std::uint32_t, Position>, int> net;
  for (const Segment& s : segments) ++net[{s.source, s.a}], --net[{s.source, s.b}];
  std::erase_if(net, [](const auto& entry) { return entry.second == 0; });
  return net;
}

TEST(Node, CutsACrossIntoFour) {
  EXPECT_EQ(sorted(node({{{0, 0}, {10, 10}, 1}, {{0, 10}, {10, 0}, 2}})),
            (Segments{{{0, 0}, {5, 5}, 1}, {{0, 10}, {5, 5}, 2}, {{5, 5}, {10, 0}, 2}, {{5, 5}, {10, 10}, 1}}));
}

TEST(Node, CutsAnEdgeWhereAVertexLiesOnIt) {
  EXPECT_EQ(sorted(node({{{0, 0}, {10, 0}, 1}, {{4, 0}, {4, 5}, 2}})),
            (Segments{{{0, 0}, {4, 0}, 1}, {{4, 0}, {4, 5}, 2}, {{4, 0}, {10, 0}, 1}}));
}

TEST(Node, CutsCollinearEdgesWhereTheyOverlap) {
  EXPECT_EQ(sorted(node({{{0, 0}, {6, 0}, 1}, {{9, 0}, {3, 0}, 2}})),
            (Segments{{{0, 0}, {3, 0}, 1}, {{3, 0}, {6, 0}, 1}, {{6, 0}, {3, 0}, 2}, {{9, 0}, {6, 0}, 2}}));
}

TEST(Node, DropsSegmentsWithoutLength) { EXPECT_TRUE(node({{{3, 3}, {3, 3}, 1}}).empty()); }

TEST(Node, HoldsAtTheCornersOfTheEarth) {
  constexpr std::int32_t east = 1'800'000'000, north = 900'000'000;
  const Segments cross = node({{{-east, -north}, {east, north}, 1}, {{-east, north}, {east, -north}, 2}});
  EXPECT_EQ(cross.size(), 4u);
  for (const Segment& s : cross) EXPECT_TRUE(s.a == Position{} || s.b == Position{});
}

RC_GTEST_PROP(Node, LeavesNoCrossing, ()) { RC_ASSERT(all_noded(node(random_segments(14)))); }

RC_GTEST_PROP(Node, LeavesNothingToDo, ()) {
  const Segments once = node(random_segments(14));
  RC_ASSERT(sorted(node(once)) == sorted(once));
}

RC_GTEST_PROP(Node, MakesEachSegmentAPathBetweenItsEnds, ()) {
  const Segments segments = random_segments(14);
  RC_ASSERT(flow(node(segments)) == flow(segments));
}

RC_GTEST_PROP(Node, KeepsClosedRingsClosed, ()) {
  Segments segments = random_segments(6);
  Ring ring;
  for (int i = *rc::gen::inRange(3, 7); i > 0; --i) ring.push_back(random_position());
  add_ring(ring, 99, segments);
  for (const auto& [at, net] : flow(node(segments))) RC_ASSERT(at.first != 99u);
}

RC_GTEST_PROP(Node, MovesNothingFurtherThanTwoUnits, ()) {
  const Segments segments = random_segments(14);
  for (const Segment& piece : node(segments)) {
    const Segment& s = segments[piece.source];
    const double dx = s.b.x - s.a.x, dy = s.b.y - s.a.y, length = std::hypot(dx, dy);
    for (const Position p : {piece.a, piece.b}) {
      const double off = std::abs(dx * (p.y - s.a.y) - dy * (p.x - s.a.x)) / length;
      RC_ASSERT(off <= 2);
    }
  }
}

RC_GTEST_PROP(Node, GivesTheSameOnManyThreads, ()) {
  const Segments segments = random_segments(14);
  Execution backwards;  // any order must do
  backwards.parallel_for = [](std::size_t count, const std::function<void(std::size_t)>& body) {
    while (count > 0) body(--count);
  };
  RC_ASSERT(node(segments, backwards) == node(segments));
}

}  // namespace
