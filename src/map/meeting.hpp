#pragma once

#include <span>
#include <vector>

#include "map/edge_index.hpp"
#include "map/hierarchy.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// A set of areas of a map.
class AreaSet {
 public:
  explicit AreaSet(std::size_t areas) : has_(areas, false) {}
  void add(GridId id) {
    if (id == GridId::none || has_[row(id)]) return;
    has_[row(id)] = true;
    ids_.push_back(id);
  }
  std::span<const GridId> ids() const { return ids_; }  ///< in the order they came

 private:
  std::vector<bool> has_;
  std::vector<GridId> ids_;
};

/// Adds the areas beside a border that has a position of the plane in the closed box. Exact.
void add_areas_beside(const EdgeIndex& edges, const Box& box, AreaSet& areas);

/// The same for the closed polygon, whichever way its rings run; holes are not part of it, but their rings are.
void add_areas_beside(const EdgeIndex& edges, const Polygon& polygon, AreaSet& areas);

}  // namespace wangge::map
