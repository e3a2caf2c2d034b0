#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// Pairs up heavy atoms, of which no three fit in one part: a division is then a matching of all that are too small to
/// stand alone.
struct Pairing {
  bool applies = false;                 ///< all inhabited atoms are heavy, and there is no tower
  bool possible = false;                ///< where false, no division of the piece has all parts in range
  std::vector<std::uint32_t> blockers;  ///< where not possible: the set of a Tutte-Berge proof, see Proof::matching
  std::vector<std::uint32_t> label;     ///< as many pairs as can be, others alone; none with empty atoms about
  std::uint32_t labels = 0;
};

/// Maximum matching (Edmonds, 1965) on the links, and on ways through empty atoms, which may be used twice: so with
/// empty atoms about it can prove that there is no division but not find one.
/// `hint` is a division that is good already: its pairs are kept where they can be.
Pairing pair_up(const Piece& piece, const Terms& terms, std::span<const std::uint32_t> hint);

}  // namespace wangge::planning
