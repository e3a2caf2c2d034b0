#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::app {

/// Adds a cell of a CSV file, quoted where it must be.
void append_csv_cell(std::string& row, std::string_view text);

/// What is told of the areas that a position is in: a column with the code of each level that the map has, from the
/// whole to the part, beside it one with the name where any area of that level has one.
class AreaColumns {
 public:
  /// Of one level, or of all that the map has where it is empty. Throws `invalid_argument` for a level that does not
  /// exist, `not_found` for one that the map does not have.
  AreaColumns(const GridMap& map, const std::string& level);

  struct Column {
    Level level;
    bool named = false;  ///< some area of that level has a name
  };
  const std::vector<Column>& columns() const { return columns_; }
  std::vector<std::string> titles() const;

  /// The cells of a position whose finest area that is (none: outside), as CSV with a comma before each.
  std::string_view cells(GridId finest) const {
    const std::size_t i = finest == GridId::none ? ends_.size() - 1 : static_cast<std::size_t>(finest);
    const std::size_t from = i == 0 ? 0 : ends_[i - 1];
    return {text_.data() + from, ends_[i] - from};
  }

 private:
  void append_cells(const GridMap& map, GridId finest);

  std::vector<Column> columns_;
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace wangge::app
