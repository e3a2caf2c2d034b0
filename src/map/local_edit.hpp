#pragma once

#include <optional>
#include <span>
#include <vector>

#include "map/arcs.hpp"
#include "map/edge_index.hpp"
#include "map/map_image.hpp"
#include <wangge/change_set.hpp>

namespace wangge::map {

/// A map after an edit, but for what follows from these.
struct Edited {
  std::vector<GridRecord> areas;  ///< without polygons
  Arcs arcs;
};

/// What the edit makes of a map, found by building only the surroundings of the areas that it retires and creates anew:
/// the same as building the whole, or nothing. It is found where all areas that come and go are of one parent and
/// without parts, and those that come, drawn without the least overlap or sliver, cover the very ground of those that
/// go (or of the parent, where it gets its first parts).
std::optional<Edited> edit_locally(const MapView& view, const EdgeIndex& edges,
                                   std::span<const ChangeSet::Change> changes, double snap_m);

}  // namespace wangge::map
