#include <array>
#include <charconv>

#include "io/features.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

using namespace std::string_view_literals;

const io::Layer* layer_called(const io::FeatureFile& file, std::string_view name) {
  for (const io::Layer& layer : file.layers)
    if (layer.name == name) return &layer;
  return nullptr;
}

/// The layer of that name, or the only one whatever its name: `read_features` returns no file without either.
const io::Layer& layer_for(const io::FeatureFile& file, std::string_view role) {
  const io::Layer* named = layer_called(file, role);
  return named ? *named : file.layers.at(0);
}

bool is_other_role(std::string_view name) { return name == "areas" || name == "barriers"; }

const io::Layer& units_of_city(const io::FeatureFile& file) {
  if (const io::Layer* units = layer_called(file, "units")) return *units;
  if (file.layers.size() == 1 && !is_other_role(file.layers[0].name)) return file.layers[0];
  throw Error(Errc::not_found, file.path.string() + " has no layer units; name one so, or give the units with --units");
}

}  // namespace

City read_city(const std::filesystem::path& file, const ReadOptions& options, const Execution& execution) {
  constexpr std::array roles{"areas"sv, "units"sv, "barriers"sv};
  const io::FeatureFile features = io::read_features(file, roles, execution);
  City city;
  const io::Layer& units = units_of_city(features);
  city.source = units.description;
  city.units = io::to_units(features, units, options, city.findings);
  if (const io::Layer* areas = layer_called(features, "areas")) city.areas = io::to_areas(features, *areas);
  if (const io::Layer* barriers = layer_called(features, "barriers"))
    city.barriers = io::to_barriers(features, *barriers);
  return city;
}

UnitTable read_units(const std::filesystem::path& file, const ReadOptions& options, const Execution& execution) {
  constexpr std::array roles{"units"sv};
  const io::FeatureFile features = io::read_features(file, roles, execution);
  std::vector<Finding> findings;
  UnitTable units = io::to_units(features, layer_for(features, "units"), options, findings);
  if (execution.log)
    for (const Finding& finding : findings) execution.log(finding.text);
  return units;
}

std::vector<GridRecord> read_areas(const std::filesystem::path& file, const Execution& execution) {
  constexpr std::array roles{"areas"sv};
  const io::FeatureFile features = io::read_features(file, roles, execution);
  return io::to_areas(features, layer_for(features, "areas"));
}

std::vector<Barrier> read_barriers(const std::filesystem::path& file, const Execution& execution) {
  constexpr std::array roles{"barriers"sv};
  const io::FeatureFile features = io::read_features(file, roles, execution);
  return io::to_barriers(features, layer_for(features, "barriers"));
}

}  // namespace wangge
