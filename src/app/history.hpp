#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <wangge/io.hpp>

namespace wangge::app {

/// Changes that were made for a revision of the plan, as they are for the current one: of those, the changes whose
/// areas are still as they were. `collisions` has a line for each of the others.
struct CarriedOver {
  ChangeSet changes;
  std::vector<std::string> collisions;
};

/// Throws `stale_change` naming both revisions where the changes were made for a later one, `not_found` where they move
/// a unit that the plan does not have, or to a micro-grid that nobody knows.
CarriedOver carry_over(const Plan& plan, const ChangeSet& changes);

/// The next revision of the plan: the map as the changes make it; units go where the changes move them, stay where
/// their micro-grid stays, and else are where they lie. Moves, lineage and figures are counted anew for the plan's own
/// units. Throws what `GridMap::with` throws.
Plan follow(const Plan& plan, ChangeSet changes);

/// Drawing an area anew may give a neighbour a vertex; then the changes name that too.
void tell_what_changed(const GridMap& before, const GridMap& after, ChangeSet& changes);

/// Gives the plan its next map and assignment, with figures and findings of what has changed, and the changes at the
/// end of its history; their moves are those of the units.
void adopt(Plan& plan, GridMap next, std::vector<GridId> micro_grid_of_unit, ChangeSet changes);

/// The revision that `undo` takes back, or that `redo` brings back by taking back what took it back; none where there
/// is nothing. What the plan began with stays.
std::optional<std::uint64_t> next_to_undo(const std::vector<ChangeSet>& history);
std::optional<std::uint64_t> next_to_redo(const std::vector<ChangeSet>& history);

/// The plan at an earlier revision of its history, with the households of today. Throws `not_found`.
Plan at_revision(const Plan& plan, std::uint64_t revision);

/// The changes of that revision. Throws `not_found`.
const ChangeSet& changes_of(const Plan& plan, std::uint64_t revision);

}  // namespace wangge::app
