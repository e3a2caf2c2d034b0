#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <set>

#include "coverage/arrangement.hpp"
#include "support/random_coverage.hpp"

using namespace wangge;
using namespace wangge::test;
using coverage::Arrangement;
using coverage::Segment;

namespace {

using Segments = std::vector<Segment>;

Arrangement arranged(Segments segments, bool drop_dangles = false) {
  return Arrangement::build(coverage::node(std::move(segments)), drop_dangles);
}

/// Twice the area on the left of all half-edges of each face; of the outside it is minus that of all.
std::vector<Int128> doubled_areas(const Arrangement& a) {
  std::vector<Int128> areas(a.face_count(), 0);
  for (std::uint32_t h = 0; h < 2 * a.edge_count(); ++h)
    areas[a.left(h)] += Int128{a.from(h).x} * a.to(h).y - Int128{a.from(h).y} * a.to(h).x;
  return areas;
}

std::uint32_t components(const Arrangement& a) {
  std::vector<std::uint32_t> parent(a.vertex_count());
  std::iota(parent.begin(), parent.end(), 0u);
  const auto root = [&](std::uint32_t v) {
    while (parent[v] != v) v = parent[v];
    return v;
  };
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) parent[root(a.origin(2 * e))] = root(a.origin(2 * e + 1));
  std::set<std::uint32_t> roots;
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) roots.insert(root(a.origin(2 * e)));
  return static_cast<std::uint32_t>(roots.size());
}

std::vector<std::uint32_t> as_list(std::span<const std::uint32_t> items) { return {items.begin(), items.end()}; }

TEST(Arrangement, OfASquareWithAnIslandHasTwoFacesAndTheOutside) {
  Segments segments;
  add_ring({{0, 0}, {30, 0}, {30, 30}, {0, 30}}, 0, segments);
  add_ring({{10, 10}, {20, 10}, {20, 20}, {10, 20}}, 1, segments);
  const Arrangement a = arranged(segments);
  EXPECT_EQ(a.face_count(), 3u);
  std::vector<Int128> areas = doubled_areas(a);
  EXPECT_TRUE(areas[coverage::outside] == -1800);
  EXPECT_TRUE((areas[1] == 1600 && areas[2] == 200) || (areas[1] == 200 && areas[2] == 1600));
}

TEST(Arrangement, RemembersWhoRanAlongAnEdgeAndWhichWay) {
  const Arrangement a = arranged({{{0, 0}, {9, 0}, 4}, {{9, 0}, {0, 0}, 7}});
  ASSERT_EQ(a.edge_count(), 1u);
  ASSERT_EQ(a.uses(0).size(), 2u);
  for (const Arrangement::Use& use : a.uses(0))
    EXPECT_EQ(use.forward, (a.from(0) == Position{0, 0}) == (use.source == 4));
}

TEST(Arrangement, DropsDanglesWhenTold) {
  Segments segments{{{5, 5}, {15, 5}, 1}, {{2, 2}, {3, 3}, 2}};
  add_ring({{0, 0}, {10, 0}, {10, 10}, {0, 10}}, 0, segments);
  EXPECT_EQ(arranged(segments, false).edge_count(), 8u);
  EXPECT_EQ(arranged(segments, true).edge_count(), 5u);
  EXPECT_EQ(arranged(segments, true).face_count(), 2u);
}

RC_GTEST_PROP(Arrangement, HasFacesThatAddUpToTheWholeExactly, ()) {
  const std::vector<Int128> areas = doubled_areas(arranged(random_segments(14)));
  Int128 sum = 0;
  for (std::size_t face = 0; face < areas.size(); ++face) {
    sum += areas[face];
    if (face != coverage::outside) RC_ASSERT(areas[face] > 0);
  }
  RC_ASSERT(sum == 0);
}

RC_GTEST_PROP(Arrangement, UsesEachEdgeOnceASide, ()) {
  const Arrangement a = arranged(random_segments(14));
  std::vector<int> visits(2 * a.edge_count(), 0);
  for (std::uint32_t h = 0; h < visits.size(); ++h) {
    ++visits[a.next(h)];
    RC_ASSERT(a.left(a.next(h)) == a.left(h));
    RC_ASSERT(a.origin(a.next(h)) == a.origin(h ^ 1));
  }
  RC_ASSERT(std::all_of(visits.begin(), visits.end(), [](int n) { return n == 1; }));
}

RC_GTEST_PROP(Arrangement, ObeysEuler, ()) {
  const Arrangement a = arranged(random_segments(14));
  RC_ASSERT(a.vertex_count() + a.face_count() == a.edge_count() + 1 + components(a));
}

RC_GTEST_PROP(Arrangement, LeavesNoEdgeBetweenAFaceAndItself, ()) {
  const Arrangement a = arranged(random_segments(14), true);
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) RC_ASSERT(a.left(2 * e) != a.left(2 * e + 1));
}

/// Boxes and diamonds on even positions cross on the lattice, so noding moves nothing.
Ring box_or_diamond() {
  const auto even = [](int from, int to) { return 2 * *rc::gen::inRange(from, to); };
  const Position middle{even(2, 18), even(2, 18)};
  const std::int32_t r = even(1, 5);
  if (*rc::gen::arbitrary<bool>())
    return {{middle.x - r, middle.y}, {middle.x, middle.y - r}, {middle.x + r, middle.y}, {middle.x, middle.y + r}};
  return {{middle.x - r, middle.y - r},
          {middle.x + r, middle.y - r},
          {middle.x + r, middle.y + r},
          {middle.x - r, middle.y + r}};
}

RC_GTEST_PROP(Containment, KnowsTheRingsRoundEachFace, ()) {
  Segments segments;
  std::vector<Ring> rings;
  for (int i = *rc::gen::inRange(1, 8); i > 0; --i) {
    rings.push_back(box_or_diamond());
    add_ring(rings.back(), static_cast<std::uint32_t>(rings.size() - 1), segments);
  }
  const Arrangement a = arranged(segments);
  const coverage::Containment containment(a, [](std::uint32_t) { return true; });
  std::vector<std::uint32_t> faces(a.face_count());
  std::iota(faces.begin(), faces.end(), 0u);
  const auto face_polygons = coverage::dissolve(a, faces, a.face_count());
  for_each_position([&](Position p) {
    for (std::uint32_t face = 1; face < a.face_count(); ++face) {
      if (!contains(face_polygons[face], p)) continue;
      std::vector<std::uint32_t> around;
      for (std::uint32_t r = 0; r < rings.size(); ++r) {
        if (contains(rings[r], p)) around.push_back(r);
      }
      RC_ASSERT(as_list(containment.of(face)) == around);
    }
  });
}

TEST(Containment, PassesOverSourcesThatAreNoRings) {
  Segments segments{{{-5, 5}, {15, 5}, 1}};
  add_ring({{0, 0}, {10, 0}, {10, 10}, {0, 10}}, 0, segments);
  const Arrangement a = arranged(segments, true);
  const coverage::Containment containment(a, [](std::uint32_t source) { return source == 0; });
  EXPECT_EQ(a.face_count(), 3u);
  EXPECT_TRUE(containment.of(coverage::outside).empty());
  for (const std::uint32_t face : {1u, 2u}) EXPECT_EQ(as_list(containment.of(face)), std::vector<std::uint32_t>{0});
}

/// A coverage with its labels, for the laws of dissolve.
struct Labelled {
  Arrangement arrangement;
  std::vector<std::uint32_t> labels;
  static constexpr std::uint32_t count = 4;

  Labelled() : arrangement(make()) {
    labels.push_back(coverage::nothing);
    while (labels.size() < arrangement.face_count()) labels.push_back(*rc::gen::inRange(0u, count));
  }
  static Arrangement make() {
    Segments segments = random_segments(10);
    add_ring({{0, 0}, {box_side, 0}, {box_side, box_side}, {0, box_side}}, 99, segments);
    return arranged(std::move(segments), true);
  }
  std::vector<MultiPolygon> dissolved() const { return coverage::dissolve(arrangement, labels, count); }
};

RC_GTEST_PROP(Dissolve, GivesEveryPositionOneOwner, ()) {
  const auto dissolved = Labelled().dissolved();
  for_each_position([&](Position p) {
    const auto owners =
        std::count_if(dissolved.begin(), dissolved.end(), [&](const auto& m) { return contains(m, p); });
    const bool in_box = p.x >= 0 && p.x < box_side && p.y >= 0 && p.y < box_side;
    RC_ASSERT(owners == (in_box ? 1 : 0));
  });
}

RC_GTEST_PROP(Dissolve, KeepsTheAreaOfEachLabelExactly, ()) {
  const Labelled coverage;
  const auto dissolved = coverage.dissolved();
  const auto face_areas = doubled_areas(coverage.arrangement);
  for (std::uint32_t label = 0; label < Labelled::count; ++label) {
    Int128 sum = 0;
    for (std::size_t face = 1; face < face_areas.size(); ++face) {
      if (coverage.labels[face] == label) sum += face_areas[face];
    }
    RC_ASSERT(doubled_area(dissolved[label]) == sum);
  }
}

RC_GTEST_PROP(Dissolve, MakesSimpleRingsThatStartAtTheirLeastPosition, ()) {
  for (const MultiPolygon& polygons : Labelled().dissolved()) {
    for (const Polygon& polygon : polygons) {
      std::vector<Ring> rings = polygon.holes;
      for (const Ring& hole : rings) RC_ASSERT(doubled_area(hole) < 0);
      RC_ASSERT(doubled_area(polygon.outer) > 0);
      rings.push_back(polygon.outer);
      for (const Ring& ring : rings) {
        RC_ASSERT(std::set<Position>(ring.begin(), ring.end()).size() == ring.size());
        RC_ASSERT(*std::min_element(ring.begin(), ring.end()) == ring.front());
      }
    }
  }
}

}  // namespace
