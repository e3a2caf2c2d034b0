#include <wangge/io.hpp>

#include "io/ogr_tables.hpp"

namespace wangge {

void write_city(const std::filesystem::path& file, const City& city, const Execution& execution) {
  io::GeoPackage package(execution);
  auto areas = package.create(
      "areas", wkbMultiPolygon,
      {{"code", OFTString}, {"name", OFTString}, {"level", OFTString}, {"parent", OFTString}, {"kind", OFTString}},
      city.source);
  for (const GridRecord& area : city.areas) {
    areas.text(area.code).text(area.name).text(std::string(to_string(area.level)));
    areas.text(area.parent).text(std::string(to_string(area.kind)));
    areas.add(area.polygons);
  }
  io::write_units(package, city.units, city.source);
  io::write_barriers(package, city.barriers);
  package.replace(file);
}

}  // namespace wangge
