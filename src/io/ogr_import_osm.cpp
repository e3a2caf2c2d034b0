#include <wangge/io.hpp>

#include "io/osm.hpp"
#include <wangge/error.hpp>

namespace wangge {

City import_osm(const std::filesystem::path& file, const ImportOptions& options, const Execution& execution) {
  if (!(options.address_reach_m >= 0 && options.address_reach_m <= 1000))
    throw Error(Errc::invalid_argument, "the address reach must be from 0 to 1000 m");
  io::OsmExtract extract = io::read_osm(file, execution);
  if (extract.buildings.empty() && extract.addresses.empty())
    throw Error(Errc::invalid_units, file.string() + " holds no building and no address; take another extract");
  City city;
  city.source = "© OpenStreetMap contributors, ODbL 1.0";
  city.findings = std::move(extract.findings);
  city.barriers = std::move(extract.barriers);
  const std::vector<io::OsmBoundary> boundaries = std::move(extract.boundaries);
  city.units = io::units_of(std::move(extract), options, city.findings);
  city.areas = io::areas_of(boundaries, options.area_level, city.units, city.findings);
  return city;
}

}  // namespace wangge
