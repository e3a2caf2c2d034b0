#pragma once

#include <string>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/io.hpp>

namespace wangge::app {

/// A plan after an edit by hand, and what the edit breaks, a line each that begins with the rule: contiguity, range,
/// barrier, compound, building, attribute, lock.
struct Edited {
  Plan plan;
  std::vector<std::string> breaks;
};

/// Each edit throws `not_found` for a unit or a micro-grid that is not there, `contradiction` where nothing of the kind
/// can be drawn at all, `stopped`.

/// Moves units into a micro-grid of the area they are in; one that is left without a unit goes with its land.
Edited move_units(const Plan& plan, const std::vector<std::string>& units, const std::string& to, double simplify_m,
                  const Execution& execution);

/// Makes micro-grids of one area into one, which keeps the code of the one with most households.
Edited merge_micro_grids(const Plan& plan, const std::vector<std::string>& codes, const Execution& execution);

/// Divides a micro-grid by the profile of the plan; the part with most households keeps the code.
Edited split_micro_grid(const Plan& plan, const std::string& code, double simplify_m, const Execution& execution);

/// Locks micro-grids, or unlocks them: a locked one stays as it is in further edits unless they are forced.
Edited lock_micro_grids(const Plan& plan, const std::vector<std::string>& codes, bool locked);

}  // namespace wangge::app
