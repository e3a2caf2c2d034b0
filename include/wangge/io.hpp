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

/// Which columns hold what, where a file does not use one of the usual names; case does not matter:
/// - units: id `unit_id, id, building_id, osm_id, 编号, 单元编号` · households `households, household, hh, hhcount,
///   hh_count, 户数, 总户数` · persons `persons, population, pop, popcount, 人口, 人数` · compound `compound, 小区,
///   小区名称` · building `building, 楼栋, 楼号` · floors `floors, levels, 楼层, 层数` · where a unit has no geometry,
///   its place in WGS 84 degrees: `lng, lon, long, longitude, x, 经度` and `lat, latitude, y, 纬度`;
/// - areas: `code, area_code, id, 编码, 代码` · `name, 名称` · `level, 层级, 级别` (absent: grid) · `parent,
/// parent_code, 上级,
///   上级编码` · `kind, 类型` (absent: general);
/// - barriers: `class, barrier, 类别` (hard, soft, wall, street) · `name, 名称` · `bridge, 桥` · `tunnel, 隧道` ·
/// `layer`.
struct ReadOptions {
  std::string id_field, households_field, compound_field;
};

/// Reads the layers `areas`, `units` and `barriers` of one file: GeoPackage, shapefile and whatever else OGR reads;
/// .csv (UTF-8, `id,lng,lat,households` and more) and .geojson (RFC 7946) also without GDAL. Layers may be absent, but
/// for `units`; a file with one layer is that of the units. Any coordinate reference system is brought to WGS 84.
/// Columns beyond the known ones become attributes (numeric) or labels (text); a column that mostly holds identity-card
/// or phone numbers is left out, with a finding. A footprint's ring that is unclosed, has fewer than three distinct
/// positions or no area is dropped and counted in a finding; a unit without any ring left becomes a point.
/// Throws `not_found`, `unreadable` (also for a level, kind or class that does not exist), `missing_crs`,
/// `missing_field`, `invalid_units` (naming file, feature and remedy: an id empty or used twice, a household count that
/// is no whole number of 0 or more, no position), `invalid_geometry` (an area's ring unclosed or without area),
/// `unsupported`, `stopped`.
WANGGE_EXPORT City read_city(const std::filesystem::path& file, const ReadOptions& options = {},
                             const Execution& execution = {});

/// Reads one kind of thing from a file of its own: the layer of that name, else the only one; the same errors. Findings
/// go to `execution.log`.
WANGGE_EXPORT UnitTable read_units(const std::filesystem::path& file, const ReadOptions& options = {},
                                   const Execution& execution = {});
WANGGE_EXPORT std::vector<GridRecord> read_areas(const std::filesystem::path& file, const Execution& execution = {});
WANGGE_EXPORT std::vector<Barrier> read_barriers(const std::filesystem::path& file, const Execution& execution = {});

/// Writes a GeoPackage with the layers `areas`, `units` and `barriers`. Replaces `file` atomically: a temporary file
/// beside it is filled, flushed and renamed, so nothing half-written is ever left. Throws `not_writable`, `stopped`.
WANGGE_EXPORT void write_city(const std::filesystem::path& file, const City& city, const Execution& execution = {});

/// A finished plan and what it was made from.
struct Plan {
  GridMap map;
  UnitTable units;
  std::vector<GridId> micro_grid_of_unit;  ///< one a unit; none where it lies outside every area
  std::vector<Barrier> barriers;
  Assessment assessment;           ///< of `map` and `units`
  std::vector<Finding> findings;   ///< all of them, from reading to planning
  std::vector<ChangeSet> history;  ///< what led to this revision, the oldest first; the last made it
  Profile profile;                 ///< the limits it was made by
  std::string source;              ///< attribution of the data
};

/// Reads a profile from JSON; docs/profiles.md says what may stand in it. Throws `not_found`, and `unreadable` naming
/// file and key for whatever is no profile: a key that does not exist, a value of another type, a minimum above its
/// maximum.
WANGGE_EXPORT Profile read_profile(const std::filesystem::path& file);
/// The same from text; `origin` is what messages call it.
WANGGE_EXPORT Profile parse_profile(std::string_view json, const std::string& origin);
/// The profile as JSON that `parse_profile` reads back.
WANGGE_EXPORT std::string to_json(const Profile& profile);

/// A certificate as one JSON object on one line.
WANGGE_EXPORT std::string to_json(const Certificate& certificate);

/// A change set as JSON on one line; docs/changes.md says what stands in it. Positions come back exactly.
WANGGE_EXPORT std::string to_json(const ChangeSet& changes);
/// Reads it back. Throws `unreadable` naming `origin` and key for whatever is no change set: a key that does not exist
/// or is missing, a value of another type, a ring that encloses nothing, an area or a unit in two changes.
WANGGE_EXPORT ChangeSet parse_changes(std::string_view json, const std::string& origin);
/// The same from a file; throws `not_found` too.
WANGGE_EXPORT ChangeSet read_changes(const std::filesystem::path& file);

/// Reads pairs of units from a CSV of two columns, `unit` and `other`, each holding a unit's id. Throws `not_found`,
/// `unreadable`, `missing_field`, and `invalid_units` naming a unit that `units` lacks.
WANGGE_EXPORT std::vector<UnitPair> read_unit_pairs(const std::filesystem::path& file, const UnitTable& units);

/// Writes `plan.gpkg`: layer `areas` (code, name, level, parent, kind, households, persons, units, area_m2,
/// compactness, a sum for each further attribute of the profile, objective and its terms in metre-equivalents,
/// finding), layer `units` (unit_id, households, persons, compound, building, floors, …, micro_grid; input geometry
/// kept), layer `barriers` (class, name, bridge, tunnel, layer), layer `findings` (points: kind, code, unit, text,
/// certificate as JSON), table `changes` (a row a revision: revision, time, reason, author, json, previous, hash: the
/// SHA-256 of `previous`, a line feed and `json`) and table `profile` (name, json). Atomic like `write_city`; the same
/// plan gives the same bytes.
WANGGE_EXPORT void write_plan(const std::filesystem::path& file, const Plan& plan, const Execution& execution = {});

/// Reads all that `write_plan` wrote, also before plans had a history; to write it again gives the same bytes. Throws
/// what `read_city` throws, and `unreadable` where the history was altered by hand (it names the revision), an area is
/// not as the history left it, or a unit is in a micro-grid that is not there.
WANGGE_EXPORT Plan read_plan(const std::filesystem::path& file, const Execution& execution = {});

struct ImportOptions {
  /// Which buildings without flats and addresses get a households estimate.
  /// residential: one in a house; floors × footprint / 100 m², at least one, in apartments, residential, dormitory,
  /// terrace and block (floors unknown: 3, 1, 3, 2, 3). all: also floors × footprint / 200 m² in buildings of 40 m² or
  /// more whose type is `yes` and that have no amenity, shop, office, leisure or tourism tag: for towns mapped without
  /// addresses and types.
  enum class Estimate { none, residential, all } estimate = Estimate::residential;
  double address_reach_m = 30;  ///< an address outside every building goes to the nearest one within this reach
  int area_level = 0;           ///< OSM admin_level of the areas to split; 0: the finest level that covers the units
};

/// Reads an OpenStreetMap extract (.osm.pbf or .osm) through GDAL's OSM driver.
/// - Units: buildings (ids "w123" of ways, "r456" of relations) and addresses far from any ("n789"). Households are
///   building:flats, else distinct addresses, else the estimate; the label `households_from` says which (flats,
///   addresses, estimate, none), further labels are `type`, `name`, `address`; the compound is the named residential
///   land a building stands on. A building nobody lives in stays, with 0 households.
/// - Barriers: hard (motorway, trunk and their links; rail, light_rail, subway, narrow_gauge; river, canal), soft
///   (primary, secondary, tertiary and their links), wall (wall, city_wall, outlines of compounds), street
///   (residential, unclassified, living_street, pedestrian, road), with bridge, tunnel and layer. Where built-up land
///   without a name ends is no barrier: nobody sees that line on the ground.
/// - Areas: administrative boundaries that are whole in the extract, code "r" + relation id, as province (admin_level
///   up to 4), city (5), county (6, 7), town (8), community (9, 10), sector (11 …): the level to split and the coarser
///   ones it lies in; where no boundary holds a quarter of the units, one area "extract" around all of them. Units
///   outside every area are left out, with a finding.
/// Rings that do not close or have no area are counted in the findings, never fatal. Throws `not_found`, `unreadable`,
/// `invalid_units` where there is no building and no address, `not_found` where the extract has no boundary of
/// `area_level`, `invalid_argument` for a reach outside 0…1000 m, `stopped`.
WANGGE_EXPORT City import_osm(const std::filesystem::path& file, const ImportOptions& options = {},
                              const Execution& execution = {});

}  // namespace wangge
