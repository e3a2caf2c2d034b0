#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::map {

constexpr std::uint32_t row(GridId id) { return static_cast<std::uint32_t>(id); }

/// True where `inner` is `outer` or part of it, by the parents of `areas[id]`.
template <class Areas>
bool is_within(const Areas& areas, GridId inner, GridId outer) {
  while (inner != GridId::none && inner != outer) inner = areas[inner].parent;
  return inner == outer;
}

/// The parts of each area, by rows.
class Children {
 public:
  Children() = default;
  /// Of `areas[id].parent`, for `count` areas.
  template <class Areas>
  Children(const Areas& areas, std::uint32_t count) : first_(count + 1), children_(0) {
    const auto parent = [&](std::uint32_t i) { return areas[GridId{i}].parent; };
    for (std::uint32_t i = 0; i < count; ++i) {
      if (parent(i) != GridId::none) ++first_[row(parent(i)) + 1];
    }
    for (std::uint32_t i = 0; i < count; ++i) first_[i + 1] += first_[i];
    children_.resize(first_.back());
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (parent(i) != GridId::none) children_[next[row(parent(i))]++] = GridId{i};
    }
  }
  std::span<const GridId> operator[](GridId id) const {
    return {children_.data() + first_[row(id)], children_.data() + first_[row(id) + 1]};
  }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<GridId> children_;
};

/// The areas of a map without their shapes, and who is part of whom. Ids are rows.
class Hierarchy {
 public:
  struct Area {
    std::string code, name;
    Level level;
    Kind kind;
    GridId parent;
  };

  /// Throws `invalid_coverage` for an empty code, a code used twice, a parent that does not exist, a level not below
  /// its parent's.
  explicit Hierarchy(std::span<const GridRecord> records, const Execution& execution = {});

  std::size_t size() const { return areas_.size(); }
  /// Rows in the order of their codes.
  std::span<const GridId> by_code() const { return by_code_; }
  const Area& operator[](GridId id) const { return areas_[row(id)]; }
  GridId find(std::string_view code) const noexcept;
  std::span<const GridId> children(GridId id) const { return children_[id]; }
  bool within(GridId inner, GridId outer) const { return is_within(*this, inner, outer); }

 private:
  void sort_codes(const Execution& execution);
  void find_parent(GridId id, const std::string& parent_code);

  std::vector<Area> areas_;
  std::vector<GridId> by_code_;
  Children children_;
};

}  // namespace wangge::map
