#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "coverage/pieces.hpp"
#include "coverage/segment_grid.hpp"
#include "map/locator.hpp"
#include "map/locator_tile.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

using coverage::pieces;

/// A tile is about so many cells of the common size wide: 2^4.
constexpr int common_cells_shift = 4;

class IndexBuilder {
 public:
  IndexBuilder(const ArcsView& arcs, std::uint32_t areas, const Execution& execution, const EarlierIndex& earlier)
      : arcs_(arcs), areas_(areas), execution_(execution), earlier_(earlier), changes_(arcs.points.size()) {}

  void run(const std::function<std::byte*(std::size_t)>& room) {
    note_changes();
    choose_tiles();
    choose_what_to_build();
    sort_into_tiles();
    find_corners();
    build_tiles();
    assemble(room);
  }

 private:
  static std::uint32_t area_code(GridId id) { return static_cast<std::uint32_t>(id) + 1; }
  std::size_t tiles() const { return static_cast<std::size_t>(frame_.columns * frame_.rows); }
  /// The first point of a piece of the work.
  std::uint32_t point_of(std::size_t piece) const {
    return static_cast<std::uint32_t>(arcs_.points.size() * piece / pieces);
  }
  std::size_t tile_of(std::size_t piece) const { return tiles() * piece / pieces; }
  /// What the blocks of a piece mostly take.
  std::size_t words_to_expect(std::size_t piece) const {
    constexpr std::size_t words_an_edge = 12;
    return words_an_edge * (first_[tile_of(piece + 1)] - first_[tile_of(piece)]);
  }
  Sloped edge(std::uint32_t at) const { return {arcs_.points[at], arcs_.points[at + 1]}; }

  template <class Visit>
  void for_each_edge(std::size_t piece, const Visit& visit) const {
    for (std::uint32_t at = point_of(piece); at < point_of(piece + 1); ++at) {
      if (changes_[at] != 0) visit(at);
    }
  }
  template <class Visit>
  void for_each_edge_and_tile(std::size_t piece, const Visit& visit) const {
    for_each_edge(piece, [&](std::uint32_t at) {
      const Sloped e = edge(at);
      if (!built_box_.meets({{e.west(), e.low.y}, {e.east(), e.high.y}})) return;
      for_each_cell(frame_, e, [&](std::uint32_t column, std::uint32_t row) {
        const std::size_t tile = static_cast<std::size_t>(row) * static_cast<std::size_t>(frame_.columns) + column;
        if (builds(tile)) visit(at, tile);
      });
    });
  }
  void each_piece(double done, const std::function<void(std::size_t)>& body) const;

  bool builds(std::size_t tile) const { return build_.empty() || build_[tile]; }
  Position corner_of(std::size_t tile) const {
    const auto columns = static_cast<std::size_t>(frame_.columns);
    return {static_cast<std::int32_t>(frame_.west + (static_cast<std::int64_t>(tile % columns) << frame_.shift)),
            static_cast<std::int32_t>(frame_.corner_y(static_cast<std::int64_t>(tile / columns)))};
  }
  /// True where the tile is built but its western neighbour is not: then its corner has the area that it had.
  bool starts_anew(std::size_t tile) const {
    return tile % static_cast<std::size_t>(frame_.columns) != 0 && builds(tile) && !builds(tile - 1);
  }

  void note_changes();
  void choose_tiles();
  void choose_what_to_build();
  bool has_the_earlier_frame() const;
  std::uint32_t take_over(std::size_t tile, std::vector<std::uint32_t>& words) const;
  void sort_into_tiles();
  void find_corners();
  void build_tiles();
  void assemble(const std::function<std::byte*(std::size_t)>& room);

  ArcsView arcs_;
  std::uint32_t areas_;
  const Execution& execution_;
  EarlierIndex earlier_;
  coverage::RawVector<std::uint32_t> changes_;
  CellFrame frame_{};
  std::vector<bool> build_;                   ///< by tile; the others are taken over; empty: all are built
  Box built_box_;                             ///< around the tiles that are built
  std::vector<std::uint32_t> earlier_end_;    ///< by tile: where its block ends in the earlier image, in units
  std::vector<std::uint32_t> first_;          ///< edges by tile: of each its first in `items_`
  coverage::RawVector<std::uint32_t> items_;  ///< edges, those of a tile together
  std::vector<std::uint32_t> corners_;        ///< area codes of the tiles' corners
  std::vector<std::uint32_t> entries_;
  std::vector<std::vector<std::uint32_t>> blocks_;  ///< by piece
};

/// Runs the pieces; then `done` of all is done.
void IndexBuilder::each_piece(double done, const std::function<void(std::size_t)>& body) const {
  execution_.for_each(pieces, body);
  if (!execution_.go_on("building the lookup index", done))
    throw Error(Errc::stopped, "stopped while building the lookup index");
}

void IndexBuilder::note_changes() {
  coverage::in_pieces(arcs_.size(), execution_, [&](std::size_t, std::size_t first, std::size_t last_arc) {
    for (std::size_t arc = first; arc < last_arc; ++arc) {
      const std::uint32_t change = area_code(arcs_.sides[arc].left) ^ area_code(arcs_.sides[arc].right);
      const auto last = changes_.begin() + arcs_.first[arc + 1] - 1;
      std::fill(changes_.begin() + arcs_.first[arc], last, change);
      *last = 0;
    }
  });
}

void IndexBuilder::choose_tiles() {
  if (arcs_.points.empty()) return;
  struct Sum {
    Box box;
    double length = 0;
    std::size_t edges = 0;
  };
  std::vector<Sum> sums(pieces);
  each_piece(0.05, [&](std::size_t piece) {
    Sum& sum = sums[piece];
    sum.box = bounds(arcs_.points.subspan(point_of(piece), point_of(piece + 1) - point_of(piece)));
    for_each_edge(piece, [&](std::uint32_t at) {
      const Position a = arcs_.points[at], b = arcs_.points[at + 1];
      sum.length += length_of(a, b);
      ++sum.edges;
    });
  });
  Sum all;
  for (const Sum& sum : sums) all.box.add(sum.box), all.length += sum.length, all.edges += sum.edges;
  frame_.west = all.box.min.x, frame_.south = all.box.min.y;
  const double area = (double(all.box.max.x) - all.box.min.x + 1) * (double(all.box.max.y) - all.box.min.y + 1);
  const double cell = best_cell(all.length / double(all.edges), all.length, area);
  frame_.shift = common_cells_shift;
  while (frame_.shift < layout::most_tile_shift &&
         cell > double(std::uint64_t{1} << (frame_.shift - common_cells_shift)))
    ++frame_.shift;
  for (const std::size_t affordable = all.edges + 1024;; ++frame_.shift) {
    frame_.columns = frame_.column(all.box.max.x) + 1, frame_.rows = frame_.row(all.box.max.y) + 1;
    if (tiles() <= affordable || frame_.shift == layout::most_tile_shift) return;
  }
}

bool IndexBuilder::has_the_earlier_frame() const {
  if (earlier_.image.empty()) return false;
  layout::Header header;
  std::memcpy(&header, earlier_.image.data(), sizeof header);
  return header.west == frame_.west && header.south == frame_.south &&
         header.tile_shift == static_cast<std::uint32_t>(frame_.shift) && header.columns == frame_.columns &&
         header.rows == frame_.rows;
}

/// The tiles that a change meets.
void IndexBuilder::choose_what_to_build() {
  built_box_ = {{INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MAX}};
  if (!has_the_earlier_frame()) return;
  build_.assign(tiles(), false);
  built_box_ = {};
  for (const Box& box : earlier_.changed) {
    built_box_.add(box);
    const std::int64_t east = std::min(frame_.column(box.max.x), frame_.columns - 1);
    const std::int64_t north = std::min(frame_.row(box.max.y), frame_.rows - 1);
    for (std::int64_t row = std::max<std::int64_t>(frame_.row(box.min.y), 0); row <= north; ++row) {
      for (std::int64_t column = std::max<std::int64_t>(frame_.column(box.min.x), 0); column <= east; ++column)
        build_[static_cast<std::size_t>(row * frame_.columns + column)] = true;
    }
  }
  // An edge may cross a tile that is built without meeting a change in it.
  const std::int64_t reach = std::int64_t{1} << frame_.shift;
  const auto clamped = [](std::int64_t v) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(v, INT32_MIN, INT32_MAX));
  };
  built_box_ = {{clamped(built_box_.min.x - reach), clamped(built_box_.min.y - reach)},
                {clamped(built_box_.max.x + reach), clamped(built_box_.max.y + reach)}};
  const auto* words = reinterpret_cast<const std::uint32_t*>(earlier_.image.data());
  const std::uint32_t* directory = words + layout::directory_at;
  earlier_end_.resize(tiles());
  auto end = static_cast<std::uint32_t>(earlier_.image.size() / layout::unit);
  for (std::size_t tile = tiles(); tile-- > 0;) {
    earlier_end_[tile] = end;
    if (directory[tile] & layout::named) end = directory[tile] & layout::place_mask;
  }
}

/// Appends the block that the tile had and returns its entry with a place relative to the beginning of `words`.
std::uint32_t IndexBuilder::take_over(std::size_t tile, std::vector<std::uint32_t>& words) const {
  const auto* earlier = reinterpret_cast<const std::uint32_t*>(earlier_.image.data());
  const std::uint32_t entry = earlier[layout::directory_at + tile];
  if (!(entry & layout::named)) return entry;
  const auto place = static_cast<std::uint32_t>(words.size() / layout::unit_words);
  words.insert(words.end(), earlier + layout::block_of(entry),
               earlier + std::size_t{earlier_end_[tile]} * layout::unit_words);
  return layout::entry_of(layout::cells_shift_of(entry), place);
}

void IndexBuilder::sort_into_tiles() {
  std::vector<std::vector<std::uint32_t>> next(pieces);
  each_piece(0.15, [&](std::size_t piece) {
    next[piece].assign(tiles(), 0);
    for_each_edge_and_tile(piece, [&](std::uint32_t, std::size_t tile) { ++next[piece][tile]; });
  });
  const std::uint64_t total = coverage::place_items(next, tiles(), first_);
  if (total > UINT32_MAX)
    throw Error(Errc::unsupported, "the map has more edges than a lookup index can hold; split it");
  items_.resize(total);
  each_piece(0.25, [&](std::size_t piece) {
    for_each_edge_and_tile(piece, [&](std::uint32_t at, std::size_t tile) { items_[next[piece][tile]++] = at; });
  });
}

/// Along the foot of each row of tiles: east of an edge that crosses it, areas differ by its change.
void IndexBuilder::find_corners() {
  corners_.assign(tiles(), 0);
  const Locator earlier = build_.empty() ? Locator() : Locator(earlier_.image);
  const auto columns = static_cast<std::size_t>(frame_.columns);
  each_piece(0.3, [&](std::size_t piece) {
    const std::size_t first_row = static_cast<std::size_t>(frame_.rows) * piece / pieces;
    const std::size_t last_row = static_cast<std::size_t>(frame_.rows) * (piece + 1) / pieces;
    for (std::size_t row = first_row; row < last_row; ++row) {
      const std::int64_t y = frame_.corner_y(static_cast<std::int64_t>(row));
      for (std::size_t i = 0; i < columns; ++i) {
        const std::size_t tile = row * columns + i;
        for (std::uint32_t k = first_[tile]; k < first_[tile + 1]; ++k) {
          const Sloped e = edge(items_[k]);
          // An edge may be listed in several tiles of the row, but crosses the foot in one.
          if (e.low.y > y || y >= e.high.y || frame_.column(x_at(e, y)) != static_cast<std::int64_t>(i)) continue;
          const auto column = static_cast<std::size_t>(frame_.column_from(first_east_of(e, y)));
          if (column < columns && !starts_anew(row * columns + column))
            corners_[row * columns + column] ^= changes_[items_[k]];
        }
      }
      for (std::size_t i = row * columns; i < (row + 1) * columns; ++i) {
        if (starts_anew(i)) corners_[i] = area_code(earlier.locate(corner_of(i)));
        if (i > row * columns && builds(i) && !starts_anew(i)) corners_[i] ^= corners_[i - 1];
      }
    }
  });
}

void IndexBuilder::build_tiles() {
  entries_.assign(tiles() + 1, 0);
  blocks_.resize(pieces);
  each_piece(0.9, [&](std::size_t piece) {
    TileBuilder builder({arcs_.points, changes_});
    blocks_[piece].reserve(words_to_expect(piece));
    for (std::size_t tile = tile_of(piece); tile < tile_of(piece + 1); ++tile) {
      const auto edges = std::span(items_).subspan(first_[tile], first_[tile + 1] - first_[tile]);
      entries_[tile] = builds(tile)
                           ? builder.build(corner_of(tile), frame_.shift, corners_[tile], edges, blocks_[piece])
                           : take_over(tile, blocks_[piece]);
    }
  });
}

void IndexBuilder::assemble(const std::function<std::byte*(std::size_t)>& room) {
  std::vector<std::size_t> place(pieces + 1);
  place[0] = 1 + (entries_.size() * 4 + layout::unit - 1) / layout::unit;
  for (std::size_t piece = 0; piece < pieces; ++piece)
    place[piece + 1] = place[piece] + blocks_[piece].size() / layout::unit_words;
  if (place.back() > layout::place_mask)
    throw Error(Errc::unsupported, "the map is too large for one lookup index (8 GiB); split it");
  const std::size_t bytes = place.back() * layout::unit;
  std::byte* const image = room(bytes);
  each_piece(1, [&](std::size_t piece) {
    for (std::size_t tile = tile_of(piece); tile < tile_of(piece + 1); ++tile) {
      if (entries_[tile] & layout::named) entries_[tile] += static_cast<std::uint32_t>(place[piece]);
    }
    if (!blocks_[piece].empty())
      std::memcpy(image + place[piece] * layout::unit, blocks_[piece].data(), blocks_[piece].size() * 4);
    blocks_[piece] = {};
  });
  layout::Header header;
  header.west = static_cast<std::int32_t>(frame_.west), header.south = static_cast<std::int32_t>(frame_.south);
  header.tile_shift = static_cast<std::uint32_t>(frame_.shift);
  header.columns = static_cast<std::uint32_t>(frame_.columns), header.rows = static_cast<std::uint32_t>(frame_.rows);
  header.areas = areas_;
  header.bytes = bytes;
  std::memcpy(image, &header, sizeof header);
  entries_.resize((place[0] - 1) * layout::unit_words, 0);
  std::memcpy(image + layout::unit, entries_.data(), entries_.size() * 4);
}

}  // namespace

Image build_index(const ArcsView& arcs, std::uint32_t areas, const Execution& execution) {
  Image image;
  build_index(arcs, areas, execution, [&](std::size_t bytes) {
    image = Image(bytes / sizeof(CacheLine));
    return reinterpret_cast<std::byte*>(image.data());
  });
  return image;
}

void build_index(const ArcsView& arcs, std::uint32_t areas, const Execution& execution,
                 const std::function<std::byte*(std::size_t bytes)>& room, const EarlierIndex& earlier) {
  IndexBuilder(arcs, areas, execution, earlier).run(room);
}

}  // namespace wangge::map
