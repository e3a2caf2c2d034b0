#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include <wangge/crs.hpp>
#include <wangge/error.hpp>

namespace wangge {
namespace {

struct Vector {
  std::string crs;
  LngLat degrees, sheet;
};

/// Made with PROJ 9.1.1: epsg, lat, lon, northing, easting.
std::vector<Vector> gauss_krueger_vectors() {
  for (const char* shared : {"/../shared", "/../../shared"}) {
    std::ifstream file(std::string(WANGGE_SOURCE_DIR) + shared + "/data/crs/vectors_gk.csv");
    if (!file) continue;
    std::vector<Vector> vectors;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      std::string epsg, lat, lng, northing, easting;
      std::getline(cells, epsg, ',') && std::getline(cells, lat, ',') && std::getline(cells, lng, ',') &&
          std::getline(cells, northing, ',') && std::getline(cells, easting, ',');
      vectors.push_back({"EPSG:" + epsg, {std::stod(lng), std::stod(lat)}, {std::stod(easting), std::stod(northing)}});
    }
    return vectors;
  }
  return {};
}

Errc code_of(const std::string& crs) {
  try {
    ToWgs84 to_wgs84(crs);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.code();
  }
  ADD_FAILURE() << crs << " was taken";
  return Errc::stopped;
}

TEST(ToWgs84, BringsGaussKruegerSheetsToDegreesEastingFirst) {
  const std::vector<Vector> vectors = gauss_krueger_vectors();
  if (vectors.empty()) GTEST_SKIP() << "shared/data/crs/vectors_gk.csv is not here";
  for (const Vector& vector : vectors) {
    LngLat place = vector.sheet;
    ToWgs84(vector.crs).transform({&place, 1});
    EXPECT_NEAR(place.lng, vector.degrees.lng, 1e-8) << vector.crs;
    EXPECT_NEAR(place.lat, vector.degrees.lat, 1e-8) << vector.crs;
  }
}

TEST(ToWgs84, KnowsTheCentralMeridianOfASheet) {
  LngLat on_meridian{500000, 3760000};
  ToWgs84("EPSG:4549").transform({&on_meridian, 1});
  EXPECT_NEAR(on_meridian.lng, 120, 1e-9);
  EXPECT_NEAR(on_meridian.lat, 33.965, 0.01);
}

TEST(ToWgs84, LeavesDegreesOfWgs84AndCgcs2000Alone) {
  for (const char* crs : {"EPSG:4326", "OGC:CRS84", "EPSG:4490", "urn:ogc:def:crs:OGC:1.3:CRS84"}) {
    const ToWgs84 to_wgs84(crs);
    EXPECT_TRUE(to_wgs84.identity()) << crs;
    LngLat place{118.2757, 33.963};
    to_wgs84.transform({&place, 1});
    EXPECT_EQ(place, (LngLat{118.2757, 33.963})) << crs;
  }
  EXPECT_FALSE(ToWgs84("EPSG:4214").identity());  // Beijing 1954 degrees: another datum
}

TEST(ToWgs84, MarksWhatCannotBeTransformed) {
  std::vector<LngLat> places{{500000, 3760000}, {1e300, -1e300}, {std::nan(""), 0}};
  ToWgs84("EPSG:4549").transform(places);
  EXPECT_TRUE(std::isfinite(places[0].lng));
  EXPECT_TRUE(std::isnan(places[1].lng) && std::isnan(places[1].lat));
  EXPECT_TRUE(std::isnan(places[2].lng) && std::isnan(places[2].lat));
}

TEST(ToWgs84, RefusesWhatIsNotACoordinateReferenceSystem) {
  EXPECT_EQ(code_of(""), Errc::missing_crs);
  EXPECT_EQ(code_of("EPSG:0"), Errc::unsupported);
  EXPECT_EQ(code_of("the town's own grid"), Errc::unsupported);
  EXPECT_EQ(code_of("LOCAL_CS[\"drawing\",UNIT[\"metre\",1]]"), Errc::unsupported);
}

TEST(ToWgs84, WorksOnSeveralThreadsAtOnce) {
  std::vector<std::jthread> threads;
  std::vector<LngLat> answers(4, LngLat{617910.037275, 3760290.716687});
  for (LngLat& answer : answers) threads.emplace_back([&answer] { ToWgs84("EPSG:4548").transform({&answer, 1}); });
  threads.clear();
  for (const LngLat& answer : answers) EXPECT_EQ(answer, answers[0]);
}

}  // namespace
}  // namespace wangge
