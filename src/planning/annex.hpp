#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "planning/micro_grids.hpp"

namespace wangge::planning {

/// What shuts a hamlet in, and who could take it in.
struct Annexation {
  std::uint32_t hamlet = 0;
  std::uint32_t host = Graph::none;  ///< or none where no neighbour in its area stays within its limits
  std::uint64_t households = 0;      ///< that the host would then hold
  std::string barrier;               ///< the hard barrier between them, or else round the hamlet; or empty
};

/// For each hamlet, by part, the neighbour over a hard barrier that could take it in at the least price: deviation from
/// the target added, in metre-equivalents, less the border that would vanish. With `carry_out` the annexations happen
/// one after the other: host and hamlet become one part of `partition`, whose parts are then renumbered, and what is
/// returned goes by the new numbers.
std::vector<Annexation> annexations(const Tessellation& tessellation, std::span<const Barrier> barriers,
                                    const Profile& profile, bool carry_out, Partition& partition);

}  // namespace wangge::planning
