#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

// A block is what links join without crossing a street, a main road or a hard barrier. Here only those count that one
// part could hold and where nobody has a foe; any other atom stands for itself.
namespace wangge::planning {

/// Makes the links within blocks dearer to cut, as `Weights::block` says.
void raise_cuts_in_blocks(Piece& piece, const Terms& terms);

/// A piece whose blocks are one atom each, but in components that are divided exactly anyway.
struct Coarse {
  Piece piece;
  std::vector<std::uint32_t> atom_of;  ///< for each atom of the fine piece the one it went into
};

/// None where it would hardly save a quarter of the atoms. Atoms keep their order, by the least of a block. Prices of
/// parts are as in the fine piece, but that a block has the compound and the zone of its largest atom.
std::optional<Coarse> coarsen(const Piece& piece, const Terms& terms);

}  // namespace wangge::planning
