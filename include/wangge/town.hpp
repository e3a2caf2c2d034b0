#pragma once

#include <cstdint>
#include <string>

#include <wangge/export.hpp>
#include <wangge/io.hpp>

namespace wangge {

struct TownOptions {
  std::uint64_t households = 7000;  ///< reached exactly; up to 10 million
  std::uint64_t seed = 1;
  LngLat centre{118.30, 33.96};
  /// `fangzhou`: the totals of Nanjing's Fangzhou community (4,072 households, 11,413 persons, 2.2 km², 4 sectors, 15
  /// grids); `households` and `centre` are then ignored. Empty: a general town.
  std::string like;
};

/// A seeded town to test and measure with: superblocks between main roads, walled compounds of slab and tower blocks
/// with stairwells, street neighbourhoods, a river with bridges, hamlets and parks. The same options, the same town.
WANGGE_EXPORT City make_town(const TownOptions& options, const Execution& execution = {});

}  // namespace wangge
