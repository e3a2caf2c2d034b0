#pragma once

#include <cstddef>

#include <wangge/execution.hpp>

namespace wangge::coverage {

/// Shares the numbers below `count` out in pieces, always the same whatever the number of threads, and calls
/// body(piece, from, to) for each piece.
inline constexpr std::size_t pieces = 32;

template <class Body>
void in_pieces(std::size_t count, const Execution& execution, const Body& body) {
  execution.for_each(pieces,
                     [&](std::size_t piece) { body(piece, count * piece / pieces, count * (piece + 1) / pieces); });
}

}  // namespace wangge::coverage
