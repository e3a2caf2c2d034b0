#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "io/features.hpp"
#include "io/rings.hpp"
#include "support/scratch.hpp"
#include "support/shared_data.hpp"
#include "io/verdict.hpp"
#include <wangge/io.hpp>

namespace wangge {
namespace {

std::vector<std::filesystem::path> files_in(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path path = shared_data("conformance/" + folder);
  if (path.empty()) return files;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().extension() == ".geojson") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

enum class Verdict { read, mended, broken_rings, refused };

/// Read without a remark; read with one; read with rings that `read_units` drops and `read_areas` refuses; refused.
Verdict verdict_on(const std::filesystem::path& file) {
  try {
    const io::FeatureFile read = io::read_geojson(file);
    const io::Layer& layer = read.layers.at(0);
    for (const io::Feature& feature : layer.features) {
      EXPECT_EQ(feature.values.size(), layer.fields.size());
      if (!io::all_on_earth(feature.shape)) continue;
      const io::Footprint footprint = io::to_footprint(feature.shape.polygons);
      if (footprint.unclosed + footprint.degenerate > 0) return Verdict::broken_rings;
    }
    return layer.remarks.empty() ? Verdict::read : Verdict::mended;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::unreadable) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return Verdict::refused;
  }
}

TEST(GeoJson, ReadsEverythingValid) {
  const auto files = files_in("geojson/valid");
  if (files.empty()) GTEST_SKIP() << "shared/data/conformance is not here";
  for (const auto& file : files) EXPECT_NE(verdict_on(file), Verdict::refused) << file.filename();
  for (const auto& file : files_in("geojsonhint/good"))
    EXPECT_NE(verdict_on(file), Verdict::refused) << file.filename();
}

TEST(GeoJson, RefusesEverythingOfInvalidStructure) {
  const auto files = files_in("geojson/invalid_structure");
  if (files.empty()) GTEST_SKIP() << "shared/data/conformance is not here";
  for (const auto& file : files) EXPECT_EQ(verdict_on(file), Verdict::refused) << file.filename();
}

TEST(GeoJson, MendsRefusesOrMarksInvalidGeometries) {
  const std::map<std::string, Verdict> expected{
      {"invalid_exterior_not_ccw", Verdict::mended},
      {"invalid_interior_not_cw", Verdict::mended},
      {"invalid_incorrect_geometry_data_type", Verdict::refused},
      {"invalid_less_three_unique_nodes", Verdict::broken_rings},
      {"invalid_unclosed", Verdict::broken_rings},
  };
  const auto files = files_in("geojson/invalid_geometries");
  if (files.empty()) GTEST_SKIP() << "shared/data/conformance is not here";
  ASSERT_EQ(files.size(), expected.size());
  for (const auto& file : files) EXPECT_EQ(verdict_on(file), expected.at(file.stem().string())) << file.filename();
}

TEST(GeoJson, ReadsWhatIsMerelyUnwise) {
  for (const char* folder : {"geojson/problematic_geometries", "geojson/problematic_structure"}) {
    const auto files = files_in(folder);
    if (files.empty()) GTEST_SKIP() << "shared/data/conformance is not here";
    for (const auto& file : files) EXPECT_NE(verdict_on(file), Verdict::refused) << file.filename();
  }
}

TEST(GeoJson, RefusesWhatTheLinterCallsBadButForRemarks) {
  // Winding is mended, broken rings are marked, the others are advice of the RFC, not rules; heights are not read.
  const std::map<std::string, Verdict> tolerated{{"bad-polygon-interiorring-rhr", Verdict::mended},
                                                 {"polygon_winding_order", Verdict::mended},
                                                 {"different-first-last", Verdict::broken_rings},
                                                 {"different-first-size", Verdict::mended},
                                                 {"short-linearring", Verdict::broken_rings},
                                                 {"excessive_precision_truncated", Verdict::read},
                                                 {"geometrycollection_nested", Verdict::read},
                                                 {"geometrycollection_single", Verdict::read},
                                                 {"point-toomany", Verdict::read}};
  const auto files = files_in("geojsonhint/bad");
  if (files.empty()) GTEST_SKIP() << "shared/data/conformance is not here";
  for (const auto& file : files) {
    const auto found = tolerated.find(file.stem().string());
    EXPECT_EQ(verdict_on(file), found == tolerated.end() ? Verdict::refused : found->second) << file.filename();
  }
}

TEST(GeoJson, NeverCrashesAReaderOfUnitsAreasOrBarriers) {
  for (const char* folder :
       {"geojson/valid", "geojson/invalid_structure", "geojson/invalid_geometries", "geojson/problematic_geometries",
        "geojson/problematic_structure", "geojsonhint/good", "geojsonhint/bad"})
    for (const auto& file : files_in(folder)) {
      try {
        read_city(file);
      } catch (const Error&) {
      }
      try {
        read_areas(file);
      } catch (const Error&) {
      }
      try {
        read_barriers(file);
      } catch (const Error&) {
      }
    }
}

constexpr char two_units[] = R"({"type":"FeatureCollection","name":"houses","features":[
  {"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[118.3,33.9,12.5]},
   "properties":{"households":7,"户主电话":null,"elderly":2.5,"visited":true,"code":123456789012345678}},
  {"type":"Feature","id":2,"geometry":{"type":"Polygon","coordinates":
    [[[118.301,33.9],[118.302,33.9],[118.302,33.901],[118.301,33.9]]]},
   "properties":{"households":"12","elderly":null,"note":{"de":["x"]}}}]})";

TEST(GeoJson, GivesUnitsWithTheirProperties) {
  const Scratch scratch;
  const City city = read_city(scratch.file("units.geojson", two_units));
  ASSERT_EQ(city.units.size(), 2u);
  EXPECT_EQ(city.units.units[0].id, "a");
  EXPECT_EQ(city.units.units[1].id, "2");
  EXPECT_EQ(city.units.units[0].position, to_lattice({118.3, 33.9}));
  EXPECT_TRUE(contains(city.units.units[1].footprint, city.units.units[1].position));
  EXPECT_EQ(total_households(city.units.units), 19u);
  std::set<std::string> attributes, labels;
  for (const UnitAttribute& attribute : city.units.attributes) attributes.insert(attribute.name);
  for (const UnitLabel& label : city.units.labels) labels.insert(label.name);
  EXPECT_EQ(attributes, (std::set<std::string>{"elderly", "visited", "code"}));
  EXPECT_EQ(labels, (std::set<std::string>{"户主电话", "note"}));
}

TEST(GeoJson, UnderstandsTheOldCrsMember) {
  const Scratch scratch;
  const auto file = scratch.file("sheet.geojson", R"({"type":"FeatureCollection",
    "crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4548"}},
    "features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[617910.037275,3760290.716687]},
    "properties":{"id":"a","households":1}}]})");
  EXPECT_EQ(read_units(file).units[0].position, to_lattice({118.2757, 33.963}));
}

TEST(GeoJson, RefusesBrokenTextNamingTheLine) {
  const Scratch scratch;
  const Refusal broken =
      refusal_of([&] { read_units(scratch.file("broken.geojson", "{\"type\":\n\"FeatureCollection\",\n oops}")); });
  EXPECT_EQ(broken.code, Errc::unreadable);
  EXPECT_TRUE(broken.mentions("broken.geojson, line 3")) << broken.text;
  const std::string deep(200'000, '[');
  EXPECT_EQ(refusal_of([&] { read_units(scratch.file("deep.geojson", deep)); }).code, Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_units(scratch.file("deep.json", deep + std::string(200'000, ']'))); }).code,
            Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_units(scratch.file("latin.geojson", "{\"type\":\"\xe9\"}")); }).code,
            Errc::unreadable);
  std::string nested;
  for (int i = 0; i < 5000; ++i) nested += R"({"type":"GeometryCollection","geometries":[)";
  for (int i = 0; i < 5000; ++i) nested += "]}";
  EXPECT_EQ(refusal_of([&] { read_units(scratch.file("nested.geojson", nested)); }).code, Errc::unreadable);
}

TEST(GeoJson, RefusesCoordinatesOffTheEarth) {
  const Scratch scratch;
  const Refusal refusal = refusal_of([&] {
    read_units(
        scratch.file("far.geojson", R"({"type":"Feature","geometry":{"type":"Point","coordinates":[617910,3760290]},
      "properties":{"id":"a","households":1}})"));
  });
  EXPECT_EQ(refusal.code, Errc::invalid_units);
  EXPECT_TRUE(refusal.mentions("far.geojson, feature 1") && refusal.mentions("coordinate reference system"))
      << refusal.text;
}

}  // namespace
}  // namespace wangge
