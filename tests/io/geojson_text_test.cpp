#include "io/geojson_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

namespace wangge {
namespace {

std::string coordinates(const MultiPolygon& polygons) {
  std::string text;
  io::append_coordinates(text, polygons);
  return text;
}

TEST(GeoJsonText, ClosesRingsAndWritesNoNeedlessDecimals) {
  const Ring outer{{1'180'000'000, -1}, {1'183'000'000, 0}, {-10'000'000, 339'600'001}};
  const Ring hole{{1, 0}, {0, 1}, {1, 1}};
  EXPECT_EQ(coordinates({}), "[]");
  EXPECT_EQ(coordinates({{outer, {hole}}, {hole, {}}}),
            "[[[[118,-0.0000001],[118.3,0],[-1,33.9600001],[118,-0.0000001]],"
            "[[0.0000001,0],[0,0.0000001],[0.0000001,0.0000001],[0.0000001,0]]],"
            "[[[0.0000001,0],[0,0.0000001],[0.0000001,0.0000001],[0.0000001,0]]]]");
}

RC_GTEST_PROP(GeoJsonText, MovesNoPosition, ()) {
  const Position p{*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)};
  const auto read = nlohmann::json::parse(coordinates({{{p}, {}}}))[0][0];
  RC_ASSERT(read.size() == 2u);
  RC_ASSERT(read[0] == read[1]);
  RC_ASSERT(to_lattice({read[0][0].get<double>(), read[0][1].get<double>()}) == p);
}

TEST(GeoJsonText, QuotesAnyBytes) {
  EXPECT_EQ(io::json_string("网格 \"1\"\n"), R"("网格 \"1\"\n")");
  EXPECT_EQ(io::json_string("\xb6\xab"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace wangge
