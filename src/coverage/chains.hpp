#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "coverage/raw_vector.hpp"

#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>

namespace wangge::coverage {

/// An order of positions in which those that are close mostly come close: by tiles of 2^17 lattice units, row by row.
constexpr std::uint64_t place_order(Position p) noexcept {
  const std::uint64_t x = static_cast<std::uint32_t>(p.x) ^ 0x80000000u,
                      y = static_cast<std::uint32_t>(p.y) ^ 0x80000000u;
  return y >> 17 << 49 | x >> 17 << 34 | (y & 0x1ffff) << 17 | (x & 0x1ffff);
}

/// Closed rings, one after the other; each repeats its first position at its end. Any three positions that follow each
/// other on a ring differ.
struct Rings {
  RawVector<Position> points;
  std::vector<std::uint32_t> first{0};  ///< ring i has the points first[i] … first[i+1]-1
  std::vector<std::uint32_t> source;    ///< by ring: the caller's number
};

/// How a ring runs along a chain: over points[from] … points[last].
struct ChainUse {
  Position start, next;  ///< the chain's first two positions: they tell it from all others
  std::uint32_t from, last;
  std::uint32_t source;
  bool forward;  ///< the ring runs from `start`
};

/// The rings cut where they part or meet: at every position with more than two neighbours. A ring without such a
/// position is a chain that starts at its least one.
struct Chains {
  RawVector<Position> points;
  RawVector<ChainUse> uses;  ///< by place of start and next, source, forward: those of one chain stand together
};

/// The chains of rings that `node` would leave as they are, found without looking at any two segments that are far
/// apart; nothing where they are not noded.
std::optional<Chains> find_chains(Rings rings, const Execution& execution = {});

}  // namespace wangge::coverage
