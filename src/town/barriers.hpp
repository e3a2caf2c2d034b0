#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <wangge/planning.hpp>
#include "town/areas.hpp"
#include "town/ground.hpp"
#include "town/plan.hpp"

namespace wangge::town {

/// Roads, streets, lanes, rivers, railways and walls. Roads cross rivers on bridges and railways on bridges or level
/// crossings; an area of `finest` on both sides of a river has a bridge inside.
std::vector<Barrier> barriers(const TownPlan& plan, const Ground& ground, std::span<const Area> finest,
                              std::uint64_t seed);

}  // namespace wangge::town
