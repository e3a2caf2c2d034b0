#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ogrsf_frmts.h>

#include "app/run_program.hpp"
#include <wangge/io.hpp>

namespace wangge {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::Desk;
using test::expect_refused;
using test::Outcome;
using test::run;
using test::Running;

/// True where both plans have the same areas and each unit in the same one.
bool same_plan(const Plan& a, const Plan& b) {
  for (std::uint32_t i = 0; i < a.map.size(); ++i) {
    const GridId twin = b.map.find(a.map.code(GridId{i}));
    if (twin == GridId::none || !same_area(a.map.record(GridId{i}), b.map.record(twin))) return false;
  }
  for (std::size_t u = 0; u < a.units.size(); ++u)
    if (a.map.code(a.micro_grid_of_unit[u]) != b.map.code(b.micro_grid_of_unit[u])) return false;
  return a.map.size() == b.map.size() && a.units.size() == b.units.size();
}

bool has(const ChangeSet& changes, ChangeSet::Operation operation) {
  return std::ranges::count(changes.changes, operation, &ChangeSet::Change::operation) == 1;
}

class History : public testing::Test {
 protected:
  void SetUp() override {
    done({"make-town", "--households", "1500", "-o", at("city.gpkg")});
    done({"split", at("city.gpkg"), "-o", at("1.gpkg")});
  }

  std::string at(const std::string& name) const { return desk.path(name); }

  std::string done(const std::vector<std::string>& arguments) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << testing::PrintToString(arguments) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }

  /// An edit of one plan that makes another.
  std::string edit(const std::string& from, const std::string& to, std::vector<std::string> what) {
    std::vector<std::string> arguments{"edit", at(from), "-o", at(to), "--force"};
    arguments.insert(arguments.end(), what.begin(), what.end());
    if (std::ranges::find(what, "--time") == what.end())
      arguments.insert(arguments.end(), {"--time", "2024-05-01T08:00:00Z"});
    return done(arguments);
  }

  Plan plan(const std::string& name) const { return read_plan(desk / name); }

  void expect_clean(const std::string& name) {
    const json report = json::parse(done({"assess", at(name), "--json"}));
    EXPECT_EQ(report["errors"], json::array()) << name;
  }

  /// Micro-grids that border on each other within one area, in the order of the map; no two pairs touch.
  static std::vector<std::pair<std::string, std::string>> pairs_apart(const Plan& plan) {
    std::vector<std::pair<std::string, std::string>> pairs;
    std::set<GridId> near;
    for (std::uint32_t i = 0; i < plan.map.size(); ++i) {
      const GridId id{i};
      if (plan.map.level(id) != Level::micro_grid || near.contains(id)) continue;
      for (const GridMap::Neighbor& other : plan.map.neighbors(id)) {
        if (plan.map.parent(other.id) != plan.map.parent(id) || near.contains(other.id) || other.border_m < 20)
          continue;
        pairs.emplace_back(plan.map.code(id), plan.map.code(other.id));
        for (const GridId member : {id, other.id}) {
          near.insert(member);
          for (const GridMap::Neighbor& next : plan.map.neighbors(member)) near.insert(next.id);
        }
        break;
      }
    }
    return pairs;
  }

  /// A unit of the first that is nearest to the second.
  static std::string unit_between(const Plan& plan, const std::string& from, const std::string& to) {
    const GridId home = plan.map.find(from), target = plan.map.find(to);
    const MultiPolygon there = plan.map.polygons(target);
    const LocalFrame frame(there[0].outer[0]);
    std::string best;
    double least = 1e18;
    for (std::size_t u = 0; u < plan.units.size(); ++u) {
      if (plan.micro_grid_of_unit[u] != home) continue;
      const auto p = frame.to_metres(plan.units.units[u].position);
      for (const Position corner : there[0].outer) {
        const auto q = frame.to_metres(corner);
        const double away = (p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y);
        if (away < least) least = away, best = plan.units.units[u].id;
      }
    }
    return best;
  }

  Desk desk;
};

TEST_F(History, MergeSplitAndMoveAreWrittenDownAndTheirPlansAreSound) {
  const auto [a, b] = pairs_apart(plan("1.gpkg")).at(0);
  edit("1.gpkg", "2.gpkg", {"--merge", a, b, "--author", "张", "--reason", "one doorman"});
  const Plan merged = plan("2.gpkg");
  const std::string kept = merged.map.find(a) == GridId::none ? b : a;
  EXPECT_EQ(merged.map.size() + 1, plan("1.gpkg").map.size());
  EXPECT_EQ(merged.map.revision(), 2u);
  const ChangeSet& merge = merged.history.back();
  EXPECT_TRUE(has(merge, ChangeSet::Operation::merge));
  EXPECT_EQ(merge.author, "张");
  EXPECT_EQ(merge.time, "2024-05-01T08:00:00Z");
  EXPECT_EQ(merge.reason.rfind("one doorman (forced: range: ", 0), 0u) << merge.reason;
  EXPECT_EQ(merge.lineage.at(0).coding, ChangeSet::Coding::merged);

  edit("2.gpkg", "3.gpkg", {"--split", kept});
  const Plan divided = plan("3.gpkg");
  EXPECT_TRUE(has(divided.history.back(), ChangeSet::Operation::split));
  EXPECT_NE(divided.map.find(kept), GridId::none) << "the largest part keeps the code";
  EXPECT_EQ(divided.map.find(kept == a ? b : a), GridId::none) << "a retired code never returns";
  EXPECT_EQ(divided.assessment.in_range, plan("1.gpkg").assessment.in_range);

  const auto [from, to] = pairs_apart(divided).back();
  const std::string unit = unit_between(divided, from, to);
  edit("3.gpkg", "4.gpkg", {"--move", unit, "--to", to});
  const ChangeSet move = plan("4.gpkg").history.back();
  ASSERT_EQ(move.moves.size(), 1u);
  EXPECT_EQ(move.moves[0].unit, unit);
  EXPECT_EQ(move.moves[0].to, to);
  EXPECT_EQ(move.households_moved, move.moves[0].households);
  for (const char* name : {"1.gpkg", "2.gpkg", "3.gpkg", "4.gpkg"}) expect_clean(name);
}

TEST_F(History, AnEditThatBreaksARuleIsRefusedAfterSayingWhatItWouldDo) {
  const auto [a, b] = pairs_apart(plan("1.gpkg")).at(0);
  const Desk::Files before = desk.files();
  const std::vector<std::string> merge{"edit", at("1.gpkg"), "-o", at("2.gpkg"), "--merge", a, b};
  const Outcome refused = run(merge);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("refused: range: "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--force"), std::string::npos);
  EXPECT_NE(refused.out.find("households"), std::string::npos);
  EXPECT_EQ(desk.files(), before);

  const json told = json::parse(done({"edit", at("1.gpkg"), "--dry-run", "--json", "--merge", a, b}));
  EXPECT_EQ(told["areas"].size(), 2u);
  EXPECT_EQ(told["breaks"].size(), 1u);
  EXPECT_EQ(desk.files(), before);
}

TEST_F(History, ALockedMicroGridIsLeftAlone) {
  const auto [a, b] = pairs_apart(plan("1.gpkg")).at(0);
  done({"edit", at("1.gpkg"), "-o", at("2.gpkg"), "--lock", a});
  EXPECT_NE(run({"edit", at("2.gpkg"), "-o", at("3.gpkg"), "--merge", a, b}).err.find("lock: " + a), std::string::npos);
  done({"edit", at("2.gpkg"), "-o", at("3.gpkg"), "--unlock", a});
  EXPECT_EQ(run({"edit", at("3.gpkg"), "--dry-run", "--merge", a, b}).out.find("lock:"), std::string::npos);
  expect_clean("2.gpkg");
}

TEST_F(History, UndoAndRedoGoBackAndForthAndForgetNothing) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  edit("1.gpkg", "2.gpkg", {"--merge", pairs[0].first, pairs[0].second});
  edit("2.gpkg", "3.gpkg", {"--merge", pairs[1].first, pairs[1].second});
  const auto step = [&](const char* command, const std::string& from, const std::string& to) {
    done({command, at(from), "-o", at(to), "--time", "2024-05-02T08:00:00Z"});
  };
  step("undo", "3.gpkg", "4.gpkg");
  step("undo", "4.gpkg", "5.gpkg");
  step("redo", "5.gpkg", "6.gpkg");
  step("redo", "6.gpkg", "7.gpkg");
  EXPECT_TRUE(same_plan(plan("4.gpkg"), plan("2.gpkg")));
  EXPECT_TRUE(same_plan(plan("5.gpkg"), plan("1.gpkg")));
  EXPECT_TRUE(same_plan(plan("6.gpkg"), plan("2.gpkg")));
  EXPECT_TRUE(same_plan(plan("7.gpkg"), plan("3.gpkg")));
  EXPECT_EQ(plan("7.gpkg").history.size(), 7u);
  const Desk::Files before = desk.files();
  expect_refused(run({"undo", at("5.gpkg"), "-o", at("8.gpkg")}), desk, before, {"5.gpkg", "nothing to undo"});
  expect_refused(run({"redo", at("7.gpkg"), "-o", at("8.gpkg")}), desk, before, {"7.gpkg", "nothing to redo"});
  for (const char* name : {"4.gpkg", "5.gpkg", "6.gpkg", "7.gpkg"}) expect_clean(name);
  const json log = json::parse(done({"log", at("7.gpkg"), "--json"}));
  ASSERT_EQ(log.size(), 7u);
  EXPECT_EQ(log[3]["undoes"], 3);
  EXPECT_EQ(log[6]["reason"], "redo revision 3: " + log[2]["reason"].get<std::string>());
  EXPECT_EQ(log[6]["households_moved"], log[2]["households_moved"]);
}

TEST_F(History, ShowsAPlanAsItWas) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  edit("1.gpkg", "2.gpkg", {"--merge", pairs[0].first, pairs[0].second});
  edit("2.gpkg", "3.gpkg", {"--merge", pairs[1].first, pairs[1].second, "--time", "2024-06-01T08:00:00Z"});
  for (const char* revision : {"1", "2", "3"}) {
    done({"show", at("3.gpkg"), "--as-of", revision, "-o", at("then.gpkg")});
    EXPECT_TRUE(same_plan(plan("then.gpkg"), plan(std::string(revision) + ".gpkg"))) << revision;
    EXPECT_EQ(plan("then.gpkg").history, plan(std::string(revision) + ".gpkg").history);
    expect_clean("then.gpkg");
  }
  const auto revision_of = [&](const char* date) {
    return json::parse(done({"show", at("3.gpkg"), "--as-of", date, "--json"}))["revision"].get<int>();
  };
  EXPECT_EQ(revision_of("2024-04-30"), 1);
  EXPECT_EQ(revision_of("2024-05-01"), 2);
  EXPECT_EQ(revision_of("2024-05-31T23:59:59Z"), 2);
  EXPECT_EQ(revision_of("2024-06-01"), 3);
  const Desk::Files before = desk.files();
  expect_refused(run({"show", at("3.gpkg"), "--as-of", "9"}), desk, before, {"no revision 9"});
}

TEST_F(History, ShowsAPlanAsItWasManyRevisionsAgo) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  edit("1.gpkg", "2.gpkg", {"--merge", pairs[0].first, pairs[0].second});
  edit("2.gpkg", "3.gpkg", {"--lock", pairs[2].first});
  edit("3.gpkg", "4.gpkg", {"--merge", pairs[1].first, pairs[1].second});
  done({"undo", at("4.gpkg"), "-o", at("5.gpkg")});
  for (const char* revision : {"1", "2", "3", "4"}) {
    done({"show", at("5.gpkg"), "--as-of", revision, "-o", at("then.gpkg")});
    EXPECT_TRUE(same_plan(plan("then.gpkg"), plan(std::string(revision) + ".gpkg"))) << revision;
    EXPECT_EQ(plan("then.gpkg").history, plan(std::string(revision) + ".gpkg").history);
  }
}

TEST_F(History, WhatDiffPrintsApplyMakes) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  const std::string unit = unit_between(plan("1.gpkg"), pairs[0].first, pairs[0].second);
  edit("1.gpkg", "2.gpkg", {"--move", unit, "--to", pairs[0].second});
  edit("2.gpkg", "3.gpkg", {"--merge", pairs[1].first, pairs[1].second});
  desk.file("changes.json", done({"diff", at("1.gpkg"), at("3.gpkg"), "--json"}));
  done({"apply", at("1.gpkg"), at("changes.json"), "-o", at("4.gpkg")});
  EXPECT_TRUE(same_plan(plan("4.gpkg"), plan("3.gpkg")));
  EXPECT_EQ(plan("4.gpkg").map.revision(), 2u);
  done({"apply", at("4.gpkg"), at("changes.json"), "--inverse", "-o", at("5.gpkg")});
  EXPECT_TRUE(same_plan(plan("5.gpkg"), plan("1.gpkg")));
  EXPECT_NE(done({"diff", at("1.gpkg"), at("5.gpkg")}).find("nothing"), std::string::npos);
  expect_clean("4.gpkg");
  expect_clean("5.gpkg");
}

TEST_F(History, OfTwoPlannersTheSecondIsMergedWhereTheyDoNotCollide) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  edit("1.gpkg", "hers.gpkg", {"--merge", pairs[0].first, pairs[0].second});
  edit("1.gpkg", "his.gpkg", {"--merge", pairs[1].first, pairs[1].second});
  desk.file("his.json", done({"diff", at("1.gpkg"), at("his.gpkg"), "--json"}));
  done({"apply", at("hers.gpkg"), at("his.json"), "-o", at("both.gpkg")});
  EXPECT_EQ(plan("both.gpkg").map.size() + 2, plan("1.gpkg").map.size());
  expect_clean("both.gpkg");

  edit("his.gpkg", "more.gpkg", {"--merge", pairs[0].first, pairs[0].second});
  desk.file("more.json", done({"diff", at("1.gpkg"), at("more.gpkg"), "--json"}));
  const Desk::Files before = desk.files();
  expect_refused(run({"apply", at("hers.gpkg"), at("more.json"), "-o", at("next.gpkg")}), desk, before,
                 {"more.json", "revision 1", "revision 2", "1 of 2 changes collide", "merge of ", "--merge"});
  const std::string said = done({"apply", at("hers.gpkg"), at("more.json"), "--merge", "-o", at("next.gpkg")});
  EXPECT_NE(said.find("left out: merge of "), std::string::npos) << said;
  EXPECT_TRUE(same_plan(plan("next.gpkg"), plan("both.gpkg")));
}

TEST_F(History, TheSameChangesAtTheSameTimeGiveTheSameBytes) {
  const auto [a, b] = pairs_apart(plan("1.gpkg")).at(0);
  edit("1.gpkg", "2.gpkg", {"--merge", a, b});
  edit("1.gpkg", "3.gpkg", {"--merge", a, b});
  EXPECT_EQ(bytes_of(desk / "2.gpkg"), bytes_of(desk / "3.gpkg"));
}

TEST_F(History, AConcordanceSharesOutEveryHousehold) {
  const auto pairs = pairs_apart(plan("1.gpkg"));
  const std::string unit = unit_between(plan("1.gpkg"), pairs[0].first, pairs[0].second);
  edit("1.gpkg", "2.gpkg", {"--move", unit, "--to", pairs[0].second});
  done({"diff", at("1.gpkg"), at("2.gpkg"), "--concordance", at("codes.csv")});
  std::istringstream lines(bytes_of(desk / "codes.csv"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "old_code,new_code,households,share_of_old,share_of_new");
  std::map<std::string, double> of_old, of_new;
  std::uint64_t households = 0;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string old_code, new_code, held, share_of_old, share_of_new;
    for (std::string* cell : {&old_code, &new_code, &held, &share_of_old, &share_of_new})
      std::getline(cells, *cell, ',');
    households += std::stoull(held);
    of_old[old_code] += std::stod(share_of_old);
    of_new[new_code] += std::stod(share_of_new);
  }
  EXPECT_EQ(households, plan("1.gpkg").assessment.households_assigned);
  for (const auto& shares : {of_old, of_new})
    for (const auto& [code, share] : shares) EXPECT_TRUE(share == 0 || std::abs(share - 1) < 1e-5) << code;
}

class BadHistory : public History {
 protected:
  void expect_apply_refused(const std::string& changes, const std::vector<std::string>& mentions) {
    const Desk::Files before = desk.files();
    expect_refused(run({"apply", at("1.gpkg"), at(changes), "-o", at("next.gpkg")}), desk, before, mentions);
  }

  /// The merge of two neighbours as JSON.
  json changes() {
    const auto [a, b] = pairs_apart(plan("1.gpkg")).at(0);
    return json::parse(run({"edit", at("1.gpkg"), "--dry-run", "--json", "--merge", a, b}).out)["changes"];
  }
};

TEST_F(BadHistory, ChangesThatDoNotFit) {
  json stale = changes();
  stale["base_revision"] = 5;
  desk.file("stale.json", stale.dump());
  expect_apply_refused("stale.json", {"revision 5", "revision 1"});
  json stranger = changes();
  stranger["changes"][0]["before"][0]["code"] = "999";
  desk.file("stranger.json", stranger.dump());
  expect_apply_refused("stranger.json", {"stranger.json", "1.gpkg", "999", "no such area"});
  json nobody = changes();
  nobody["moves"][0]["unit"] = "nobody";
  desk.file("nobody.json", nobody.dump());
  expect_apply_refused("nobody.json", {"unit nobody", "not in the plan"});
  json nowhere = changes();
  nowhere["moves"][0]["to"] = "998";
  desk.file("nowhere.json", nowhere.dump());
  expect_apply_refused("nowhere.json", {"to 998", "neither"});
  json twice = changes();
  twice["moves"].push_back(twice["moves"][0]);
  desk.file("twice.json", twice.dump());
  expect_apply_refused("twice.json", {"twice.json", "moves[", "another move"});
  json odd = changes();
  odd["changes"][0]["operation"] = "annul";
  desk.file("odd.json", odd.dump());
  expect_apply_refused("odd.json", {"odd.json", "changes[0].operation"});
  desk.file("letter.json", "Dear colleague");
  expect_apply_refused("letter.json", {"letter.json", "JSON"});
  expect_apply_refused("none.json", {"none.json", "does not exist"});
}

TEST_F(BadHistory, AChainBrokenByHand) {
  GDALAllRegister();
  auto* file = GDALDataset::Open(at("1.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE);
  file->ExecuteSQL("UPDATE changes SET json = replace(json, 'split', 'spilt')", nullptr, nullptr);
  GDALClose(file);
  const Desk::Files before = desk.files();
  for (const char* command : {"log", "show"})
    expect_refused(run({command, at("1.gpkg")}), desk, before, {"1.gpkg", "revision 1", "altered by hand"});
  expect_refused(run({"undo", at("1.gpkg"), "-o", at("2.gpkg")}), desk, before, {"revision 1", "altered by hand"});
}

TEST_F(BadHistory, APlanThatAnotherProgramIsWritingTo) {
  const int file = open(at("1.gpkg").c_str(), O_RDWR);
  struct flock sqlite_exclusive {};  // bytes as SQLite's file format has them
  sqlite_exclusive.l_type = F_WRLCK, sqlite_exclusive.l_start = 0x40000000, sqlite_exclusive.l_len = 512;
  ASSERT_EQ(fcntl(file, F_SETLK, &sqlite_exclusive), 0);
  for (const char* command : {"log", "assess"}) {
    const Outcome outcome = run({command, at("1.gpkg")});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.err.find("1.gpkg"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("another program is writing to it"), std::string::npos) << outcome.err;
  }
  close(file);
}

TEST_F(BadHistory, EditsOfWhatIsNotThere) {
  const Plan first = plan("1.gpkg");
  const std::string code(pairs_apart(first).at(0).first);
  const Desk::Files before = desk.files();
  const auto expect_edit_refused = [&](const std::vector<std::string>& what, const std::vector<std::string>& mentions) {
    std::vector<std::string> arguments{"edit", at("1.gpkg"), "-o", at("2.gpkg")};
    arguments.insert(arguments.end(), what.begin(), what.end());
    expect_refused(run(arguments), desk, before, mentions);
  };
  expect_edit_refused({"--merge", code, "999"}, {"999", "no micro-grid"});
  expect_edit_refused({"--merge", code, code}, {code, "itself"});
  expect_edit_refused({"--split", "999"}, {"999", "no micro-grid"});
  expect_edit_refused({"--move", "nobody", "--to", code}, {"no unit nobody"});
  expect_edit_refused({"--lock", "999"}, {"999"});
  EXPECT_EQ(run({"edit", at("1.gpkg"), "-o", at("2.gpkg"), "--move", "x"}).exit_code, 2);
  EXPECT_EQ(run({"edit", at("1.gpkg"), "--merge", code, code}).exit_code, 2);
  EXPECT_EQ(run({"undo", at("1.gpkg"), "-o", at("2.gpkg"), "--time", "yesterday"}).exit_code, 2);
}

TEST_F(BadHistory, AFullDiskLeavesTheOldPlan) {
  desk.file("changes.json", changes().dump());
  desk.file("next.gpkg", "an earlier plan");
  const Desk::Files before = desk.files();
  expect_refused(run({"apply", at("1.gpkg"), at("changes.json"), "-o", at("next.gpkg")}, 20'000), desk, before,
                 {"next.gpkg", "cannot be written"});
}

TEST_F(BadHistory, AKilledProgramLeavesTheOldPlanOrTheNew) {
  desk.file("changes.json", changes().dump());
  const std::vector<std::string> apply{"apply",         at("1.gpkg"), at("changes.json"),    "-o",
                                       at("next.gpkg"), "--time",     "2024-05-01T08:00:00Z"};
  done(apply);
  const std::string now = bytes_of(desk / "next.gpkg"), old = bytes_of(desk / "1.gpkg");
  std::mt19937 random(7);
  int killed = 0, finished = 0;
  for (int i = 0; i < 50; ++i) {
    fs::copy_file(desk / "1.gpkg", desk / "next.gpkg", fs::copy_options::overwrite_existing);
    Running program(apply);
    program.kill_after_us(static_cast<int>(random() % 150'000));
    (program.wait().exit_code < 0 ? killed : finished)++;
    const std::string left = bytes_of(desk / "next.gpkg");
    ASSERT_TRUE(left == now || left == old) << "killed " << i;
  }
  EXPECT_GT(killed, 0);
}

}  // namespace
}  // namespace wangge
