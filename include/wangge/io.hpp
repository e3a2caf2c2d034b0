#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/export.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/planning.hpp>
#include <wangge/units.hpp>

namespace wangge {

/// What a planner starts from: areas, units and barriers, all in WGS 84, and what reading them brought to light.
struct City {
  std::vector<GridRecord> areas;
  UnitTable units;
  std::vector<Barrier> barriers;
  std::vector<Finding> findings;
  std::string source;  ///< attribution of the data, such as "© OpenStreetMap contributors, ODbL", or empty
};

/// Which columns hold what. An empty name means the usual ones: `unit_id` or `id`; `households`; `compound`.
struct ReadOptions {
  std::string id_field, households_field, compound_field;
};

/// Reads the layers `areas`, `units` and `barriers` of one file (GeoPackage and whatever else OGR reads; GeoJSON and
/// CSV without GDAL). Layers may be absent, but for `units`; a file with one layer is that of the units.
/// Any coordinate reference system is brought to WGS 84. Columns beyond the known ones become attributes (numeric)
/// or labels (text). Throws `not_found`, `unreadable`, `missing_crs`, `missing_field`, `invalid_units` (naming file,
/// feature and remedy), `invalid_geometry`, `unsupported`.
WANGGE_EXPORT City read_city(const std::filesystem::path& file, const ReadOptions& options = {},
                             const Execution& execution = {});

/// Reads one kind of thing from a file of its own; the same errors.
WANGGE_EXPORT UnitTable read_units(const std::filesystem::path& file, const ReadOptions& options = {},
                                   const Execution& execution = {});
WANGGE_EXPORT std::vector<GridRecord> read_areas(const std::filesystem::path& file, const Execution& execution = {});
WANGGE_EXPORT std::vector<Barrier> read_barriers(const std::filesystem::path& file, const Execution& execution = {});

/// Writes a GeoPackage with the layers `areas`, `units` and `barriers`. Replaces `file` atomically: a temporary file
/// beside it is filled, flushed and renamed, so nothing half-written is ever left. Throws `not_writable`.
WANGGE_EXPORT void write_city(const std::filesystem::path& file, const City& city);

/// A finished plan and what it was made from.
struct Plan {
  GridMap map;
  UnitTable units;
  std::vector<GridId> micro_grid_of_unit;  ///< one a unit; none where it lies outside every area
  std::vector<Barrier> barriers;
  Assessment assessment;          ///< of `map` and `units`
  std::vector<Finding> findings;  ///< all of them, from reading to planning
  ChangeSet changes;              ///< what made this revision
  Range range;
  std::uint32_t target = 75;
  std::string source;  ///< attribution of the data
};

/// Writes `plan.gpkg`: layer `areas` (code, name, level, parent, kind, households, persons, units, area_m2,
/// compactness, finding), layer `units` (unit_id, households, persons, compound, building, floors, …, micro_grid; input
/// geometry kept), layer `barriers` (class, name, bridge, tunnel, layer), layer `findings` (points: kind, code, unit,
/// text), table `changes` (revision, time, reason, json). Atomic like `write_city`; the same plan gives the same bytes.
WANGGE_EXPORT void write_plan(const std::filesystem::path& file, const Plan& plan);

struct ImportOptions {
  /// Which buildings without flats and addresses get a households estimate from floors and footprint: those of a
  /// residential type, or all that are not of a non-residential type (for towns mapped without addresses and types).
  enum class Estimate { none, residential, all } estimate = Estimate::residential;
  double address_reach_m = 30;  ///< an address outside every building goes to the nearest one within this reach
  int area_level = 0;           ///< OSM admin_level of the areas to split; 0: the finest level that covers the units
};

/// Reads an OpenStreetMap extract (.osm.pbf or .osm) through GDAL's OSM driver: buildings and addresses to units,
/// roads, railways, rivers and walls to barriers, administrative boundaries to areas. Unclosed and degenerate rings are
/// counted in the findings, never fatal.
WANGGE_EXPORT City import_osm(const std::filesystem::path& file, const ImportOptions& options = {},
                              const Execution& execution = {});

}  // namespace wangge
