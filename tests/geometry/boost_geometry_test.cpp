#include <gtest/gtest.h>

#include <boost/geometry/algorithms/area.hpp>
#include <boost/geometry/algorithms/distance.hpp>
#include <boost/geometry/algorithms/envelope.hpp>
#include <boost/geometry/algorithms/within.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/strategies.hpp>

#include <wangge/interop/boost_geometry.hpp>

using namespace wangge;
namespace bg = boost::geometry;

namespace {

const Polygon with_hole{{{0, 0}, {100, 0}, {100, 100}, {0, 100}}, {{{40, 40}, {40, 60}, {60, 60}, {60, 40}}}};

TEST(BoostGeometry, MeasuresOurPolygons) {
  EXPECT_DOUBLE_EQ(bg::area(with_hole), 9600);
  EXPECT_DOUBLE_EQ(bg::area(MultiPolygon{with_hole, {{{200, 0}, {210, 0}, {210, 10}}, {}}}), 9650);
  EXPECT_DOUBLE_EQ(bg::area(with_hole.outer), 10000);
  EXPECT_DOUBLE_EQ(bg::distance(LngLat{0, 0}, LngLat{3, 4}), 5);
}

TEST(BoostGeometry, KnowsWhatIsInside) {
  EXPECT_TRUE(bg::within(Position{20, 20}, with_hole));
  EXPECT_FALSE(bg::within(Position{50, 50}, with_hole));
  const Box box = bg::return_envelope<Box>(with_hole);
  EXPECT_EQ(box.max, (Position{100, 100}));
}

TEST(BoostGeometry, FilesOurTypesInAnRTree) {
  using Entry = std::pair<Box, int>;
  bg::index::rtree<Entry, bg::index::quadratic<8>> tree;
  for (int i = 0; i < 100; ++i) tree.insert({Box{{i * 10, 0}, {i * 10 + 5, 5}}, i});
  std::vector<Entry> found;
  tree.query(bg::index::nearest(Position{512, 3}, 1), std::back_inserter(found));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].second, 51);
  found.clear();
  tree.query(bg::index::intersects(Box{{0, 0}, {24, 1}}), std::back_inserter(found));
  EXPECT_EQ(found.size(), 3u);
}

}  // namespace
