#pragma once

#include <cstdint>
#include <string>

namespace wangge::town {

/// Names as towns have them, numbered where there are more things than names.
std::string compound_name(std::uint64_t seed, std::uint32_t index);
std::string community_name(std::uint64_t seed, std::uint32_t index);
std::string town_name(std::uint32_t index);
std::string road_name(std::uint32_t index, bool northward);
std::string river_name(std::uint32_t index);

}  // namespace wangge::town
