#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <set>
#include <vector>

#include <wangge/grid_map.hpp>

#include "map/locator_layout.hpp"
#include "map/map_image.hpp"
#include "map/mapped_file.hpp"

using namespace wangge;
using namespace wangge::map;

namespace {

const std::filesystem::path golden = std::filesystem::path(WANGGE_SOURCE_DIR) / "tests/map/data/version1.wgm";

/// From the south up: a border in steps of 30 and 20 lattice units, so fine that a cell holds many of its edges.
Line saw(std::int32_t x, std::int32_t height) {
  Line line;
  for (std::int32_t y = 0; y <= height; y += 20) line.push_back({x + (y % 40 == 0 ? 0 : 30), y});
  return line;
}

MultiPolygon between(const Line& west, Line east) {
  Ring ring(west.rbegin(), west.rend());
  ring.insert(ring.end(), east.begin(), east.end());
  return {{ring, {}}};
}

/// A town of a west and an east side with ragged borders; the east has a pond as its own grid, and far off a
/// field with long edges belongs to it. Its lookup index holds a record of every kind.
GridMap town() {
  const std::int32_t height = 8000;
  const Ring pond = {{4000, 4000}, {4400, 4050}, {4350, 4400}, {4010, 4380}};
  MultiPolygon east = between(saw(2000, height), saw(4800, height));
  east[0].holes = {{pond.rbegin(), pond.rend()}};
  east.push_back({{{12000, 100}, {32000, 40}, {32900, 21000}, {12010, 20000}}, {}});
  return GridMap::build({{
      {"320001001", "城西网格", Level::grid, "320001", Kind::general, between(saw(0, height), saw(2000, height))},
      {"320001002", "城东网格", Level::grid, "320001", Kind::general, east},
      {"320001003", "池塘", Level::grid, "320001", Kind::dedicated, {{pond, {}}}},
      {"320001", "幸福镇", Level::town, "", Kind::general, {}},
  }});
}

std::vector<GridId> answers(const GridMap& map) {
  std::vector<Position> positions;
  for (std::int32_t y = -100; y < 9000; y += 37)
    for (std::int32_t x = -100; x < 10000; x += 41) positions.push_back({x, y});
  for (std::int32_t y = -100; y < 23000; y += 499)
    for (std::int32_t x = 11000; x < 34000; x += 577) positions.push_back({x, y});
  for (const Position p : saw(2000, 8000)) positions.push_back(p);
  std::vector<GridId> found(positions.size());
  map.locate(positions, found);
  return found;
}

std::set<layout::Kind> kinds_of_record(std::span<const std::byte> index) {
  layout::Header header;
  std::memcpy(&header, index.data(), sizeof header);
  const auto* words = reinterpret_cast<const std::uint32_t*>(index.data());
  std::set<layout::Kind> kinds;
  for (std::uint32_t tile = 0; tile < header.columns * header.rows; ++tile) {
    const std::uint32_t entry = words[layout::directory_at + tile];
    if (!(entry & layout::named)) continue;
    for (std::uint32_t cell = 0; cell < 1u << 2 * layout::cells_shift_of(entry); ++cell) {
      const std::uint32_t code = words[layout::block_of(entry) + cell];
      if (code & layout::named) kinds.insert(layout::kind_of(code));
    }
  }
  return kinds;
}

/// To be run when a version of the format begins, never after.
TEST(GoldenMapFile, DISABLED_IsWritten) { town().save(golden); }

/// Files written today must open for ever, with the same answers.
TEST(GoldenMapFile, Opens) {
  const GridMap opened = GridMap::open(golden), map = town();
  EXPECT_EQ(opened.records(), map.records());
  EXPECT_EQ(answers(opened), answers(map));
}

TEST(GoldenMapFile, HoldsARecordOfEveryKind) {
  const MappedFile file(golden);
  const MapView view = view_image(file.bytes(), false, golden.string());
  using layout::Kind;
  EXPECT_EQ(kinds_of_record(view.index), (std::set{Kind::chain, Kind::long_chain, Kind::lines, Kind::wide}));
}

}  // namespace
