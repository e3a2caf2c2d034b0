#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/segment_grid.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::bench {

inline constexpr std::uint32_t nobody = 0xffffffff;

/// The answer to hold the others against: asks the outline of each area whose box is near, by the exact half-open rule.
/// It knows nothing of arcs, welding or the lookup index.
class Oracle {
 public:
  explicit Oracle(std::span<const GridRecord> records);

  struct Owners {
    std::uint32_t first = nobody;
    int count = 0;
  };
  Owners owners(Position p) const;

  /// True where the position lies on an edge of an outline.
  bool on_border(Position p) const;

  const Box& box() const { return box_; }

 private:
  std::size_t cell(Position p) const;
  static coverage::PackedLists file(Oracle& oracle);
  template <class Visit>
  void for_each_near(Position p, const Visit& visit) const;

  std::span<const GridRecord> records_;
  std::vector<Box> boxes_;
  Box box_;
  std::int64_t side_ = 1, columns_ = 0, rows_ = 0;
  coverage::PackedLists cells_;
};

}  // namespace wangge::bench
