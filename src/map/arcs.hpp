#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/arrangement.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::map {

struct Sides {
  GridId left, right;
};

/// Arcs in memory or in a mapped file: arc i has the points first[i] … first[i+1]-1.
struct ArcsView {
  std::span<const Position> points;
  std::span<const std::uint32_t> first;
  std::span<const Sides> sides;

  std::size_t size() const { return sides.size(); }
  std::span<const Position> line(std::size_t arc) const {
    return points.subspan(first[arc], first[arc + 1] - first[arc]);
  }
  GridId left(std::size_t arc) const { return sides[arc].left; }
  GridId right(std::size_t arc) const { return sides[arc].right; }
};

/// The borders of a map, each stored once: maximal runs of edges with the same finest area on the left and on the
/// right, between nodes where not exactly two borders meet. In canonical order and direction: the same map has the same
/// arcs. A closed arc starts at its least position and repeats it at the end.
class Arcs {
 public:
  Arcs() = default;
  Arcs(const coverage::Arrangement& arrangement, std::span<const GridId> finest_of_face,
       const Execution& execution = {});
  ArcsView view() const { return {points_, first_, sides_}; }

  /// Appends an arc, which comes after all others in the order.
  void add(std::span<const Position> line, Sides sides) {
    points_.insert(points_.end(), line.begin(), line.end());
    first_.push_back(static_cast<std::uint32_t>(points_.size()));
    sides_.push_back(sides);
  }

 private:
  coverage::RawVector<Position> points_;
  std::vector<std::uint32_t> first_{0};
  std::vector<Sides> sides_;
};

}  // namespace wangge::map
