#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

namespace wangge::planning {

/// The order in which the parts of one area are numbered, as one reads a page: from north to south in bands about as
/// high as a part, and in each band from west to east. Returns the parts' indices in that order.
std::vector<std::uint32_t> reading_order(std::span<const Position> centres);

/// The code of the number-th part (from 1) of an area: the area's code and at least three digits.
WANGGE_EXPORT std::string child_code(std::string_view area, std::uint32_t number, std::uint32_t count);

}  // namespace wangge::planning
