#pragma once

#include <filesystem>

#include <wangge/io.hpp>

namespace wangge::app {

/// Writes the plan as one HTML page that opens from a file and loads nothing: a Leaflet map of the micro-grids coloured
/// by households, with borders, buildings and barriers; figures on hover and click, a search for codes, and the
/// findings. 2–5 MB for 2,300 micro-grids and 45,000 buildings; the same plan gives the same bytes.
/// The page tells how many households each footprint holds, but no unit's id beyond those that findings name.
/// Replaces `file` atomically; throws `not_writable`.
void write_page(const std::filesystem::path& file, const Plan& plan);

}  // namespace wangge::app
