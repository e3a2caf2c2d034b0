#include "verify/plans.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wangge::verify {
namespace {

struct Outcome {
  int exit_code;
  std::string text;  ///< standard output, then standard error
};

Outcome assess(const std::filesystem::path& plan, const std::string& options = "") {
  const std::string command = std::string(WANGGE_PROGRAM) + " assess '" + plan.string() + "' " + options + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), size);
  return {WEXITSTATUS(pclose(pipe)), text};
}

std::size_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

class Program : public ::testing::Test {
 protected:
  void SetUp() override {
    write_plan_file(folder_ / "good.gpkg", good_plan());
    PlanFile bad = good_plan();
    *bad.areas[town].households += 1;
    write_plan_file(folder_ / "bad.gpkg", bad);
    PlanFile flagged = good_plan();
    unit_of(flagged, south_west, 0).households = 0;
    add_up(flagged);
    flagged.findings = {{"out_of_range", "0101001", ""}};
    write_plan_file(folder_ / "flagged.gpkg", flagged);
  }
  const Folder folder_;
};

TEST_F(Program, SaysThatAGoodPlanIsGood) {
  const Outcome outcome = assess(folder_ / "good.gpkg", "--strict");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.text.find("0 errors, 0 warnings"), std::string::npos);
}

TEST_F(Program, PrintsErrorsAndLeavesWithThemOnlyWhenStrict) {
  EXPECT_EQ(assess(folder_ / "bad.gpkg").exit_code, 0);
  EXPECT_NE(assess(folder_ / "bad.gpkg").text.find("ERROR   totals"), std::string::npos);
  EXPECT_EQ(assess(folder_ / "bad.gpkg", "--strict").exit_code, 3);
}

TEST_F(Program, IsNotContentWithAFlagWhenStrict) {
  EXPECT_EQ(assess(folder_ / "flagged.gpkg").exit_code, 0);
  EXPECT_EQ(assess(folder_ / "flagged.gpkg", "--strict").exit_code, 3);
  EXPECT_EQ(assess(folder_ / "flagged.gpkg", "--strict --range 45:100").exit_code, 0);
}

TEST_F(Program, AnswersInJson) {
  const auto json = nlohmann::json::parse(assess(folder_ / "bad.gpkg", "--json").text);
  EXPECT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["range"]["max"], 100);
  EXPECT_EQ(json["figures"]["legal"], 4);
}

/// Areas that others have drawn: squares of 0.001 degree at places of a grid, with households, as GeoJSON.
std::string drawn(std::initializer_list<std::array<int, 3>> squares) {
  nlohmann::json features = nlohmann::json::array();
  for (const auto& [column, row, households] : squares) {
    const double west = 118.2 + 0.001 * column, south = 33.9 + 0.001 * row, east = west + 0.001, north = south + 0.001;
    nlohmann::json ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
    features.push_back({{"type", "Feature"},
                        {"properties", {{"code", "OA" + std::to_string(features.size())}, {"HHcount", households}}},
                        {"geometry", {{"type", "Polygon"}, {"coordinates", {ring}}}}});
  }
  return nlohmann::json{{"type", "FeatureCollection"}, {"features", features}}.dump();
}

TEST_F(Program, AssessesAreasThatOthersHaveDrawn) {
  std::ofstream(folder_ / "areas.geojson") << drawn({{0, 0, 50}, {1, 0, 60}, {2, 0, 9}});
  const auto report = nlohmann::json::parse(assess(folder_ / "areas.geojson", "--id code --range 20:130 --json").text);
  EXPECT_EQ(report["figures"]["micro_grids"], 3);
  EXPECT_EQ(report["figures"]["households"], 119);
  EXPECT_EQ(report["figures"]["in_range"], 2);
  ASSERT_EQ(report["errors"].size(), 1u) << report["errors"];
  EXPECT_EQ(report["errors"][0]["check"], "range");
  EXPECT_EQ(report["errors"][0]["code"], "OA2");
}

TEST_F(Program, NamesAGapBetweenAreasThatOthersHaveDrawn) {
  std::ofstream(folder_ / "ring.geojson")
      << drawn({{0, 0, 50}, {1, 0, 50}, {2, 0, 50}, {0, 1, 50}, {2, 1, 50}, {0, 2, 50}, {1, 2, 50}, {2, 2, 50}});
  const auto report = nlohmann::json::parse(assess(folder_ / "ring.geojson", "--id code --json").text);
  ASSERT_EQ(report["errors"].size(), 1u) << report["errors"];
  EXPECT_EQ(report["errors"][0]["check"], "gap");
  EXPECT_NEAR(report["errors"][0]["lng"].get<double>(), 118.2015, 1e-6);
}

TEST_F(Program, RefusesAreasWithoutACodeACountOrGround) {
  std::ofstream(folder_ / "areas.geojson") << drawn({{0, 0, 50}});
  std::ofstream(folder_ / "points.csv") << "id,lng,lat,households\na,118.2,33.9,50\n";
  for (const Outcome& outcome : {assess(folder_ / "areas.geojson"), assess(folder_ / "points.csv"),
                                 assess(folder_ / "areas.geojson", "--id code --households persons")}) {
    EXPECT_EQ(outcome.exit_code, 1) << outcome.text;
    EXPECT_EQ(lines(outcome.text), 1u) << outcome.text;
  }
}

TEST_F(Program, RefusesInOneLine) {
  std::ofstream(folder_ / "text.gpkg") << "no GeoPackage\n";
  for (const Outcome& outcome : {assess(folder_ / "none.gpkg"), assess(folder_ / "text.gpkg"), assess("/")}) {
    EXPECT_EQ(outcome.exit_code, 1) << outcome.text;
    EXPECT_EQ(lines(outcome.text), 1u) << outcome.text;
  }
  for (const char* range : {"100:50", "0:50", "many", "50:100x"}) {
    const Outcome outcome = assess(folder_ / "good.gpkg", std::string("--range ") + range);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.text;
    EXPECT_EQ(lines(outcome.text), 1u) << outcome.text;
  }
  EXPECT_EQ(assess(folder_ / "good.gpkg", "--no-such-option").exit_code, 2);
}

}  // namespace
}  // namespace wangge::verify
