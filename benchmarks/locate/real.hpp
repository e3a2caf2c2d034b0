#pragma once

#include <filesystem>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::bench {

/// The areas of London and of three Scottish councils, as far as their files are below the folder; says what is absent.
std::vector<std::vector<GridRecord>> real_tilings(const std::filesystem::path& folder);

}  // namespace wangge::bench
