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
  bool stairwells = false;  ///< one unit a stairwell, several to a building, instead of one a building
  double towers = 0;        ///< share (0…1) of the compounds that consist of towers of 110 to 190 households, which no
                            ///< micro-grid of the usual range can hold; without it no unit exceeds 100
};

/// A seeded town to test and measure with: superblocks between main roads, walled compounds of slab and tower blocks
/// with stairwells, street neighbourhoods, a river with bridges, villages and parks; from 50,000 households on also a
/// railway and a few houses on an islet without a bridge, which can form no micro-grid. Units carry the counts
/// `elderly_alone` and `shops` and the label `use` (residential, school, shop). The finest areas are communities of some
/// 2,000 to 6,000 households (grids of some 270 for `fangzhou`). The same options, the same town, on any machine.
/// Throws `invalid_argument` for an option out of its range, `stopped`.
WANGGE_EXPORT City make_town(const TownOptions& options, const Execution& execution = {});

}  // namespace wangge
