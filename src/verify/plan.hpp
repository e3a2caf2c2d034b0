#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "verify/geos.hpp"
#include "verify/plan_file.hpp"
#include "verify/report.hpp"

namespace wangge::verify {

using Row = std::uint32_t;
inline constexpr Row none = 0xffffffff;

/// The file's areas as a tree with shapes. Rows are those of `file.areas` and `file.units`.
struct Plan {
  const PlanFile& file;
  std::vector<Row> parent;                 ///< or none, also where the parent named is none or not above
  std::vector<std::vector<Row>> children;  ///< by row
  std::vector<Geometry> shapes;            ///< mended where the polygon is invalid
  std::vector<Row> micro_grids, leaves;    ///< leaves: micro-grids and areas without children

  const Area& area(Row row) const { return file.areas[row]; }
  bool is_micro_grid(Row row) const { return area(row).level == "micro_grid"; }
  /// A place in the area for messages.
  Place place(Row row) const;
  Box box(Row row) const { return box_of(shapes[row].get()); }
};

/// Links the areas up. Reports codes that are no text, missing or used twice, parents that do not exist, levels that
/// do not descend, polygons that are invalid.
Plan plan_of(const PlanFile& file, Report& report);

/// Children and parent: gap, overlap, outside, and borders that do not match exactly.
void check_tiling(const Plan& plan, Report& report);

/// Whose the units are, by their geometry.
struct Ownership {
  std::vector<Row> leaf;            ///< one a unit; none outside every leaf
  std::vector<Geometry> footprint;  ///< valid; a point where there is none
  std::vector<Vertex> place;        ///< inside footprint and leaf
  std::vector<char> cut;            ///< by a border that is the splitter's
};
Ownership check_units(const Plan& plan, Report& report);

/// The columns households, persons, units, area_m2 and compactness against what the geometry gives.
void check_totals(const Plan& plan, const Ownership& ownership, Report& report);

/// Which micro-grids hang together.
struct Coherence {
  std::vector<char> broken;                ///< by area row: not in one piece, or across a hard barrier
  std::vector<std::int64_t> within_reach;  ///< by area row: households reachable in its parent without crossing one
};
Coherence check_coherence(const Plan& plan, const Ownership& ownership, Report& report);

/// Households in range, or a true reason why not; and the share of legal micro-grids.
void check_range(const Plan& plan, const Ownership& ownership, const Coherence& coherence, Report& report);

/// Sums of further counts: within their bounds, and as the columns sum_… say. Throws Error `missing_field`.
void check_attributes(const Plan& plan, const Ownership& ownership, const std::vector<Attribute>& attributes,
                      Report& report);

/// The chain of hashes of the plan's history, and whether its revisions, taken back one after the other from the areas
/// as they are, each start from what it led to.
void check_history(const Plan& plan, Report& report);

/// Sizes, compactness, axis ratios and necks; borders on barriers; micro-grids across main roads and blocks split.
void measure_shape(const Plan& plan, const Ownership& ownership, Report& report);

/// Units that stand on one ground cannot be told apart on a map and count as one: on the same point, a point in a
/// footprint, a footprint more than half on another.
bool stacked(const GEOSGeometry* a, const GEOSGeometry* b);

/// Households of each area row by `ownership`, leaves only.
std::vector<std::int64_t> households_of_leaves(const Plan& plan, const Ownership& ownership);

/// Polsby-Popper compactness of an area.
double compactness(const Polygons& polygons);

}  // namespace wangge::verify
