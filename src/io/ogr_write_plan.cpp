#include <wangge/io.hpp>

#include <unordered_map>

#include "io/ogr_history.hpp"
#include "io/ogr_tables.hpp"
#include <wangge/error.hpp>

namespace wangge {
namespace {

/// What is to say about each area, by its code.
std::unordered_map<std::string, std::string> texts_by_code(std::span<const Finding> findings) {
  std::unordered_map<std::string, std::string> texts;
  for (const Finding& finding : findings) {
    if (finding.code.empty()) continue;
    std::string& text = texts[finding.code];
    if (!text.empty()) text += "; ";
    text += std::string(to_string(finding.kind)) + ": " + finding.text;
  }
  return texts;
}

/// The profile's attributes that have no column already, by their place in the profile.
std::vector<std::size_t> further_attributes(const Plan& plan) {
  std::vector<std::size_t> further;
  for (std::size_t k = 0; k < plan.profile.attributes.size(); ++k) {
    if (plan.profile.attributes[k].attribute != "persons") further.push_back(k);
  }
  return further;
}

std::vector<io::GeoPackage::Column> area_columns(const Plan& plan) {
  std::vector<io::GeoPackage::Column> columns{
      {"code", OFTString},         {"name", OFTString},          {"level", OFTString},
      {"parent", OFTString},       {"kind", OFTString},          {"households", OFTInteger64},
      {"persons", OFTInteger64},   {"units", OFTInteger64},      {"area_m2", OFTReal},
      {"compactness", OFTReal},    {"objective", OFTReal},       {"cost_cut", OFTReal},
      {"cost_inertia", OFTReal},   {"cost_deviation", OFTReal},  {"cost_barriers", OFTReal},
      {"cost_compounds", OFTReal}, {"cost_attributes", OFTReal}, {"finding", OFTString}};
  for (const std::size_t k : further_attributes(plan))
    columns.push_back({"sum_" + plan.profile.attributes[k].attribute, OFTReal});
  return columns;
}

void write_objective(io::GeoPackage::Table& table, const std::optional<Objective>& objective) {
  constexpr int columns = 7;
  if (!objective) {
    for (int i = 0; i < columns; ++i) table.null();
    return;
  }
  table.real(objective->total()).real(objective->cut).real(objective->inertia).real(objective->deviation);
  table.real(objective->barriers).real(objective->compounds).real(objective->attributes);
}

void write_areas(io::GeoPackage& package, const Plan& plan) {
  auto table = package.create("areas", wkbMultiPolygon, area_columns(plan), plan.source);
  const std::vector<std::size_t> further = further_attributes(plan);
  const auto texts = texts_by_code(plan.findings);
  for (std::uint32_t row = 0; row < plan.map.size(); ++row) {
    const GridRecord area = plan.map.record(GridId{row});
    const AreaFigures& figures = plan.assessment.areas.at(row);
    const auto text = texts.find(area.code);
    table.text(area.code).text(area.name).text(std::string(to_string(area.level))).text(area.parent);
    table.text(std::string(to_string(area.kind)));
    table.whole(static_cast<std::int64_t>(figures.households)).whole(static_cast<std::int64_t>(figures.persons));
    table.whole(figures.units).real(figures.area_m2).real(figures.compactness);
    write_objective(table, figures.objective);
    table.text(text == texts.end() ? std::string() : text->second);
    for (const std::size_t k : further)
      figures.attributes.empty() ? table.null() : table.real(figures.attributes.at(k));
    table.add(plan.map.polygons(GridId{row}));
  }
}

std::vector<std::string> micro_grid_codes(const Plan& plan) {
  if (plan.micro_grid_of_unit.size() != plan.units.size())
    throw Error(Errc::invalid_argument, "the plan has " + std::to_string(plan.units.size()) + " units and " +
                                            std::to_string(plan.micro_grid_of_unit.size()) +
                                            " assignments; give one a unit");
  std::vector<std::string> codes;
  codes.reserve(plan.units.size());
  for (const GridId id : plan.micro_grid_of_unit) codes.emplace_back(id == GridId::none ? "" : plan.map.code(id));
  return codes;
}

void write_findings(io::GeoPackage& package, std::span<const Finding> findings) {
  auto table = package.create(
      "findings", wkbPoint,
      {{"kind", OFTString}, {"code", OFTString}, {"unit", OFTString}, {"text", OFTString}, {"certificate", OFTString}});
  for (const Finding& finding : findings) {
    table.text(std::string(to_string(finding.kind))).text(finding.code).text(finding.unit).text(finding.text);
    table.text(finding.certificate ? to_json(*finding.certificate) : std::string());
    finding.place == Position{} ? table.add() : table.add(finding.place);
  }
}

void write_profile(io::GeoPackage& package, const Profile& profile) {
  auto table = package.create("profile", wkbNone, {{"name", OFTString}, {"json", OFTString}});
  table.text(profile.name).text(to_json(profile)).add();
}

}  // namespace

void write_plan(const std::filesystem::path& file, const Plan& plan, const Execution& execution) {
  const std::vector<std::string> codes = micro_grid_codes(plan);
  io::GeoPackage package(execution);
  write_areas(package, plan);
  io::write_units(package, plan.units, plan.source, &codes);
  io::write_barriers(package, plan.barriers);
  write_findings(package, plan.findings);
  io::write_history(package, plan.history);
  write_profile(package, plan.profile);
  package.replace(file);
}

}  // namespace wangge
