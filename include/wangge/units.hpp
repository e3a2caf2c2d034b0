#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

namespace wangge {

/// A row of one `UnitTable`.
enum class UnitId : std::uint32_t { none = 0xffffffff };

/// One unit: the smallest thing assigned, never cut, such as a building or a stairwell. Counts, never persons.
struct Unit {
  std::string id;          ///< opaque text, one of a kind in its table
  Position position;       ///< inside the footprint where there is one
  MultiPolygon footprint;  ///< empty where only the position is known
  std::uint32_t households = 0;
  std::optional<std::uint32_t> persons;
  std::string compound;  ///< name or code of the compound (小区), or empty
  std::string building;  ///< the building of a stairwell, or empty
  std::optional<double> floors;
};

/// A named numeric column beside the fixed ones, one value a unit (NaN where unknown).
struct UnitAttribute {
  std::string name;
  std::vector<double> values;
};

/// A named text column that wangge carries along but never decides on, one value a unit.
struct UnitLabel {
  std::string name;
  std::vector<std::string> values;
};

/// The units of one map, and whatever further columns came with them.
struct WANGGE_EXPORT UnitTable {
  std::vector<Unit> units;
  std::vector<UnitAttribute> attributes;
  std::vector<UnitLabel> labels;

  std::size_t size() const noexcept { return units.size(); }
  const Unit& operator[](UnitId id) const { return units[static_cast<std::uint32_t>(id)]; }

  /// Throws `invalid_units` naming the first unit without an id, or the first id used twice.
  void check() const;
};

/// A view of units that somebody else owns.
using Units = std::span<const Unit>;

WANGGE_EXPORT std::uint64_t total_households(Units units) noexcept;

}  // namespace wangge
