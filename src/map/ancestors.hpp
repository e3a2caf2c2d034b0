#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "map/map_image.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// The ancestor of each area at each level, by one read. The bytes are those of a section in a map file: the set of
/// levels that the map has, bit by bit, then for each of them, from the coarsest, the row of each area's ancestor or
/// none, 4 bytes each.
class Ancestors {
 public:
  Ancestors() = default;
  /// The section is `build(areas)`.
  Ancestors(std::span<const std::uint32_t> section, std::size_t areas) noexcept {
    const std::uint32_t* next = section.data() + 1;
    for (std::size_t level = 0; level < rows_.size(); ++level) {
      if (!(section[0] >> level & 1)) continue;
      rows_[level] = next;
      next += areas;
    }
  }

  static std::vector<std::uint32_t> build(std::span<const format::AreaRow> areas);

  /// The area of that level that `id` is or is part of, or none.
  GridId operator()(GridId id, Level level) const noexcept {
    const std::uint32_t* rows = rows_[static_cast<std::size_t>(level)];
    return id == GridId::none || !rows ? GridId::none : GridId{rows[row(id)]};
  }

 private:
  std::array<const std::uint32_t*, 8> rows_{};
};

}  // namespace wangge::map
