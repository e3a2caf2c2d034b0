#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/page/jittered_diff.hpp"
#include "app/report/diff_page.hpp"
#include "support/scratch.hpp"

namespace wangge {
namespace {

class WriteDiffPage : public testing::Test {
 protected:
  std::string written(const Plan& before, const Plan& after, const ChangeSet& changes) const {
    app::write_diff_page(scratch / "diff.html", before, after, changes);
    return bytes_of(scratch / "diff.html");
  }

  nlohmann::json data(const test::JitteredDiff& diff) const {
    const std::string page = written(diff.before(), diff.after(), diff.changes());
    const std::string open = R"(<script type="application/json" id="plan">)";
    const std::size_t start = page.find(open) + open.size();
    return nlohmann::json::parse(page.substr(start, page.find("</script>", start) - start));
  }

  Scratch scratch;
  const test::JitteredDiff small{{4, 3, 3}};
};

TEST_F(WriteDiffPage, GivesTheSameBytesForTheSamePlans) {
  const test::JitteredDiff again({4, 3, 3});
  EXPECT_EQ(written(small.before(), small.after(), small.changes()),
            written(again.before(), again.after(), again.changes()));
}

TEST_F(WriteDiffPage, TellsForEveryAreaWhatItWasAndWhatBecameOfIt) {
  const nlohmann::json page = data(small);
  const std::vector<std::string> codes = page["areas"]["code"];
  EXPECT_EQ(page["change"]["before"].size(), codes.size());
  const auto row = [&](const std::string& code) {
    return static_cast<std::size_t>(std::ranges::find(codes, code) - codes.begin());
  };
  EXPECT_EQ(page["change"]["before"][row("320101001001999")], -1);
  EXPECT_EQ(page["change"]["coding"][row("320101001001999")], "S");
  EXPECT_EQ(page["change"]["coding"][row("320101001001003")], "M");
  EXPECT_EQ(page["change"]["coding"][row("320101001001001")], "X");
  EXPECT_EQ(page["change"]["coding"][row("320101001001013")], "U");
  EXPECT_EQ(page["change"]["ended"]["code"], nlohmann::json({"320101001001004"}));
}

TEST_F(WriteDiffPage, ListsWhoGivesToWhomWithTheLargestFirst) {
  const nlohmann::json flows = data(small)["change"]["flows"];
  std::uint64_t moved = 0;
  for (std::size_t i = 0; i < flows["from"].size(); ++i) {
    EXPECT_GE(flows["households"][i == 0 ? 0 : i - 1], flows["households"][i]);
    if (flows["from"][i] != "" && flows["to"][i] != "") moved += flows["households"][i].get<std::uint64_t>();
  }
  EXPECT_EQ(moved, small.changes().households_moved);
}

TEST_F(WriteDiffPage, MarksEachBuildingThatChangesAreaWithItsFlow) {
  const nlohmann::json page = data(small);
  const std::vector<std::int64_t> flow = page["buildings"]["flow"];
  EXPECT_EQ(flow.size(), page["buildings"]["households"].size());
  std::vector<std::uint64_t> units(page["change"]["flows"]["from"].size());
  for (const std::int64_t row : flow)
    if (row >= 0) ++units[static_cast<std::size_t>(row)];
  for (std::size_t i = 0; i < units.size(); ++i) EXPECT_LE(units[i], page["change"]["flows"]["units"][i]);
  EXPECT_TRUE(std::ranges::all_of(units, [](std::uint64_t count) { return count > 0; }));
}

TEST_F(WriteDiffPage, OfAPlanWithItselfHasNothingToShow) {
  const Plan& plan = small.before();
  const std::string page = written(plan, plan, diff(plan.map, plan.map));
  EXPECT_NE(page.find(R"("gone":[],"come":[])"), std::string::npos);
  EXPECT_NE(page.find(R"("flows":{"from":[],)"), std::string::npos);
}

TEST_F(WriteDiffPage, KeepsHostileTextInsideItsScriptElementAndUnitIdsOut) {
  const std::string page = written(small.before(), small.after(), small.changes());
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("second stairwell"), std::string::npos);
}

}  // namespace
}  // namespace wangge
