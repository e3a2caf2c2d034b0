#pragma once

#include <cstdint>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>

namespace wangge::coverage {

/// A directed piece of line and where it came from; sources are the caller's numbers.
struct Segment {
  Position a, b;
  std::uint32_t source = 0;
  friend auto operator<=>(const Segment&, const Segment&) = default;
};

/// Splits segments until any two of them share end positions only, or are the same. Source and direction are kept, and
/// each input segment becomes a path between its own ends, so what was a closed ring stays one. Positions move by at
/// most about two lattice units; segments of no length vanish. Segments that are noded already come back unchanged.
std::vector<Segment> node(std::vector<Segment> segments, const Execution& execution = {});

/// True where `node` would leave two different segments as they are if there were no others.
bool are_noded(const Segment& s, const Segment& t);

}  // namespace wangge::coverage
