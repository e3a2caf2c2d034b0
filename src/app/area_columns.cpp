#include "app/area_columns.hpp"

#include <array>
#include <cstdint>
#include <optional>

#include <wangge/error.hpp>

namespace wangge::app {

void append_csv_cell(std::string& row, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    row += text;
    return;
  }
  row += '"';
  for (const char c : text) row.append(c == '"' ? 2 : 1, c);
  row += '"';
}

AreaColumns::AreaColumns(const GridMap& map, const std::string& level) {
  constexpr std::size_t levels = static_cast<std::size_t>(Level::micro_grid) + 1;
  std::array<std::optional<Column>, levels> there;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    std::optional<Column>& column = there[static_cast<std::size_t>(map.level(GridId{i}))];
    if (!column) column = Column{map.level(GridId{i}), false};
    column->named |= !map.name(GridId{i}).empty();
  }
  const std::optional<Level> wanted = level.empty() ? std::nullopt : std::optional(parse_level(level));
  for (const auto& column : there) {
    if (column && (!wanted || column->level == *wanted)) columns_.push_back(*column);
  }
  if (wanted && columns_.empty())
    throw Error(Errc::not_found, "the map has no area of the level " + std::string(to_string(*wanted)) +
                                     "; leave --level out to see those it has");
  for (std::uint32_t i = 0; i < map.size(); ++i) append_cells(map, GridId{i});
  append_cells(map, GridId::none);
}

std::vector<std::string> AreaColumns::titles() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) {
    titles.emplace_back(to_string(column.level));
    if (column.named) titles.push_back(titles.back() + "_name");
  }
  return titles;
}

void AreaColumns::append_cells(const GridMap& map, GridId finest) {
  for (const Column& column : columns_) {
    const GridId id = finest == GridId::none ? GridId::none : map.ancestor(finest, column.level);
    text_ += ',';
    if (id != GridId::none) append_csv_cell(text_, map.code(id));
    if (!column.named) continue;
    text_ += ',';
    if (id != GridId::none) append_csv_cell(text_, map.name(id));
  }
  ends_.push_back(text_.size());
}

}  // namespace wangge::app
