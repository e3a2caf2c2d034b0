#pragma once

#include <cstdint>
#include <vector>

#include "planning/land.hpp"
#include <wangge/geometry.hpp>
#include <wangge/planning.hpp>

namespace wangge::planning {

/// What two neighbouring nodes have between them, from the easiest to the hardest to live across. Hard barriers
/// separate; only a `crossing` (bridge, gate, level crossing) links across one.
enum class Passage : std::uint8_t { open, street, wall, soft, crossing };

/// The units to share out and who borders whom. A node is one face of the tessellation: a unit, a stack of units at one
/// place, or an enclosure without a unit (zero households). Areas are separate components.
struct Graph {
  struct Node {
    std::uint32_t households = 0;
    std::uint32_t largest_unit = 0;  ///< households of the largest unit in it
    std::uint32_t area = 0;          ///< the area it belongs to; links never join two areas
    std::uint32_t block = 0;         ///< enclosure bounded by main roads and hard barriers
    std::uint32_t compound = none;   ///< or none
    double x_m = 0, y_m = 0;         ///< centre, in one local frame for the whole graph
    Land<double> land;               ///< of its face, in the same frame
    Position place;                  ///< for messages
  };
  struct Link {
    std::uint32_t a = 0, b = 0;       ///< nodes, a < b; at most one link a pair
    Passage passage = Passage::open;  ///< the easiest way across
    float border_m = 0;               ///< length of the shared border that can be crossed
    friend bool operator==(const Link&, const Link&) = default;
  };
  static constexpr std::uint32_t none = 0xffffffff;

  std::vector<Node> nodes;
  std::vector<Link> links;  ///< ascending by (a, b)
};

}  // namespace wangge::planning
