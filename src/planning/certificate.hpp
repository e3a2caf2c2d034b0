#pragma once

#include <cstdint>
#include <vector>

#include "planning/parts.hpp"

namespace wangge::planning {

/// Searches growing rings round a part that breaches the range. Each household atom of a ring must lie in a connected
/// set that is in range, or that leaves the ring or touches a tower (of which nothing is then asked); where even that
/// is impossible, so is any division of the piece: `Verdict::lumpy` with `Proof::ring`. A ring that holds the whole
/// piece decides it: a division found becomes the parts. Else `unproven`.
Certificate examine(Parts& parts, std::uint32_t part);

}  // namespace wangge::planning
