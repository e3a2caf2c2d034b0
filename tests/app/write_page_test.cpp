#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/page/jittered_plan.hpp"
#include "app/report/page.hpp"
#include <wangge/error.hpp>

namespace wangge {
namespace {

namespace fs = std::filesystem;

class WritePage : public testing::Test {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() / ("wangge_page_" + std::to_string(::getpid()));
    fs::create_directories(folder);
    file = folder / "plan.html";
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string written(const Plan& plan) const {
    app::write_page(file, plan);
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static nlohmann::json data_of(const std::string& page) {
    const std::string open = R"(<script type="application/json" id="plan">)";
    const std::size_t start = page.find(open) + open.size();
    return nlohmann::json::parse(page.substr(start, page.find("</script>", start) - start));
  }

  const test::JitteredPlan small{{4, 3, 3}};
  fs::path folder, file;
};

TEST_F(WritePage, GivesTheSameBytesForTheSamePlan) {
  EXPECT_EQ(written(small.plan()), written(test::JitteredPlan({4, 3, 3}).plan()));
}

TEST_F(WritePage, KeepsEveryAreaArcAndFinding) {
  const Plan& plan = small.plan();
  const nlohmann::json data = data_of(written(plan));
  EXPECT_EQ(data["areas"]["code"].size(), plan.map.size());
  EXPECT_EQ(data["arcs"]["left"].size(), plan.map.arc_count());
  EXPECT_EQ(data["barriers"]["kind"].size(), plan.barriers.size());
  EXPECT_EQ(data["findings"].size(), plan.findings.size());
  EXPECT_EQ(data["summary"]["households"], plan.assessment.households);
}

TEST_F(WritePage, DrawsStairwellsOfOneFootprintAsOneBuilding) {
  const Plan& plan = small.plan();
  const nlohmann::json households = data_of(written(plan))["buildings"]["households"];
  EXPECT_EQ(households.size(), plan.units.size() - 1);
  EXPECT_EQ(households[1], 2 * plan.units.units[1].households);
}

TEST_F(WritePage, KeepsHostileTextInsideItsScriptElement) {
  const std::string page = written(small.plan());
  const nlohmann::json data = data_of(page);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(data["source"], small.plan().source);
}

TEST_F(WritePage, MendsTextThatIsNotUtf8) {
  Plan plan = small.plan();
  plan.source = "Latin-1 caf\xe9";
  EXPECT_EQ(data_of(written(plan))["source"], "Latin-1 caf\uFFFD");
}

TEST_F(WritePage, WritesAPlanWithoutAnything) { EXPECT_EQ(data_of(written(Plan{}))["areas"]["code"].size(), 0u); }

TEST_F(WritePage, RefusesAFolderThatDoesNotExist) {
  try {
    app::write_page(folder / "absent" / "plan.html", small.plan());
    FAIL() << "wrote into a folder that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::not_writable);
    EXPECT_NE(std::string(error.what()).find("absent/plan.html"), std::string::npos);
  }
}

TEST_F(WritePage, LeavesTheOldPageAndNothingElseWhenItFails) {
  fs::create_directories(file / "in the way");
  EXPECT_THROW(app::write_page(file, small.plan()), Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1);
}

}  // namespace
}  // namespace wangge
