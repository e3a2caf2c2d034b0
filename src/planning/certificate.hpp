#pragma once

#include <cstdint>
#include <vector>

#include "planning/parts.hpp"

namespace wangge::planning {

/// What an exhaustive search round a part says.
enum class Answer : std::uint8_t {
  divided,     ///< the whole piece could be divided legally, and now is
  impossible,  ///< no division of the piece has all parts in range
  open,        ///< neither was found within the search's limits
};

/// Searches growing rings round a part that breaches the range. Each household atom of a ring must lie in a connected
/// set that is in range, or that leaves the ring or touches a tower (of which nothing is then asked); where even that
/// is impossible, so is any division of the piece. A ring that holds the whole piece decides it.
Answer examine(Parts& parts, std::uint32_t part);

}  // namespace wangge::planning
