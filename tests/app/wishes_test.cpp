#include <algorithm>
#include <map>
#include <set>
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

using nlohmann::json;
using test::Desk;
using test::Outcome;
using test::run;

class Wishes : public testing::Test {
 protected:
  /// Houses along a street, with so many households each.
  void write_street(const std::vector<int>& households, const std::string& more_columns = "",
                    const std::vector<std::string>& more = {}) {
    std::string text = "id,lng,lat,households" + more_columns + "\n";
    for (std::size_t i = 0; i < households.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      text += "h" + number + ",118.300" + number + ",33.96," + std::to_string(households[i]) +
              (more.empty() ? "" : "," + more[i]) + "\n";
    }
    desk.file("units.csv", text);
  }

  json split(const std::vector<std::string>& more = {}, const std::string& input = "units.csv",
             const std::string& output = "plan.gpkg") {
    std::vector<std::string> arguments{"split", desk.path(input), "-o", desk.path(output), "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.exit_code == 0 ? json::parse(outcome.out) : json();
  }

  json assess(const std::vector<std::string>& more = {}, const std::string& plan = "plan.gpkg") {
    std::vector<std::string> arguments{"assess", desk.path(plan), "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.exit_code == 0 ? json::parse(outcome.out) : json();
  }

  static std::vector<json> findings_of(const json& summary, const std::string& kind) {
    std::vector<json> found;
    for (const json& finding : summary["findings"])
      if (finding["kind"] == kind) found.push_back(finding);
    return found;
  }

  /// Rewrites the text in a column of the layer findings.
  void tamper(const std::string& from, const std::string& to) {
    GDALAllRegister();
    GDALDatasetUniquePtr plan(GDALDataset::Open(desk.path("plan.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE));
    OGRLayer* layer = plan->GetLayerByName("findings");
    for (auto& finding : *layer) {
      std::string text = finding->GetFieldAsString("certificate");
      const std::size_t at = text.find(from);
      if (at == std::string::npos) continue;
      text.replace(at, from.size(), to);
      finding->SetField("certificate", text.c_str());
      ASSERT_EQ(layer->SetFeature(finding.get()), OGRERR_NONE);
    }
  }

  Desk desk;
};

TEST_F(Wishes, TheProfileIsKeptInThePlanAndThePlanIsCheckedByIt) {
  write_street({30, 30, 30, 30, 30, 30}, ",persons", {"60", "60", "60", "60", "60", "60"});
  const json plan = split({"--profile", "output-area"});
  EXPECT_EQ(plan["profile"]["name"], "output-area");
  EXPECT_EQ(plan["profile"]["attributes"]["persons"]["min"], 100);
  const json report = assess();
  EXPECT_EQ(report["range"]["min"], 40);
  EXPECT_EQ(report["range"]["max"], 250);
  EXPECT_TRUE(report["clean"]);
  EXPECT_EQ(assess({"--range", "60:70"})["range"]["max"], 70);
  EXPECT_EQ(assess({"--profile", "grid"})["range"]["min"], 300);
}

TEST_F(Wishes, TheCommandLineSaysOtherwiseThanTheProfile) {
  write_street({30, 30, 30, 30, 30, 30});
  const json plan = split({"--profile", "grid", "--range", "50:70", "--target", "60"});
  EXPECT_EQ(plan["profile"]["range"]["max"], 70);
  EXPECT_EQ(plan["profile"]["target"], 60);
  EXPECT_EQ(plan["micro_grids"], 3);
}

TEST_F(Wishes, AttributesAreSummedUpForEveryMicroGrid) {
  desk.file("town.json", R"({"attributes": {"shops": {"max": 100}, "workload": {"target": 3}},
                             "workload": {"groups": {"elderly": {"visits": 2, "minutes": 30}}}})");
  write_street({30, 30, 30, 30}, ",shops,elderly", {"1,1", "2,1", "3,1", ",2"});
  const json plan = split({"--profile", desk.path("town.json")});
  double shops = 0, hours = 0;
  for (const json& area : plan["areas"]) {
    shops += area["attributes"]["shops"].get<double>();
    hours += area["attributes"]["workload"].get<double>();
    EXPECT_GT(area["objective"]["total"].get<double>(), 0);
  }
  EXPECT_EQ(shops, 6);
  EXPECT_EQ(hours, 5);
  ASSERT_EQ(findings_of(plan, "missing").size(), 1u);
  EXPECT_EQ(findings_of(plan, "missing")[0]["unit"], "h4");
  EXPECT_EQ(assess()["errors"], json::array());
}

TEST_F(Wishes, AMissedBoundIsToldAndCheckedAgain) {
  desk.file("town.json", R"({"attributes": {"shops": {"min": 10}}})");
  write_street({30, 30}, ",shops", {"1", "1"});
  const json plan = split({"--profile", desk.path("town.json")});
  EXPECT_EQ(findings_of(plan, "attribute").size(), 1u);
  const json report = assess();
  EXPECT_EQ(report["figures"]["attributes_missed"], 1);
  EXPECT_EQ(report["errors"], json::array());
}

TEST_F(Wishes, ALockedMicroGridIsUntouchedInTheNextPlan) {
  TownOptions options;
  options.households = 1500;
  write_city(desk / "city.gpkg", make_town(options));
  split({}, "city.gpkg");
  const City before = read_city(desk / "plan.gpkg");
  std::vector<std::string> more{"--range", "60:90"};
  std::set<std::string> locks;
  for (const GridRecord& area : before.areas) {
    if (area.level != Level::micro_grid || locks.size() == 3) continue;
    locks.insert(area.code);
    more.insert(more.end(), {"--lock", area.code});
  }
  split(more, "plan.gpkg", "next.gpkg");
  const City after = read_city(desk / "next.gpkg");
  for (const std::string& code : locks) {
    const auto is_it = [&](const GridRecord& area) { return area.code == code; };
    EXPECT_EQ(*std::ranges::find_if(before.areas, is_it), *std::ranges::find_if(after.areas, is_it));
  }
  EXPECT_EQ(assess({}, "next.gpkg")["figures"]["unmatched_borders"], 0);
}

TEST_F(Wishes, LinksAreKept) {
  write_street({20, 20, 20, 20, 20, 20, 20, 20});
  desk.file("pairs.csv", "unit,other\nh4,h5\n");
  split({"--must-link", desk.path("pairs.csv"), "--must-link", "h1,h2", "--cannot-link", "h3,h4"});
  GDALAllRegister();
  GDALDatasetUniquePtr plan(GDALDataset::Open(desk.path("plan.gpkg").c_str(), GDAL_OF_VECTOR));
  std::map<std::string, std::string> home;
  for (auto& unit : *plan->GetLayerByName("units"))
    home[unit->GetFieldAsString("unit_id")] = unit->GetFieldAsString("micro_grid");
  EXPECT_EQ(home["h4"], home["h5"]);
  EXPECT_EQ(home["h1"], home["h2"]);
  EXPECT_NE(home["h3"], home["h4"]);
}

class CertificateOf : public Wishes {};

TEST_F(CertificateOf, AHamletNamesItsRiverAndWhoCouldTakeItIn) {
  write_street({20, 30, 30});
  desk.file(
      "river.geojson",
      R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"hard","name":"Old River"},
                "geometry":{"type":"LineString","coordinates":[[118.30015,33.95],[118.30015,33.97]]}}]})");
  const json plan = split({"--barriers", desk.path("river.geojson")});
  ASSERT_EQ(findings_of(plan, "hamlet").size(), 1u);
  const json certificate = findings_of(plan, "hamlet")[0]["certificate"];
  EXPECT_EQ(certificate["barrier"], "Old River");
  EXPECT_EQ(certificate["annexation"]["households"], 80);
  EXPECT_EQ(assess()["figures"]["hamlets"], 1);

  const json annexed = split({"--barriers", desk.path("river.geojson"), "--annex"});
  EXPECT_EQ(annexed["micro_grids"], 1);
  EXPECT_EQ(annexed["in_range"], 1);
  const json report = assess();
  EXPECT_EQ(report["errors"], json::array());
  EXPECT_EQ(report["figures"]["annexed"], 1);
}

TEST_F(CertificateOf, ATowerNamesItsUnit) {
  write_street({20, 164, 40});
  const json plan = split();
  ASSERT_EQ(findings_of(plan, "tower").size(), 1u);
  const json certificate = findings_of(plan, "tower")[0]["certificate"];
  EXPECT_EQ(certificate["proof"], "unit");
  EXPECT_EQ(certificate["units"], json::array({"h2"}));
  EXPECT_EQ(assess()["figures"]["towers"], 1);
  tamper("h2", "h1");
  EXPECT_EQ(assess()["errors"][0]["check"], "finding");
}

TEST_F(CertificateOf, LumpyHousesIsRepeatedFromTheGeometry) {
  write_street({40, 40, 40});  // only pairs fit, and three is odd
  const json plan = split();
  ASSERT_EQ(findings_of(plan, "lumpy").size(), 1u);
  EXPECT_EQ(findings_of(plan, "lumpy")[0]["certificate"]["proof"], "matching");
  EXPECT_EQ(assess()["figures"]["lumpy"], 1);
  EXPECT_EQ(assess()["errors"], json::array());

  write_street({10, 95, 4, 4, 40, 40});  // who is beside 95 can go nowhere
  const json ring = split();
  ASSERT_EQ(findings_of(ring, "lumpy").size(), 1u);
  EXPECT_EQ(findings_of(ring, "lumpy")[0]["certificate"]["proof"], "ring");
  EXPECT_EQ(assess()["figures"]["lumpy"], 1);
  tamper("\"h1\"", "\"h9\"");
  EXPECT_EQ(assess()["errors"][0]["check"], "finding");
}

TEST_F(CertificateOf, ANumberThatNoPartsAddUpTo) {
  write_street({30, 30, 30, 20});
  const json plan = split({"--range", "70:80"});
  ASSERT_GE(findings_of(plan, "lumpy").size(), 1u);
  EXPECT_EQ(findings_of(plan, "lumpy")[0]["certificate"]["proof"], "component");
  EXPECT_EQ(findings_of(plan, "lumpy")[0]["certificate"]["within_reach"], 110);
  const json report = assess();
  EXPECT_EQ(report["errors"], json::array());
  EXPECT_EQ(report["figures"]["unproven"], 0);
  EXPECT_EQ(assess({"--range", "50:100"})["figures"]["false_reasons"].get<int>() > 0, true);
}

}  // namespace
}  // namespace wangge
