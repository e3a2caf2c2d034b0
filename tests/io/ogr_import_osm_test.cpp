#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/osm.hpp"
#include "support/scratch.hpp"
#include "support/shared_data.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

std::filesystem::path hostile() { return std::string(WANGGE_SOURCE_DIR) + "/tests/io/data/hostile.osm"; }

const Unit* find(const City& city, const std::string& id) {
  for (const Unit& unit : city.units.units)
    if (unit.id == id) return &unit;
  return nullptr;
}

std::string label(const City& city, const std::string& name, const std::string& id) {
  for (const UnitLabel& label : city.units.labels)
    for (std::size_t i = 0; label.name == name && i < city.units.size(); ++i)
      if (city.units.units[i].id == id) return label.values[i];
  return "no such label";
}

bool mentions(const City& city, const std::string& text) {
  return std::any_of(city.findings.begin(), city.findings.end(),
                     [&](const Finding& finding) { return finding.text.find(text) != std::string::npos; });
}

std::uint64_t households_in(const City& city, const std::string& name) {
  const GridMap map = GridMap::build(city.areas);
  std::uint64_t households = 0;
  for (const Unit& unit : city.units.units)
    for (GridId id = map.locate(unit.position); id != GridId::none; id = map.parent(id))
      if (map.name(id) == name) households += unit.households;
  return households;
}

struct Count {
  int count;
  const char* from;
};

TEST(ImportOsm, TakesHouseholdsFromFlatsThenAddressesThenAnEstimate) {
  const City city = import_osm(hostile(), {.estimate = ImportOptions::Estimate::residential});
  const std::map<std::string, Count> expected{
      {"w101", {2, "addresses"}},  // its own and that of its twin; the node repeats the first
      {"w102", {24, "flats"}},     // though it has an address
      {"w103", {1, "addresses"}},  // a node 5 m east of it
      {"w104", {0, "none"}},       // a garage
      {"w109", {1, "estimate"}},   // a house
      {"r201", {2, "addresses"}},  // "2;4" in its front wing
      {"n52", {1, "addresses"}},   // beside the garage alone
      {"n54", {1, "addresses"}},   // in the fields; n55 says the same 1 m further
  };
  for (const auto& [id, households] : expected) {
    ASSERT_NE(find(city, id), nullptr) << id;
    EXPECT_EQ(find(city, id)->households, static_cast<std::uint32_t>(households.count)) << id;
    EXPECT_EQ(label(city, "households_from", id), households.from) << id;
  }
  EXPECT_EQ(find(city, "n55"), nullptr);
  EXPECT_EQ(label(city, "address", "r201"), "Hof 2; Hof 4");
}

TEST(ImportOsm, EstimatesAsAsked) {
  io::OsmBuilding block{"w1", "apartments", "", 5, {}, {}, false, {}};
  block.footprint = {{{{0, 0}, {3594, 0}, {3594, 1809}, {0, 1809}}, {}}};  // 40 m × 20 m on the equator
  using Estimate = ImportOptions::Estimate;
  EXPECT_EQ(io::estimated_households(block, Estimate::none), 0u);
  EXPECT_EQ(io::estimated_households(block, Estimate::residential), 40u);
  block.type = "yes";
  EXPECT_EQ(io::estimated_households(block, Estimate::residential), 0u);
  EXPECT_EQ(io::estimated_households(block, Estimate::all), 20u);
  block.floors.reset();
  EXPECT_EQ(io::estimated_households(block, Estimate::all), 4u);
  block.other_use = true;
  EXPECT_EQ(io::estimated_households(block, Estimate::all), 0u);
  block.type = "house";
  EXPECT_EQ(io::estimated_households(block, Estimate::residential), 1u);
  block.type = "school";
  EXPECT_EQ(io::estimated_households(block, Estimate::all), 0u);
}

TEST(ImportOsm, LeavesAddressesAloneThatAreOutOfReach) {
  const City city = import_osm(hostile(), {.address_reach_m = 2});
  ASSERT_NE(find(city, "n53"), nullptr);
  EXPECT_TRUE(find(city, "n53")->footprint.empty());
  EXPECT_EQ(label(city, "households_from", "w103"), "estimate");
}

TEST(ImportOsm, CountsBrokenOutlinesAndGoesOn) {
  const City city = import_osm(hostile());
  for (const char* id : {"w105", "w106", "w107", "w108", "w111", "w112"}) EXPECT_EQ(find(city, id), nullptr) << id;
  EXPECT_NE(find(city, "w109"), nullptr) << "crosses itself, which planning repairs";
  EXPECT_NE(find(city, "w110"), nullptr) << "one node of five is missing";
  EXPECT_TRUE(mentions(city, "outlines that do not close were left out: 1 (w105)"));
  EXPECT_TRUE(mentions(city, "outlines without area were left out: 3 (w106, w107, w108)"));
  EXPECT_TRUE(mentions(city, "drawn twice and merged: 1 building"));
  EXPECT_TRUE(mentions(city, "relations with ways outside the extract were left out: 1 (r504)"));
}

TEST(ImportOsm, KeepsTheCourtyardAndTheCompound) {
  const City city = import_osm(hostile());
  const Unit* block = find(city, "r201");
  ASSERT_NE(block, nullptr);
  ASSERT_EQ(block->footprint.size(), 1u);
  EXPECT_EQ(block->footprint[0].holes.size(), 1u);
  EXPECT_TRUE(contains(block->footprint, block->position));
  EXPECT_EQ(block->compound, "花园小区");
}

TEST(ImportOsm, SortsLinesIntoBarriersByWhatTheyAre) {
  const City city = import_osm(hostile());
  std::map<BarrierClass, int> count;
  for (const Barrier& barrier : city.barriers) ++count[barrier.barrier];
  EXPECT_EQ(count[BarrierClass::hard], 3);    // motorway, river, railway
  EXPECT_EQ(count[BarrierClass::soft], 1);    // primary_link
  EXPECT_EQ(count[BarrierClass::wall], 2);    // city wall, the compound; not the nameless residential land
  EXPECT_EQ(count[BarrierClass::street], 1);  // not the footway, nor the one without length
  for (const Barrier& barrier : city.barriers) {
    EXPECT_EQ(barrier.bridge, barrier.barrier == BarrierClass::soft);
    const int layer = barrier.bridge ? 1 : barrier.tunnel ? -1 : 0;
    EXPECT_EQ(barrier.layer, layer);
  }
}

TEST(ImportOsm, NestsTheAdministrativeAreas) {
  const City city = import_osm(hostile());
  ASSERT_EQ(city.areas.size(), 3u);
  EXPECT_EQ(city.areas[0].code, "r503");
  EXPECT_EQ(city.areas[0].level, Level::county);
  EXPECT_EQ(city.areas[1].code, "r501");
  EXPECT_EQ(city.areas[1].name, "西镇");
  EXPECT_EQ(city.areas[1].level, Level::town);
  EXPECT_EQ(city.areas[1].parent, "r503");
  EXPECT_EQ(city.areas[2].parent, "r503");
}

TEST(ImportOsm, SplitsTheLevelAskedFor) {
  EXPECT_EQ(import_osm(hostile(), {.area_level = 6}).areas.size(), 1u);
  try {
    import_osm(hostile(), {.area_level = 9});
    FAIL() << "there is no level 9";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::not_found);
    EXPECT_NE(std::string(error.what()).find("the extract has 8, 6"), std::string::npos) << error.what();
  }
}

TEST(ImportOsm, DrawsOneAreaWhereNoBoundaryHoldsTheUnits) {
  UnitTable units;
  units.units = {{"a", {10, 10}, {}, 1, {}, "", "", {}}, {"b", {90'000, 50'000}, {}, 1, {}, "", "", {}}};
  std::vector<Finding> findings;
  const std::vector<GridRecord> areas = io::areas_of({}, 0, units, findings);
  ASSERT_EQ(areas.size(), 1u);
  for (const Unit& unit : units.units) EXPECT_TRUE(contains(areas[0].polygons, unit.position));
  EXPECT_EQ(findings.size(), 1u);
}

TEST(ImportOsm, LeavesOutUnitsOfOtherTowns) {
  UnitTable units;
  units.units = {{"in", {5, 5}, {}, 3, {}, "", "", {}},
                 {"out", {50, 5}, {}, 2, {}, "", "", {}},
                 {"in too", {6, 6}, {}, 1, {}, "", "", {}}};
  units.labels = {{"type", {"a", "b", "c"}}};
  std::vector<Finding> findings;
  const io::OsmBoundary town{"r1", "town", 8, {{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, {}}}};
  io::areas_of({town}, 0, units, findings);
  ASSERT_EQ(units.size(), 2u);
  EXPECT_EQ(units.units[1].id, "in too");
  EXPECT_EQ(units.labels[0].values, (std::vector<std::string>{"a", "c"}));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].text, "outside every area, and left out: 1 unit with 2 households");
}

TEST(ImportOsm, LeavesOutACoarserAreaThatCutsAcross) {
  UnitTable units;
  units.units = {{"a", {5, 5}, {}, 1, {}, "", "", {}}};
  std::vector<Finding> findings;
  const io::OsmBoundary town{"r1", "town", 8, {{{{0, 0}, {100'000, 0}, {100'000, 100'000}, {0, 100'000}}, {}}}};
  const io::OsmBoundary county{"r2", "county", 6, {{{{0, 0}, {50'000, 0}, {50'000, 100'000}, {0, 100'000}}, {}}}};
  const std::vector<GridRecord> areas = io::areas_of({county, town}, 0, units, findings);
  ASSERT_EQ(areas.size(), 1u);
  EXPECT_EQ(areas[0].code, "r1");
  EXPECT_TRUE(areas[0].parent.empty());
  EXPECT_EQ(findings.size(), 1u);
}

TEST(ImportOsm, RefusesWhatIsNoExtract) {
  const Scratch scratch;
  const auto code_of = [](const std::filesystem::path& file) {
    try {
      import_osm(file);
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(file.filename().string()), std::string::npos) << error.what();
      return error.code();
    }
    return Errc::stopped;
  };
  EXPECT_EQ(code_of(scratch / "absent.osm.pbf"), Errc::not_found);
  EXPECT_EQ(code_of(scratch.file("empty.osm.pbf", "")), Errc::unreadable);
  EXPECT_EQ(code_of(scratch.file("text.osm.pbf", "no extract at all")), Errc::unreadable);
  EXPECT_EQ(code_of(scratch.file("cut.osm", bytes_of(hostile()).substr(0, 3000))), Errc::unreadable);
  EXPECT_EQ(code_of(scratch.file("bare.osm", "<osm version=\"0.6\"></osm>")), Errc::invalid_units);
}

TEST(ImportOsm, StopsWhenAsked) {
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  try {
    import_osm(hostile(), {}, execution);
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::stopped);
  }
}

TEST(ImportOsm, TakesTheShippedExtractInFull) {
  const City city = import_osm(std::string(WANGGE_SOURCE_DIR) + "/examples/helsinki/helsinki-centre.osm.pbf");
  EXPECT_EQ(city.units.size(), 482u);
  EXPECT_EQ(total_households(city.units.units), 695u);
  EXPECT_EQ(city.areas.size(), 1u);
  std::set<std::string> ids;
  for (const Unit& unit : city.units.units) EXPECT_TRUE(ids.insert(unit.id).second) << unit.id;
}

TEST(ImportOsm, FindsLiechtensteinsElevenMunicipalities) {
  WANGGE_SHARED_DATA(file, "osm/liechtenstein-2024.osm.pbf");
  const City city = import_osm(file, {.estimate = ImportOptions::Estimate::none});
  EXPECT_EQ(std::count_if(city.areas.begin(), city.areas.end(),
                          [](const GridRecord& area) { return area.level == Level::town; }),
            11);
  EXPECT_NEAR(double(city.units.size()), 17'700, 50);
  const std::map<std::string, double> addresses{
      {"Schaan", 1688}, {"Vaduz", 1537},  {"Balzers", 1536}, {"Triesenberg", 1527}, {"Triesen", 1457}, {"Mauren", 1267},
      {"Eschen", 1240}, {"Ruggell", 789}, {"Gamprin", 535},  {"Schellenberg", 368}, {"Planken", 203}};
  for (const auto& [name, count] : addresses)
    EXPECT_NEAR(double(households_in(city, name)), count, 0.03 * count) << name;
  EXPECT_EQ(households_in(city, "Liechtenstein"), total_households(city.units.units));
}

TEST(ImportOsm, ReadsEveryExtractAtHand) {
  WANGGE_SHARED_DATA(folder, "osm");
  for (const char* name : {"monaco-2016.osm.pbf", "liechtenstein-2015.osm.pbf", "beijing-tsinghua-2017.osm",
                           "nantong-sutong-2026.osm", "helsinki-centre-2019.osm.pbf"}) {
    const City city = import_osm(folder / name, {.estimate = ImportOptions::Estimate::all});
    EXPECT_GT(total_households(city.units.units), 50u) << name;
    EXPECT_NO_THROW(GridMap::build(city.areas)) << name;
  }
}

}  // namespace
}  // namespace wangge
