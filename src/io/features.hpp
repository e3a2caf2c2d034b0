#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <wangge/error.hpp>
#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>
#include <wangge/io.hpp>

/// What every reader fills, whatever the format, so that a file is checked and understood in one place.
namespace wangge::io {

/// A cell: empty, a whole number, a number, or text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

using RawLine = std::vector<LngLat>;
using RawPolygon = std::vector<RawLine>;  ///< the outer ring first; as found, the last place repeats the first

/// Collections and multi-geometries are taken apart. All empty: the feature has no geometry.
struct Shape {
  std::vector<LngLat> points;
  std::vector<RawLine> lines;
  std::vector<RawPolygon> polygons;
  bool empty() const noexcept { return points.empty() && lines.empty() && polygons.empty(); }
};

struct Feature {
  std::uint64_t number = 0;  ///< where it stands in its file, for messages
  Shape shape;
  std::vector<Value> values;  ///< one a field of its layer
};

struct Layer {
  std::string name;
  std::string crs;                      ///< what PROJ understands; empty where the file does not say
  std::string description;              ///< attribution, where the file carries one
  std::string numbered_as = "feature";  ///< what `Feature::number` counts: "feature", "line"
  bool typed = true;                    ///< false where every value is text because the format has no types
  std::vector<std::string> fields;
  std::vector<Feature> features;
  std::vector<std::string> remarks;  ///< what the reader mended, a sentence each
};

struct FeatureFile {
  std::filesystem::path path;
  std::vector<Layer> layers;
};

/// Reads the layers called like one of `roles`, or the only layer whatever its name; what it returns is in WGS 84
/// degrees. Throws `not_found` (also where no layer fits), `unreadable`, `missing_crs`, `unsupported`, `stopped`.
FeatureFile read_features(const std::filesystem::path& path, std::span<const std::string_view> roles,
                          const Execution& execution);

/// The readers by format; the first two do without GDAL and serve .csv, .geojson and .json whether it is there or not.
FeatureFile read_csv(const std::filesystem::path& path);
FeatureFile read_geojson(const std::filesystem::path& path);
FeatureFile read_with_ogr(const std::filesystem::path& path, std::span<const std::string_view> roles,
                          const Execution& execution);

/// Throws `not_found`, or `unreadable` where the file may not be opened or is empty; a folder passes.
void check_is_filled(const std::filesystem::path& path);

/// Throws `unreadable` where it is one.
void check_is_no_folder(const std::filesystem::path& path);

/// The whole file as bytes. Throws `unreadable`.
std::string read_bytes(const std::filesystem::path& path);

/// "units.csv, line 12": where a person finds the feature.
std::string place_of(const FeatureFile& file, const Layer& layer, const Feature& feature);
/// "city.gpkg, layer units"
std::string place_of(const FeatureFile& file, const Layer& layer);

/// What the features mean; each adds what it had to mend or leave out to `findings`.
UnitTable to_units(const FeatureFile& file, const Layer& layer, const ReadOptions& options,
                   std::vector<Finding>& findings);
std::vector<GridRecord> to_areas(const FeatureFile& file, const Layer& layer);
std::vector<Barrier> to_barriers(const FeatureFile& file, const Layer& layer);

/// Throws Error(code, "place: what") on one line, however long or odd the text from the file is that it quotes.
[[noreturn]] WANGGE_EXPORT void refuse(Errc code, const std::string& place, const std::string& what);

/// "1 unit", "2 units".
std::string counted(std::size_t count, const std::string& noun);

/// A finding about an input as a whole.
Finding input_finding(std::string text);

}  // namespace wangge::io
