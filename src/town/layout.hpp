#pragma once

#include <cstdint>
#include <vector>

#include "town/plan.hpp"
#include "town/random.hpp"

namespace wangge::town {

/// An upright rectangle in a cell, in decimetres from its south-west corner.
struct Rect {
  int x0, y0, x1, y1;
  int width() const { return x1 - x0; }
  int height() const { return y1 - y0; }
  Rect inset(int by) const { return {x0 + by, y0 + by, x1 - by, y1 - by}; }
};

enum class Shape : std::uint8_t { rectangle, l_shape, courtyard };
enum class Purpose : std::uint8_t { residential, school, shop };

/// One building as planned.
struct Building {
  std::uint32_t cell = 0;
  Rect outline{};
  Shape shape = Shape::rectangle;
  Purpose purpose = Purpose::residential;
  std::uint8_t stairwells = 1, floors = 1;
  std::uint16_t room = 0;   ///< households when every flat is let
  std::uint16_t shops = 0;  ///< relative to others
};

/// The ground of a cell that its streets leave: inside its wall where it has one.
Rect yard(const TownPlan& plan, int column, int row);

/// The gate of a walled cell lies on its mid street: a gap in the southern or northern wall from x0 to x1.
struct Gate {
  int x0, x1;
  bool south;
};
Gate gate(const TownPlan& plan, int column, int row, std::uint64_t seed);

/// Appends the buildings of one cell.
void build_cell(const TownPlan& plan, int column, int row, std::uint64_t seed, std::vector<Building>& buildings);

}  // namespace wangge::town
