#pragma once

#include <filesystem>
#include <string>

#include "split/instance.hpp"
#include <wangge/io.hpp>

namespace wangge::bench {

/// The graph that `wangge split` sees for a city: its units' footprints tessellated in all of its finest areas.
Instance tessellated(const std::string& name, const City& city, const Range& range, std::uint32_t target);

/// An OSM extract, imported as by `wangge import-osm`. Throws where the library was built without GDAL.
City osm_city(const std::filesystem::path& file);

/// Census areas as units, which are their own footprints, in one area that is their union.
City census_city(const std::filesystem::path& file);

}  // namespace wangge::bench
