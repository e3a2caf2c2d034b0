#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/crew.hpp"
#include "planning/piece.hpp"
#include "planning/tree_dp.hpp"

namespace wangge::planning {

/// Order in which links join a first tree: what shares a compound, then by class, foes last.
std::uint64_t rank(const Piece& piece, std::uint32_t atom, const Arc& arc);
double length_m(const Atom& a, const Atom& b);

/// Least spanning forest of a piece without its towers, by (class, distance): compounds, then superblocks, become
/// subtrees. Ascending by key.
std::vector<Bond> spanning_forest(const Piece& piece, Crew& crew);

/// The trees of a forest, cut into groves small enough to be divided on their own, on main roads where there are some.
struct Groves {
  std::vector<std::uint32_t> atoms;  ///< of the first grove, then of the second, …
  std::vector<Bond> bonds;           ///< likewise
  std::vector<std::size_t> first_atom, first_bond;
  std::vector<bool> whole;  ///< is a whole tree

  std::size_t count() const noexcept { return whole.size(); }
  std::span<const std::uint32_t> atoms_of(std::size_t grove) const {
    return {atoms.data() + first_atom[grove], atoms.data() + first_atom[grove + 1]};
  }
  std::span<const Bond> bonds_of(std::size_t grove) const {
    return {bonds.data() + first_bond[grove], bonds.data() + first_bond[grove + 1]};
  }
};

Groves cut_groves(const Piece& piece, const Terms& terms, std::span<const Bond> forest);

}  // namespace wangge::planning
