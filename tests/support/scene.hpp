#pragma once

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/grid_map.hpp>
#include <wangge/units.hpp>

namespace wangge::test {

/// Side of a drawn cell in lattice units: about 50 m.
inline constexpr std::int32_t cell_side = 5000;
/// South-western corner of every drawing.
inline constexpr Position corner{1183000000, 339600000};

struct DrawOptions {
  std::uint32_t households_each = 20;  ///< in each cell
  Level level = Level::grid;
  std::string whole;  ///< code of a community that all areas are part of, or empty for none
};

/// A small map drawn in text, and one unit in the middle of each cell.
struct Scene {
  std::vector<GridRecord> records;  ///< as drawn, one polygon a cell
  GridMap map;
  UnitTable units;
};

/// The cells of a drawing: rows from north to south, '.' where there is none.
inline std::vector<std::vector<std::string>> cells_of(std::string_view drawing) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines{std::string(drawing)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;) row.push_back(word);
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

/// The drawing with one space between cells and one line a row.
inline std::string trim(std::string_view drawing) {
  std::string text;
  for (const auto& row : cells_of(drawing)) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i ? " " : "") + row[i];
    text += '\n';
  }
  return text;
}

/// A rectangle, counter-clockwise, in lattice units from the corner of the drawings.
inline Polygon box(std::int32_t west, std::int32_t south, std::int32_t east, std::int32_t north) {
  const auto at = [](std::int32_t x, std::int32_t y) { return Position{corner.x + x, corner.y + y}; };
  return {{at(west, south), at(east, south), at(east, north), at(west, north)}, {}};
}

/// Draws a map: each word is a cell, the cells of one word are one area of that code. Areas come in the order of their
/// codes, after the whole.
inline Scene draw(std::string_view drawing, const DrawOptions& options = {}) {
  Scene scene;
  std::map<std::string, GridRecord> areas;
  const auto rows = cells_of(drawing);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto south = static_cast<std::int32_t>(rows.size() - 1 - r) * cell_side;
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string& code = rows[r][c];
      if (code == ".") continue;
      const auto west = static_cast<std::int32_t>(c) * cell_side;
      areas[code].polygons.push_back(box(west, south, west + cell_side, south + cell_side));
      Unit unit;
      unit.id = std::to_string(scene.units.size() + 1);
      unit.position = {corner.x + west + cell_side / 2, corner.y + south + cell_side / 2};
      unit.households = options.households_each;
      scene.units.units.push_back(std::move(unit));
    }
  }
  if (!options.whole.empty()) scene.records.push_back({options.whole, "", Level::community, "", Kind::general, {}});
  for (auto& [code, record] : areas)
    scene.records.push_back({code, "", options.level, options.whole, Kind::general, std::move(record.polygons)});
  scene.map = GridMap::build(scene.records);
  return scene;
}

/// Draws what `draw` drew: the finest area in the middle of each cell, '.' where there is none.
inline std::string drawn(const GridMap& map) {
  Box extent;
  extent.add(corner);
  for (std::size_t i = 0; i < map.arc_count(); ++i) extent.add(bounds(map.arc(i).line));
  std::string text;
  for (std::int32_t y = extent.max.y - cell_side / 2; y > corner.y; y -= cell_side) {
    for (std::int32_t x = corner.x + cell_side / 2; x < extent.max.x; x += cell_side) {
      const GridId id = map.locate(Position{x, y});
      if (x > corner.x + cell_side) text += ' ';
      text += id == GridId::none ? "." : map.code(id);
    }
    text += '\n';
  }
  return text;
}

}  // namespace wangge::test
