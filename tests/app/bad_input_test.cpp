#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <ogrsf_frmts.h>

#include "app/run_program.hpp"
#include <wangge/io.hpp>
#include <wangge/town.hpp>

namespace wangge {
namespace {

namespace fs = std::filesystem;
using test::Desk;
using test::expect_refused;
using test::Outcome;
using test::run;
using test::Running;

constexpr char good_units[] =
    "id,lng,lat,households\n"
    "a,118.3000,33.9600,30\nb,118.3004,33.9600,30\nc,118.3008,33.9600,30\n"
    "d,118.3000,33.9604,30\ne,118.3004,33.9604,30\nf,118.3008,33.9604,30\n";

std::string with_row(const std::string& row) { return std::string(good_units) + row + "\n"; }

std::string areas_geojson(const std::vector<std::string>& rings) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < rings.size(); ++i) {
    text += (i ? "," : "") + std::string(R"({"type":"Feature","properties":{"code":"A)") + std::to_string(i + 1) +
            R"(","level":"grid"},"geometry":{"type":"Polygon","coordinates":[[)" + rings[i] + "]]}}";
  }
  return text + "]}";
}

constexpr char square[] = "[118.299,33.959],[118.302,33.959],[118.302,33.961],[118.299,33.961],[118.299,33.959]";
constexpr char square_beside[] = "[118.302,33.959],[118.305,33.959],[118.305,33.961],[118.302,33.961],[118.302,33.959]";
constexpr char square_across[] = "[118.301,33.959],[118.304,33.959],[118.304,33.961],[118.301,33.961],[118.301,33.959]";
constexpr char bow_tie[] = "[118.299,33.959],[118.302,33.961],[118.302,33.959],[118.299,33.960],[118.299,33.959]";

class BadInput : public testing::Test {
 protected:
  /// Splits the file `name` and expects the run to be refused with one line that names each of `mentions`.
  void expect_split_refused(const std::string& name, std::vector<std::string> mentions,
                            const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"split", desk.path(name), "-o", desk.path("plan.gpkg")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Desk::Files before = desk.files();
    expect_refused(run(arguments), desk, before, mentions);
  }

  Outcome split(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"split", desk.path(name), "-o", desk.path("plan.gpkg")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  /// The column micro_grid of the plan's units, by unit.
  std::map<std::string, std::string> micro_grids() {
    GDALAllRegister();
    std::map<std::string, std::string> codes;
    GDALDataset* plan = GDALDataset::Open(desk.path("plan.gpkg").c_str(), GDAL_OF_VECTOR);
    for (const auto& unit : *plan->GetLayerByName("units")) {
      codes[unit->GetFieldAsString("unit_id")] = unit->GetFieldAsString("micro_grid");
    }
    GDALClose(plan);
    return codes;
  }

  fs::path write_town(std::uint64_t households) {
    TownOptions options;
    options.households = households;
    write_city(desk / "city.gpkg", make_town(options));
    return desk / "city.gpkg";
  }

  Desk desk;
};

TEST_F(BadInput, AFileThatIsMissing) {
  expect_split_refused("nowhere.gpkg", {"nowhere.gpkg", "does not exist", "check the name"});
}

TEST_F(BadInput, AFolderInsteadOfAFile) {
  fs::create_directory(desk / "city.csv");
  expect_split_refused("city.csv", {"city.csv"});
}

TEST_F(BadInput, AnEmptyFile) {
  for (const char* name : {"empty.gpkg", "empty.csv", "empty.geojson"}) {
    desk.file(name, "");
    expect_split_refused(name, {name, "empty"});
  }
}

TEST_F(BadInput, AFileWithoutAUnit) {
  desk.file("none.csv", "id,lng,lat,households\n");
  expect_split_refused("none.csv", {"none.csv", "unit"});
}

TEST_F(BadInput, AFileThatIsNoVectorFile) {
  for (const char* name : {"letter.gpkg", "letter.geojson", "letter.shp", "letter.txt"}) {
    desk.file(name, "Dear colleague,\nthe survey is done.\n");
    expect_split_refused(name, {name});
  }
}

TEST_F(BadInput, AShapefileThatLacksAPart) {
  desk.file("units.shp", "Dear colleague,\nthe survey is done.\n");
  expect_split_refused("units.shp", {"units.shp lacks its .shx", "copy all"});
  desk.file("units.SHX", "");
  expect_split_refused("units.shp", {"units.shp lacks its .dbf", "copy all"});
}

TEST_F(BadInput, CellsThatAreNotPartedByCommas) {
  GridMap::build({}).save(desk / "good.wgm");
  for (const char other : {';', '\t', '|'}) {
    std::string table = good_units;
    std::ranges::replace(table, ',', other);
    desk.file("units.csv", table);
    expect_split_refused("units.csv", {"units.csv", "commas"});
    const Desk::Files before = desk.files();
    expect_refused(run({"locate", desk.path("good.wgm"), "--points", desk.path("units.csv")}), desk, before,
                   {"units.csv", "commas"});
  }
}

TEST_F(BadInput, ATableThatIsNotOfUnits) {
  desk.file("letter.csv", "Dear colleague,\nthe survey is done.\n");
  expect_split_refused("letter.csv", {"letter.csv"});
}

TEST_F(BadInput, AFileCutOffHalfway) {
  const std::string whole = bytes_of(write_town(500));
  for (const std::size_t part : {whole.size() / 2, whole.size() - 4096, std::size_t{100}}) {
    fs::remove(desk / "city.gpkg");
    desk.file("half.gpkg", whole.substr(0, part));
    expect_split_refused("half.gpkg", {"half.gpkg"});
  }
}

TEST_F(BadInput, NoHouseholdsColumn) {
  desk.file("units.csv", "id,lng,lat,flats\na,118.3,33.96,30\n");
  expect_split_refused("units.csv", {"units.csv", "households", "flats", "--households"});
}

TEST_F(BadInput, AHouseholdsColumnThatIsNotThere) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"units.csv", "flats", "--households"}, {"--households", "flats"});
}

TEST_F(BadInput, HouseholdsThatAreNoCount) {
  for (const std::string households : {"-3", "many", "2.5", "", "nan", "1e3x", "5000000000", "99999999999999999999"}) {
    desk.file("units.csv", with_row("g,118.3012,33.9600," + households));
    expect_split_refused("units.csv", {"units.csv", "8", "unit g", "household"});
  }
}

TEST_F(BadInput, AUnitIdUsedTwice) {
  desk.file("units.csv", with_row("c,118.3012,33.9600,30"));
  expect_split_refused("units.csv", {"units.csv", "line 8", "unit id c", "line 4"});
}

TEST_F(BadInput, AUnitWithoutAnId) {
  desk.file("units.csv", with_row(",118.3012,33.9600,30"));
  expect_split_refused("units.csv", {"units.csv", "line 8", "id"});
}

TEST_F(BadInput, CoordinatesThatAreNotOnEarth) {
  for (const std::string place :
       {"190,33.96", "118.3,95", "33.96,118.3", "nan,33.96", "118.3,inf", ",33.96", "east,33.96"}) {
    desk.file("units.csv", with_row("g," + place + ",30"));
    expect_split_refused("units.csv", {"units.csv", "line 8", "unit g", "longitude"});
  }
}

TEST_F(BadInput, AUnitFarFromAllOthers) {
  for (const std::string place : {"0,0", "113.3,33.96", "118.3,39.96"}) {
    desk.file("units.csv", with_row("g," + place + ",30"));
    expect_split_refused("units.csv", {"units.csv", "unit g", " km from", "--areas"});
  }
}

TEST_F(BadInput, APolygonWithoutPositions) {
  for (const std::string coordinates : {"[]", "[[]]"}) {
    desk.file("units.geojson",
              R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","households":70},
                  "geometry":{"type":"Polygon","coordinates":)" +
                  coordinates + "}}]}");
    expect_split_refused("units.geojson", {"units.geojson", "unit a", "positions"});
  }
}

TEST_F(BadInput, AFootprintThatIsNotOnEarth) {
  desk.file("units.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","households":70},
                "geometry":{"type":"Polygon","coordinates":[[[1318000,4010000],[1318050,4010000],[1318050,4010050],
                [1318000,4010000]]]}}]})");
  expect_split_refused("units.geojson", {"units.geojson", "unit a", "coordinate reference system"});
}

TEST_F(BadInput, ARowThatIsTooShort) {
  desk.file("units.csv", with_row("g,118.3012"));
  expect_split_refused("units.csv", {"units.csv", "line 8"});
}

TEST_F(BadInput, BytesThatAreNotUtf8) {
  desk.file("units.csv", with_row("\xd1\xf4\xb9\xe2,118.3012,33.9600,30"));
  expect_split_refused("units.csv", {"units.csv", "UTF-8"});
}

TEST_F(BadInput, AnAreaThatCrossesItself) {
  desk.file("units.csv", good_units);
  desk.file("areas.geojson", areas_geojson({bow_tie}));
  expect_split_refused("units.csv", {"areas.geojson", "A1", "cross", "118.30", "redraw"},
                       {"--areas", desk.path("areas.geojson")});
}

TEST_F(BadInput, AreasThatOverlap) {
  desk.file("units.csv", good_units);
  desk.file("areas.geojson", areas_geojson({square, square_across}));
  expect_split_refused("units.csv", {"areas.geojson", "A1", "A2", "overlap", "118.30"},
                       {"--areas", desk.path("areas.geojson")});
}

TEST_F(BadInput, TwoAreasOfOneCode) {
  desk.file("units.csv", good_units);
  std::string areas = areas_geojson({square, square_beside});
  areas.replace(areas.find("A2"), 2, "A1");
  desk.file("areas.geojson", areas);
  expect_split_refused("units.csv", {"areas.geojson", "A1"}, {"--areas", desk.path("areas.geojson")});
}

TEST_F(BadInput, AnAreaWithoutACode) {
  desk.file("units.csv", good_units);
  std::string areas = areas_geojson({square});
  areas.replace(areas.find("code"), 4, "kode");
  desk.file("areas.geojson", areas);
  expect_split_refused("units.csv", {"areas.geojson", "code"}, {"--areas", desk.path("areas.geojson")});
}

TEST_F(BadInput, AnAreaOnAnUnknownLevel) {
  desk.file("units.csv", good_units);
  std::string areas = areas_geojson({square});
  areas.replace(areas.find("\"grid\""), 6, "\"shire\"");
  desk.file("areas.geojson", areas);
  expect_split_refused("units.csv", {"areas.geojson", "shire"}, {"--areas", desk.path("areas.geojson")});
}

TEST_F(BadInput, BarriersThatAreMissing) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"roads.geojson", "does not exist"}, {"--barriers", desk.path("roads.geojson")});
}

TEST_F(BadInput, AShapefileWithoutItsCrs) {
  GDALAllRegister();
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("ESRI Shapefile");
  GDALDataset* file = driver->Create(desk.path("units.shp").c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  OGRLayer* layer = file->CreateLayer("units", nullptr, wkbPoint);
  OGRFieldDefn id("id", OFTString), households("households", OFTInteger);
  layer->CreateField(&id);
  layer->CreateField(&households);
  OGRFeature feature(layer->GetLayerDefn());
  feature.SetField(0, "a");
  feature.SetField(1, 70);
  const OGRPoint point(118.3, 33.96);
  feature.SetGeometry(&point);
  ASSERT_EQ(layer->CreateFeature(&feature), OGRERR_NONE);
  GDALClose(file);
  expect_split_refused("units.shp", {"units.shp", "coordinate reference system", ".prj"});
}

TEST_F(BadInput, AProfileThatIsNeitherReadyMadeNorAFile) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"suquian", "suqian", "zhoushan", "grid", "output-area"}, {"--profile", "suquian"});
  expect_split_refused("units.csv", {"none.json", "does not exist"}, {"--profile", desk.path("none.json")});
}

TEST_F(BadInput, AProfileWithAnUnknownKeyOrABoundAboveItsPartner) {
  desk.file("units.csv", good_units);
  const std::vector<std::pair<const char*, const char*>> profiles{
      {R"({"rnage": {"min": 50, "max": 100}})", "rnage"},
      {R"({"range": {"min": 100, "max": 50}})", "range.min"},
      {R"({"range": {"min": 50, "max": "100"}})", "range.max"},
      {R"({"attributes": {"persons": {"min": 300, "max": 200}}})", "attributes.persons.min"},
      {R"({"weights": {"sprawl": 1}})", "weights.sprawl"},
      {R"({"workload": {"groups": {"elderly": {"visits": 2}}}})", "workload.groups.elderly"},
      {"profile of our town", "JSON"}};
  for (const auto& [json, key] : profiles) {
    desk.file("town.json", json);
    expect_split_refused("units.csv", {"town.json", key}, {"--profile", desk.path("town.json")});
  }
}

TEST_F(BadInput, AnAttributeThatIsAbsent) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"persons"}, {"--profile", "output-area"});
  for (const char* name : {"persons", "shops", "workload"}) {
    desk.file("town.json", std::string(R"({"attributes": {")") + name + R"(": {"min": 1}}})");
    expect_split_refused("units.csv", {std::string("attributes.") + name, "column"},
                         {"--profile", desk.path("town.json")});
  }
  desk.file("town.json", R"({"attributes": {"workload": {"max": 9}},
                             "workload": {"groups": {"elderly": {"visits": 2, "minutes": 20}}}})");
  expect_split_refused("units.csv", {"workload.groups.elderly", "column elderly"},
                       {"--profile", desk.path("town.json")});
}

TEST_F(BadInput, ALinkOfAUnitThatIsNotThere) {
  desk.file("units.csv", good_units);
  for (const char* option : {"--must-link", "--cannot-link"}) {
    expect_split_refused("units.csv", {option, "no unit g"}, {option, "a,g"});
    expect_split_refused("units.csv", {option, "no unit ", "UNIT,UNIT"}, {option, "a"});
    desk.file("pairs.csv", "unit,other\na,b\nc,g\n");
    expect_split_refused("units.csv", {"pairs.csv", "line 3", "no unit g"}, {option, desk.path("pairs.csv")});
    desk.file("pairs.csv", "a,b\nc,d\n");
    expect_split_refused("units.csv", {"pairs.csv", "unit", "other"}, {option, desk.path("pairs.csv")});
    expect_split_refused("units.csv", {"none.csv", "does not exist"}, {option, desk.path("none.csv")});
  }
}

TEST_F(BadInput, ALinkAcrossAHardBarrier) {
  desk.file("units.csv", good_units);
  desk.file("river.geojson",
            R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"hard"},
                "geometry":{"type":"LineString","coordinates":[[118.3006,33.95],[118.3006,33.97]]}}]})");
  expect_split_refused("units.csv", {"must-link a,c", "hard barrier"},
                       {"--barriers", desk.path("river.geojson"), "--must-link", "a,c"});
}

TEST_F(BadInput, LinksThatExcludeEachOther) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"must-link a,b", "cannot-link b,a"},
                       {"--must-link", "a,b", "--cannot-link", "b,a"});
  expect_split_refused("units.csv", {"cannot-link a,a", "itself"}, {"--cannot-link", "a,a"});
  desk.file("pairs.csv", "unit,other\na,b\nb,c\nd,e\ne,a\n");
  expect_split_refused("units.csv", {"must-link", "above the maximum of 100"}, {"--must-link", desk.path("pairs.csv")});
}

TEST_F(BadInput, ALockThatIsNotThere) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"--lock 001001", "units.csv", "no micro-grid"}, {"--lock", "001001"});
  ASSERT_EQ(split("units.csv").exit_code, 0);
  const Desk::Files before = desk.files();
  for (const char* code : {"001", "001999"}) {
    expect_refused(run({"split", desk.path("plan.gpkg"), "--lock", code, "-o", desk.path("next.gpkg")}), desk, before,
                   {std::string("--lock ") + code, "plan.gpkg", "no micro-grid"});
  }
}

TEST_F(BadInput, ALinkIntoALock) {
  desk.file("units.csv", good_units);
  ASSERT_EQ(split("units.csv").exit_code, 0);
  const Desk::Files before = desk.files();
  std::map<std::string, std::string> home = micro_grids();
  std::string other;
  for (const auto& [unit, code] : home)
    if (code != home["a"]) other = unit;
  expect_refused(run({"split", desk.path("plan.gpkg"), "--lock", home["a"], "--must-link", "a," + other, "-o",
                      desk.path("next.gpkg")}),
                 desk, before, {"must-link a," + other, "locked", home["a"]});
}

TEST_F(BadInput, OfTheOtherCommands) {
  desk.file("letter.gpkg", "Dear colleague,\nthe survey is done.\n");
  desk.file("letter.osm.pbf", "Dear colleague,\nthe survey is done.\n");
  const Desk::Files before = desk.files();
  for (const std::string name : {"letter.gpkg", "nowhere.gpkg"}) {
    expect_refused(run({"assess", desk.path(name)}), desk, before, {name});
  }
  for (const std::string name : {"letter.osm.pbf", "nowhere.osm.pbf"}) {
    expect_refused(run({"import-osm", desk.path(name), "-o", desk.path("city.gpkg")}), desk, before, {name});
  }
}

/// Each command with an input of that name, whatever its ending.
class EveryCommand : public BadInput {
 protected:
  void SetUp() override {
    GridMap::build({}).save(desk / "good.wgm");
    desk.file("good.csv", good_units);
  }

  std::vector<std::vector<std::string>> commands(const std::string& stem) const {
    const std::string in = desk.path(stem), out = desk.path("out");
    return {{"import-osm", in + ".osm.pbf", "-o", out + ".gpkg"},
            {"split", in + ".gpkg", "-o", out + ".gpkg"},
            {"split", in + ".csv", "-o", out + ".gpkg"},
            {"split", desk.path("good.csv"), "--areas", in + ".geojson", "-o", out + ".gpkg"},
            {"split", desk.path("good.csv"), "--barriers", in + ".gpkg", "-o", out + ".gpkg"},
            {"assess", in + ".gpkg"},
            {"locate", in + ".wgm", "--at", "118.3,33.96"},
            {"locate", in + ".geojson", "--at", "118.3,33.96"},
            {"locate", desk.path("good.wgm"), "--points", in + ".csv", "-o", out + ".csv"},
            {"locate", desk.path("good.wgm"), "--points", in + ".csv"},
            {"convert", in + ".wgm", out + ".geojson"},
            {"convert", in + ".gpkg", out + ".wgm"},
            {"convert", in + ".gpkg", out + ".csv"}};
  }

  void expect_all_refused(const std::string& stem) {
    const Desk::Files before = desk.files();
    for (const std::vector<std::string>& command : commands(stem)) {
      SCOPED_TRACE(testing::PrintToString(command));
      expect_refused(run(command), desk, before, {stem});
    }
  }
};

constexpr const char* endings[] = {".osm.pbf", ".gpkg", ".csv", ".geojson", ".wgm"};

TEST_F(EveryCommand, RefusesAFileThatIsMissing) { expect_all_refused("nowhere"); }

TEST_F(EveryCommand, RefusesAnEmptyFile) {
  for (const char* ending : endings) desk.file(std::string("empty") + ending, "");
  expect_all_refused("empty");
}

TEST_F(EveryCommand, RefusesAFolder) {
  for (const char* ending : endings) fs::create_directory(desk / (std::string("folder") + ending));
  expect_all_refused("folder");
}

TEST_F(EveryCommand, RefusesAFileOfAnotherKind) {
  for (const char* ending : endings)
    desk.file(std::string("letter") + ending, "Dear colleague,\nthe survey is done.\n");
  expect_all_refused("letter");
}

TEST_F(EveryCommand, RefusesAFileWithoutPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  for (const char* ending : endings) {
    desk.file(std::string("secret") + ending, "salary\n");
    fs::permissions(desk / (std::string("secret") + ending), fs::perms::owner_write);
  }
  for (const std::vector<std::string>& command : commands("secret")) {
    SCOPED_TRACE(testing::PrintToString(command));
    expect_refused(run(command), desk, desk.files(), {"secret", "Permission denied"});
  }
}

TEST_F(BadInput, AnExtractThatIsNotImportedYet) {
  fs::copy_file(WANGGE_SOURCE_DIR "/examples/helsinki/helsinki-centre.osm.pbf", desk / "helsinki.osm.pbf");
  expect_split_refused("helsinki.osm.pbf", {"helsinki.osm.pbf", "wangge import-osm"});
}

class BadOutput : public BadInput {};

TEST_F(BadOutput, InAFolderThatDoesNotExist) {
  desk.file("units.csv", good_units);
  const Desk::Files before = desk.files();
  expect_refused(run({"split", desk.path("units.csv"), "-o", desk.path("no/plan.gpkg")}), desk, before,
                 {"no/plan.gpkg", "folder does not exist", "create it"});
  expect_refused(run({"make-town", "-o", desk.path("no/city.gpkg")}), desk, before,
                 {"no/city.gpkg", "folder does not exist", "create it"});
}

TEST_F(BadOutput, ThatIsAFolder) {
  desk.file("units.csv", good_units);
  fs::create_directory(desk / "plan.gpkg");
  expect_split_refused("units.csv", {"plan.gpkg", "folder"});
}

TEST_F(BadOutput, ThatIsADevice) {
  desk.file("units.csv", good_units);
  const Desk::Files before = desk.files();
  expect_refused(run({"split", desk.path("units.csv"), "-o", "/dev/full"}), desk, before, {"/dev/full"});
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(BadOutput, InAFolderWithoutPermission) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  desk.file("units.csv", good_units);
  fs::create_directory(desk / "locked");
  fs::permissions(desk / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  const Desk::Files before = desk.files();
  expect_refused(run({"split", desk.path("units.csv"), "-o", desk.path("locked/plan.gpkg")}), desk, before,
                 {"locked/plan.gpkg", "permission denied"});
}

TEST_F(BadOutput, ThatIsWriteProtected) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  desk.file("units.csv", good_units);
  desk.file("plan.gpkg", "the plan in force");
  fs::permissions(desk / "plan.gpkg", fs::perms::owner_read);
  expect_split_refused("units.csv", {"plan.gpkg", "write-protected"});
}

TEST_F(BadOutput, WithTheEndingOfAnotherFormat) {
  desk.file("units.csv", good_units);
  const std::string units = desk.path("units.csv"), plan = desk.path("plan.gpkg");
  const std::string extract = WANGGE_SOURCE_DIR "/examples/helsinki/helsinki-centre.osm.pbf";
  const Desk::Files before = desk.files();
  expect_refused(run({"split", units, "-o", desk.path("plan.shp")}), desk, before, {"plan.shp", ".gpkg"});
  expect_refused(run({"split", units, "-o", plan, "--map", plan}), desk, before, {"plan.gpkg", ".html"});
  expect_refused(run({"split", units, "-o", plan, "--lookup", plan}), desk, before, {"plan.gpkg", ".wgm"});
  expect_refused(run({"make-town", "-o", desk.path("town")}), desk, before, {"town", ".gpkg"});
  expect_refused(run({"import-osm", extract, "-o", desk.path("city.osm")}), desk, before, {"city.osm", ".gpkg"});
}

TEST_F(BadOutput, OnADiskThatIsFull) {
  constexpr std::size_t room = 20'000;  // bytes; a plan has more
  desk.file("units.csv", good_units);
  desk.file("plan.gpkg", "an earlier plan");
  const Desk::Files before = desk.files();
  expect_refused(run({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg")}, room), desk, before,
                 {"plan.gpkg", "cannot be written"});
  expect_refused(run({"make-town", "-o", desk.path("city.gpkg")}, room), desk, before,
                 {"city.gpkg", "cannot be written"});
}

TEST_F(BadOutput, ForThePageLeavesNoPlanEither) {
  desk.file("units.csv", good_units);
  expect_split_refused("units.csv", {"no/plan.html"}, {"--map", desk.path("no/plan.html")});
}

TEST_F(BadOutput, OverTheInput) {
  desk.file("units.csv", good_units);
  const Desk::Files before = desk.files();
  expect_refused(run({"split", desk.path("units.csv"), "-o", desk.path("units.csv")}), desk, before, {"units.csv"});
}

class Interrupted : public BadInput {
 protected:
  /// Runs each command, which writes to the folder `out`, whole and interrupted; some must be stopped before their end.
  void expect_all_or_nothing(const std::vector<std::vector<std::string>>& commands) {
    int stopped = 0;
    for (const std::vector<std::string>& command : commands) {
      SCOPED_TRACE(testing::PrintToString(command));
      clear_out();
      const Desk::Files before = desk.files();
      const Outcome whole = run(command);
      const Desk::Files after = desk.files();
      for (const int cpu_ms : {0, 60, 90}) {
        clear_out();
        Running program(command);
        program.interrupt_after_cpu_ms(cpu_ms);
        const Outcome outcome = program.wait();
        if (outcome.exit_code == 0) {
          EXPECT_TRUE(outcome.out == whole.out && desk.files() == after);
        } else {
          expect_refused(outcome, desk, before, {"stopped"});
          ++stopped;
        }
      }
    }
    EXPECT_GT(stopped, 0);
  }

 private:
  void clear_out() {
    fs::remove_all(desk / "out");
    fs::create_directory(desk / "out");
  }
};

TEST_F(Interrupted, SplitLeavesNothing) {
  write_town(300'000);
  desk.file("plan.gpkg", "an earlier plan");
  const Desk::Files before = desk.files();
  for (const int cpu_ms : {0, 150, 600, 1500}) {
    Running program({"split", desk.path("city.gpkg"), "-o", desk.path("plan.gpkg"), "--map", desk.path("plan.html")});
    ASSERT_TRUE(program.interrupt_after_cpu_ms(cpu_ms)) << "the town is too small to be interrupted at " << cpu_ms;
    expect_refused(program.wait(), desk, before, {"stopped"});
  }
}

TEST_F(Interrupted, SplitKeepsTheBestPlanOfItsSearch) {
  write_town(30'000);
  for (int cpu_ms = 400; cpu_ms < 20'000; cpu_ms += cpu_ms / 3) {
    fs::remove(desk / "plan.gpkg");
    Running program({"split", desk.path("city.gpkg"), "-o", desk.path("plan.gpkg"), "--effort", "3", "--threads", "1"});
    if (!program.interrupt_after_cpu_ms(cpu_ms)) break;
    const Outcome outcome = program.wait();
    if (outcome.exit_code == 1) continue;  // it had not begun to search
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    if (outcome.err.empty()) break;  // it was writing already
    EXPECT_NE(outcome.err.find("stopped during the search"), std::string::npos) << outcome.err;
    EXPECT_EQ(run({"assess", desk.path("plan.gpkg")}).exit_code, 0);
    return;
  }
  GTEST_SKIP() << "the search was over before it could be interrupted";
}

TEST_F(Interrupted, MakeTownLeavesNothing) {
  const Desk::Files before = desk.files();
  Running program({"make-town", "--households", "3000000", "-o", desk.path("city.gpkg")});
  ASSERT_TRUE(program.interrupt_after_cpu_ms(0));
  expect_refused(program.wait(), desk, before, {"stopped"});
}

TEST_F(Interrupted, TheOthersDoAllOrNothing) {
  write_town(60'000);
  ASSERT_EQ(split("city.gpkg").exit_code, 0);
  const std::string extract = WANGGE_SOURCE_DIR "/examples/helsinki/helsinki-centre.osm.pbf";
  const std::string plan = desk.path("plan.gpkg"), out = desk.path("out/file");
  expect_all_or_nothing({{"import-osm", extract, "-o", out + ".gpkg"},
                         {"assess", plan},
                         {"locate", plan, "--at", "118.3,33.96"},
                         {"convert", plan, out + ".wgm"},
                         {"convert", plan, out + ".geojson"},
                         {"convert", plan, out + ".csv"}});
}

class Usage : public BadInput {
 protected:
  void expect_usage(const std::vector<std::string>& arguments) {
    const Desk::Files before = desk.files();
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << testing::PrintToString(arguments) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err, "");
    EXPECT_EQ(desk.files(), before);
  }
};

TEST_F(Usage, WithoutACommand) { expect_usage({}); }

TEST_F(Usage, WithACommandThatIsNotThere) { expect_usage({"spilt", "city.gpkg"}); }

TEST_F(Usage, WithoutAnOutput) {
  desk.file("units.csv", good_units);
  expect_usage({"split", desk.path("units.csv")});
  expect_usage({"make-town"});
}

TEST_F(Usage, WithoutAnInput) { expect_usage({"split", "-o", desk.path("plan.gpkg")}); }

TEST_F(Usage, WithAnOptionThatIsNotThere) {
  desk.file("units.csv", good_units);
  expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--colour", "red"});
}

TEST_F(Usage, WithAValueThatMakesNoSense) {
  desk.file("units.csv", good_units);
  for (const char* range : {"50", "abc", "100:50", "0:0", "-5:10", "50:100:150", "50:100x"}) {
    expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--range", range});
  }
  for (const char* effort : {"4", "-1", "much"}) {
    expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--effort", effort});
  }
  for (const char* target : {"many", "-1", "500"}) {
    expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--target", target});
  }
  expect_usage({"assess", desk.path("plan.gpkg"), "--range", "100:50"});
  expect_usage({"import-osm", desk.path("in.osm"), "-o", desk.path("city.gpkg"), "--estimate", "guess"});
  expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--threads", "-1"});
  expect_usage({"split", desk.path("units.csv"), "-o", desk.path("plan.gpkg"), "--simplify", "-1"});
  expect_usage({"make-town", "-o", desk.path("city.gpkg"), "--households", "-3"});
  expect_usage({"make-town", "-o", desk.path("city.gpkg"), "--like", "Nanjing"});
  expect_usage({"make-town", "-o", desk.path("city.gpkg"), "--at", "118.3"});
}

TEST(Program, TellsItsVersionAndHelp) {
  EXPECT_EQ(run({"--version"}).exit_code, 0);
  const Outcome help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"make-town", "split"}) EXPECT_NE(help.out.find(command), std::string::npos);
}

class Findings : public BadInput {
 protected:
  nlohmann::json split_json(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> with_json{"--json"};
    with_json.insert(with_json.end(), more.begin(), more.end());
    const Outcome outcome = split(name, with_json);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return nlohmann::json::parse(outcome.out);
  }

  static std::size_t count(const nlohmann::json& summary, const std::string& kind) {
    std::size_t count = 0;
    for (const nlohmann::json& finding : summary["findings"]) count += finding["kind"] == kind;
    return count;
  }
};

TEST_F(Findings, AUnitOutsideEveryAreaIsKeptWithoutAMicroGrid) {
  desk.file("units.csv", with_row("far,118.4,33.96,30"));
  desk.file("areas.geojson", areas_geojson({square}));
  const std::vector<std::string> areas{"--areas", desk.path("areas.geojson")};
  const nlohmann::json summary = split_json("units.csv", areas);
  EXPECT_EQ(count(summary, "unassigned"), 1u);
  EXPECT_EQ(summary["households"], 210);
  EXPECT_EQ(summary["households_assigned"], 180);
  auto codes = micro_grids();
  EXPECT_EQ(codes.size(), 7u);
  EXPECT_EQ(codes["far"], "");
  EXPECT_NE(codes["a"], "");
  EXPECT_EQ(split("units.csv", {"--areas", desk.path("areas.geojson"), "--strict"}).exit_code, 3);
}

TEST_F(Findings, NothingIsLeftOfAGoodInput) {
  desk.file("units.csv", good_units);
  desk.file("areas.geojson", areas_geojson({square}));
  EXPECT_EQ(split("units.csv", {"--areas", desk.path("areas.geojson"), "--strict"}).exit_code, 0);
}

TEST_F(Findings, AnInputWithoutAreasIsOneArea) {
  desk.file("units.csv", good_units);
  const nlohmann::json summary = split_json("units.csv");
  EXPECT_EQ(summary["households_assigned"], 180);
  EXPECT_EQ(count(summary, "input"), 1u);
  EXPECT_NE(split("units.csv").out.find("note: the input has no areas"), std::string::npos);
  const City plan = read_city(desk / "plan.gpkg");
  std::size_t wholes = 0;
  for (const GridRecord& area : plan.areas) wholes += area.parent.empty();
  EXPECT_EQ(wholes, 1u);
  for (const auto& [unit, code] : micro_grids()) EXPECT_NE(code, "") << unit;
}

TEST_F(Findings, OneUnitIsOneMicroGrid) {
  desk.file("units.csv", "id,lng,lat,households\na,118.3,33.96,70\n");
  const nlohmann::json summary = split_json("units.csv");
  EXPECT_EQ(summary["micro_grids"], 1);
  EXPECT_EQ(summary["in_range"], 1);
}

TEST_F(Findings, UnitsOnALineAreAnAreaToo) {
  desk.file("units.csv",
            "id,lng,lat,households\na,118.3,33.96,40\nb,118.301,33.96,40\nc,118.302,33.96,40\nd,118.303,33.96,40\n");
  const nlohmann::json summary = split_json("units.csv");
  EXPECT_EQ(summary["households_assigned"], 160);
}

TEST_F(Findings, UnitsAtOnePlaceStayTogether) {
  desk.file("units.csv", "id,lng,lat,households\na,118.3,33.96,40\nb,118.3,33.96,20\nc,118.301,33.96,60\n");
  const nlohmann::json summary = split_json("units.csv");
  EXPECT_EQ(summary["micro_grids"], 2);
  auto codes = micro_grids();
  EXPECT_EQ(codes["a"], codes["b"]);
}

TEST_F(Findings, ATowerAndAHamletAreTold) {
  desk.file("tower.csv", "id,lng,lat,households\na,118.3,33.96,164\n");
  EXPECT_EQ(count(split_json("tower.csv"), "tower"), 1u);
  desk.file("hamlet.csv", "id,lng,lat,households\na,118.3,33.96,7\n");
  EXPECT_EQ(count(split_json("hamlet.csv"), "hamlet"), 1u);
}

TEST_F(Findings, AnAreaWithoutAUnitIsTold) {
  desk.file("units.csv", good_units);
  desk.file("areas.geojson", areas_geojson({square, square_beside}));
  const nlohmann::json summary = split_json("units.csv", {"--areas", desk.path("areas.geojson")});
  EXPECT_EQ(summary["households_assigned"], 180);
  EXPECT_EQ(count(summary, "empty_zone"), 1u);
}

}  // namespace
}  // namespace wangge
