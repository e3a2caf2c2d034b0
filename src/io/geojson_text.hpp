#pragma once

#include <string>
#include <string_view>

#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

/// Pieces of GeoJSON (RFC 7946), written straight into a text.
namespace wangge::io {

/// Appends the coordinates of a MultiPolygon. Each degree has the decimals of the lattice that it needs ("118.3",
/// "-0.0000001", "118"), so that reading it gives the same position again.
WANGGE_EXPORT void append_coordinates(std::string& text, const MultiPolygon& polygons);

/// The text as a string of JSON; bytes that are not UTF-8 become U+FFFD.
WANGGE_EXPORT std::string json_string(std::string_view text);

}  // namespace wangge::io
