#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <wangge/planning.hpp>

namespace wangge {

struct RebalanceOptions {
  Profile profile;
  /// The numeric columns of the units, one value a unit, among which the profile's attributes and groups are found.
  std::span<const UnitAttribute> columns;
  double simplify_m = 2;        ///< new borders inside an enclosure may move this far, never across a footprint
  bool keep_compounds = false;  ///< a compound is cut or mixed only where nothing else helps
  std::vector<GridId> locked;   ///< micro-grids that stay as they are, whatever they hold
  std::optional<std::uint64_t> most_moved;  ///< households; repairs that would move more in all are put off
  std::uint32_t margin = 0;                 ///< households by which a mended micro-grid stays clear of either bound
  int effort = 1;                           ///< 0 to 3, in steps of the search, never by the clock
  /// The micro-grid of each unit today, as a plan says; empty, or none for a unit: the one that its position is in.
  std::vector<GridId> home_of_unit;
  /// Figures of the map's areas, as `assess` gives them for it: what stays is then not measured again. Or none.
  std::span<const AreaFigures> figures;
  std::vector<std::string> retired;  ///< codes of earlier revisions, which new micro-grids never take
};

/// Mends a plan after households have moved in and out and units have come and gone: every general micro-grid (a leaf
/// of that level) is brought back into the profile's range by moving as few households as the search can find, beside a
/// lower bound (`changes.households_moved_bound`) that is proven for all plans that mend it within the same
/// surroundings: those out of range and their neighbours, up to six deep where fewer do not suffice. Only micro-grids
/// that give or take ground get new borders, and of these only where it changes hands; all others keep code and border
/// to the vertex, but for a vertex where a new border meets theirs. A micro-grid keeps the code of the one that gave it
/// most households; what is split off gets a code above all that its parent has. Households pass only between
/// micro-grids of one parent. Locked ones are not touched, nor are dedicated ones in which still nobody lives; where
/// somebody has moved in, they are like all others. What cannot be mended becomes a finding, with a certificate where
/// that is proven, and the best plan is still returned. Throws `invalid_argument` for a profile that `check` refuses
/// and for a map without micro-grids, `missing_field` for a column that the profile names and the units lack,
/// `not_found` for a lock that is no micro-grid, `stopped`.
WANGGE_EXPORT Proposal rebalance(const GridMap& map, Units units, std::span<const Barrier> barriers,
                                 const RebalanceOptions& options = {}, const Execution& execution = {});

}  // namespace wangge
