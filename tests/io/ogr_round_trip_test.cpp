#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "support/scratch.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

Ring square(std::int32_t x, std::int32_t y, std::int32_t side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
}

constexpr std::int32_t east = 1'182'000'000, north = 339'000'000;

City small_city() {
  City city;
  city.source = "© OpenStreetMap contributors, ODbL";
  city.areas = {{"320", "Town \"of\" 宿城", Level::town, "", Kind::general, {{square(east, north, 40000), {}}}},
                {"320001", "Park", Level::grid, "320", Kind::dedicated, {{square(east, north, 20000), {}}}}};
  Unit slab{"9号楼", {}, {{square(east + 100, north + 100, 500), {}}}, 60, 171, "花园小区", "9", 6.5};
  slab.footprint[0].holes.push_back({{east + 200, north + 200}, {east + 200, north + 300}, {east + 300, north + 200}});
  slab.position = inner_point(slab.footprint);
  Unit hut{"hut", {east + 7000, north + 7001}, {}, 1, {}, "", "", {}};
  city.units.units = {slab, hut};
  city.units.attributes = {{"elderly", {4, std::nan("")}}};
  city.units.labels = {{"households_from", {"flats", ""}}};
  city.barriers = {{{{east, north + 5000}, {east + 40000, north + 5000}}, BarrierClass::hard, "古黄河", true, false, 1},
                   {{{east, north + 9000}, {east + 40000, north + 9000}}, BarrierClass::street, "", false, true, -2}};
  return city;
}

void expect_same(const Unit& a, const Unit& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.footprint, b.footprint);
  EXPECT_EQ(a.households, b.households);
  EXPECT_EQ(a.persons, b.persons);
  EXPECT_EQ(a.compound, b.compound);
  EXPECT_EQ(a.building, b.building);
  EXPECT_EQ(a.floors, b.floors);
}

TEST(WriteCity, IsReadBackAsItWas) {
  const Scratch scratch;
  const City city = small_city();
  write_city(scratch / "city.gpkg", city);
  const City read = read_city(scratch / "city.gpkg");
  EXPECT_EQ(read.areas, city.areas);
  ASSERT_EQ(read.units.size(), city.units.size());
  for (std::size_t i = 0; i < city.units.size(); ++i) expect_same(read.units.units[i], city.units.units[i]);
  ASSERT_EQ(read.units.attributes.size(), 1u);
  EXPECT_EQ(read.units.attributes[0].name, "elderly");
  EXPECT_EQ(read.units.attributes[0].values[0], 4);
  EXPECT_TRUE(std::isnan(read.units.attributes[0].values[1]));
  ASSERT_EQ(read.units.labels.size(), 1u);
  EXPECT_EQ(read.units.labels[0].values, city.units.labels[0].values);
  ASSERT_EQ(read.barriers.size(), city.barriers.size());
  for (std::size_t i = 0; i < city.barriers.size(); ++i) {
    EXPECT_EQ(read.barriers[i].line, city.barriers[i].line);
    EXPECT_EQ(read.barriers[i].barrier, city.barriers[i].barrier);
    EXPECT_EQ(read.barriers[i].name, city.barriers[i].name);
    EXPECT_EQ(read.barriers[i].bridge, city.barriers[i].bridge);
    EXPECT_EQ(read.barriers[i].tunnel, city.barriers[i].tunnel);
    EXPECT_EQ(read.barriers[i].layer, city.barriers[i].layer);
  }
  EXPECT_EQ(read.source, city.source);
  EXPECT_TRUE(read.findings.empty());
}

TEST(WriteCity, GivesTheSameBytesForTheSameCity) {
  const Scratch scratch;
  write_city(scratch / "a.gpkg", small_city());
  write_city(scratch / "b.gpkg", small_city());
  EXPECT_EQ(bytes_of(scratch / "a.gpkg"), bytes_of(scratch / "b.gpkg"));
}

Plan small_plan() {
  const City city = small_city();
  Plan plan;
  plan.map = GridMap::build(city.areas);
  plan.units = city.units;
  plan.micro_grid_of_unit = {plan.map.find("320001"), GridId::none};
  plan.barriers = city.barriers;
  plan.assessment = assess(plan.map, city.units.units);
  plan.findings = {{Finding::Kind::tower, "320001", "9号楼", city.units.units[0].position, "holds 60 households"},
                   {Finding::Kind::input, "", "", {}, "2 rings were dropped"}};
  plan.history.emplace_back().reason = "split";
  plan.history[0].changes = {ChangeSet::Change::of({}, {city.areas[1]})};
  plan.source = city.source;
  return plan;
}

TEST(WritePlan, IsACityWhoseMicroGridsAreAreas) {
  const Scratch scratch;
  const Plan plan = small_plan();
  write_plan(scratch / "plan.gpkg", plan);
  const City read = read_city(scratch / "plan.gpkg");
  ASSERT_EQ(read.areas.size(), 2u);
  EXPECT_EQ(read.areas[1].code, "320001");
  EXPECT_EQ(read.areas[1].parent, "320");
  EXPECT_EQ(read.areas[1].kind, Kind::dedicated);
  EXPECT_EQ(area_m2(read.areas[0].polygons), plan.map.area_m2(GridId{0}));
  EXPECT_EQ(read.units.size(), 2u);
  EXPECT_EQ(read.units.labels.size(), 1u) << "micro_grid is derived, not a label";
  EXPECT_EQ(read.barriers.size(), 2u);
  EXPECT_EQ(read.source, plan.source);
}

TEST(WritePlan, GivesTheSameBytesForTheSamePlan) {
  const Scratch scratch;
  write_plan(scratch / "a.gpkg", small_plan());
  write_plan(scratch / "b.gpkg", small_plan());
  EXPECT_EQ(bytes_of(scratch / "a.gpkg"), bytes_of(scratch / "b.gpkg"));
}

/// A plan of two revisions, the second with everything that a plan may hold.
Plan plan_with_history() {
  Plan plan = small_plan();
  plan.profile = ready_profiles().back();
  plan.profile.attributes.push_back({"shops", {}, 3, {}, 0});
  for (AreaFigures& area : plan.assessment.areas) {
    area.objective = Objective{1, 2, 3, 4, 5, 0.25};
    area.attributes.assign(plan.profile.attributes.size(), double(area.persons));
  }
  plan.findings[0].certificate =
      Certificate{Certificate::Proof::unit, 60, 200, {"9号楼"}, 3, "Old River", "320002", 90};
  ChangeSet rename;
  rename.base_revision = 1;
  rename.reason = "another name";
  rename.author = "张";
  rename.time = "2024-05-01T08:00:00Z";
  GridRecord& first = plan.history[0].changes[0].after[0];
  rename.changes = {ChangeSet::Change::of({first}, {first})};
  first.name = rename.changes[0].before[0].name = "Old Park";
  plan.history.push_back(rename);
  return plan;
}

TEST(ReadPlan, GivesTheSameBytesWhenWrittenAgain) {
  const Scratch scratch;
  write_plan(scratch / "a.gpkg", plan_with_history());
  const Plan read = read_plan(scratch / "a.gpkg");
  write_plan(scratch / "b.gpkg", read);
  EXPECT_EQ(bytes_of(scratch / "a.gpkg"), bytes_of(scratch / "b.gpkg"));
  EXPECT_EQ(read.map.revision(), 2u);
  EXPECT_EQ(read.history, plan_with_history().history);
  EXPECT_EQ(read.findings[0].certificate, plan_with_history().findings[0].certificate);
  EXPECT_EQ(read.profile, plan_with_history().profile);
  EXPECT_EQ(read.assessment.households, plan_with_history().assessment.households);
}

/// What reading says of the plan once the statements have been run on it.
std::string refusal_after(const std::vector<std::string>& statements) {
  const Scratch scratch;
  write_plan(scratch / "plan.gpkg", plan_with_history());
  GDALAllRegister();
  auto* file = GDALDataset::Open((scratch / "plan.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE);
  for (const std::string& statement : statements)
    if (OGRLayer* result = file->ExecuteSQL(statement.c_str(), nullptr, "SQLITE")) file->ReleaseResultSet(result);
  GDALClose(file);
  try {
    read_plan(scratch / "plan.gpkg");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::unreadable) << error.what();
    return error.what();
  }
  return "";
}

void expect_mentions(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << text << " lacks " << part;
}

TEST(ReadPlan, NamesTheRevisionThatWasAlteredByHand) {
  EXPECT_EQ(refusal_after({}), "");
  expect_mentions(refusal_after({"UPDATE changes SET json = replace(json, 'split', 'spilt') WHERE revision = 1"}),
                  {"plan.gpkg", "revision 1", "altered by hand"});
  expect_mentions(refusal_after({"UPDATE changes SET reason = 'nothing' WHERE revision = 2"}),
                  {"revision 2", "reason"});
  expect_mentions(refusal_after({"UPDATE changes SET author = 'nobody' WHERE revision = 2"}), {"revision 2", "author"});
  expect_mentions(refusal_after({"DELETE FROM changes WHERE revision = 1"}), {"revision 2", "row before it"});
  expect_mentions(refusal_after({"UPDATE changes SET hash = previous WHERE revision = 2"}), {"revision 2", "hash"});
}

TEST(ReadPlan, NamesAnAreaThatItsHistoryDoesNotLeadTo) {
  expect_mentions(refusal_after({"DELETE FROM changes WHERE revision = 2"}), {"320001", "revision 1", "altered"});
  expect_mentions(refusal_after({"UPDATE areas SET name = 'mine' WHERE code = '320001'"}), {"320001", "revision 2"});
  expect_mentions(refusal_after({"DELETE FROM areas WHERE code = '320001'", "UPDATE units SET micro_grid = NULL"}),
                  {"320001"});
}

/// Two areas and a history that has them as they were drawn: the northern one's border has a vertex so many lattice
/// units north of the southern one's, which is straight. In the map the border is one.
Plan plan_with_vertex_beside_a_border(std::int32_t off) {
  constexpr std::int32_t half = 10'000, side = 2 * half;
  const Ring south{{east, north}, {east + side, north}, {east + side, north + half}, {east, north + half}};
  const Ring beyond{{east, north + half},
                    {east + half, north + half + off},
                    {east + side, north + half},
                    {east + side, north + side},
                    {east, north + side}};
  const std::vector<GridRecord> drawn{{"1", "South", Level::micro_grid, "", Kind::general, {{south, {}}}},
                                      {"2", "North", Level::micro_grid, "", Kind::general, {{beyond, {}}}}};
  Plan plan;
  plan.map = GridMap::build(drawn);
  plan.units.units = {{"hut", {east + 7000, north + 7001}, {}, 60, {}, "", "", {}}};
  plan.micro_grid_of_unit = {plan.map.find("1")};
  plan.assessment = assess(plan.map, plan.units.units);
  plan.history.emplace_back().reason = "drawn";
  for (const GridRecord& area : drawn) plan.history[0].changes.push_back(ChangeSet::Change::of({}, {area}));
  return plan;
}

TEST(ReadPlan, AllowsForAVertexThatRoundingHasLeftOnABorderOfItsHistory) {
  for (const std::int32_t off : {-2, -1, 1, 2}) {
    SCOPED_TRACE(off);
    const Scratch scratch;
    const Plan plan = plan_with_vertex_beside_a_border(off);
    const auto as_drawn = [&](const ChangeSet::Change& change) {
      return same_area(change.after[0], plan.map.record(plan.map.find(change.after[0].code)));
    };
    EXPECT_FALSE(std::ranges::all_of(plan.history[0].changes, as_drawn)) << "one of them has given way";
    write_plan(scratch / "a.gpkg", plan);
    const Plan read = read_plan(scratch / "a.gpkg");
    EXPECT_EQ(read.map.records(), plan.map.records());
    EXPECT_EQ(read.history, plan.history);
    write_plan(scratch / "b.gpkg", read);
    EXPECT_EQ(bytes_of(scratch / "a.gpkg"), bytes_of(scratch / "b.gpkg"));
  }
}

TEST(ReadPlan, NamesAnAreaWhoseBorderIsFurtherOffThanRoundingTakesIt) {
  for (const std::int32_t off : {-3, 3}) {
    const Scratch scratch;
    write_plan(scratch / "plan.gpkg", plan_with_vertex_beside_a_border(off));
    try {
      read_plan(scratch / "plan.gpkg");
      FAIL() << off;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::unreadable);
      EXPECT_NE(std::string(error.what()).find("is not as revision 1"), std::string::npos) << error.what();
    }
  }
}

TEST(ReadPlan, NamesAUnitInAMicroGridThatIsNotThere) {
  expect_mentions(refusal_after({"UPDATE units SET micro_grid = '999' WHERE micro_grid = '320001'"}),
                  {"layer units", "999"});
}

TEST(ReadPlan, TakesAPlanOfOneRevisionWithoutHashes) {
  const std::string no_hash = "ALTER TABLE changes DROP COLUMN hash";
  EXPECT_EQ(refusal_after({"DELETE FROM changes WHERE revision = 2", no_hash}), "");
  expect_mentions(refusal_after({no_hash}), {"no column hash"});
}

}  // namespace
}  // namespace wangge
