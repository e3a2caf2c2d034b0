#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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

/// Something a person should know: a wish that could not be met, or an input that looks wrong.
struct Finding {
  enum class Kind : std::uint8_t {
    hamlet,        ///< a component of the graph holds fewer households than the minimum
    tower,         ///< one unit alone holds more than the maximum
    out_of_range,  ///< no legal division was found, and none is proven impossible
    empty_zone,    ///< an enclosure without a household, closed by hard barriers: a dedicated micro-grid
    neck,          ///< a lobe of a micro-grid that hangs on by less than 5 % of its perimeter; says why
    unassigned,    ///< a unit outside every area
    straddler,     ///< a footprint that lies across an area's outline or a hard barrier
    overlap,       ///< two footprints overlap; the smaller one owns the overlap
    mended,        ///< a gap or an overlap of the areas was closed
    input,         ///< anything else the import counted, such as an unclosed ring
  };
  Kind kind = Kind::input;
  std::string code;  ///< the area or micro-grid concerned, or empty
  std::string unit;  ///< the unit concerned, or empty
  Position place;    ///< where to look
  std::string text;  ///< one sentence for a person
};

WANGGE_EXPORT std::string_view to_string(Finding::Kind kind) noexcept;

/// What a good micro-grid is. Each weight is a multiple of the local scale, the side of the square on which a target's
/// worth of households lives: so a mountain village and a high-rise district are judged alike.
struct Weights {
  double spread = 0.3;    ///< divides the squared radius of gyration
  double deviation = 0.25;  ///< of the size from the target, squared, in quarters of the range
  double barrier = 1.5;    ///< each main road inside a micro-grid
  double crossing = 1.5;   ///< each hard barrier inside a micro-grid, on top
  double compound = 0.2;   ///< each further compound in a micro-grid
  /// Price of a metre of border, by what runs along it.
  double cut_open = 1, cut_street = 0.3, cut_wall = 0.3, cut_soft = 0.05, cut_crossing = 0.01;
};

struct SplitOptions {
  Range range;
  std::uint32_t target = 0;  ///< households a micro-grid should hold; 0: the middle of the range
  double simplify_m = 2;     ///< borders inside an enclosure may move this far, never across a footprint; 0: keep all
  bool keep_compounds = false;  ///< keep compounds whole where their size allows
};

/// Figures of one area, recomputed from a map and its units.
struct AreaFigures {
  GridId id = GridId::none;
  std::uint64_t households = 0, persons = 0;
  std::uint32_t units = 0;
  double area_m2 = 0, perimeter_m = 0, compactness = 0;  ///< Polsby-Popper
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
  /// For each unit the row of `changes.changes` that creates its micro-grid, or `unassigned`.
  std::vector<std::uint32_t> micro_grid_of_unit;
  static constexpr std::uint32_t unassigned = 0xffffffff;
  GridMap next;      ///< the map that the changes lead to
  Assessment after;  ///< of `next`
  Objective objective;
  BorderFigures borders;
  double partition_cpu_s = 0;  ///< processor seconds of the partition step alone
  bool stopped = false;        ///< the caller asked to stop; the proposal is the best legal one so far
};

/// Splits each area of `areas` into micro-grids of `options.range` households whose polygons tile it exactly, no unit
/// cut and no hard barrier crossed except at a bridge or gate. A wish that cannot be met becomes a finding and the
/// best plan is still returned. Linear in units for a fixed range: tree partition by dynamic programming (after Ito,
/// Nishizeki, Schröder, Uno and Zhou, Algorithmica 62, 2012), flips, augmenting chains.
/// Throws `invalid_argument` for an empty range, `stopped` where the caller stopped before a plan existed.
WANGGE_EXPORT Proposal split(const GridMap& map, std::span<const GridId> areas, Units units,
                             std::span<const Barrier> barriers, const SplitOptions& options = {},
                             const Execution& execution = {});

/// Splits one area.
WANGGE_EXPORT Proposal split(const GridMap& map, GridId area, Units units, std::span<const Barrier> barriers,
                             const SplitOptions& options = {}, const Execution& execution = {});

/// One area for units that came without any: the concave hull of the units (Park and Oh, 2012; through GEOS),
/// `margin_m` wider all round. Throws `invalid_argument` where there are no units.
WANGGE_EXPORT MultiPolygon area_around(Units units, double margin_m = 30);

/// Figures of every area of a map for the units that lie in it.
WANGGE_EXPORT Assessment assess(const GridMap& map, Units units, const Range& range = {});

}  // namespace wangge
