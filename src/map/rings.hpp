#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "coverage/chains.hpp"
#include "coverage/noding.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// Appends the record's rings as segments of that source with the inside on the left, whichever way the rings ran.
/// Throws `invalid_geometry` for a position off the Earth, an outer ring without extent, rings that cross.
void append_rings(const GridRecord& record, std::uint32_t source, std::vector<coverage::Segment>& segments);

/// The rings of all records with the inside on the left, the rows of the records as their sources; nothing where
/// `append_rings` would throw but for crossings, or where a ring has no extent.
std::optional<coverage::Rings> plain_rings(std::span<const GridRecord> records, const Execution& execution);

}  // namespace wangge::map
