#pragma once

#include <cstdint>
#include <vector>

#include <wangge/geometry.hpp>
#include "town/plan.hpp"

namespace wangge::town {

/// Where the plan lies on Earth. The lines of the street net bend a little; whatever stands in a cell bends with it,
/// by interpolation between the cell's four corners in whole numbers, so what is apart or touches in the plan is apart
/// or touches on the lattice.
class Ground {
 public:
  /// With `area_m2` above zero the whole is scaled to that area.
  Ground(const TownPlan& plan, LngLat centre, std::uint64_t seed, double area_m2 = 0);

  /// The position `s` decimetres east and `t` north of the south-west corner of a cell.
  Position place(int column, int row, int s, int t) const;

  /// The crossing of two lines for even arguments, the middle of an interval for odd ones: (2, 3) lies on the line 1
  /// of x, half-way between the lines 1 and 2 of y. Every line of the town runs over these positions.
  Position node(int x2, int y2) const;

 private:
  Position corner(int x_line, int y_line) const { return corners_[std::size_t(y_line) * plan_.x.lines() + x_line]; }

  const TownPlan& plan_;
  std::vector<Position> corners_;
};

}  // namespace wangge::town
