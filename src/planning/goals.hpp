#pragma once

#include <span>
#include <vector>

#include "planning/partition.hpp"
#include "planning/tessellation.hpp"

namespace wangge::planning {

/// The profile's attributes as goals of the nodes; `attributes` has one for each, one value a unit of the tessellation.
std::vector<Goal> goals_of(const Tessellation& tessellation, const Profile& profile,
                           std::span<const UnitAttribute> attributes);

}  // namespace wangge::planning
