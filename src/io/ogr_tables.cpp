#include "io/ogr_tables.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

namespace wangge::io {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string in_lower_case(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

/// Column names that no two columns share, whatever their case: SQLite takes a and A for the same.
class ColumnNames {
 public:
  explicit ColumnNames(const std::vector<GeoPackage::Column>& fixed) : taken_{"fid", "geom", "micro_grid"} {
    for (const GeoPackage::Column& column : fixed) taken_.insert(column.name);
  }
  std::string free_name(const std::string& wish) {
    std::string name = wish.empty() ? "column" : wish;
    for (int next = 2; !taken_.insert(in_lower_case(name)).second; ++next) name = wish + "_" + std::to_string(next);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

std::vector<GeoPackage::Column> unit_columns(const UnitTable& units, bool with_micro_grid) {
  std::vector<GeoPackage::Column> columns{{"unit_id", OFTString},    {"households", OFTInteger64},
                                          {"persons", OFTInteger64}, {"compound", OFTString},
                                          {"building", OFTString},   {"floors", OFTReal}};
  ColumnNames names(columns);
  for (const UnitAttribute& attribute : units.attributes) columns.push_back({names.free_name(attribute.name), OFTReal});
  for (const UnitLabel& label : units.labels) columns.push_back({names.free_name(label.name), OFTString});
  if (with_micro_grid) columns.push_back({"micro_grid", OFTString});
  return columns;
}

/// The narrowest type that holds every unit, so that GIS programs show one layer.
OGRwkbGeometryType geometry_of(const UnitTable& units) {
  const auto polygons =
      std::count_if(units.units.begin(), units.units.end(), [](const Unit& unit) { return !unit.footprint.empty(); });
  if (polygons == 0) return wkbPoint;
  return static_cast<std::size_t>(polygons) == units.size() ? wkbMultiPolygon : wkbUnknown;
}

}  // namespace

void write_units(GeoPackage& package, const UnitTable& units, const std::string& source,
                 const std::vector<std::string>* micro_grids) {
  auto table = package.create("units", geometry_of(units), unit_columns(units, micro_grids != nullptr), source);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Unit& unit = units.units[i];
    table.text(unit.id).whole(unit.households);
    unit.persons ? table.whole(*unit.persons) : table.null();
    table.text(unit.compound).text(unit.building).real(unit.floors.value_or(unknown));
    for (const UnitAttribute& attribute : units.attributes) table.real(attribute.values[i]);
    for (const UnitLabel& label : units.labels) table.text(label.values[i]);
    if (micro_grids) table.text((*micro_grids)[i]);
    unit.footprint.empty() ? table.add(unit.position) : table.add(unit.footprint);
  }
}

void write_barriers(GeoPackage& package, std::span<const Barrier> barriers) {
  auto table = package.create("barriers", wkbLineString,
                              {{"class", OFTString},
                               {"name", OFTString},
                               {"bridge", OFTInteger, true},
                               {"tunnel", OFTInteger, true},
                               {"layer", OFTInteger}});
  for (const Barrier& barrier : barriers) {
    table.text(std::string(to_string(barrier.barrier))).text(barrier.name);
    table.whole(barrier.bridge).whole(barrier.tunnel).whole(barrier.layer);
    table.add(barrier.line);
  }
}

}  // namespace wangge::io
