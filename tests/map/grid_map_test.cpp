#include <gtest/gtest.h>

#include <wangge/change_set.hpp>
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

#include "support/scene.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

TEST(GridMap, DrawsBackWhatWasDrawn) {
  const char* drawing = R"(
      A A B .
      A C B B
      D D D B )";
  EXPECT_EQ(drawn(draw(drawing).map), trim(drawing));
}

}  // namespace
