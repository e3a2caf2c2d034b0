#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>
#include <wangge/io.hpp>

/// The steps of `import_osm`: what an extract says, then what it means for planning.
namespace wangge::io {

struct OsmBuilding {
  std::string id;    ///< "w123" for a way, "r456" for a relation
  std::string type;  ///< value of the building tag
  std::string name;
  std::optional<double> floors;
  std::optional<std::uint32_t> flats;
  std::vector<std::string> addresses;  ///< "street number", sorted, each once
  bool other_use = false;              ///< amenity, shop, office, leisure or tourism: people go there, few live there
  MultiPolygon footprint;
};

/// A node with a house number.
struct OsmAddress {
  std::string id;  ///< "n789"
  Position position;
  std::vector<std::string> addresses;
};

struct OsmBoundary {
  std::string id;  ///< "r1155956"
  std::string name;
  int admin_level = 0;
  MultiPolygon outline;
};

/// Residential land with a name: a compound (小区).
struct OsmCompound {
  std::string name;
  MultiPolygon outline;
};

struct OsmExtract {
  std::vector<OsmBuilding> buildings;
  std::vector<OsmAddress> addresses;
  std::vector<OsmBoundary> boundaries;
  std::vector<OsmCompound> compounds;
  std::vector<Barrier> barriers;
  std::vector<Finding> findings;
};

/// Reads the tags that planning needs. Throws `not_found`, `unreadable`, `stopped`.
OsmExtract read_osm(const std::filesystem::path& file, const Execution& execution);

/// The class of a line by its tags, or nothing where planning does not care:
/// hard: motorway, trunk and their links; railway rail, light_rail, subway, narrow_gauge; waterway river, canal ·
/// soft: primary, secondary, tertiary and their links · wall: barrier wall, city_wall ·
/// street: residential, unclassified, living_street, pedestrian, road.
std::optional<BarrierClass> barrier_class(const std::string& highway, const std::string& railway,
                                          const std::string& waterway, const std::string& barrier);

/// Households that a building of this type, size and number of floors may hold: one in a house; floors × footprint /
/// 100 m² in residential buildings, at least one; with `all` also floors × footprint / 200 m² in buildings of 40 m² or
/// more of unknown use. 0 elsewhere.
std::uint32_t estimated_households(const OsmBuilding& building, ImportOptions::Estimate estimate);

/// Buildings become units, exact duplicates merged; an address node falls to the building that holds it, else to the
/// nearest within reach (no garage or shed), else stands as a unit of its own. Labels: households_from (flats,
/// addresses, estimate, none), type, name, address. Sorted by kind and number of the id.
UnitTable units_of(OsmExtract extract, const ImportOptions& options, std::vector<Finding>& findings);

/// province for admin_level up to 4, city 5, county 6 and 7, town 8, community 9 and 10, sector beyond.
Level level_of_admin(int admin_level) noexcept;

/// The areas to split, and the coarser ones they are part of: complete boundaries that hold a unit, such that
/// `GridMap::build` takes them. Where no boundary holds a quarter of the units: one area around all of them. Units
/// outside every area are taken out of the table. Throws `not_found` for an area level that is not there.
std::vector<GridRecord> areas_of(const std::vector<OsmBoundary>& boundaries, int area_level, UnitTable& units,
                                 std::vector<Finding>& findings);

}  // namespace wangge::io
