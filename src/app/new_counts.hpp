#pragma once

#include <cstddef>

#include <wangge/units.hpp>

namespace wangge::app {

/// A plan's units as they are today.
struct NewCounts {
  UnitTable units;
  std::size_t fresh = 0;     ///< units that the plan does not have
  std::size_t vanished = 0;  ///< units of the plan that are no longer there
};

/// The units of today, in their order, matched with the plan's by id. Whatever a table of counts leaves out comes from
/// the plan: footprints (where the unit still stands in its own), compounds, buildings, floors, and columns that
/// today's table does not have.
NewCounts take_over(const UnitTable& plan, UnitTable today);

}  // namespace wangge::app
