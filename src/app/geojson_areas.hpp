#pragma once

#include <span>
#include <string>

#include <wangge/grid_map.hpp>

namespace wangge::app {

/// The areas as GeoJSON (RFC 7946), a feature a line, with the properties that `read_areas` reads again: code, name,
/// level, parent, kind. No position moves; what of a text is not UTF-8 becomes U+FFFD.
std::string to_geojson(std::span<const GridRecord> areas);

}  // namespace wangge::app
