#pragma once

#include <cstdint>
#include <vector>

#include <wangge/town.hpp>

namespace wangge::town {

/// What a line of the street net is. Rivers and railways lie in the middle of a strip between two side roads.
enum class LineKind : std::uint8_t { main_road, street, side_road, river, railway };

constexpr bool is_hard(LineKind kind) { return kind == LineKind::river || kind == LineKind::railway; }

/// The lines of the street net in one direction, from west to east or from south to north. Two neighbouring lines
/// have an interval between them.
struct Axis {
  std::vector<LineKind> kinds;
  std::vector<int> at_dm;
  std::vector<int> superblocks;  ///< the first of the two intervals of each superblock

  int lines() const { return static_cast<int>(kinds.size()); }
  int intervals() const { return lines() - 1; }
  int width_dm(int interval) const { return at_dm[interval + 1] - at_dm[interval]; }
  /// True beside a river or a railway, where nothing is built.
  bool in_strip(int interval) const { return is_hard(kinds[interval]) || is_hard(kinds[interval + 1]); }
};

/// What a quarter of a superblock is used for.
enum class Use : std::uint8_t {
  open,         ///< fields, parks, river banks
  slabs,        ///< walled compound of six-storey slabs
  low_slabs,    ///< walled compound of a few lower slabs
  towers,       ///< walled compound of towers of at most 100 households
  high_towers,  ///< walled compound of towers above 100 households
  houses,       ///< street neighbourhood
  thin_houses,  ///< street neighbourhood with more air
  village,      ///< rows of farm houses
  school,       ///< walled, no household
  market,       ///< shops, no household
  islet,        ///< a few houses between two arms of the river, without a bridge
};

constexpr bool is_compound(Use use) {
  return use == Use::slabs || use == Use::low_slabs || use == Use::towers || use == Use::high_towers;
}
constexpr bool is_walled(Use use) { return is_compound(use) || use == Use::school; }
constexpr bool has_lanes(Use use) { return use == Use::houses || use == Use::thin_houses; }

/// The street net and what stands in its cells, before anything is drawn.
struct TownPlan {
  Axis x, y;
  std::vector<Use> cells;  ///< one a crossing of intervals, row by row from the south

  std::size_t cell(int column, int row) const { return static_cast<std::size_t>(row) * x.intervals() + column; }
  Use use(int column, int row) const { return cells[cell(column, row)]; }
};

/// A town with room for about `room` households, which ought to be somewhat more than it will get.
TownPlan plan_general(std::uint64_t room, const TownOptions& options);

/// Four sectors of two by two superblocks, room for some 300 households in each but a park.
TownPlan plan_fangzhou(std::uint64_t seed);

}  // namespace wangge::town
