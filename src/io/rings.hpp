#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/features.hpp"
#include <wangge/geometry.hpp>

namespace wangge::io {

/// What is wrong with a ring, if anything.
enum class RingFault { none, off_earth, unclosed, degenerate };

/// The ring on the lattice: repeated positions dropped, closing position dropped, counter-clockwise.
struct LatticeRing {
  Ring ring;
  RingFault fault = RingFault::none;  ///< degenerate: fewer than three distinct positions or no area
};
LatticeRing to_ring(const RawLine& raw);

/// The line on the lattice, repeated positions dropped. The places must be on Earth.
Line to_line(const RawLine& raw);

bool all_on_earth(const Shape& shape);

/// The rings of a footprint that hold; the others are counted.
struct Footprint {
  MultiPolygon polygons;
  std::size_t unclosed = 0, degenerate = 0;
};
/// The shape must be on Earth. A polygon whose outer ring does not hold is dropped with its holes.
Footprint to_footprint(std::span<const RawPolygon> polygons);

/// The middle of all positions of the rings: where a unit stands whose footprint does not hold; or nothing.
std::optional<Position> middle(std::span<const RawPolygon> polygons);

}  // namespace wangge::io
