#include "app/open_map.hpp"

#include <string>
#include <vector>

#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {

bool is_map_file(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".wgm" || extension == ".WGM";
}

GridMap open_map(const std::filesystem::path& file, const OpenOptions& options, const Execution& execution) {
  if (is_map_file(file)) return GridMap::open(file, options);
  const std::vector<GridRecord> areas = read_areas(file, execution);
  try {
    return GridMap::build(areas, {}, execution);
  } catch (const Error& error) {
    if (error.code() == Errc::stopped) throw;
    throw Error(error.code(), file.string() + ": " + error.what());
  }
}

}  // namespace wangge::app
