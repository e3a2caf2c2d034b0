#pragma once

#include <cstddef>
#include <cstdint>

namespace wangge::bench {

/// How long `rebalance` takes where a single building of a plan has changed, in milliseconds on one thread.
struct OneBuilding {
  std::size_t micro_grids = 0, households = 0, asked = 0, mended = 0;
  std::uint64_t moved = 0, bound = 0;
  double median_ms = 0, tenth_longest_ms = 0;
};

/// Makes a town and its plan, then lets one building after another gain so many households that its micro-grid is over
/// the range by 1 to 10, and mends the plan as it was each time. Throws `std::logic_error` where a proposal leaves a
/// micro-grid out of range and no certificate says why.
OneBuilding change_one_building(std::uint64_t households, std::size_t times, std::uint64_t seed);

}  // namespace wangge::bench
