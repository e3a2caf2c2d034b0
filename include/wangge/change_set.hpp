#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/export.hpp>
#include <wangge/grid_map.hpp>

namespace wangge {

/// What leads from one revision of a map to the next, and back. All changes of a set hold at once: whatever is `before`
/// is of the base revision, whatever is `after` of the next one, so their order means nothing.
struct WANGGE_EXPORT ChangeSet {
  enum class Operation : std::uint8_t {
    move,    ///< the same codes before and after; units change area
    split,   ///< fewer areas before than after
    merge,   ///< some codes end, and others take their ground
    nudge,   ///< the same codes before and after; borders change and, as far as is known, no unit changes area
    create,  ///< nothing before
    retire,  ///< nothing after
    rename,  ///< the same ground; another code, name, level, parent or kind
  };

  /// Areas that go, and those that come in their place: whole records, so that it can be undone.
  struct WANGGE_EXPORT Change {
    Operation operation = Operation::create;
    std::vector<GridRecord> before, after;

    /// The change with the operation that the records themselves tell; it takes no unit for moved.
    static Change of(std::vector<GridRecord> before, std::vector<GridRecord> after);
    friend bool operator==(const Change&, const Change&) = default;
  };

  /// A unit that has another micro-grid than before, by the micro-grids' codes.
  struct UnitMove {
    std::string unit;
    std::string from;  ///< empty: a new unit
    std::string to;    ///< empty: it is no longer there
    std::uint32_t households = 0;
    friend bool operator==(const UnitMove&, const UnitMove&) = default;
  };

  /// U S M X, as the British statistics office codes the lineage of its areas.
  enum class Coding : std::uint8_t { unchanged, split, merged, irregular };

  /// Households of today that an area has from another, or kept.
  struct Origin {
    std::string code;
    std::uint64_t households = 0;
    friend bool operator==(const Origin&, const Origin&) = default;
  };

  /// Where the households of one area came from. An area that is not listed is unchanged.
  struct Lineage {
    std::string code;
    Coding coding = Coding::unchanged;
    std::uint64_t households_before = 0;  ///< of the area with that code; 0 where there was none
    std::uint64_t households_after = 0;   ///< the same; 0 where it is retired
    std::vector<Origin> origins;          ///< by code, the area itself among them; new units come from none
    friend bool operator==(const Lineage&, const Lineage&) = default;
  };

  std::uint64_t base_revision = 0;
  std::string reason, author;
  std::string time;  ///< when it was made, as the caller says (RFC 3339, such as 2024-05-01T08:00:00Z), or empty
  std::uint64_t undoes = 0;  ///< the revision that it takes back; 0: none
  std::vector<Change> changes;
  std::vector<UnitMove> moves;               ///< in the order of the caller's units
  std::vector<Lineage> lineage;              ///< by code: every micro-grid that `changes` or `moves` name
  std::uint64_t households_moved = 0;        ///< of `moves` from one area to another
  std::uint64_t households_moved_bound = 0;  ///< no legal plan moves fewer, as far as is proven; 0: nothing is

  /// The change set that undoes this one, made for the revision after it: splits become merges, areas that were created
  /// retire, moves go back. The inverse of the inverse is the set itself, but for the base revision.
  ChangeSet inverse() const;
  friend bool operator==(const ChangeSet&, const ChangeSet&) = default;
};

/// `move`, `split`, `merge`, `nudge`, `create`, `retire`, `rename`.
WANGGE_EXPORT std::string_view to_string(ChangeSet::Operation operation) noexcept;
/// Throws `invalid_argument`.
WANGGE_EXPORT ChangeSet::Operation parse_operation(std::string_view name);

/// `U`, `S`, `M`, `X`.
WANGGE_EXPORT std::string_view to_string(ChangeSet::Coding coding) noexcept;
/// Throws `invalid_argument`.
WANGGE_EXPORT ChangeSet::Coding parse_coding(std::string_view letter);

/// One change set that leads where the first and then the second lead; reasons and authors are joined by "; ", the time
/// is the second's. What the second takes back is left out. Throws `stale_change` where the second was not made for the
/// revision after the first, or does not go from the areas that the first brought.
WANGGE_EXPORT ChangeSet compose(const ChangeSet& first, const ChangeSet& second);

/// What leads from the areas of `a` to those of `b`, for `a`'s revision; without units, so a border that moves is a
/// `nudge`. Areas that exchange ground are in one change. `a.with(diff(a, b))` has `b`'s areas.
WANGGE_EXPORT ChangeSet diff(const GridMap& a, const GridMap& b);

/// A unit and the codes of its micro-grids in two revisions; empty where it is in none.
struct UnitTrace {
  std::string_view unit;
  std::string_view from, to;
  std::uint32_t households_before = 0, households_after = 0;
};

/// Writes into the set what units tell: moves, lineage and households moved; a `nudge` that a unit goes along with
/// becomes a `move`. Every unit is needed, those that stay where they are too.
WANGGE_EXPORT void trace(ChangeSet& changes, std::span<const UnitTrace> units);

/// True where both are the same ground, to the last vertex, however their rings begin and whatever vertices lie on
/// straight runs of border. Exact.
WANGGE_EXPORT bool same_ground(const MultiPolygon& a, const MultiPolygon& b);
/// True where code, name, level, parent, kind and ground are the same.
WANGGE_EXPORT bool same_area(const GridRecord& a, const GridRecord& b);

}  // namespace wangge
