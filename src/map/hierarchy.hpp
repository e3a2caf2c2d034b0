#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::map {

constexpr std::uint32_t row(GridId id) { return static_cast<std::uint32_t>(id); }

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

  /// From areas and the rows of their codes in ascending order, which fulfil all that.
  Hierarchy(std::vector<Area> areas, std::span<const std::uint32_t> by_code);

  std::size_t size() const { return areas_.size(); }
  /// Rows in the order of their codes.
  std::span<const GridId> by_code() const { return by_code_; }
  const Area& operator[](GridId id) const { return areas_[row(id)]; }
  GridId find(std::string_view code) const noexcept;
  std::span<const GridId> children(GridId id) const {
    return {children_.data() + first_child_[row(id)], children_.data() + first_child_[row(id) + 1]};
  }
  /// True where `inner` is `outer` or part of it.
  bool within(GridId inner, GridId outer) const;
  /// The area of that level that `id` is or is part of, or none.
  GridId ancestor(GridId id, Level level) const;

 private:
  void sort_codes(const Execution& execution);
  void find_parent(GridId id, const std::string& parent_code);
  void list_children();

  std::vector<Area> areas_;
  std::vector<GridId> by_code_, children_;
  std::vector<std::uint32_t> first_child_;
};

}  // namespace wangge::map
