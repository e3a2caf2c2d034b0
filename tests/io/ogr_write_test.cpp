#include <gtest/gtest.h>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <set>
#include <thread>

#include "file/replace_file.hpp"
#include "support/scratch.hpp"
#include "io/verdict.hpp"
#include <nlohmann/json.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

City hamlet() {
  City city;
  city.source = "a survey";
  city.areas = {
      {"1", "Hamlet", Level::grid, "", Kind::general, {{{{0, 0}, {90'000, 0}, {90'000, 90'000}, {0, 90'000}}, {}}}}};
  for (int i = 0; i < 400; ++i)
    city.units.units.push_back({std::to_string(i), {i * 100, i * 50}, {}, 1, {}, "", "", {}});
  city.barriers = {{{{0, 45'000}, {90'000, 45'000}}, BarrierClass::soft, "Main road", false, false, 0}};
  return city;
}

std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator files(folder);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST(Write, LeavesNothingButTheFile) {
  const Scratch scratch;
  write_city(scratch / "city.gpkg", hamlet());
  EXPECT_EQ(files_in(scratch.folder()), 1u);
}

TEST(Write, ReplacesWhatWasThereAndFollowsLinks) {
  const Scratch scratch;
  scratch.file("city.gpkg", "older");
  std::filesystem::create_symlink(scratch / "city.gpkg", scratch / "link.gpkg");
  write_city(scratch / "link.gpkg", hamlet());
  EXPECT_TRUE(std::filesystem::is_symlink(scratch / "link.gpkg"));
  EXPECT_EQ(read_city(scratch / "city.gpkg").units.size(), 400u);
}

TEST(Write, RefusesPlacesWhereNoFileCanBe) {
  const Scratch scratch;
  const auto refused = [](const std::filesystem::path& path) {
    const Refusal refusal = refusal_of([&] { write_city(path, hamlet()); });
    EXPECT_TRUE(refusal.mentions(path.string())) << refusal.text;
    return refusal.code;
  };
  EXPECT_EQ(refused(scratch / "absent/city.gpkg"), Errc::not_writable);
  EXPECT_EQ(refused(scratch.folder()), Errc::not_writable);
  EXPECT_EQ(refused("/dev/full"), Errc::not_writable);
  EXPECT_EQ(refused("/dev/null"), Errc::not_writable);
  EXPECT_EQ(refused("/proc/city.gpkg"), Errc::not_writable);
  EXPECT_EQ(refused(scratch.file("file", "x") / "city.gpkg"), Errc::not_writable);
  EXPECT_EQ(refused(scratch / std::string(300, 'x')), Errc::not_writable);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(Write, LeavesTheOldFileWhereTheNewOneDoesNotFit) {
  const Scratch scratch;
  scratch.file("city.gpkg", "older");
  const auto write_with_little_room = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20'000, 20'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const Refusal refusal = refusal_of([&] { write_city(scratch / "city.gpkg", hamlet()); });
    std::fprintf(stderr, "%s\n", refusal.text.c_str());
    std::_Exit(refusal.code == Errc::not_writable ? 0 : 1);
  };
  EXPECT_EXIT(write_with_little_room(), testing::ExitedWithCode(0),
              "city.gpkg cannot be written: it would be larger than allowed here");
  EXPECT_EQ(bytes_of(scratch / "city.gpkg"), "older");
  EXPECT_EQ(files_in(scratch.folder()), 1u);
}

TEST(Write, StopsWhereTheCallerWishes) {
  const Scratch scratch;
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  EXPECT_EQ(refusal_of([&] { write_city(scratch / "city.gpkg", hamlet(), execution); }).code, Errc::stopped);
  EXPECT_EQ(files_in(scratch.folder()), 0u);
}

TEST(Write, GivesTheSameBytesOnAnyThreadAtAnyTime) {
  const Scratch scratch;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&, i] { write_city(scratch / (std::to_string(i) + ".gpkg"), hamlet()); });
  threads.clear();
  EXPECT_EQ(bytes_of(scratch / "0.gpkg"), bytes_of(scratch / "1.gpkg"));
  EXPECT_EQ(bytes_of(scratch / "0.gpkg"), bytes_of(scratch / "2.gpkg"));
}

TEST(Write, KeepsColumnsApartWhoseNamesClash) {
  const Scratch scratch;
  City city = hamlet();
  const std::vector<double> numbers(city.units.size(), 1);
  const std::vector<std::string> texts(city.units.size(), "x");
  city.units.attributes = {{"fid", numbers}, {"Households", numbers}, {"elderly", numbers}, {"ELDERLY", numbers}};
  city.units.labels = {{"geom", texts}, {"unit_id", texts}, {"", texts}, {"a \"b\" 'c'; drop", texts}};
  write_city(scratch / "city.gpkg", city);
  const City read = read_city(scratch / "city.gpkg");
  EXPECT_EQ(read.units.units[7].id, "7");
  EXPECT_EQ(read.units.attributes.size(), 4u);
  EXPECT_EQ(read.units.labels.size(), 4u);
}

int complaints = 0;
void CPL_STDCALL count_complaints(CPLErr kind, CPLErrorNum, const char* message) {
  if (kind < CE_Warning) return;
  ++complaints;
  ADD_FAILURE() << message;
}

void read_all(const std::filesystem::path& path, const std::set<std::string>& layers) {
  GDALAllRegister();
  complaints = 0;
  CPLPushErrorHandler(count_complaints);
  auto* dataset = GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY);
  ASSERT_NE(dataset, nullptr);
  std::set<std::string> found;
  for (OGRLayer* layer : dataset->GetLayers()) {
    found.insert(layer->GetName());
    if (layer->GetGeomType() != wkbNone) {
      EXPECT_TRUE(layer->TestCapability(OLCFastSpatialFilter)) << layer->GetName();
      EXPECT_STREQ(layer->GetSpatialRef()->GetAuthorityCode(nullptr), "4326");
    }
    GIntBig count = 0;
    for (const auto& feature : layer) count += feature != nullptr;
    EXPECT_EQ(count, layer->GetFeatureCount());
  }
  EXPECT_EQ(found, layers);
  GDALClose(dataset);
  CPLPopErrorHandler();
  EXPECT_EQ(complaints, 0);
}

Plan plan_of(const City& city) {
  Plan plan;
  plan.map = GridMap::build(city.areas);
  plan.units = city.units;
  plan.micro_grid_of_unit.assign(city.units.size(), GridId{0});
  plan.barriers = city.barriers;
  plan.assessment = assess(plan.map, city.units.units);
  plan.findings = {{Finding::Kind::hamlet, "1", "", {5, 5}, "holds 4 households"},
                   {Finding::Kind::input, "", "", {}, "2 rings were dropped"}};
  plan.history.emplace_back().reason = "split \"50:100\"";
  plan.history[0].changes = {ChangeSet::Change::of({}, {city.areas[0]})};
  plan.source = city.source;
  return plan;
}

TEST(Write, MakesGeoPackagesThatGdalReadsWithoutAWord) {
  const Scratch scratch;
  write_city(scratch / "city.gpkg", hamlet());
  read_all(scratch / "city.gpkg", {"areas", "units", "barriers"});
  write_plan(scratch / "plan.gpkg", plan_of(hamlet()));
  read_all(scratch / "plan.gpkg", {"areas", "units", "barriers", "findings", "changes", "profile"});
  write_city(scratch / "bare.gpkg", {});
  read_all(scratch / "bare.gpkg", {"areas", "units", "barriers"});
}

TEST(WritePlan, SaysWhatIsToBeSaidOfEachArea) {
  const Scratch scratch;
  write_plan(scratch / "plan.gpkg", plan_of(hamlet()));
  GDALAllRegister();
  auto* dataset = GDALDataset::Open((scratch / "plan.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY);
  const auto only = [&](const char* layer) {
    return std::unique_ptr<OGRFeature>(dataset->GetLayerByName(layer)->GetNextFeature());
  };
  const auto area = only("areas");
  EXPECT_STREQ(area->GetFieldAsString("finding"), "hamlet: holds 4 households");
  EXPECT_EQ(area->GetFieldAsInteger64("households"), 400);
  EXPECT_EQ(area->GetFieldAsInteger64("units"), 400);
  EXPECT_GT(area->GetFieldAsDouble("area_m2"), 9e5);
  EXPECT_STREQ(only("units")->GetFieldAsString("micro_grid"), "1");
  const auto changes = only("changes");
  EXPECT_EQ(changes->GetFieldAsInteger64("revision"), 1);
  EXPECT_FALSE(changes->IsFieldSetAndNotNull(changes->GetFieldIndex("time")));
  const auto json = nlohmann::json::parse(changes->GetFieldAsString("json"));
  EXPECT_EQ(json["reason"], "split \"50:100\"");
  EXPECT_EQ(json["changes"][0]["after"][0]["coordinates"][0][0][1], nlohmann::json::parse("[0.009,0.0]"));
  GDALClose(dataset);
}

}  // namespace
}  // namespace wangge
