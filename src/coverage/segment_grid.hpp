#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <wangge/geometry.hpp>

namespace wangge::coverage {

/// Things filed under the square cells that they touch: a hash table of buckets, so that its size follows the number of
/// things and not the extent. A bucket may hold strangers of other cells; the caller's exact test sends them away.
class CellGrid {
 public:
  /// `cell` is the side of a cell in lattice units.
  CellGrid(std::size_t things, double cell)
      : cell_(cell), mask_(std::bit_ceil(std::max<std::size_t>(things, 16)) - 1) {}

  /// Calls visit(bucket) for each cell that comes within a unit of the segment a–b; a bucket may come twice.
  template <class Visit>
  void along(Position a, Position b, const Visit& visit) const {
    if (a.y > b.y) std::swap(a, b);
    const double slope = a.y == b.y ? 0 : (double(b.x) - a.x) / (double(b.y) - a.y);
    const std::int64_t first = row(a.y - 1.0), last = row(b.y + 1.0);
    for (std::int64_t r = first; r <= last; ++r) {
      const double low = std::max<double>(a.y, double(r) * cell_ - 1),
                   high = std::min<double>(b.y, double(r + 1) * cell_ + 1);
      double x0 = a.x + (low - a.y) * slope, x1 = a.x + (high - a.y) * slope;
      if (first == last || a.y == b.y) x0 = a.x, x1 = b.x;
      const std::int64_t from = row(std::min(x0, x1) - 1.5), to = row(std::max(x0, x1) + 1.5);
      for (std::int64_t c = from; c <= to; ++c) visit(bucket(c, r));
    }
  }

  std::size_t bucket_at(Position p) const { return bucket(row(p.x), row(p.y)); }
  std::size_t bucket(std::int64_t column, std::int64_t row) const {
    const std::uint64_t key = static_cast<std::uint64_t>(column) * 0x9E3779B97F4A7C15u +
                              static_cast<std::uint64_t>(row) * 0xC2B2AE3D27D4EB4Fu;
    return static_cast<std::size_t>((key ^ (key >> 29)) * 0xBF58476D1CE4E5B9u >> 32) & mask_;
  }
  std::int64_t row(double v) const { return static_cast<std::int64_t>(std::floor(v / cell_)); }
  double cell() const { return cell_; }
  std::size_t buckets() const { return mask_ + 1; }

 private:
  double cell_;
  std::size_t mask_;
};

/// Lists by number, packed: built by adding (list, item) pairs twice, first to count and then to fill.
class PackedLists {
 public:
  /// `fill(add)` calls add(list, item) for each pair, the same ones each time.
  template <class Fill>
  PackedLists(std::size_t lists, const Fill& fill) : first_(lists + 1) {
    fill([&](std::size_t list, std::uint32_t) { ++first_[list + 1]; });
    for (std::size_t i = 0; i < lists; ++i) first_[i + 1] += first_[i];
    items_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    fill([&](std::size_t list, std::uint32_t item) { items_[next[list]++] = item; });
  }
  std::span<const std::uint32_t> operator[](std::size_t list) const {
    return {items_.data() + first_[list], items_.data() + first_[list + 1]};
  }
  std::size_t size() const { return first_.size() - 1; }

 private:
  std::vector<std::uint32_t> first_, items_;
};

/// For packed lists that are filled piece by piece: turns each piece's number of items by list into the place of the
/// first of them, fills `first` with the first place of each list, and one more, and returns the number of all items;
/// the places are good where that is a 32-bit number.
inline std::uint64_t place_items(std::vector<std::vector<std::uint32_t>>& counts, std::size_t lists,
                                 std::vector<std::uint32_t>& first) {
  first.resize(lists + 1);
  std::uint64_t total = 0;
  for (std::size_t list = 0; list < lists; ++list) {
    first[list] = static_cast<std::uint32_t>(total);
    for (std::vector<std::uint32_t>& count : counts)
      total += std::exchange(count[list], static_cast<std::uint32_t>(total));
  }
  first[lists] = static_cast<std::uint32_t>(total);
  return total;
}

}  // namespace wangge::coverage
