#pragma once

#include <span>
#include <vector>

#include <wangge/planning.hpp>

namespace wangge::planning {

/// Throws `not_found` where a lock is no micro-grid in one of the areas that are split, `invalid_argument` where an
/// area has children that are not locked.
void check_locks(const GridMap& map, std::span<const GridId> areas, std::span<const GridId> locked);

/// For each unit the locked micro-grid in which it lies, or none.
std::vector<GridId> locks_of_units(const GridMap& map, std::span<const GridId> locked, Units units);

}  // namespace wangge::planning
