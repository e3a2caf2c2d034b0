#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/arrangement.hpp"
#include "planning/ground.hpp"
#include "planning/voronoi.hpp"

namespace wangge::planning {

/// Who owns each face of the final arrangement. Owners are the stacks, in order, and after them the enclosures and
/// scraps without a unit.
struct Labels {
  std::vector<std::uint32_t> owner_of_face;      ///< or `coverage::nothing` outside the areas
  std::vector<std::uint32_t> enclosure_of_face;  ///< or `coverage::nothing`
  std::vector<std::uint32_t> enclosure_of_owner;
  std::vector<std::uint32_t> owner_of_unit;  ///< or `coverage::nothing` outside the areas
  std::uint32_t owners = 0;
  std::uint32_t stacks = 0;  ///< of the owners, those with units; they come first
  /// Units of which a piece had to be left to others, because an outline or a hard barrier runs through it.
  std::vector<std::uint32_t> straddlers;
};

/// The strongest barrier that runs along each edge, as a `BarrierClass`, or `no_barrier`.
inline constexpr std::uint8_t no_barrier = 0xff;
std::vector<std::uint8_t> barriers_of_edges(const coverage::Arrangement& arrangement, const Sources& sources,
                                            std::span<const Barrier> barriers);

Labels label_faces(const coverage::Arrangement& arrangement, const Ground& ground, std::span<const Chain> chains,
                   std::span<const std::uint8_t> barrier_of_edge, Units units);

}  // namespace wangge::planning
