#pragma once

#include <string>

#include <wangge/town.hpp>

namespace wangge::testing_town {

/// "B0000001 and B0000002" where the insides of two footprints meet, or "". Exact, by GEOS.
std::string first_overlap(Units units);

/// Pairs of footprints that share a whole edge.
std::size_t shared_walls(Units units);

/// "B0000001 and 人民路" where an edge of a footprint meets a barrier, or "". Exact.
std::string first_crossing(const City& city);

}  // namespace wangge::testing_town
