#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "coverage/raw_vector.hpp"
#include "map/arcs.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

/// The bytes of the edge index, which are the bytes of its section in a map file: this header; for each square tile of
/// 2^tile_shift lattice units, row by row from the south-west, the first of its runs, and one more; for each run its
/// first point; for each run the number of its edges, in 2 bytes. A run is edges that follow each other in an arc and
/// all have a position in the tile. An edge is in the runs of all tiles that it has a position in; a tile is half-open.
struct EdgeIndexHeader {
  std::int32_t west = 0, south = 0;  ///< of the first tile
  std::uint32_t tile_shift = 0;
  std::uint32_t columns = 0, rows = 0;
  std::uint32_t runs = 0;
};
static_assert(sizeof(EdgeIndexHeader) == 24);

/// The edges of a map by place: what questions about distances and shapes read. Where the lookup index keeps only what
/// parts a cell, this has every edge, once more in each tile that it goes on to.
class EdgeIndex {
 public:
  EdgeIndex() = default;
  /// The section was built for those arcs or has no fault.
  EdgeIndex(const ArcsView& arcs, std::span<const std::byte> section) noexcept;

  static coverage::RawVector<std::uint32_t> build(const ArcsView& arcs, std::size_t areas,
                                                  const Execution& execution = {});
  /// What is wrong with a section, or nothing.
  static std::string_view fault(const ArcsView& arcs, std::span<const std::byte> section);

  /// The least area with a border that the position is on, or none.
  GridId touching(Position p) const noexcept;

  struct Nearest {
    GridId area = GridId::none;  ///< the least of those that are as near
    double distance_m = 0;       ///< infinite where there is none
  };
  /// The nearest border, no farther than `most_m`, and an area at it.
  Nearest nearest(Position p, double most_m = std::numeric_limits<double>::infinity()) const noexcept;

  /// Calls visit(a, b, sides) for each edge that may have a position in the box, with sides() the areas beside it; some
  /// come twice.
  template <class Visit>
  void for_each_edge_near(const Box& box, const Visit& visit) const;

 private:
  class SidesOfRun;
  template <class Visit>
  bool visit_strip(const LocalFrame& frame, std::int64_t west, std::int64_t east, std::int64_t south,
                   std::int64_t north, const double& within_m2, const Visit& visit) const;
  template <class Visit>
  void visit_outward(const LocalFrame& frame, const double& within_m2, const Visit& visit) const;
  template <class Visit>
  void for_each_run(std::size_t tile, const Visit& visit) const {
    for (std::uint32_t run = first_run_[tile]; run < first_run_[tile + 1]; ++run)
      visit(arcs_.points.subspan(first_point_[run], std::size_t{edges_[run]} + 1), first_point_[run]);
  }
  double squared_distance_to_tiles(const LocalFrame& frame, std::int64_t west, std::int64_t east, std::int64_t south,
                                   std::int64_t north) const;
  std::int64_t column(std::int64_t x) const { return (x - header_.west) >> header_.tile_shift; }
  std::int64_t row(std::int64_t y) const { return (y - header_.south) >> header_.tile_shift; }
  std::size_t tile(std::int64_t column, std::int64_t row) const {
    return static_cast<std::size_t>(row * header_.columns + column);
  }

  ArcsView arcs_;
  EdgeIndexHeader header_;
  std::span<const std::uint32_t> first_run_, first_point_;
  std::span<const std::uint16_t> edges_;
};

/// The areas beside the arc that a run is part of, looked up when first asked for.
class EdgeIndex::SidesOfRun {
 public:
  SidesOfRun(const ArcsView& arcs, std::uint32_t point) : arcs_(arcs), point_(point) {}
  const Sides& operator()() {
    if (!sides_) {
      const auto after = std::upper_bound(arcs_.first.begin(), arcs_.first.end() - 1, point_);
      sides_ = &arcs_.sides[static_cast<std::size_t>(after - arcs_.first.begin() - 1)];
    }
    return *sides_;
  }

 private:
  const ArcsView& arcs_;
  std::uint32_t point_;
  const Sides* sides_ = nullptr;
};

template <class Visit>
void EdgeIndex::for_each_edge_near(const Box& box, const Visit& visit) const {
  if (box.empty() || box.min.y > box.max.y) return;
  const std::int64_t west = std::max<std::int64_t>(column(box.min.x), 0);
  const std::int64_t east = std::min<std::int64_t>(column(box.max.x), std::int64_t{header_.columns} - 1);
  const std::int64_t south = std::max<std::int64_t>(row(box.min.y), 0);
  const std::int64_t north = std::min<std::int64_t>(row(box.max.y), std::int64_t{header_.rows} - 1);
  for (std::int64_t r = south; r <= north; ++r) {
    for (std::int64_t c = west; c <= east; ++c) {
      for_each_run(tile(c, r), [&](std::span<const Position> line, std::uint32_t first) {
        SidesOfRun sides(arcs_, first);
        for (std::size_t i = 1; i < line.size(); ++i) visit(line[i - 1], line[i], sides);
      });
    }
  }
}

}  // namespace wangge::map
