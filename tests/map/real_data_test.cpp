#ifdef WANGGE_GDAL

#include <gtest/gtest.h>

#include <map>
#include <random>

#include <geos_c.h>

#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

#include "support/ogr_areas.hpp"
#include "support/shared_data.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

bool is_valid(const MultiPolygon& polygons) {
  static const GEOSContextHandle_t geos = GEOS_init_r();
  const auto ring = [&](const Ring& from) {
    GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(geos, static_cast<unsigned>(from.size() + 1), 2);
    for (unsigned i = 0; i <= from.size(); ++i)
      GEOSCoordSeq_setXY_r(geos, sequence, i, from[i % from.size()].x, from[i % from.size()].y);
    return GEOSGeom_createLinearRing_r(geos, sequence);
  };
  std::vector<GEOSGeometry*> parts;
  for (const Polygon& polygon : polygons) {
    std::vector<GEOSGeometry*> holes;
    for (const Ring& hole : polygon.holes) holes.push_back(ring(hole));
    parts.push_back(
        GEOSGeom_createPolygon_r(geos, ring(polygon.outer), holes.data(), static_cast<unsigned>(holes.size())));
  }
  GEOSGeometry* all =
      GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size()));
  const bool valid = GEOSisValid_r(geos, all) == 1;
  GEOSGeom_destroy_r(geos, all);
  return valid;
}

/// Numbers in place of codes, for data whose codes are names.
std::vector<GridRecord> numbered(std::vector<GridRecord> records) {
  for (std::size_t i = 0; i < records.size(); ++i) records[i].code = std::to_string(i);
  return records;
}

/// Drawn as a coverage, so nothing is mended, every outline is valid and every position has its owner.
void expect_coverage(const std::vector<GridRecord>& records) {
  const GridMap map = GridMap::build(records);
  EXPECT_TRUE(map.weld_report().mends.empty());
  const std::vector<GridRecord> stored = map.records();
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_TRUE(is_valid(stored[i].polygons)) << stored[i].code;
    EXPECT_NEAR(area_m2(stored[i].polygons), map.area_m2(GridId{std::uint32_t(i)}), 1e-6);
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::size_t one = random() % records.size();
    const Ring& ring = stored[one].polygons[0].outer;
    const Position p = ring[random() % ring.size()], q = inner_point(stored[one].polygons);
    EXPECT_EQ(map.locate(q), GridId{std::uint32_t(one)});
    const GridId owner = map.locate(p);
    EXPECT_TRUE(owner == GridId::none || contains(stored[std::size_t(owner)].polygons, p));
  }
  EXPECT_EQ(GridMap::build(stored).records(), stored);
}

struct Tiling {
  const char *name, *file, *code;
};

class RealTiling : public testing::TestWithParam<Tiling> {};

TEST_P(RealTiling, IsACoverage) {
  WANGGE_SHARED_DATA(file, GetParam().file);
  expect_coverage(areas_from(file, GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(Of, RealTiling,
                         testing::Values(Tiling{"Dundee", "scotland/dundee-oa.geojson.gz", "code"},
                                         Tiling{"Aberdeen", "scotland/aberdeen-oa.geojson.gz", "code"},
                                         Tiling{"Renfrewshire", "scotland/renfrewshire-oa.geojson.gz", "code"},
                                         Tiling{"Jiangsu", "zones/jiangsu-counties.geojson.gz", "adcode"},
                                         Tiling{"Rockland", "blocks/rockland.geojson.gz", "GEOID"}),
                         [](const auto& of) { return std::string(of.param.name); });

/// Fourteen of London's outlines touch themselves: invalid as polygons, but it is plain what they hold.
TEST(RealData, LondonIsACoverageThoughSomeOutlinesTouchThemselves) {
  WANGGE_SHARED_DATA(file, "zones/london-oa.geojson.gz");
  const std::vector<GridRecord> records = areas_from(file, "OA11CD");
  EXPECT_EQ(std::count_if(records.begin(), records.end(), [](const auto& r) { return !is_valid(r.polygons); }), 14);
  expect_coverage(records);
}

TEST(RealData, TokyoCrossesItselfAndOverlaps) {
  WANGGE_SHARED_DATA(file, "zones/tokyo-chome-dirty.geojson.gz");
  std::vector<GridRecord> records = numbered(areas_from(file, "label"));
  try {
    GridMap::build(records);
    FAIL() << "took it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_geometry);
    EXPECT_STREQ(error.what(), "area 108 has rings that cross near 139.338088,35.619969; redraw it");
  }
  std::erase_if(records, [](const auto& r) { return !is_valid(r.polygons); });
  try {
    GridMap::build(records);
    FAIL() << "took it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::invalid_coverage);
    EXPECT_NE(std::string(error.what()).find("overlap by 11439 m² near 139.5"), std::string::npos) << error.what();
  }
  const GridMap mended = GridMap::build(records, {.snap_m = 200});
  EXPECT_GT(mended.weld_report().mends.size(), 10'000u);
  EXPECT_EQ(mended.size(), records.size());
}

}  // namespace

#endif
