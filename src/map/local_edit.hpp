#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "map/arcs.hpp"
#include "map/edge_index.hpp"
#include "map/locator.hpp"
#include "map/map_image.hpp"
#include <wangge/change_set.hpp>

namespace wangge::map {

/// A map after an edit, but for what follows from these.
struct Edited {
  std::vector<GridRecord> areas;  ///< without polygons
  Arcs arcs;
  std::vector<Box> changed;  ///< see EarlierIndex
};

inline constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

/// The rows of a map after an edit: who comes and has a row of its own, where somebody goes, takes that; the others
/// take the rows of those that go, in order; who is left over comes at the end, or the last rows move up into the gaps.
/// So most rows stay.
template <class Area>
std::vector<Area> with_rows_kept(std::vector<Area> areas, std::vector<bool> goes, std::vector<Area> come,
                                 std::span<const std::size_t> own_row) {
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < come.size(); ++i) {
    if (own_row[i] == no_row || !goes[own_row[i]]) {
      others.push_back(i);
      continue;
    }
    areas[own_row[i]] = std::move(come[i]);
    goes[own_row[i]] = false;
  }
  std::vector<std::size_t> gaps;
  auto next = others.begin();
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (!goes[i]) continue;
    if (next != others.end())
      areas[i] = std::move(come[*next++]);
    else
      gaps.push_back(i);
  }
  for (; next != others.end(); ++next) areas.push_back(std::move(come[*next]));
  for (std::size_t filled = 0; filled < gaps.size();) {
    if (gaps.back() + 1 == areas.size()) {
      gaps.pop_back();
    } else {
      areas[gaps[filled++]] = std::move(areas.back());
    }
    areas.pop_back();
  }
  return areas;
}

/// What the edit makes of a map, found by building only the surroundings of the areas that go and come anew: the
/// same as building the whole, or nothing. It is found where all areas that come and go are of one parent and
/// without parts, and those that come, drawn without the least overlap or sliver, cover the very ground of those that
/// go (or of the parent, where it gets its first parts).
std::optional<Edited> edit_locally(const MapView& view, const EdgeIndex& edges,
                                   std::span<const ChangeSet::Change> changes, double snap_m);

}  // namespace wangge::map
