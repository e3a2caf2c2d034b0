#pragma once

#include <vector>

#include "coverage/arrangement.hpp"
#include "map/hierarchy.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

struct Welded {
  std::vector<GridId> finest_of_face;  ///< or none
  WeldReport report;
};

/// Decides which area owns each face: the finest of those whose polygons hold it. A face that two areas dispute, that
/// lies outside what it is part of, or that all areas leave out goes to a neighbour where it is thinner than `snap_m`
/// (2 · area / perimeter); else a dispute or a child outside its parent throws `invalid_coverage`.
/// `has_shape` says which records came with polygons.
Welded weld(const coverage::Arrangement& arrangement, const coverage::Containment& holders, const Hierarchy& hierarchy,
            const std::vector<bool>& has_shape, double snap_m);

}  // namespace wangge::map
