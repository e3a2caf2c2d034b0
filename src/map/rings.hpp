#pragma once

#include <cstdint>
#include <vector>

#include "coverage/noding.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// Appends the record's rings as segments of that source with the inside on the left, whichever way the rings ran.
/// Throws `invalid_geometry` for a position off the Earth, an outer ring without extent, rings that cross.
void append_rings(const GridRecord& record, std::uint32_t source, std::vector<coverage::Segment>& segments);

}  // namespace wangge::map
