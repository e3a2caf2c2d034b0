#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include <wangge/io.hpp>

#include "io/verdict.hpp"
#include "support/scratch.hpp"

namespace wangge {
namespace {

using nlohmann::json;

constexpr std::array square{Position{-1'800'000'000, -1}, Position{1'182'757'001, 5},
                            Position{-10'000'000, 900'000'000}};

GridRecord area(std::string code) {
  return {std::move(code), "名", Level::micro_grid, "g", Kind::dedicated, {{{square.begin(), square.end()}, {}}}};
}

/// Something of everything.
ChangeSet example() {
  ChangeSet set;
  set.base_revision = 4;
  set.reason = "两栋楼 \"moved\"";
  set.author = "张";
  set.time = "2024-05-01T08:00:00Z";
  set.undoes = 3;
  set.changes = {ChangeSet::Change::of({area("a"), area("b")}, {area("c")}), ChangeSet::Change::of({}, {area("d")}),
                 ChangeSet::Change::of({area("e")}, {})};
  set.moves = {{"w1", "a", "c", 12}, {"w2", "", "d", 0}, {"w3", "e", "", 4}};
  set.lineage = {{"c", ChangeSet::Coding::merged, 0, 30, {{"a", 12}, {"b", 18}}}};
  set.households_moved = 12;
  set.households_moved_bound = 7;
  return set;
}

TEST(ChangeJson, IsReadBackAsItWas) { EXPECT_EQ(parse_changes(to_json(example()), "text"), example()); }

TEST(ChangeJson, StandsOnOneLine) { EXPECT_EQ(to_json(example()).find('\n'), std::string::npos); }

RC_GTEST_PROP(ChangeJson, KeepsAnyTextAndPosition, ()) {
  ChangeSet set = example();
  set.reason = *rc::gen::string<std::string>();
  std::erase_if(set.reason, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  Ring& ring = set.changes[0].before[0].polygons[0].outer;
  ring = {{*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)},
          {*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)},
          {*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)}};
  RC_PRE(doubled_area(ring) > 0);
  RC_ASSERT(parse_changes(to_json(set), "text") == set);
}

TEST(ChangeJson, OfPlansFromBeforeTheyHadAHistoryIsUnderstood) {
  const json record = json::parse(to_json(example()))["changes"][1]["after"][0];
  json change = record;
  change["operation"] = "create";
  const ChangeSet set =
      parse_changes(json{{"base_revision", 0}, {"reason", "split"}, {"changes", {change}}}.dump(), "");
  ASSERT_EQ(set.changes.size(), 1u);
  EXPECT_EQ(set.changes[0], ChangeSet::Change::of({}, {area("d")}));
}

/// What the reader says of the example with one value exchanged.
std::string refusal(const char* pointer, const json& value) {
  json whole = json::parse(to_json(example()));
  whole[json::json_pointer(pointer)] = value;
  const Refusal said = refusal_of([&] { parse_changes(whole.dump(), "c.json"); });
  EXPECT_EQ(said.code, Errc::unreadable);
  return said.text;
}

TEST(ChangeJson, NamesTheKeyThatItRefuses) {
  EXPECT_EQ(refusal("/base_revision", -1),
            "c.json: key \"base_revision\" must be a whole number from 0 to 9223372036854775807");
  EXPECT_EQ(refusal("/reason", 3), "c.json: key \"reason\" must be text");
  EXPECT_EQ(refusal("/changes", 3), "c.json: key \"changes\" must be a list");
  EXPECT_EQ(refusal("/changes/1", 3), "c.json: key \"changes[1]\" must be an object");
  EXPECT_EQ(refusal("/changes/1/colour", 3),
            "c.json: key \"changes[1].colour\" is unknown; there are operation, before, after");
  EXPECT_EQ(refusal("/changes/1/operation", "annul"),
            "c.json: key \"changes[1].operation\" cannot be read: \"annul\" is no operation; there are move, split, "
            "merge, nudge, create, retire and rename");
  EXPECT_EQ(refusal("/changes/1/after/0/code", ""), "c.json: key \"changes[1].after[0].code\" must not be empty");
  EXPECT_EQ(refusal("/changes/1/after/0/coordinates/0/0/1", json::array({200, 0})),
            "c.json: key \"changes[1].after[0].coordinates[0][0][1]\" must be [longitude, latitude] in degrees");
  EXPECT_NE(refusal("/changes/1/after/0/coordinates/0/0", json::array({{0, 0}, {1, 1}, {0, 0}})).find("is no ring"),
            std::string::npos);
  EXPECT_EQ(refusal("/lineage/0/coding", "Q"),
            "c.json: key \"lineage[0].coding\" cannot be read: \"Q\" is no coding; there are U, S, M and X");
}

TEST(ChangeJson, WithAnAreaOrAUnitInTwoChangesIsRefused) {
  EXPECT_EQ(refusal("/changes/2/before/0/code", "a"),
            "c.json: key \"changes[2].before[0].code\" says that area a goes, which another change does");
  EXPECT_EQ(refusal("/changes/1/after/0/code", "c"),
            "c.json: key \"changes[1].after[0].code\" says that area c comes, which another change does");
  EXPECT_EQ(refusal("/moves/1/unit", "w1"), "c.json: key \"moves[1].unit\" moves unit w1, which another move does");
}

TEST(ChangeJson, WithAnOperationThatDoesNotFitIsRefused) {
  for (const char* operation : {"retire", "move", "split"})
    EXPECT_NE(refusal("/changes/1/operation", operation).find("does not fit"), std::string::npos) << operation;
  EXPECT_NE(refusal("/changes/1/after", json::array()).find("must not both be empty"), std::string::npos);
}

TEST(ChangeJson, ThatIsNoJsonIsRefused) {
  for (const char* text : {"Dear colleague", "[1, 2]", "50", "{", "{\"base_revision\": 1e999}", "\xff\xfe", "{}",
                           "{\"base_revision\": 0}"})
    EXPECT_EQ(refusal_of([&] { parse_changes(text, "c.json"); }).code, Errc::unreadable) << text;
}

TEST(ChangeJson, InAFileIsReadOrTheFileNamed) {
  const Scratch scratch;
  std::ofstream(scratch / "c.json") << to_json(example());
  EXPECT_EQ(read_changes(scratch / "c.json"), example());
  EXPECT_TRUE(refusal_of([&] { read_changes(scratch / "d.json"); }).mentions("d.json"));
}

TEST(ChangeJson, ExampleOfTheManualIsOne) {
  std::ifstream file(WANGGE_SOURCE_DIR "/docs/changes.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t from = text.find("```json") + 7;
  const ChangeSet set = parse_changes(text.substr(from, text.find("```", from) - from), "changes.md");
  const ChangeSet::Change& merge = set.changes.at(0);
  EXPECT_EQ(ChangeSet::Change::of(merge.before, merge.after).operation, ChangeSet::Operation::merge);
}

TEST(ChangeJson, SchemaKnowsWhatTheWriterWrites) {
  std::ifstream file(WANGGE_SOURCE_DIR "/docs/changes.schema.json");
  const json schema = json::parse(file), written = json::parse(to_json(example()));
  const auto expect_known = [&](const json& object, const json& known) {
    for (const auto& [key, value] : object.items()) EXPECT_TRUE(known["properties"].contains(key)) << key;
  };
  expect_known(written, schema);
  expect_known(written["changes"][0], schema["$defs"]["change"]);
  expect_known(written["changes"][0]["before"][0], schema["$defs"]["area"]);
  expect_known(written["moves"][0], schema["$defs"]["move"]);
  expect_known(written["lineage"][0], schema["$defs"]["lineage"]);
}

}  // namespace
}  // namespace wangge
