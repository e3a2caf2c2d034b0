#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "verify/lattice.hpp"

namespace wangge::verify {

/// A row of the layer `areas`, as it stands in the file.
struct Area {
  std::string code, name, level, parent, kind, finding;
  std::optional<std::int64_t> households, persons, units;
  std::optional<double> area_m2, compactness;
  Polygons polygons;
  std::map<std::string, double> sums = {};  ///< the columns sum_…, by what follows
};

/// A row of the layer `units`. Without a footprint it is the point.
struct Unit {
  std::string id, micro_grid;
  std::optional<std::int64_t> households, persons;
  Polygons footprint;
  std::optional<Point> point;
  std::vector<double> counts = {};  ///< one for each of the plan's `columns`; 0 where empty
};

enum class BarrierClass { street, wall, soft, hard };

struct Barrier {
  Line line;
  BarrierClass barrier = BarrierClass::street;
  std::string name;
  bool bridge = false, tunnel = false;
  int layer = 0;
};

struct Finding {
  std::string kind, code, unit;
  std::string certificate = {};  ///< JSON, or empty
};

/// A row of the table `changes`.
struct Revision {
  std::string number, reason, author, json, previous, hash;
};

/// What a plan says, nothing of it believed yet.
struct PlanFile {
  std::vector<Area> areas;
  std::vector<Unit> units;
  std::vector<Barrier> barriers;
  std::vector<Finding> findings;
  std::vector<Revision> revisions = {};
  std::vector<std::string> columns;  ///< further columns of the units that were asked for and are there
  bool codes_are_text = true;
  bool has_hashes = true;         ///< of the revisions
  bool has_barriers = true;       ///< the layer is there
  std::size_t off_lattice = 0;    ///< vertices of areas that are no multiple of 1e-7 degree
  std::size_t without_class = 0;  ///< barriers whose class is none of the four
};

/// Reads a GeoPackage, and of the units the further numeric columns that are asked for. Throws Error `not_found`,
/// `unreadable` (not a GeoPackage, damaged, or without the layers and columns of a plan), `missing_crs` (none, or not
/// WGS 84).
PlanFile read_plan(const std::filesystem::path& file, const std::vector<std::string>& columns = {});

/// The profile that the plan says it was made by, as JSON; empty where it says none. Throws like `read_plan`.
std::string profile_of(const std::filesystem::path& file);

}  // namespace wangge::verify
