#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "verify/near.hpp"
#include "verify/plan.hpp"

namespace wangge::verify {

/// Who may border whom, drawn anew from footprints and barriers and rather too generously: what cannot be shared out
/// among so many neighbours cannot be shared out among fewer. Members are the stacks of units, and the grounds between
/// barriers on which none stands.
struct Neighbourhood {
  std::vector<std::int64_t> households;  ///< of each member
  std::vector<std::set<std::uint32_t>> links;
  std::vector<char> open;  ///< may border somebody who is not a member
  std::map<std::size_t, std::uint32_t> member_of_unit;
};

/// Draws neighbourhoods in one parent.
class NeighbourhoodMap {
 public:
  NeighbourhoodMap(const Plan& plan, const Ownership& ownership, Row parent);

  /// Of some units: all that stand in their enclosures and in those next to them.
  Neighbourhood about(std::span<const std::size_t> units) const;
  /// Of all units.
  Neighbourhood whole() const;

 private:
  class Drawing;
  struct Border {  ///< between two enclosures, at which it can be crossed
    Edge edge;
    std::uint32_t a, b;
  };
  void find_ground();
  void place_units(const Ownership& ownership);
  void find_borders();
  void find_crossings();
  Neighbourhood draw(const std::set<std::uint32_t>& enclosures) const;

  const Plan& plan_;
  const Ownership& ownership_;
  Row parent_;
  Faces faces_;                                                      ///< enclosures between barriers and outlines
  std::set<Row> locked_;                                             ///< micro-grids that were not split
  std::vector<char> ground_;                                         ///< of each enclosure: whether it was
  std::vector<std::vector<std::size_t>> units_in_;                   ///< of each enclosure
  std::map<std::size_t, std::vector<std::uint32_t>> enclosures_of_;  ///< of each unit
  std::vector<Border> borders_;
};

}  // namespace wangge::verify
