#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/run_program.hpp"
#include <wangge/io.hpp>
#include <wangge/same_ground.hpp>
#include <wangge/town.hpp>

namespace wangge {
namespace {

namespace fs = std::filesystem;
using test::Desk;
using test::expect_refused;
using test::Outcome;
using test::run;
using test::Running;

constexpr char when[] = "2026-05-01T08:00:00Z";

/// A town with a plan, and the counts of a later year.
class Rebalance : public testing::Test {
 protected:
  void SetUp() override {
    TownOptions town;
    town.households = 4000;
    write_city(desk / "city.gpkg", make_town(town));
    ASSERT_EQ(run({"split", desk.path("city.gpkg"), "-o", plan}).exit_code, 0);
    units = read_plan(plan).units.units;
    write_counts();
  }

  /// One building in eight has gained or lost some households; one is gone, one is new.
  void write_counts() {
    std::mt19937_64 random(5);
    std::string csv = "id,lng,lat,households\n";
    for (std::size_t u = 1; u < units.size(); ++u) {
      const auto drift = static_cast<std::int64_t>(random() % 17) - 8;
      const std::int64_t households = units[u].households + (random() % 8 == 0 && units[u].households > 0 ? drift : 0);
      csv += row(units[u].id, units[u].position, std::max<std::int64_t>(0, households));
    }
    csv += row("new tower", {units[0].position.x + 150, units[0].position.y + 150}, 45);
    desk.file("counts.csv", csv);
  }

  static std::string row(const std::string& id, Position place, std::int64_t households) {
    const LngLat at = to_degrees(place);
    char line[160];
    std::snprintf(line, sizeof line, "%s,%.7f,%.7f,%lld\n", id.c_str(), at.lng, at.lat,
                  static_cast<long long>(households));
    return line;
  }

  std::vector<std::string> command(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"rebalance", plan, "--units", counts, "-o", next, "--time", when};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  nlohmann::json figures(const std::vector<std::string>& more = {}) {
    const Outcome outcome = run(command([&] {
      std::vector<std::string> all{"--json"};
      all.insert(all.end(), more.begin(), more.end());
      return all;
    }()));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }

  static std::size_t errors_of(const std::string& file) {
    const Outcome outcome = run({"assess", file, "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return nlohmann::json::parse(outcome.out)["errors"].size();
  }

  Desk desk;
  const std::string plan = desk.path("plan.gpkg"), next = desk.path("next.gpkg"), counts = desk.path("counts.csv");
  std::vector<Unit> units;
};

TEST_F(Rebalance, RepairsWhatNewCountsBreakAndThePlanStandsBeforeTheVerifier) {
  const nlohmann::json told = figures();
  EXPECT_GT(told["violations"], 0);
  EXPECT_EQ(told["left"], 0) << told["findings"];
  EXPECT_EQ(told["repaired"], told["violations"]);
  EXPECT_EQ(told["units_new"], 1);
  EXPECT_EQ(told["units_vanished"], 1);
  EXPECT_LE(told["households_moved_bound"], told["households_moved"]);
  EXPECT_LT(told["households_moved"].get<int>() * 10, told["households"].get<int>());
  EXPECT_EQ(errors_of(next), 0u);
}

/// A town a year on: a building in seven has other counts, a few have filled up or emptied, some are gone, and houses
/// have been built right across the borders of micro-grids.
City a_year_on(City town, const GridMap& plan, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t count) { return random() % count; };
  for (Unit& unit : town.units.units) {
    if (below(7) == 0) unit.households = unit.households / 2 + static_cast<std::uint32_t>(below(unit.households + 2));
    if (below(300) == 0) unit.households = below(2) == 0 ? 0 : unit.households + 35;
  }
  std::erase_if(town.units.units, [&](const Unit&) { return below(100) == 0; });
  for (int house = 0; house < 40; ++house) {
    const auto border = plan.arc(below(plan.arc_count())).line;
    const Position p = border[below(border.size())];
    Unit unit;
    unit.id = "new " + std::to_string(house);
    unit.position = p;
    unit.households = 1 + static_cast<std::uint32_t>(below(3));
    const auto wide = static_cast<std::int32_t>(300 + below(900));
    unit.footprint = {
        {{{p.x - wide, p.y - 500}, {p.x + 500, p.y - 500}, {p.x + 500, p.y + 400}, {p.x - wide, p.y + 400}}, {}}};
    town.units.units.push_back(std::move(unit));
  }
  town.units.attributes.clear();
  town.units.labels.clear();
  return town;
}

TEST_F(Rebalance, OfATownAYearOnStandsBeforeTheVerifier) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const City town = make_town({.households = 6000, .seed = seed});
    write_city(desk / "city.gpkg", town);
    ASSERT_EQ(run({"split", desk.path("city.gpkg"), "-o", plan}).exit_code, 0);
    write_city(desk / "later.gpkg", a_year_on(town, read_plan(plan).map, seed));
    const std::string later = desk.path("later.gpkg");
    ASSERT_EQ(run({"rebalance", plan, "--units", later, "-o", next}).exit_code, 0);
    const Outcome assessed = run({"assess", next, "--json"});
    EXPECT_EQ(nlohmann::json::parse(assessed.out)["errors"], nlohmann::json::array()) << "seed " << seed;
    const Outcome again = run({"rebalance", next, "--units", later, "--dry-run", "--json"});
    EXPECT_EQ(nlohmann::json::parse(again.out)["households_moved"], 0) << "seed " << seed;
  }
}

TEST_F(Rebalance, GoesOnFromThePlanAndItsHistory) {
  figures({"--reason", "counts of May", "--author", "Wang"});
  const Plan before = read_plan(plan), after = read_plan(next);
  ASSERT_EQ(after.history.size(), 2u);
  EXPECT_EQ(after.history.front(), before.history.front());
  EXPECT_EQ(after.history.back().reason, "counts of May");
  EXPECT_EQ(after.history.back().author, "Wang");
  EXPECT_EQ(after.history.back().time, when);
  EXPECT_EQ(after.map.revision(), before.map.revision() + 1);
  EXPECT_EQ(after.profile, before.profile);
  EXPECT_EQ(after.barriers.size(), before.barriers.size());
  EXPECT_EQ(after.units.size(), before.units.size());
  EXPECT_EQ(after.units.units[0].footprint, before.units.units[1].footprint) << "a table of counts has no footprints";
  EXPECT_EQ(after.units.attributes.size(), before.units.attributes.size());
}

TEST_F(Rebalance, TellsOfEveryUnitThatMovedCameOrIsGone) {
  figures({"--changes", desk.path("changes.json")});
  const Plan before = read_plan(plan), after = read_plan(next);
  const ChangeSet changes = read_changes(desk / "changes.json");
  EXPECT_EQ(changes, after.history.back());
  std::map<std::string, std::string> was, is;
  for (std::size_t u = 0; u < before.units.size(); ++u)
    was[before.units.units[u].id] = before.map.code(before.micro_grid_of_unit[u]);
  for (std::size_t u = 0; u < after.units.size(); ++u)
    is[after.units.units[u].id] = after.map.code(after.micro_grid_of_unit[u]);
  std::uint64_t moved = 0;
  for (const ChangeSet::UnitMove& move : changes.moves) {
    EXPECT_EQ(move.from, was[move.unit]);
    EXPECT_EQ(move.to, is[move.unit]);
    if (!move.from.empty() && !move.to.empty()) moved += move.households;
    was.erase(move.unit), is.erase(move.unit);
  }
  EXPECT_EQ(was, is);
  EXPECT_EQ(changes.households_moved, moved);
}

TEST_F(Rebalance, GivesTheSameBytesForAnyNumberOfThreads) {
  const std::string page = desk.path("diff.html"), lookup = desk.path("next.wgm");
  const std::vector<std::string> outputs{"--map", page, "--lookup", lookup};
  std::vector<std::string> one = outputs, four = outputs;
  one.insert(one.end(), {"--threads", "1"});
  four.insert(four.end(), {"--threads", "4"});
  figures(one);
  const Desk::Files files = desk.files();
  figures(four);
  EXPECT_EQ(desk.files(), files);
  EXPECT_EQ(files.size(), 6u);
}

TEST_F(Rebalance, OfAPlanInRangeChangesNothing) {
  const Outcome outcome = run({"rebalance", plan, "-o", next, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json told = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(told["households_moved"], 0);
  EXPECT_EQ(told["codes_new"], 0);
  EXPECT_EQ(told["codes_retired"], 0);
  EXPECT_EQ(read_plan(next).map.records(), read_plan(plan).map.records());
}

TEST_F(Rebalance, NeverTouchesALockedMicroGrid) {
  const std::string code = read_changes([&] {
                             figures({"--changes", desk.path("changes.json")});
                             return desk / "changes.json";
                           }())
                               .changes.at(0)
                               .before.at(0)
                               .code;
  figures({"--lock", code});
  const Plan before = read_plan(plan), after = read_plan(next);
  const GridRecord was = before.map.record(before.map.find(code)), is = after.map.record(after.map.find(code));
  EXPECT_TRUE(same_but_for_rounding(was.polygons, is.polygons));
  for (std::size_t u = 0; u < after.units.size(); ++u)
    EXPECT_EQ(after.map.code(after.micro_grid_of_unit[u]) == code,
              before.map.code(before.map.locate(after.units.units[u].position)) == code);
  EXPECT_EQ(errors_of(next), 0u);
}

TEST_F(Rebalance, LeavesWhatWouldMoveTooMuchAndSaysSo) {
  const nlohmann::json told = figures({"--most-moved", "0"});
  EXPECT_EQ(told["households_moved"], 0);
  EXPECT_EQ(told["left"], told["violations"]);
  EXPECT_GE(told["findings"].size(), told["left"].get<std::size_t>());
  EXPECT_EQ(run(command({"--most-moved", "0", "--strict"})).exit_code, 3);
}

TEST_F(Rebalance, KeepsAMarginToEitherBound) {
  EXPECT_EQ(figures({"--margin", "3"})["left"], 0);
  const Plan before = read_plan(plan), after = read_plan(next);
  std::size_t mended = 0;
  for (const AreaFigures& today : assess(before.map, after.units.units).areas) {
    const std::string_view code = before.map.code(today.id);
    const GridId still = after.map.find(code);
    const bool in_range = today.households >= 50 && today.households <= 100;
    if (before.map.level(today.id) != Level::micro_grid || in_range || still == GridId::none) continue;
    const std::uint64_t households = after.assessment.areas[static_cast<std::size_t>(still)].households;
    EXPECT_GE(households, 53u) << code;
    EXPECT_LE(households, 97u) << code;
    ++mended;
  }
  EXPECT_GT(mended, 0u);
}

TEST_F(Rebalance, DryRunWritesNothing) {
  const Desk::Files files = desk.files();
  const Outcome outcome = run({"rebalance", plan, "--units", counts, "--dry-run"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("repaired"), std::string::npos);
  EXPECT_EQ(desk.files(), files);
}

TEST_F(Rebalance, RefusesWhatIsNotThere) {
  desk.file("others.csv", "id,lng,lat,households\nx,118.3,33.96,30\n");
  desk.file("letter.gpkg", "Dear colleague,\nthe survey is done.\n");
  const Desk::Files before = desk.files();
  expect_refused(run(command({"--lock", "nowhere"})), desk, before, {"--lock nowhere", "plan.gpkg"});
  expect_refused(run({"rebalance", desk.path("none.gpkg"), "-o", next}), desk, before, {"none.gpkg", "does not exist"});
  expect_refused(run({"rebalance", desk.path("letter.gpkg"), "-o", next}), desk, before, {"letter.gpkg"});
  expect_refused(run({"rebalance", plan, "--units", desk.path("none.csv"), "-o", next}), desk, before,
                 {"none.csv", "does not exist"});
  expect_refused(run({"rebalance", plan, "--units", desk.path("others.csv"), "-o", next}), desk, before,
                 {"others.csv", "plan.gpkg", "--id"});
  expect_refused(run({"rebalance", desk.path("city.gpkg"), "-o", next}), desk, before, {"city.gpkg", "split"});
  expect_refused(run({"rebalance", plan, "-o", plan}), desk, before, {"plan.gpkg", "input"});
  expect_refused(run(command({"--changes", desk.path("changes.txt")})), desk, before, {"changes.txt", ".json"});
}

TEST_F(Rebalance, TellsAWrongUse) {
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"rebalance", plan}, command({"--range", "100:50"}), command({"--most-moved", "-1"}),
        command({"--time", "yesterday"}), command({"--effort", "9"}), command({"--margin", "some"})})
    EXPECT_EQ(run(wrong).exit_code, 2) << testing::PrintToString(wrong);
}

TEST_F(Rebalance, OnADiskThatIsFullLeavesTheOldPlan) {
  desk.file("next.gpkg", "an earlier plan");
  const Desk::Files before = desk.files();
  expect_refused(run(command(), 20'000), desk, before, {"next.gpkg", "cannot be written"});
}

/// Kills each command at moments over the time that it takes: the plan it writes is the old one or the new one.
class Killed : public Rebalance {
 protected:
  void expect_old_or_new(const std::vector<std::string>& arguments, int times) {
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run(arguments).exit_code, 0);
    const std::chrono::duration<double, std::micro> whole = std::chrono::steady_clock::now() - start;
    const std::string made = bytes_of(next), old = "the plan in force";
    std::mt19937_64 random(11);
    int killed = 0;
    for (int i = 0; i < times; ++i) {
      desk.file("next.gpkg", old);
      Running program(arguments);
      program.kill_after_us(static_cast<int>(whole.count() * 1.05 * double(random() % 1000) / 1000));
      killed += program.wait().exit_code == -SIGKILL;
      const std::string found = bytes_of(next);
      EXPECT_TRUE(found == old || found == made) << "after kill " << i;
    }
    EXPECT_GT(killed, 0);
  }
};

TEST_F(Killed, RebalanceLeavesTheOldPlanOrTheNewOne) { expect_old_or_new(command(), 50); }

}  // namespace
}  // namespace wangge
