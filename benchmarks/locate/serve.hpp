#pragma once

#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::bench {

/// From a file in the page cache to the first answer, in milliseconds.
struct OpenTimes {
  double file_mb = 0;
  double checked_min = 0, checked_median = 0, trusted_min = 0, trusted_median = 0;
};
OpenTimes time_opening(const GridMap& map, int rounds);

/// What a reader of published maps needs a point, in processor time, and what it loses to a writer that publishes ten
/// revisions a second, two maps by turns.
struct PublishTimes {
  int batch = 0;                                 ///< points a reading
  double alone_ns = 0, while_publishing_ns = 0;  ///< medians
  int revisions = 0;
};
PublishTimes time_publishing(const GridMap& map, const GridMap& other, const std::vector<LngLat>& places, int batch,
                             int rounds);

}  // namespace wangge::bench
