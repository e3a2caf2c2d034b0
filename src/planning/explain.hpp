#pragma once

#include <span>
#include <vector>

#include "planning/annex.hpp"
#include "planning/micro_grids.hpp"
#include "planning/wholes.hpp"

namespace wangge::planning {

/// What a plan was made of, for those who explain it.
struct Outcome {
  const Tessellation& tessellation;
  const Partition& partition;
  const std::vector<MicroGrid>& micro_grids;
  const std::vector<Annexation>& annexations;
  const Profile& profile;
  std::span<const UnitAttribute> attributes;  ///< of the units, one for each of the profile's
  Units units;
};

/// For each part the sums of the profile's attributes, one after the other.
std::vector<std::vector<double>> attribute_sums(const Outcome& outcome);

/// Why micro-grids are out of range, each with a certificate, and which bounds of attributes are missed.
std::vector<Finding> explain_range(const Outcome& outcome, const GridMap& map, std::span<const GridId> areas);

/// Compounds and buildings that are cut or mixed although their size would allow them to be whole.
std::vector<Finding> explain_mixed(const Outcome& outcome, const Wholes& wholes);

/// Units that were to be apart and are not.
std::vector<Finding> explain_apart(const Outcome& outcome, std::span<const UnitPair> apart);

/// The locked micro-grids; it says so where the border in `next` had to take in a vertex of new neighbours.
std::vector<Finding> explain_locks(const GridMap& map, std::span<const GridId> locked, const GridMap& next);

/// Units that lie outside every area, but for those in locked micro-grids (`lock_of_unit`).
std::vector<Finding> explain_unassigned(const Outcome& outcome, std::span<const GridId> lock_of_unit);

}  // namespace wangge::planning
