#include "verify/plans.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <wangge/error.hpp>
#include <wangge/geometry.hpp>

namespace wangge::verify {
namespace {

void rename(PlanFile& plan, std::size_t row, const std::string& code) {
  for (Unit& unit : plan.units)
    if (unit.micro_grid == plan.areas[row].code) unit.micro_grid = code;
  plan.areas[row].code = code;
}

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST(Codes, AreUsedOnce) {
  PlanFile plan = good_plan();
  rename(plan, south_east, "0101001");
  EXPECT_EQ(errors_of(plan), Names{"code 0101001"});
}

TEST(Codes, AreNotEmpty) {
  PlanFile plan = good_plan();
  plan.areas.push_back({"", "", "community", "", "general", "", 0, 0, 0, {}, {}, box(3 * side, 0, 4 * side, side)});
  EXPECT_EQ(errors_of(plan), Names{"code "});
}

TEST(Codes, BeginWithTheParentsWhereTheSiblingsDo) {
  PlanFile plan = good_plan();
  rename(plan, south_east, "7");
  EXPECT_EQ(errors_of(plan), Names{"code 7"});
  for (const std::size_t row : {south_west, north_west, north_east}) rename(plan, row, "9" + std::to_string(row));
  EXPECT_EQ(errors_of(plan), Names{});
}

TEST(Codes, AreText) {
  const Folder folder;
  PlanFile plan = good_plan();
  write_plan_file(folder / "plan.gpkg", plan, {.numeric_codes = true});
  EXPECT_TRUE(holds(named(verify_plan(read_plan(folder / "plan.gpkg")).errors), "code "));
}

TEST(Levels, Descend) {
  PlanFile plan = good_plan();
  plan.areas[town].level = "grid";
  EXPECT_TRUE(holds(errors_of(plan), "level 0101"));
  plan = good_plan();
  plan.areas[north_east].parent = "0101001";
  EXPECT_TRUE(holds(errors_of(plan), "level 0101004"));
}

TEST(Levels, AreThoseWeKnow) {
  PlanFile plan = good_plan();
  plan.areas[town].level = "hamlet";
  EXPECT_TRUE(holds(errors_of(plan), "level 01"));
}

TEST(Levels, MayNotGoInACircle) {
  PlanFile plan = good_plan();
  plan.areas[town].parent = "0101";
  EXPECT_EQ(errors_of(plan), Names{"level 01"});
}

TEST(Parents, Exist) {
  PlanFile plan = good_plan();
  plan.areas[community].parent = "02";
  EXPECT_TRUE(holds(errors_of(plan), "parent 0101"));
  plan = good_plan();
  plan.areas[north_east].parent = "";
  EXPECT_TRUE(holds(errors_of(plan), "parent 0101004"));
}

std::string refusal(const std::filesystem::path& file) {
  try {
    read_plan(file);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool mentions(const std::string& text, const std::string& word) { return text.find(word) != std::string::npos; }

TEST(PlanFile, ThatIsMissingOrSomethingElseIsRefusedInOneLine) {
  const Folder folder;
  EXPECT_TRUE(mentions(refusal(folder / "none.gpkg"), "no such file"));
  std::ofstream(folder / "text.gpkg") << "no GeoPackage\n";
  EXPECT_TRUE(mentions(refusal(folder / "text.gpkg"), "not a GeoPackage"));
  std::ofstream(folder / "empty.gpkg");
  EXPECT_TRUE(mentions(refusal(folder / "empty.gpkg"), "not a GeoPackage"));
}

TEST(PlanFile, WithoutWhatAPlanHasIsRefused) {
  const Folder folder;
  write_plan_file(folder / "a.gpkg", good_plan(), {.with_areas = false});
  EXPECT_TRUE(mentions(refusal(folder / "a.gpkg"), "no layer `areas`"));
  write_plan_file(folder / "b.gpkg", good_plan(), {.without_column = "micro_grid"});
  EXPECT_TRUE(mentions(refusal(folder / "b.gpkg"), "no column `micro_grid`"));
}

TEST(PlanFile, ThatWasNotSplitIsRefused) {
  const Folder folder;
  PlanFile city = good_plan();
  city.areas.resize(2);
  write_plan_file(folder / "city.gpkg", city);
  EXPECT_TRUE(mentions(refusal(folder / "city.gpkg"), "split it first"));
}

TEST(PlanFile, MayHoldUnitsWithoutAPlace) {
  PlanFile plan = good_plan();
  plan.units.push_back({"nowhere", "0101001", 3, {}, {}, {}});
  EXPECT_EQ(errors_of(plan), Names{"unit_unassigned 0101001"});
}

TEST(PlanFile, InAnotherReferenceSystemIsRefused) {
  const Folder folder;
  write_plan_file(folder / "a.gpkg", good_plan(), {.epsg = 3857});
  EXPECT_TRUE(mentions(refusal(folder / "a.gpkg"), "WGS 84 (EPSG:4326)"));
  write_plan_file(folder / "b.gpkg", good_plan(), {.epsg = 0});
  EXPECT_NE(refusal(folder / "b.gpkg"), "");
}

TEST(PlanFile, ThatWasCutOffIsRefused) {
  const Folder folder;
  write_plan_file(folder / "plan.gpkg", good_plan());
  std::filesystem::resize_file(folder / "plan.gpkg", std::filesystem::file_size(folder / "plan.gpkg") / 2);
  EXPECT_NE(refusal(folder / "plan.gpkg"), "");
}

TEST(PlanFile, ComesBackAsItWasWritten) {
  const Folder folder;
  write_plan_file(folder / "plan.gpkg", good_plan());
  const PlanFile read = read_plan(folder / "plan.gpkg");
  EXPECT_EQ(read.areas.size(), 6u);
  EXPECT_EQ(read.areas[south_east].polygons, good_plan().areas[south_east].polygons);
  EXPECT_EQ(read.units[3].point, good_plan().units[3].point);
  EXPECT_EQ(read.off_lattice, 0u);
}

TEST(PlanFile, AnswersWithOneObject) {
  PlanFile plan = good_plan();
  *plan.areas[town].households += 1;
  const auto json = to_json(report_on(plan));
  EXPECT_EQ(json["figures"]["micro_grids"], 4);
  EXPECT_EQ(json["figures"]["legal_share"], 1);
  EXPECT_EQ(json["errors"].size(), 1u);
  EXPECT_EQ(json["errors"][0]["check"], "totals");
  EXPECT_EQ(json["errors"][0]["figure"], 1);
  EXPECT_TRUE(json["warnings"].empty());
  EXPECT_EQ(json["clean"], false);
}

TEST(PlanFile, AnswersWithATable) {
  PlanFile plan = good_plan();
  *plan.areas[town].households += 1;
  const std::string table = to_table(report_on(plan));
  EXPECT_TRUE(mentions(table, "ERROR   totals"));
  EXPECT_TRUE(mentions(table, "1 error, 0 warnings"));
}

TEST(Measures, AgreeWithThoseOfTheLibrary) {
  for (const std::int32_t y : {-700'000'000, 0, 339'000'000, 471'234'567, 850'000'000}) {
    const Ring ring{{95'000'000, y}, {95'300'000, y + 10'000}, {95'280'000, y + 290'000}, {95'010'000, y + 200'000}};
    wangge::Ring same;
    for (const Point p : ring) same.push_back({p.x, p.y});
    EXPECT_NEAR(area_m2(Polygons{{ring}}) / wangge::area_m2(same), 1, 1e-9);
    EXPECT_NEAR(perimeter_m(Polygons{{ring}}) / wangge::perimeter_m(same), 1, 1e-9);
  }
}

}  // namespace
}  // namespace wangge::verify
