#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <wangge/geometry.hpp>

/// The bytes of the lookup index, which are the bytes of its section in a map file: little-endian, offsets only.
///
/// A directory holds one entry a square tile of 2^tile_shift lattice units, row by row from the south-west, and one
/// more for whatever lies off the map. An entry is an *area code* or names a block: 2^k × 2^k codes, one a cell of the
/// tile, and the records that they name. An area code is the row of the area plus one; 0 is no area.
///
/// A record answers for the cell that an edge of a border runs through. The path from the cell's lower-left corner up
/// to the latitude of a position and then east to it crosses some edges; the answer is the corner's area code XOR the
/// `change` (left ^ right) of each. Whatever is crossed twice cancels, so edges need no order. An edge is crossed where
///
///     [low.y <= y < high.y][the position is on the edge or right of it] ^ [y >= step]
///
/// The first factor counts the whole way from the far west. `step` mends that for an edge that enters the cell through
/// its left side, above the corner: it is low.y where the edge rises to the east, high.y where it falls, its latitude
/// where it is level; no_step for all others.
namespace wangge::map::layout {

static_assert(std::endian::native == std::endian::little, "map files and the lookup index are little-endian");

inline constexpr std::size_t unit = 64;  ///< blocks and the directory start at multiples of this
inline constexpr std::uint32_t unit_words = unit / 4;
inline constexpr std::uint32_t record_words = 8;  ///< records start at multiples of 32 bytes within their block

inline constexpr int most_tile_shift = 26, most_cells_shift = 8;

/// Leads the image.
struct Header {
  std::int32_t west = 0, south = 0;  ///< of the first tile
  std::uint32_t tile_shift = 0;
  std::uint32_t columns = 0, rows = 0;
  std::uint32_t areas = 0;  ///< no area code is greater
  std::uint64_t bytes = 0;  ///< of the whole image
  std::uint32_t reserved[8] = {};
};
static_assert(sizeof(Header) == unit);
inline constexpr std::uint32_t directory_at = sizeof(Header) / 4;

// A directory entry or a cell's code that names something has the top bit set.
inline constexpr std::uint32_t named = 0x80000000u;
inline constexpr int cells_shift_at = 27;  ///< of a directory entry: k, above the block's place in units
inline constexpr std::uint32_t place_mask = 0x07ffffffu;

enum class Kind : std::uint32_t { chain, long_chain, lines, wide };
inline constexpr int kind_at = 29;  ///< of a cell's code, above the record's place in its block
inline constexpr std::uint32_t record_mask = 0x1fffffffu;

inline constexpr std::uint32_t entry_of(std::uint32_t cells_shift, std::uint32_t place) {
  return named | cells_shift << cells_shift_at | place;
}
inline constexpr std::uint32_t cells_shift_of(std::uint32_t entry) { return entry >> cells_shift_at & 15; }
/// The first word of the block that a directory entry names.
inline constexpr std::uint32_t block_of(std::uint32_t entry) { return (entry & place_mask) * unit_words; }
inline constexpr std::uint32_t code_of(Kind kind, std::uint32_t place) {
  return named | static_cast<std::uint32_t>(kind) << kind_at | place;
}
inline constexpr Kind kind_of(std::uint32_t code) { return static_cast<Kind>(code >> kind_at & 3); }

struct Point {
  std::int16_t x = 0, y = 0;
};

/// Coordinates in chains and lines count from the cell's corner and are less than this either way, so that products of
/// their differences fit 32 bits.
inline constexpr std::int64_t narrow = 1 << 14;
inline constexpr std::int16_t no_step = INT16_MAX;
inline constexpr std::int32_t no_wide_step = INT32_MAX;

/// Edges that run on from each other and have the same areas on their sides; the last vertex is repeated.
struct Chain {
  std::uint32_t corner = 0;  ///< area code at the cell's corner
  std::uint32_t change = 0;
  std::int16_t step[2] = {no_step, no_step};
  Point vertex[5] = {};
};
static_assert(sizeof(Chain) == 32);

struct LongChain {
  std::uint32_t corner = 0;
  std::uint32_t change = 0;
  std::int16_t step[4] = {no_step, no_step, no_step, no_step};
  Point vertex[12] = {};
};
static_assert(sizeof(LongChain) == 64);

/// Four edges, each with its own sides; more lines may follow. An edge with nothing to change is none.
struct Lines {
  std::uint32_t corner = 0;  ///< in the first
  std::uint32_t more = 0;    ///< lines that follow this one
  std::int16_t step[4] = {no_step, no_step, no_step, no_step};
  Point from[4] = {}, to[4] = {};
  std::uint32_t change[4] = {};
};
static_assert(sizeof(Lines) == 64);

/// Edges that reach too far from the corner, in lattice positions.
struct WideEdge {
  Position low, high;
  std::int32_t step = no_wide_step;
  std::uint32_t change = 0;
};
static_assert(sizeof(WideEdge) == 24);

/// Followed by `edges` wide edges.
struct Wide {
  std::uint32_t corner = 0;
  std::uint32_t edges = 0;
};
static_assert(sizeof(Wide) == 8);

static_assert(std::is_trivially_copyable_v<Chain> && std::is_trivially_copyable_v<LongChain> &&
              std::is_trivially_copyable_v<Lines> && std::is_trivially_copyable_v<WideEdge> &&
              std::is_trivially_copyable_v<Header>);

}  // namespace wangge::map::layout
