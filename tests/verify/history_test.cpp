#include <openssl/sha.h>

#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "verify/plans.hpp"

namespace wangge::verify {
namespace {

using Json = nlohmann::json;

std::string sha256(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    hex += digits;
  }
  return hex;
}

Json to_json(const Area& area) {
  Json polygons = Json::array();
  for (const Polygon& polygon : area.polygons) {
    Json rings = Json::array();
    for (Ring ring : polygon) {
      ring.push_back(ring.front());
      Json line = Json::array();
      for (const Point p : ring) line.push_back({p.x / per_degree, p.y / per_degree});
      rings.push_back(line);
    }
    polygons.push_back(rings);
  }
  return {{"code", area.code},     {"name", area.name}, {"level", area.level},
          {"parent", area.parent}, {"kind", area.kind}, {"coordinates", polygons}};
}

Json change(const std::vector<Area>& before, const std::vector<Area>& after) {
  Json result{{"operation", "any"}, {"before", Json::array()}, {"after", Json::array()}};
  for (const Area& area : before) result["before"].push_back(to_json(area));
  for (const Area& area : after) result["after"].push_back(to_json(area));
  return result;
}

void add_revision(PlanFile& plan, const Json& changes) {
  const std::size_t base = plan.revisions.size();
  const std::string json = Json{{"base_revision", base}, {"reason", "r"}, {"changes", Json::array({changes})}}.dump();
  const std::string previous = base == 0 ? "" : plan.revisions.back().hash;
  plan.revisions.push_back({std::to_string(base + 1), "r", "", json, previous, sha256(previous + "\n" + json)});
}

/// The good plan, whose micro-grids came in one revision, but for the eastern ones, which had other names before.
PlanFile plan_with_history() {
  PlanFile plan = good_plan();
  std::vector<Area> made(plan.areas.begin() + south_west, plan.areas.end());
  std::vector<Area> old{plan.areas[south_east], plan.areas[north_east]};
  for (Area& area : old) area.name = "old " + area.name;
  made[south_east - south_west] = old[0];
  made[north_east - south_west] = old[1];
  add_revision(plan, change({}, made));
  add_revision(plan, change(old, {plan.areas[south_east], plan.areas[north_east]}));
  return plan;
}

std::vector<std::string> texts(const PlanFile& plan) {
  std::vector<std::string> all;
  for (const Problem& problem : verify_plan(plan).errors)
    if (problem.check == "history") all.push_back(problem.code + ": " + problem.text);
  return all;
}

TEST(History, ThatIsWholeHasNoError) {
  const Report report = verify_plan(plan_with_history());
  EXPECT_TRUE(report.errors.empty());
  EXPECT_EQ(report.figures.revisions, 2u);
}

TEST(History, WithARowAlteredIsFoundOut) {
  PlanFile plan = plan_with_history();
  plan.revisions[0].json.replace(plan.revisions[0].json.find("\"r\""), 3, "\"s\"");
  EXPECT_NE(texts(plan).at(0).find("revision 1 was altered"), std::string::npos);
  plan = plan_with_history();
  plan.revisions[1].reason = "another";
  EXPECT_NE(texts(plan).at(0).find("revision 2 has another reason"), std::string::npos);
}

TEST(History, WithARowLessIsFoundOut) {
  PlanFile plan = plan_with_history();
  plan.revisions.erase(plan.revisions.begin());
  EXPECT_NE(texts(plan).at(0).find("revision 2 does not follow"), std::string::npos);
  plan = plan_with_history();
  plan.revisions.pop_back();
  EXPECT_EQ(texts(plan), Names{"0101002: not as revision 1 left it"}) << "the areas are those of revision 2";
}

TEST(History, ThatDidNotLeadToTheAreasIsFoundOut) {
  PlanFile plan = plan_with_history();
  plan.areas[south_west].name = "mine";
  EXPECT_EQ(texts(plan), Names{"0101001: not as revision 1 left it"});
  plan = good_plan();
  add_revision(plan, change({plan.areas[south_west]}, {}));
  EXPECT_EQ(texts(plan), Names{"0101001: there though revision 1 took it away"});
}

TEST(History, KnowsAnAreaWhateverItsRingBeginsWithAndHasOnStraightBorders) {
  PlanFile plan = plan_with_history();
  Ring& ring = plan.areas[south_west].polygons[0][0];
  std::rotate(ring.begin(), ring.begin() + 2, ring.end());
  ring.insert(ring.begin() + 1, Point{std::midpoint(ring[0].x, ring[1].x), std::midpoint(ring[0].y, ring[1].y)});
  EXPECT_EQ(texts(plan), Names{});
}

TEST(History, OfSeveralRevisionsDoesNotGoWithoutHashes) {
  PlanFile plan = plan_with_history();
  plan.has_hashes = false;
  EXPECT_EQ(texts(plan).size(), 1u);
  plan.revisions.pop_back();
  EXPECT_EQ(texts(plan), Names{}) << "as plans had it before there was a history";
}

TEST(History, ThatIsNoJsonIsFoundOut) {
  PlanFile plan = good_plan();
  plan.has_hashes = false;
  plan.revisions = {{"1", "", "", "Dear colleague", "", ""}};
  EXPECT_EQ(texts(plan).size(), 1u);
}

}  // namespace
}  // namespace wangge::verify
