#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "verify/lattice.hpp"
#include "verify/plan_file.hpp"

namespace wangge::verify {

/// Households a micro-grid may hold, both ends included.
struct Range {
  std::int64_t min = 50, max = 100;
};

/// A further count of a micro-grid, a sum over columns of its units, each with a factor.
struct Attribute {
  std::string name;
  std::vector<std::pair<std::string, double>> columns;
  std::optional<double> min, max;
};

struct Options {
  Range range;
  std::vector<Attribute> attributes = {};
  /// Called now and then with the step's name and the share done (0…1); returns false to stop.
  std::function<bool(std::string_view step, double share)> progress = {};
};

/// Something that is wrong (an error) or that a person should know (a warning).
struct Problem {
  std::string check;  ///< what was checked: gap, overlap, outside, border, ring, unit_cut …
  std::string code;   ///< the area concerned, or empty
  std::string unit;   ///< the unit concerned, or empty
  Place place;
  double figure = 0;
  std::string measure;  ///< what the figure counts: m2, m, households …
  std::string text;     ///< one sentence for a person
};

/// Everything recomputed. *Counted* micro-grids are those that must be in range: general ones, and dedicated ones that
/// hold a household. *Forced* ones are out of range for a reason that was found true (hamlet, tower, lumpy).
struct Figures {
  std::size_t areas = 0, micro_grids = 0, general = 0, dedicated = 0, units = 0;
  std::int64_t households = 0, persons = 0;

  std::size_t invalid_polygons = 0;
  double gap_m2 = 0, overlap_m2 = 0, outside_m2 = 0;
  std::size_t unmatched_borders = 0, borders_used_twice = 0;

  std::size_t units_unassigned = 0, units_twice = 0, units_elsewhere = 0, units_outside = 0;
  std::int64_t households_in_one_micro_grid = 0, households_outside = 0;
  std::size_t units_cut = 0, straddlers = 0, overlapping_footprints = 0;

  std::size_t not_contiguous = 0, across_barrier = 0, crossings = 0;
  double empty_beyond_barrier_m2 = 0;

  std::size_t counted = 0, in_range = 0, legal = 0;
  std::size_t hamlets = 0, towers = 0, lumpy = 0, unproven = 0, unexplained = 0, false_reasons = 0;
  std::size_t annexed = 0, locked = 0, attributes_missed = 0;
  std::int64_t households_min = 0, households_max = 0;
  double households_mean = 0, households_sd = 0;
  double compactness_mean = 0, compactness_median = 0, compactness_p5 = 0;
  double inner_border_m = 0, border_on_barriers = 0;
  double border_on_hard = 0, border_on_soft = 0, border_on_wall = 0,
         border_on_street = 0;  ///< shares; the strongest wins
  double border_vertices_per_km = 0;
  std::size_t elongated = 0, necked = 0;  ///< general micro-grids: axis ratio above 3; a lobe that hangs on by a neck
  std::size_t necks_unexplained = 0;      ///< of the latter, without a finding that says why
  std::size_t near_bounds = 0;            ///< in range, but within 5 households of a bound
  std::size_t across_main_roads = 0;
  std::size_t blocks = 0, blocks_split = 0;  ///< between streets, of no more households than the maximum

  std::size_t revisions = 0;  ///< in the plan's history

  double legal_share() const { return counted ? double(legal) / double(counted) : 1; }
  std::size_t forced() const { return hamlets + towers + lumpy; }
  /// Of those that are not forced.
  double legal_unforced_share() const { return counted > forced() ? double(legal) / double(counted - forced()) : 1; }
};

struct Report {
  Range range;
  Figures figures;
  std::vector<Problem> errors, warnings;

  /// True where no error and no unexplained household count is left.
  bool clean() const { return errors.empty() && figures.unexplained == 0 && figures.unproven == 0; }
};

/// Checks a plan and measures it, believing nothing in it but geometry and the households and persons of the units.
/// Throws Error `stopped`. Checks that give errors:
/// - ring: a polygon that is not valid, or none
/// - gap, overlap, outside: ground of a parent in no child, in two, or of a child beyond its parent, from 0.001 m²
/// - border: stretches of border used by one side alone or twice on a side, to the lattice unit, where none of the
///   three explains them; with no error in these five, the micro-grids tile their parent exactly
/// - code, level, parent: codes that are not text, missing, used twice, unlike their siblings'; levels that do not
///   descend; parents that do not exist
/// - unit_id, unit_count: a unit without an id or with another's; households missing or negative
/// - unit_unassigned, unit_elsewhere, unit_twice: in no micro-grid, not in the one named, in two
/// - unit_cut: by a border that is neither an outline of a parent nor a hard barrier, deeper than two lattice units
/// - contiguity, barrier: a micro-grid in pieces, or with households on both sides of a hard barrier and no crossing
///   that links them inside it
/// - range, finding: out of range without a reason, or for a reason or by a certificate that is not true
/// - history: a revision whose hash does not fit, that is not in its place, or that did not lead to what is there
/// - attribute: a hard bound of a further count missed without a word
/// - totals, figure: columns that differ from what units and polygons add up to
Report verify_plan(const PlanFile& plan, const Options& options = {});

/// One object: range, figures, errors, warnings.
nlohmann::ordered_json to_json(const Report& report);

/// For a person: the figures as a table, then one line a problem, at most `most` of a check.
std::string to_table(const Report& report, std::size_t most = 20);

}  // namespace wangge::verify
