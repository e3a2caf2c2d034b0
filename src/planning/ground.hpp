#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "coverage/arrangement.hpp"
#include "planning/sources.hpp"
#include <wangge/execution.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/planning.hpp>
#include <wangge/units.hpp>

namespace wangge::planning {

/// The outlines that bound enclosures: first those of the plots, which are the areas to share out or their leaves, then
/// those of every other leaf of the map.
struct Plots {
  std::vector<GridId> leaves;
  std::vector<std::uint32_t> area_of_plot;  ///< index into the areas to share out
};

/// Each area a plot; leaves below it stay as they are and are not shared out.
Plots areas_as_plots(const GridMap& map, std::span<const GridId> areas);

/// Each leaf of an area a plot.
Plots leaves_as_plots(const GridMap& map, std::span<const GridId> areas);

/// The land before it is shared out: outlines, barriers and footprints in one arrangement, the enclosures between
/// outlines and barriers, and where each unit stands.
struct Ground {
  Sources sources;
  coverage::Arrangement arrangement;
  /// Noded pieces of hard barriers that end inside an enclosure: they bound none, but still divide whom they run
  /// between.
  std::vector<coverage::Segment> loose_ends;
  std::vector<std::uint32_t> enclosure_of_face;  ///< or `coverage::nothing` outside the areas
  std::vector<std::uint32_t> area_of_enclosure;  ///< index into the areas to share out
  std::vector<std::uint32_t> plot_of_enclosure;  ///< index into the plots
  /// For each enclosure without a unit that walls alone divide from enclosures of its plot with units, and that is no
  /// larger than they: those, ascending. Their units share its land, so that no ring of verges round a compound is left
  /// over.
  std::vector<std::vector<std::uint32_t>> heirs_of_enclosure;

  /// Units at one place (the same position, one inside the other, more than half overlapping) form a stack.
  std::vector<std::uint32_t> stack_of_unit;       ///< or `coverage::nothing` outside the areas
  std::vector<std::uint32_t> enclosure_of_stack;  ///< the one that holds most of it
  std::vector<double> footprint_area;             ///< of each unit, in squared lattice units

  /// Units whose footprints overlap without forming a stack.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> overlaps;
};

Ground lay_ground(const GridMap& map, std::span<const GridId> areas, const Plots& plots, Units units,
                  std::span<const Barrier> barriers, const Execution& execution);

/// Twice the area of each face in squared lattice units; good enough to compare by.
std::vector<double> face_areas(const coverage::Arrangement& arrangement);

/// The arrangement's edges as segments again, one a use.
std::vector<coverage::Segment> to_segments(const coverage::Arrangement& arrangement);

}  // namespace wangge::planning
