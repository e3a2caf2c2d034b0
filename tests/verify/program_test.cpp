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
