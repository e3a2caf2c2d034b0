#pragma once

#include <filesystem>

#include <wangge/grid_map.hpp>

namespace wangge::app {

/// True where the name is that of a map file (`.wgm`).
bool is_map_file(const std::filesystem::path& file);

/// The map of a map file, or of the areas of a plan.gpkg, a GeoJSON or whatever else `read_areas` takes. What is wrong
/// with the areas is said of the file.
GridMap open_map(const std::filesystem::path& file, const OpenOptions& options, const Execution& execution);

}  // namespace wangge::app
