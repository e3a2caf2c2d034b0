#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/scratch.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

Profile parse(const std::string& json) { return parse_profile(json, "town.json"); }

void expect_refused(const std::string& json, const std::string& key) {
  try {
    parse(json);
    FAIL() << json << " was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::unreadable);
    const std::string what = error.what();
    EXPECT_EQ(what.rfind("town.json: ", 0), 0u) << what;
    EXPECT_NE(what.find(key), std::string::npos) << what << " does not name " << key;
    EXPECT_EQ(what.find('\n'), std::string::npos);
  }
}

TEST(Profile, OfNothingIsTheUsualOne) {
  const Profile profile = parse("{}");
  EXPECT_EQ(profile.range.min, 50u);
  EXPECT_EQ(profile.range.max, 100u);
  EXPECT_EQ(profile.aim(), 75u);
}

TEST(Profile, SaysWhatAMicroGridHolds) {
  const Profile profile = parse(R"({"name": "our town", "range": {"min": 40, "max": 250}, "target": 125,
      "attributes": {"persons": {"min": 100}, "workload": {"target": 40}},
      "workload": {"groups": {"elderly": {"visits": 2, "minutes": 20}}}, "weights": {"spread": 0.5}})");
  EXPECT_EQ(profile.name, "our town");
  EXPECT_EQ(profile.range.max, 250u);
  EXPECT_EQ(profile.aim(), 125u);
  ASSERT_EQ(profile.attributes.size(), 2u);
  EXPECT_EQ(profile.attributes[0], (AttributeGoal{"persons", 100, {}, {}, 0}));
  EXPECT_EQ(profile.attributes[1], (AttributeGoal{"workload", {}, {}, 40, 1}));
  ASSERT_EQ(profile.workload.groups.size(), 1u);
  EXPECT_EQ(profile.workload.groups[0], (Workload::Group{"elderly", 2, 20}));
  EXPECT_EQ(profile.weights.spread, 0.5);
  EXPECT_EQ(profile.weights.barrier, Weights{}.barrier);
}

TEST(Profile, IsReadBackAsItWasWritten) {
  for (const Profile& profile : ready_profiles()) EXPECT_EQ(parse(to_json(profile)), profile) << profile.name;
  Profile odd;
  odd.name = "甲 \"quoted\"";
  odd.workload.column = "hours";
  odd.attributes = {{"persons", 1.5, 2.5, 2.0, 0.25}, {"shops", {}, 30, {}, 0}};
  odd.weights.cut_wall = 0.125;
  EXPECT_EQ(parse(to_json(odd)), odd);
}

TEST(Profile, ThatComesWithWanggePassesItsOwnCheck) {
  for (const Profile& profile : ready_profiles()) EXPECT_NO_THROW(check(profile)) << profile.name;
}

TEST(Profile, NamesAKeyThatIsUnknown) {
  expect_refused(R"({"rnage": {"min": 50, "max": 100}})", "rnage");
  expect_refused(R"({"range": {"min": 50, "max": 100, "mean": 75}})", "range.mean");
  expect_refused(R"({"weights": {"sprawl": 1}})", "weights.sprawl");
  expect_refused(R"({"attributes": {"persons": {"most": 1}}})", "attributes.persons.most");
  expect_refused(R"({"workload": {"groups": {"elderly": {"visits": 1, "minutes": 1, "hours": 1}}}})",
                 "workload.groups.elderly.hours");
}

TEST(Profile, NamesAKeyOfTheWrongType) {
  expect_refused(R"({"name": 7})", "name");
  expect_refused(R"({"range": "50:100"})", "range");
  expect_refused(R"({"range": {"min": "50", "max": 100}})", "range.min");
  expect_refused(R"({"range": {"min": 50.5, "max": 100}})", "range.min");
  expect_refused(R"({"range": {"min": -50, "max": 100}})", "range.min");
  expect_refused(R"({"range": {"min": 50, "max": 5000000000}})", "range.max");
  expect_refused(R"({"range": {"min": 50}})", "range");
  expect_refused(R"({"target": true})", "target");
  expect_refused(R"({"weights": []})", "weights");
  expect_refused(R"({"weights": {"spread": 0}})", "weights.spread");
  expect_refused(R"({"weights": {"barrier": -1}})", "weights.barrier");
  expect_refused(R"({"attributes": {"persons": 100}})", "attributes.persons");
  expect_refused(R"({"workload": {}})", "workload");
  expect_refused(R"({"workload": {"column": 3}})", "workload.column");
  expect_refused(R"({"workload": {"groups": {"elderly": {"visits": 1}}}})", "workload.groups.elderly");
}

TEST(Profile, NamesABoundAboveItsPartner) {
  expect_refused(R"({"range": {"min": 100, "max": 50}})", "range.min");
  expect_refused(R"({"attributes": {"persons": {"min": 300, "max": 200}}})", "attributes.persons.min");
  expect_refused(R"({"range": {"min": 50, "max": 100}, "target": 200})", "target");
  expect_refused(R"({"attributes": {"persons": {"weight": 1}}})", "attributes.persons.weight");
}

TEST(Profile, ThatIsNoJsonIsRefused) {
  for (const char* text : {"Dear colleague", "[1, 2]", "50", "{", "{\"target\": 1e999}", "\xff\xfe"})
    expect_refused(text, "");
}

TEST(Profile, SchemaKnowsWhatTheReaderKnows) {
  std::ifstream file(WANGGE_SOURCE_DIR "/docs/profile.schema.json");
  const nlohmann::json schema = nlohmann::json::parse(file);
  const nlohmann::json& properties = schema["properties"];
  for (const auto& [key, value] : properties["weights"]["properties"].items())
    EXPECT_NO_THROW(parse(R"({"weights": {")" + key + R"(": 1}})")) << key;
  const nlohmann::json written = nlohmann::json::parse(to_json(ready_profiles().back()));
  for (const auto& [key, value] : written.items()) EXPECT_TRUE(properties.contains(key)) << key;
  EXPECT_EQ(written["weights"].size(), properties["weights"]["properties"].size());
}

TEST(Profile, ExampleOfTheManualIsOne) {
  std::ifstream file(WANGGE_SOURCE_DIR "/docs/profiles.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t from = text.find("```json") + 7;
  const Profile profile = parse(text.substr(from, text.find("```", from) - from));
  EXPECT_EQ(profile.attributes.size(), 3u);
  EXPECT_EQ(profile.workload.groups.size(), 3u);
}

}  // namespace
}  // namespace wangge
