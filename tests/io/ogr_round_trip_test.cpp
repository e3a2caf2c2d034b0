#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/scratch.hpp"
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

}  // namespace
}  // namespace wangge
