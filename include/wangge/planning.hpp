#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wangge/change_set.hpp>
#include <wangge/execution.hpp>
#include <wangge/export.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/units.hpp>

namespace wangge {

/// Households a micro-grid may hold, both ends included.
struct Range {
  std::uint32_t min = 50, max = 100;
  friend bool operator==(const Range&, const Range&) = default;
};

/// hard (river, railway, expressway): never crossed except at a bridge or gate · soft: main road · wall: a compound's
/// outline · street: minor, a preferred border. From the weakest to the strongest.
enum class BarrierClass : std::uint8_t { street, wall, soft, hard };

WANGGE_EXPORT std::string_view to_string(BarrierClass barrier) noexcept;
WANGGE_EXPORT BarrierClass parse_barrier_class(std::string_view name);

struct Barrier {
  Line line;
  BarrierClass barrier = BarrierClass::street;
  std::string name;
  bool bridge = false, tunnel = false;
  int layer = 0;  ///< OSM's sense: lines on different layers do not meet
};

/// What shows that a micro-grid out of range has to be so, as data that anybody can check against the plan.
struct Certificate {
  enum class Proof : std::uint8_t {
    none,       ///< nothing: the search ended without an answer
    component,  ///< no whole number of parts in range adds up to what all within reach of `units` hold
    unit,       ///< `units`, one unit or several that stay together, hold more than the maximum
    matching,   ///< only pairs of units fit in a part, and too many of those within reach lean on the few `units`
    ring,       ///< a search through all divisions of `units` found none
  };
  Proof proof = Proof::none;
  std::uint64_t households = 0;    ///< of the micro-grid
  std::uint64_t within_reach = 0;  ///< households of the whole component that it is part of
  std::vector<std::string> units;  ///< what the proof is about
  std::uint32_t searched = 0;      ///< units and empty grounds that the largest exhaustive search looked at
  std::string barrier;             ///< of a hamlet: the hard barrier, or the area whose outline, shuts it in
  std::string annexation;          ///< of a hamlet: the neighbour that could take it in at the least price, or empty
  std::uint64_t after_annexation = 0;  ///< households that it would then hold
  friend bool operator==(const Certificate&, const Certificate&) = default;
};

WANGGE_EXPORT std::string_view to_string(Certificate::Proof proof) noexcept;

/// Something a person should know: a wish that could not be met, or an input that looks wrong.
struct Finding {
  enum class Kind : std::uint8_t {
    hamlet,        ///< a component of the graph holds fewer households than the minimum
    tower,         ///< one unit alone holds more than the maximum
    out_of_range,  ///< outside the range, as `assess` finds it
    empty_zone,    ///< an enclosure without a household, closed by hard barriers: a dedicated micro-grid
    neck,          ///< a lobe of a micro-grid that hangs on by less than 5 % of its perimeter; says why
    unassigned,    ///< a unit outside every area
    straddler,     ///< a footprint that lies across an area's outline or a hard barrier
    overlap,       ///< two footprints overlap; the smaller one owns the overlap
    mended,        ///< a gap or an overlap of the areas was closed
    input,         ///< anything else the import counted, such as an unclosed ring
    lumpy,         ///< out of range, and proven that the units round it cannot all be shared out in the range
    unproven,      ///< out of range: no legal division was found, and none is proven impossible
    annexed,       ///< a hamlet that a neighbour across the barrier took in, as asked for
    attribute,     ///< a hard bound of a further attribute that is missed
    missing,       ///< a unit without a value in a column that the profile names; it counts as 0
    apart,         ///< units that should be in different micro-grids and could not
    mixed,         ///< a compound or building that could not be kept whole, or not to itself
    locked,        ///< a micro-grid that stays as it was
  };
  Kind kind = Kind::input;
  std::string code;  ///< the area or micro-grid concerned, or empty
  std::string unit;  ///< the unit concerned, or empty
  Position place;    ///< where to look
  std::string text;  ///< one sentence for a person
  std::optional<Certificate> certificate = {};
};

WANGGE_EXPORT std::string_view to_string(Finding::Kind kind) noexcept;

/// What a good micro-grid is. Each weight is a multiple of the local scale, the side of the square on which a target's
/// worth of households lives: so a mountain village and a high-rise district are judged alike.
struct Weights {
  double spread = 0.4;  ///< divides the squared radius of gyration
  /// Of a size near a bound: half of it at four fifths of the way there from the target, then soon all.
  double deviation = 5;
  /// Each target's worth of households above the minimum: large micro-grids must not win by having fewer borders.
  double size = 1.8;
  double elongation = 5;  ///< of a micro-grid 3.3 times as long as wide; nothing up to 2.3 times
  double barrier = 5;     ///< each main road inside a micro-grid
  double crossing = 3;    ///< each hard barrier inside a micro-grid, on top
  double compound = 0.2;  ///< each further compound in a micro-grid
  /// Price of a metre of border, by what runs along it.
  double cut_open = 1, cut_street = 0.7, cut_wall = 0.7, cut_soft = 0.5, cut_crossing = 0.01;
  /// How much dearer a metre gets that divides a block between streets which a micro-grid could hold: by this times the
  /// share of the maximum that the block holds.
  double block = 7;
  friend bool operator==(const Weights&, const Weights&) = default;
};

/// A further count beside households that micro-grids are kept within or balanced by.
struct AttributeGoal {
  std::string attribute;           ///< `persons`, `workload` (as the profile says), or a numeric column of the units
  std::optional<double> min, max;  ///< hard bounds of a micro-grid
  std::optional<double> target;    ///< what a micro-grid should hold
  double weight = 0;               ///< of the squared deviation from the target, relative to it
  friend bool operator==(const AttributeGoal&, const AttributeGoal&) = default;
};

/// The work that a unit asks for, in hours a month: a column that says it, or visits to groups of people.
struct Workload {
  struct Group {
    std::string column;              ///< how many of them live in a unit
    double visits = 0, minutes = 0;  ///< to each, a month; of each visit
    friend bool operator==(const Group&, const Group&) = default;
  };
  std::string column;
  std::vector<Group> groups;  ///< where there is no column: the sum of count × visits × minutes / 60
  friend bool operator==(const Workload&, const Workload&) = default;
};

/// The limits in force: what micro-grids must hold and what makes a good one.
struct Profile {
  std::string name;
  Range range;
  std::uint32_t target = 0;  ///< households a micro-grid should hold; 0: the middle of the range
  Weights weights;
  std::vector<AttributeGoal> attributes;
  Workload workload;
  std::uint32_t aim() const noexcept { return target != 0 ? target : range.min + (range.max - range.min) / 2; }
  friend bool operator==(const Profile&, const Profile&) = default;
};

/// The profiles that come with wangge: `suqian` (精网微格, 50 to 100 households), `zhoushan` (微网格, 50 to 80), `grid`
/// (网格, 300 to 500), `output-area` (of a British census: 40 to 250 households, target 125, at least 100 persons).
WANGGE_EXPORT std::span<const Profile> ready_profiles();

/// Throws `invalid_argument` where a bound is 0 or above its partner, or the target lies outside the range; names it.
WANGGE_EXPORT void check(const Profile& profile);

/// Two rows of one `UnitTable`.
using UnitPair = std::pair<UnitId, UnitId>;

struct SplitOptions {
  Profile profile;
  /// The numeric columns of the units, one value a unit, among which the profile's attributes and groups are found.
  std::span<const UnitAttribute> columns;
  double simplify_m = 2;  ///< borders inside an enclosure may move this far, never across a footprint; 0: keep all
  /// Keeps compounds, and the stairwells of a building, whole where their size allows: one that fits in a micro-grid is
  /// never cut, and one of the minimum or more becomes whole micro-grids of its own.
  bool keep_compounds = false;
  /// Gives each hamlet to the neighbour across the barrier that can take it in at the least price.
  bool annex = false;
  int effort = 1;                  ///< 0 (legal, no more) to 3, in iterations, never by the clock
  std::vector<UnitPair> together;  ///< units that share a micro-grid; those on the way between them come along
  std::vector<UnitPair> apart;     ///< units that never share one
  /// Micro-grids in the areas that are split which stay as they are, code and border; the rest is split anew.
  std::vector<GridId> locked;
};

/// The terms of the split's objective in metre-equivalents (METHODS: cut length by class, inertia, deviation from the
/// target, barriers crossed, compounds mixed, deviations of further attributes), and their sum.
struct Objective {
  double cut = 0, inertia = 0, deviation = 0, barriers = 0, compounds = 0, attributes = 0;
  double total() const noexcept { return cut + inertia + deviation + barriers + compounds + attributes; }
  Objective& operator+=(const Objective& other) noexcept {
    cut += other.cut, inertia += other.inertia, deviation += other.deviation;
    barriers += other.barriers, compounds += other.compounds, attributes += other.attributes;
    return *this;
  }
};

/// Metres of border between micro-grids, by what runs along it.
struct CutLength {
  double open_m = 0, street_m = 0, wall_m = 0, soft_m = 0, crossing_m = 0;
};

/// Figures of one area, recomputed from a map and its units.
struct AreaFigures {
  GridId id = GridId::none;
  std::uint64_t households = 0, persons = 0;
  std::uint32_t units = 0;
  double area_m2 = 0, perimeter_m = 0, compactness = 0;  ///< Polsby-Popper
  std::vector<double> attributes = {};                   ///< sums, one for each of the profile's attributes
  std::optional<Objective> objective = {};               ///< of a micro-grid that `split` made
};

/// Figures of a whole map; `areas` has one row an area, by id.
struct Assessment {
  std::vector<AreaFigures> areas;
  std::uint32_t micro_grids = 0;  ///< of the general kind
  std::uint32_t in_range = 0;     ///< of them
  std::uint64_t households = 0, households_assigned = 0;
  double compactness_median = 0;  ///< over general micro-grids
  std::vector<Finding> findings;
};

/// What planners look at in the borders of a plan.
struct BorderFigures {
  double inner_m = 0;              ///< length of the borders between two micro-grids of one area
  double on_barriers = 0;          ///< share of it on barrier lines, 0…1
  double vertices_per_km = 0;      ///< of it
  std::uint32_t elongated = 0;     ///< micro-grids with an axis ratio above 3
  std::uint32_t necked = 0;        ///< with a lobe that hangs on by less than 5 % of its perimeter
  std::uint32_t near_bounds = 0;   ///< in range, but within 5 households of a bound
  std::uint32_t blocks = 0;        ///< between streets, that would fit in one micro-grid
  std::uint32_t blocks_split = 0;  ///< of them, whose households are in several
};

struct Proposal {
  ChangeSet changes;
  /// For each unit its micro-grid in `next`, locked ones included, or none.
  std::vector<GridId> area_of_unit;
  GridMap next;      ///< the map that the changes lead to
  Assessment after;  ///< of `next`
  Objective objective;
  CutLength cut;  ///< of the graph of units, before borders are simplified
  BorderFigures borders;
  double partition_cpu_s = 0;  ///< processor seconds of the partition step alone
  bool stopped = false;        ///< the caller asked to stop; the proposal is the best legal one so far
};

/// Splits each area of `areas` into micro-grids of the profile's range whose polygons tile it exactly, no unit
/// cut and no hard barrier crossed except at a bridge or gate. A wish that cannot be met becomes a finding and the
/// best plan is still returned. Linear in units for a fixed range: tree partition by dynamic programming (after Ito,
/// Nishizeki, Schröder, Uno and Zhou, Algorithmica 62, 2012), flips, augmenting chains.
/// Throws `invalid_argument` for a profile that `check` refuses, `missing_field` for a column that the profile names
/// and the units lack, `contradiction` for wishes that exclude each other (it names the units), `not_found` for a lock
/// that is no micro-grid of these areas, `stopped` where the caller stopped before a plan existed.
WANGGE_EXPORT Proposal split(const GridMap& map, std::span<const GridId> areas, Units units,
                             std::span<const Barrier> barriers, const SplitOptions& options = {},
                             const Execution& execution = {});

/// Splits one area.
WANGGE_EXPORT Proposal split(const GridMap& map, GridId area, Units units, std::span<const Barrier> barriers,
                             const SplitOptions& options = {}, const Execution& execution = {});

/// One area for units that came without any: the concave hull of the units (Park and Oh, 2012; through GEOS),
/// `margin_m` wider all round. Throws `invalid_argument` where there are no units.
WANGGE_EXPORT MultiPolygon area_around(Units units, double margin_m = 30);

/// What leads from the areas of `a` to those of `b`, as `diff` of the maps tells, with the units that change area by
/// where they lie in either, lineage and households moved.
WANGGE_EXPORT ChangeSet diff(const GridMap& a, const GridMap& b, Units units);

/// Figures of every area of a map for the units that lie in it.
WANGGE_EXPORT Assessment assess(const GridMap& map, Units units, const Range& range = {});

/// What each unit counts for each of the profile's attributes: `persons`, the work load, a column. Unknown values are
/// 0; where a unit holds households, `findings` says so. Throws `missing_field` naming the attribute that is absent.
WANGGE_EXPORT std::vector<UnitAttribute> attributes_of(const Profile& profile, Units units,
                                                       std::span<const UnitAttribute> columns,
                                                       std::vector<Finding>& findings);

}  // namespace wangge
