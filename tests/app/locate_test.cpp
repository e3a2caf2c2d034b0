#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/run_program.hpp"
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

namespace fs = std::filesystem;
using test::Desk;
using test::expect_refused;
using test::Outcome;
using test::run;
using test::Running;

MultiPolygon rectangle(double west, double south, double east, double north) {
  return {{{to_lattice({west, south}), to_lattice({east, south}), to_lattice({east, north}), to_lattice({west, north})},
           {}}};
}

/// Two grids side by side in one community; the western one has a comma in its name.
std::vector<GridRecord> two_grids() {
  return {{"C1", "东风社区", Level::community, "", Kind::general, {}},
          {"G1", "West, by the river", Level::grid, "C1", Kind::general, rectangle(118.30, 33.95, 118.31, 33.96)},
          {"G2", "", Level::grid, "C1", Kind::general, rectangle(118.31, 33.95, 118.32, 33.96)}};
}

class Locate : public testing::Test {
 protected:
  void SetUp() override { GridMap::build(two_grids()).save(desk / "plan.wgm"); }

  Outcome at(const std::vector<std::string>& places, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"locate", desk.path("plan.wgm")};
    for (const std::string& place : places) arguments.insert(arguments.end(), {"--at", place});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::vector<std::string> arguments_for(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"locate", desk.path("plan.wgm"), "--points", desk.path("in.csv"),
                                       "-o",     desk.path("out.csv")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  /// What becomes of a CSV file of positions.
  std::string answered(const std::string& csv, const std::vector<std::string>& more = {}) const {
    desk.file("in.csv", csv);
    const Outcome outcome = run(arguments_for(more));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return bytes_of(desk / "out.csv");
  }

  void expect_rows_refused(const std::string& csv, const std::vector<std::string>& mentions,
                           const std::vector<std::string>& more = {}) const {
    desk.file("in.csv", csv);
    const Desk::Files before = desk.files();
    expect_refused(run(arguments_for(more)), desk, before, mentions);
  }

  Desk desk;
};

TEST_F(Locate, TellsTheAreasOfAPositionFromTheWholeToThePart) {
  EXPECT_EQ(at({"118.305,33.955"}).out, "community\tC1\t东风社区\ngrid\tG1\tWest, by the river\n");
  EXPECT_EQ(at({"118.31,33.955"}).out, "community\tC1\t东风社区\ngrid\tG2\t\n");
  EXPECT_EQ(at({"-0.1278,51.5074"}).out, "outside\n");
}

TEST_F(Locate, TellsSeveralPositionsInTurn) {
  EXPECT_EQ(at({"118.305,33.955", "118.4,33.955"}, {"--level", "grid"}).out,
            "118.305,33.955\ngrid\tG1\tWest, by the river\n118.4,33.955\noutside\n");
}

TEST_F(Locate, AnswersInJson) {
  EXPECT_EQ(at({"118.315,33.955"}, {"--json", "--level", "community"}).out,
            R"({"lng":118.315,"lat":33.955,"areas":[{"level":"community","code":"C1","name":"东风社区"}]})"
            "\n");
}

TEST_F(Locate, TakesTheAreasOfAPlanToo) {
  ASSERT_EQ(run({"convert", desk.path("plan.wgm"), desk.path("plan.geojson")}).exit_code, 0);
  EXPECT_EQ(run({"locate", desk.path("plan.geojson"), "--at", "118.305,33.955"}).out, at({"118.305,33.955"}).out);
}

TEST_F(Locate, AddsTheAreasToEachRow) {
  EXPECT_EQ(answered("id,lng,lat\na,118.305,33.955\nb,118.315,33.955\nc,118.4,33.955\n"),
            "id,lng,lat,community,community_name,grid,grid_name\n"
            "a,118.305,33.955,C1,东风社区,G1,\"West, by the river\"\n"
            "b,118.315,33.955,C1,东风社区,G2,\n"
            "c,118.4,33.955,,,,\n");
}

TEST_F(Locate, TakesOneLevelOnly) {
  EXPECT_EQ(answered("lat,lng\n33.955,118.305\n", {"--level", "community"}),
            "lat,lng,community,community_name\n33.955,118.305,C1,东风社区\n");
}

TEST_F(Locate, KeepsEverythingElseAsItWas) {
  EXPECT_EQ(answered("\xef\xbb\xbf\"name, as said\",Longitude,Latitude,note\r\n"
                     "\"two\r\nlines\", 118.305 ,\"33.955\",5\" pipe\r\n"
                     "\r\n"
                     "\"a \"\"b\"\"\",118.305,33.955,",
                     {"--level", "grid"}),
            "\xef\xbb\xbf\"name, as said\",Longitude,Latitude,note,grid,grid_name\r\n"
            "\"two\r\nlines\", 118.305 ,\"33.955\",5\" pipe,G1,\"West, by the river\"\r\n"
            "\"a \"\"b\"\"\",118.305,33.955,,G1,\"West, by the river\"\r\n");
}

TEST_F(Locate, ReadsStdinAndWritesStdout) {
  desk.file("in.csv", "x,y\n118.305,33.955\n");
  const std::string command = std::string(WANGGE_PROGRAM) + " locate " + desk.path("plan.wgm") +
                              " --level grid --points - < " + desk.path("in.csv") + " > " + desk.path("out.csv") +
                              " 2> " + desk.path("said");
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(bytes_of(desk / "out.csv"), "x,y,grid,grid_name\n118.305,33.955,G1,\"West, by the river\"\n");
  EXPECT_EQ(bytes_of(desk / "said"), "1 positions: 1 in an area, 0 outside\n");
}

TEST_F(Locate, AnswersAFileOfAnyLengthAsTheLibraryDoes) {
  const GridMap map = GridMap::open(desk / "plan.wgm");
  std::mt19937_64 random(7);
  std::string csv = "note,lng,lat\n", wanted = "note,lng,lat,grid\n";
  for (int i = 0; i < 100'000; ++i) {
    const double lng = 118.295 + 1e-7 * static_cast<double>(random() % 300'000);
    const double lat = 33.945 + 1e-7 * static_cast<double>(random() % 200'000);
    std::string row = "区";
    if (i % 7 == 0) row = '"' + std::string(random() % 90, i % 2 == 0 ? ',' : '\n').append("\"");
    char place[64];
    std::snprintf(place, sizeof place, ",%.7f,%.7f", lng, lat);
    row += place;
    const GridId id = map.locate(LngLat{lng, lat});
    csv += row + "\n";
    wanted += row + "," + std::string(id == GridId::none ? "" : map.code(id)) + "\n";
  }
  std::vector<GridRecord> nameless = two_grids();
  for (GridRecord& area : nameless) area.name.clear();
  GridMap::build(nameless).save(desk / "plan.wgm");
  EXPECT_TRUE(answered(csv, {"--level", "grid"}) == wanted);
}

TEST_F(Locate, TellsTheNearestAreaOutside) {
  const std::vector<std::string> near{"--level", "community", "--outside", "nearest:50m"};
  EXPECT_EQ(at({"118.3202,33.955"}, near).out, "community\tC1\t东风社区\ndistance\t18.5 m\n");
  EXPECT_EQ(at({"118.315,33.955"}, near).out, "community\tC1\t东风社区\ndistance\t0.0 m\n");
  EXPECT_EQ(at({"118.3302,33.955"}, near).out, "outside\n");
  EXPECT_EQ(answered("lng,lat\n118.3202,33.955\n118.315,33.955\n118.3302,33.955\n", near),
            "lng,lat,community,community_name,distance_m\n118.3202,33.955,C1,东风社区,18.5\n"
            "118.315,33.955,C1,东风社区,0\n118.3302,33.955,,,\n");
  for (const std::string wrong : {"nearest", "nearest:", "nearest:-1", "nearest:5km", "furthest:5"})
    EXPECT_EQ(at({"118.3202,33.955"}, {"--outside", wrong}).exit_code, 2) << wrong;
}

TEST_F(Locate, RefusesARowWithoutAPosition) {
  const std::string good = "id,lng,lat\na,118.305,33.955\n";
  expect_rows_refused(good + "b,,33.955\n", {"in.csv, line 3", "lng ", "lat 33.955", "--skip-bad"});
  expect_rows_refused(good + "b,118.3x,33.955\n", {"in.csv, line 3", "118.3x"});
  expect_rows_refused(good + "b,33.955,118.305\n", {"in.csv, line 3", "lat 118.305"});
  expect_rows_refused(good + "\"b\n\n\",nan,33.955\n", {"in.csv, line 3", "nan"});
  expect_rows_refused(good + "b,\"118\n.3\",33.955\n", {"in.csv, line 3"});
}

TEST_F(Locate, LeavesTheAnswerEmptyWhereItIsToldTo) {
  desk.file("in.csv", "lng,lat\n118.305,33.955\n,33.955\n118.305,north\n");
  const Outcome outcome = run(arguments_for({"--skip-bad", "--level", "community"}));
  EXPECT_EQ(outcome.out, "3 positions: 1 in an area, 0 outside, 2 without a position on Earth\n");
  EXPECT_EQ(bytes_of(desk / "out.csv"),
            "lng,lat,community,community_name\n118.305,33.955,C1,东风社区\n,33.955,,\n118.305,north,,\n");
}

TEST_F(Locate, RefusesATableThatIsNotWhole) {
  expect_rows_refused("", {"in.csv", "empty"});
  expect_rows_refused("id,place\n1,here\n", {"in.csv", "lng", "id, place"});
  expect_rows_refused("id,lng,lat\na,118.3\n", {"in.csv, line 2", "2 cells", "3"}, {"--skip-bad"});
  expect_rows_refused("id,lng,lat\na,118.3,33.9,b\n", {"in.csv, line 2", "4 cells"});
  expect_rows_refused("id,lng,lat\na,118.3,33.9\n\"b,118.3,33.9\n", {"in.csv, line 3", "never closed"});
  expect_rows_refused("id,lng,lat\n\"a\"b,118.3,33.9\n", {"in.csv, line 2", "closing quote"});
  expect_rows_refused("grid,lng,lat\na,118.3,33.9\n", {"in.csv, line 1", "column grid", "rename"});
  expect_rows_refused("id,lng,lat\n\xb6\xab,118.3,33.9\n", {"in.csv", "UTF-8"});
}

TEST_F(Locate, RefusesAFileThatIsMissing) {
  const Desk::Files before = desk.files();
  expect_refused(run(arguments_for()), desk, before, {"in.csv", "does not exist"});
  expect_refused(run({"locate", desk.path("none.wgm"), "--at", "1,2"}), desk, before, {"none.wgm", "does not exist"});
}

TEST_F(Locate, RefusesADamagedMap) {
  std::string bytes = bytes_of(desk / "plan.wgm");
  bytes[900] ^= 1;
  desk.file("plan.wgm", bytes);
  const Desk::Files before = desk.files();
  expect_refused(at({"118.305,33.955"}), desk, before, {"plan.wgm", "damaged"});
}

TEST_F(Locate, RefusesALevelThatTheMapDoesNotHave) {
  const Desk::Files before = desk.files();
  expect_refused(at({"118.305,33.955"}, {"--level", "town"}), desk, before, {"level town"});
}

TEST_F(Locate, SaysHowItIsUsed) {
  EXPECT_EQ(at({}).exit_code, 2);
  EXPECT_EQ(at({"118.305"}).exit_code, 2);
  EXPECT_EQ(at({"118.305,133.955"}).exit_code, 2);
  EXPECT_EQ(at({"118.305,33.955"}, {"--points", "in.csv"}).exit_code, 2);
}

TEST_F(Locate, NeverReplacesItsInput) {
  desk.file("in.csv", "lng,lat\n118.305,33.955\n");
  const Desk::Files before = desk.files();
  expect_refused(run({"locate", desk.path("plan.wgm"), "--points", desk.path("in.csv"), "-o", desk.path("in.csv")}),
                 desk, before, {"in.csv", "is an input"});
}

std::string many_rows(int count) {
  std::string csv = "lng,lat\n";
  for (int i = 0; i < count; ++i) csv += "118.305,33.955\n";
  return csv;
}

TEST_F(Locate, LeavesNothingOnAFullDisk) {
  desk.file("in.csv", many_rows(100'000));
  const Desk::Files before = desk.files();
  expect_refused(run(arguments_for(), 1 << 20), desk, before, {"out.csv", "larger than allowed"});
}

TEST_F(Locate, LeavesNothingWhenItIsStopped) {
  desk.file("in.csv", many_rows(6'000'000));
  const Desk::Files before = desk.files();
  Running locating(arguments_for());
  if (!locating.interrupt_after_cpu_ms(60)) GTEST_SKIP() << "it had ended before it was stopped";
  expect_refused(locating.wait(), desk, before, {"stopped"});
}

TEST_F(Locate, StopsWhileItWaitsForPositions) {
  ASSERT_EQ(mkfifo(desk.path("pipe").c_str(), 0600), 0);
  const std::vector<std::string> arguments{"locate", desk.path("plan.wgm"), "--points", desk.path("pipe")};
  const Desk::Files before = desk.files();
  for (const std::string come : {"nobody writes", "", "lng,la"}) {
    const int pipe = come == "nobody writes" ? -1 : open(desk.path("pipe").c_str(), O_RDWR);
    if (pipe >= 0) {
      ASSERT_EQ(write(pipe, come.data(), come.size()), ssize_t(come.size()));
    }
    Running locating(arguments);
    ASSERT_TRUE(locating.interrupt_after_cpu_ms(0));
    expect_refused(locating.wait(), desk, before, {"stopped by the user; nothing was written"});
    if (pipe >= 0) close(pipe);
  }
}

TEST_F(Locate, TellsHowFarItCameWhenItIsStopped) {
  desk.file("in.csv", many_rows(6'000'000));
  Running locating({"locate", desk.path("plan.wgm"), "--points", desk.path("in.csv"), "--level", "grid"});
  if (!locating.interrupt_after_cpu_ms(60)) GTEST_SKIP() << "it had ended before it was stopped";
  const Outcome outcome = locating.wait();
  const auto rows = std::count(outcome.out.begin(), outcome.out.end(), '\n') - 1;
  EXPECT_EQ(outcome.exit_code, 1);
  const std::string so_far = rows < 0 ? "; nothing was written" : " after " + std::to_string(rows) + " positions";
  EXPECT_EQ(outcome.err, "wangge: stopped by the user" + so_far + "\n");
}

TEST_F(Locate, SaysWhenItsAnswerCannotBePrinted) {
  desk.file("in.csv", "lng,lat\n118.305,33.955\n");
  for (const std::string& question : {std::string(" --at 118.305,33.955"), " --points " + desk.path("in.csv")}) {
    const std::string command = std::string(WANGGE_PROGRAM) + " locate " + desk.path("plan.wgm") + question +
                                " > /dev/full 2> " + desk.path("said");
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
    const std::string said = bytes_of(desk / "said");
    EXPECT_NE(said.find("output cannot be written"), std::string::npos) << said;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  }
}

TEST_F(Locate, ReadsWhatSplitWrote) {
  std::string units = "id,lng,lat,households\n";
  for (int i = 0; i < 12; ++i)
    units += std::to_string(i) + "," + std::to_string(118.3 + i % 4 * 4e-4) + "," +
             std::to_string(33.96 + i / 4 * 4e-4) + ",30\n";
  desk.file("units.csv", units);
  const Outcome outcome =
      run({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--lookup", desk.path("plan.wgm")});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(run({"convert", desk.path("plan.gpkg"), desk.path("units_of.csv")}).exit_code, 0);
  const GridMap map = GridMap::open(desk / "plan.wgm");
  std::string wanted = "unit,code\n";
  for (const Unit& unit : read_units(desk / "units.csv").units)
    wanted += unit.id + "," + std::string(map.code(map.locate(unit.position))) + "\n";
  EXPECT_EQ(bytes_of(desk / "units_of.csv"), wanted);
}

class Convert : public Locate {};

TEST_F(Convert, KeepsTheAreasInAnyFormat) {
  const std::vector<GridRecord> areas = GridMap::open(desk / "plan.wgm").records();
  std::string from = "plan.wgm";
  for (const std::string to : {"a.geojson", "b.gpkg", "c.wgm", "d.gpkg", "e.geojson", "f.wgm"}) {
    const Outcome outcome = run({"convert", desk.path(from), desk.path(to)});
    ASSERT_EQ(outcome.exit_code, 0) << to << ": " << outcome.err;
    from = to;
  }
  EXPECT_EQ(GridMap::open(desk / "f.wgm").records(), areas);
  EXPECT_EQ(bytes_of(desk / "f.wgm"), bytes_of(desk / "plan.wgm"));
}

TEST_F(Convert, WritesANameThatIsNotUtf8) {
  std::vector<GridRecord> areas = two_grids();
  areas[2].name = "\xb6\xab east";
  GridMap::build(areas).save(desk / "plan.wgm");
  const Outcome outcome = run({"convert", desk.path("plan.wgm"), desk.path("plan.geojson")});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(read_areas(desk / "plan.geojson")[2].name, "\xef\xbf\xbd\xef\xbf\xbd east");
}

TEST_F(Convert, RefusesWhatItCannotWrite) {
  const Desk::Files before = desk.files();
  expect_refused(run({"convert", desk.path("plan.wgm"), desk.path("plan.xyz")}), desk, before,
                 {"plan.xyz", ".geojson"});
  expect_refused(run({"convert", desk.path("plan.wgm"), desk.path("units.csv")}), desk, before,
                 {"plan.wgm", "plan.gpkg"});
  expect_refused(run({"convert", desk.path("plan.wgm"), desk.path("plan.wgm")}), desk, before, {"is an input"});
}

}  // namespace
}  // namespace wangge
