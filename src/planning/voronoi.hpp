#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <wangge/geometry.hpp>
#include <wangge/units.hpp>

namespace wangge::planning {

/// A place that draws land towards its stack, in centimetres of one local frame.
struct Site {
  std::int32_t x, y;
  std::uint32_t stack;
  friend auto operator<=>(const Site&, const Site&) = default;
};

/// Adds the sites of a unit: points along its footprint's outline, moved a little inwards so that touching footprints
/// keep their party wall between them, or its position where it has no footprint.
void add_sites(const Unit& unit, std::uint32_t stack, const LocalFrame& frame, std::vector<Site>& out);

/// A border between the land of two stacks.
struct Chain {
  Line line;
  std::uint32_t left, right;  ///< the stacks on either side as the line runs
};

/// The borders between the Voronoi cells of different stacks, each simplified by Douglas-Peucker to 0.1 m; they are
/// complete inside `extent`.
std::vector<Chain> voronoi_borders(std::vector<Site> sites, const Box& extent, const LocalFrame& frame);

}  // namespace wangge::planning
