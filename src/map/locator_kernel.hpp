#pragma once

#include <bit>
#include <cmath>
#include <cstring>

#include "map/locator.hpp"
#include "map/locator_lanes.hpp"
#include "map/locator_layout.hpp"

/// How a lookup reads the index, on any processor. Inlined into one function for each kind of processor, so that the
/// compiler makes the most of each from the same source.
namespace wangge::map::kernel {

using Tables = Locator::Tables;
using layout::Kind;

template <class Record>
WANGGE_INLINE Record read(const void* at) {
  Record record;
  std::memcpy(&record, at, sizeof record);
  return record;
}

template <class Record>
WANGGE_INLINE const Record& as(const std::uint32_t* at) {
  return *reinterpret_cast<const Record*>(at);
}

/// Longitude and latitude from the cell's corner.
struct InCell {
  std::int32_t x, y;
};

WANGGE_INLINE std::uint32_t solve_chain(const layout::Chain& chain, InCell p) {
  const Fours crossings = crossed(four_points(chain.vertex), four_points(chain.vertex + 1), p.x, p.y);
  const std::uint32_t steps =
      static_cast<std::uint32_t>(p.y >= chain.step[0]) ^ static_cast<std::uint32_t>(p.y >= chain.step[1]);
  return chain.corner ^ (chain.change & (0u - (odd(crossings) ^ steps)));
}

WANGGE_INLINE std::uint32_t solve_long_chain(const layout::LongChain& chain, InCell p) {
  const Fours last = four_points(chain.vertex + 8);
  Fours flags = stepped(chain.step, p.y);
  flags = either(flags, crossed(four_points(chain.vertex), four_points(chain.vertex + 1), p.x, p.y));
  flags = either(flags, crossed(four_points(chain.vertex + 4), four_points(chain.vertex + 5), p.x, p.y));
  flags = either(flags, crossed(last, next_points(last), p.x, p.y));
  return chain.corner ^ (chain.change & (0u - odd(flags)));
}

inline std::uint32_t solve_lines(const layout::Lines* line, InCell p) {
  std::uint32_t code = line->corner;
  for (std::uint32_t more = line->more + 1; more > 0; --more, ++line) {
    const Fours crossings = crossed(four_points(line->from), four_points(line->to), p.x, p.y);
    code ^= chosen(line->change, either(crossings, stepped(line->step, p.y)));
  }
  return code;
}

inline std::uint32_t solve_wide(const std::uint32_t* record, Position p) {
  std::uint32_t code = record[0];
  for (std::uint32_t i = 0; i < record[1]; ++i) {
    const auto edge = read<layout::WideEdge>(record + 2 + i * (sizeof(layout::WideEdge) / 4));
    const bool crossed = edge.low.y <= p.y && p.y < edge.high.y && orientation(edge.low, edge.high, p) <= 0;
    code ^= edge.change & (0u - static_cast<std::uint32_t>(crossed ^ (p.y >= edge.step)));
  }
  return code;
}

/// A position from the south-west of the map.
struct Offset {
  std::uint32_t x, y;
};

WANGGE_INLINE Offset offset_of(const Tables& t, Position p) {
  return {static_cast<std::uint32_t>(p.x) - t.west, static_cast<std::uint32_t>(p.y) - t.south};
}

/// The low 32 bits of this plus a number are the nearest whole number, ties to even.
inline constexpr double rounder = 6755399441055744.0;
inline constexpr LngLat earth{180, 90};
/// Whatever is not on Earth is taken to here, where no map reaches; within 32 bits of lattice units.
inline constexpr double beyond = 200;

WANGGE_INLINE double within(double degrees, double most) { return std::abs(degrees) <= most ? degrees : beyond; }

WANGGE_INLINE std::uint32_t quantised(double degrees) {
  return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(degrees * lattice_per_degree + rounder));
}

WANGGE_INLINE Offset offset_of(const Tables& t, LngLat place) {
  return {quantised(within(place.lng, earth.lng)) - t.west, quantised(within(place.lat, earth.lat)) - t.south};
}

WANGGE_INLINE InCell in_cell(const Tables& t, std::uint32_t entry, Offset p) {
  const std::uint32_t mask = (1u << ((t.tile_shift - layout::cells_shift_of(entry)) & 31)) - 1;
  return {static_cast<std::int32_t>(p.x & mask), static_cast<std::int32_t>(p.y & mask)};
}

WANGGE_INLINE const std::uint32_t* record_of(const Tables& t, std::uint32_t entry, std::uint32_t code) {
  return t.words + layout::block_of(entry) + std::size_t{code & layout::record_mask} * layout::record_words;
}

/// What a record says that is not a chain.
inline std::uint32_t solve_other(const Tables& t, std::uint32_t entry, std::uint32_t code, Offset p) {
  const std::uint32_t* record = record_of(t, entry, code);
  if (layout::kind_of(code) == Kind::long_chain)
    return solve_long_chain(as<layout::LongChain>(record), in_cell(t, entry, p));
  const std::uint32_t found =
      layout::kind_of(code) == Kind::lines
          ? solve_lines(&as<layout::Lines>(record), in_cell(t, entry, p))
          : solve_wide(record, {static_cast<std::int32_t>(p.x + t.west), static_cast<std::int32_t>(p.y + t.south)});
  return found <= t.areas ? found : 0;  // a file can be well-formed and yet name areas that do not exist
}

/// The area code of a position. A wrong guess whether its cell is divided costs less than to solve a chain each time:
/// while a guess is right, the processor works on the look-ups to come.
WANGGE_INLINE std::uint32_t find(const Tables& t, Offset p) {
  const std::uint32_t column = p.x >> t.tile_shift, row = p.y >> t.tile_shift;
  const bool on_map = (column < t.columns) & (row < t.rows);
  const std::uint32_t entry = t.words[layout::directory_at + (on_map ? row * t.columns + column : t.rows * t.columns)];
  if (!(entry & layout::named)) return entry;
  const std::uint32_t k = layout::cells_shift_of(entry), shift = t.tile_shift - k;
  const std::uint32_t cell = ((p.y & t.tile_mask) >> shift << k) + ((p.x & t.tile_mask) >> shift);
  const std::uint32_t code = t.words[layout::block_of(entry) + cell];
  if (!(code & layout::named)) return code;
  if (layout::kind_of(code) != Kind::chain) return solve_other(t, entry, code, p);
  return solve_chain(as<layout::Chain>(record_of(t, entry, code)), in_cell(t, entry, p));
}

/// Positions are worked on so many at a time: their reads of memory overlap.
inline constexpr std::size_t batch = 256;

struct Batch {
  alignas(64) std::uint32_t x[batch], y[batch];         ///< from the south-west of the map
  alignas(64) std::uint32_t entry[batch], code[batch];  ///< of the tiles and of the cells
  alignas(64) std::uint32_t word[batch + 1];            ///< to read next
};

template <class Point>
WANGGE_INLINE void take(Batch& b, const Tables& t, const Point* points, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const Offset offset = offset_of(t, points[i]);
    b.x[i] = offset.x, b.y[i] = offset.y;
  }
}

/// From positions to the codes of their cells.
WANGGE_INLINE void read_cells(Batch& b, const Tables& t, std::size_t count) {
  const std::uint32_t tile_shift = t.tile_shift, tile_mask = t.tile_mask;
  const std::uint32_t columns = t.columns, rows = t.rows, off_map = columns * rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t column = b.x[i] >> tile_shift, row = b.y[i] >> tile_shift;
    const bool on_map = (column < columns) & (row < rows);
    b.word[i] = layout::directory_at + (on_map ? row * columns + column : off_map);
  }
  for (std::size_t i = 0; i < count; ++i) b.entry[i] = t.words[b.word[i]];
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t entry = b.entry[i], k = layout::cells_shift_of(entry), shift = (tile_shift - k) & 31;
    const std::uint32_t cell = ((b.y[i] & tile_mask) >> shift << k) + ((b.x[i] & tile_mask) >> shift);
    // Where the entry is itself the code, it is read again.
    b.word[i] = entry & layout::named ? layout::block_of(entry) + cell : b.word[i];
  }
  for (std::size_t i = 0; i < count; ++i) b.code[i] = t.words[b.word[i]];
}

WANGGE_INLINE void answer(Batch& b, const Tables& t, std::size_t count, GridId* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = GridId{b.code[i] - 1};
  std::size_t divided = 0;
  for (std::size_t i = 0; i < count; ++i) {
    b.word[divided] = static_cast<std::uint32_t>(i);
    divided += b.code[i] >> 31;
  }
  std::uint32_t others[batch + 1];
  std::size_t chains = 0, other = 0;
  for (std::size_t j = 0; j < divided; ++j) {
    const std::uint32_t i = b.word[j];
    __builtin_prefetch(record_of(t, b.entry[i], b.code[i]));
    const bool is_chain = layout::kind_of(b.code[i]) == Kind::chain;
    others[other] = i;
    b.word[chains] = i;
    chains += is_chain;
    other += !is_chain;
  }
  for (std::size_t j = 0; j < chains; ++j) {
    const std::uint32_t i = b.word[j];
    const auto& chain = as<layout::Chain>(record_of(t, b.entry[i], b.code[i]));
    out[i] = GridId{solve_chain(chain, in_cell(t, b.entry[i], {b.x[i], b.y[i]})) - 1};
  }
  for (std::size_t j = 0; j < other; ++j) {
    const std::uint32_t i = others[j];
    out[i] = GridId{solve_other(t, b.entry[i], b.code[i], {b.x[i], b.y[i]}) - 1};
  }
}

template <class Point>
WANGGE_INLINE void locate(const Tables& t, const Point* points, std::size_t count, GridId* out) {
  Batch b;
  for (std::size_t done = 0; done < count; done += batch) {
    const std::size_t now = count - done < batch ? count - done : batch;
    take(b, t, points + done, now);
    read_cells(b, t, now);
    answer(b, t, now, out + done);
  }
}

}  // namespace wangge::map::kernel
