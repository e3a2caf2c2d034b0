#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "map/locator.hpp"
#include "map/locator_layout.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define WANGGE_INLINE inline __attribute__((always_inline))

/// How a lookup reads the index. Inlined into one function for each kind of processor, so that the compiler makes the
/// most of each from the same source.
namespace wangge::map::kernel {

using Tables = Locator::Tables;
using layout::Kind;

template <class Record>
WANGGE_INLINE Record read(const void* at) {
  Record record;
  std::memcpy(&record, at, sizeof record);
  return record;
}

/// Bit i is set where edge i of the chain is crossed on the way from the far west to (x, y).
WANGGE_INLINE std::uint32_t crossings(const std::int16_t* vertex, std::int32_t x, std::int32_t y) {
#if defined(__SSE2__)
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(vertex));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(vertex + 2));
  const __m128i p = _mm_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(y) << 16 | (x & 0xffff)));
  const __m128i y4 = _mm_set1_epi32(y);
  const __m128i negate_y = _mm_set1_epi32(static_cast<int>(0xffff0000));
  const __m128i edge = _mm_sub_epi16(_mm_xor_si128(_mm_sub_epi16(b, a), negate_y), negate_y);  // dx, -dy
  const __m128i from_a = _mm_sub_epi16(p, a);
  const __m128i swapped = _mm_or_si128(_mm_srli_epi32(from_a, 16), _mm_slli_epi32(from_a, 16));
  const __m128i cross = _mm_madd_epi16(edge, swapped);
  const __m128i a_above = _mm_cmpgt_epi32(_mm_srai_epi32(a, 16), y4);
  const __m128i b_above = _mm_cmpgt_epi32(_mm_srai_epi32(b, 16), y4);
  const __m128i left_of_rising = _mm_and_si128(b_above, _mm_cmpgt_epi32(cross, _mm_setzero_si128()));
  const __m128i left_of_falling = _mm_and_si128(a_above, _mm_cmplt_epi32(cross, _mm_setzero_si128()));
  const __m128i crossed =
      _mm_andnot_si128(_mm_or_si128(left_of_rising, left_of_falling), _mm_xor_si128(a_above, b_above));
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(crossed)));
#else
  std::uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) {
    const std::int32_t ax = vertex[2 * i], ay = vertex[2 * i + 1], bx = vertex[2 * i + 2], by = vertex[2 * i + 3];
    const std::int32_t cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    const bool a_above = ay > y, b_above = by > y;
    const bool left_of = b_above ? cross > 0 : cross < 0;
    bits |= static_cast<std::uint32_t>(a_above != b_above && !left_of) << i;
  }
  return bits;
#endif
}

/// x and y count from the cell's corner.
WANGGE_INLINE std::uint32_t solve_chain(const std::uint32_t* record, std::int32_t x, std::int32_t y) {
  const auto steps = read<std::array<std::int16_t, 2>>(record + 2);
  const auto* vertex = reinterpret_cast<const std::int16_t*>(record + 3);
  const std::uint32_t parity = 0x6996u >> crossings(vertex, x, y);
  const std::uint32_t stepped = static_cast<std::uint32_t>(y >= steps[0]) ^ static_cast<std::uint32_t>(y >= steps[1]);
  return record[0] ^ (record[1] & (0u - ((parity ^ stepped) & 1)));
}

inline std::uint32_t solve_lines(const std::uint32_t* record, std::int32_t x, std::int32_t y) {
  std::uint32_t code = record[0];
  for (std::uint32_t more = record[1] + 1; more > 0; --more, record += sizeof(layout::Lines) / 4) {
    const auto line = read<layout::Lines>(record);
    for (int i = 0; i < 4; ++i) {
      const std::int32_t dx = line.high_x[i] - line.low_x[i], dy = line.high_y[i] - line.low_y[i];
      const std::int32_t cross = dx * (y - line.low_y[i]) - dy * (x - line.low_x[i]);
      const bool crossed = (line.low_y[i] <= y) & (y < line.high_y[i]) & (cross <= 0);
      code ^= line.change[i] & (0u - static_cast<std::uint32_t>(crossed ^ (y >= line.step[i])));
    }
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

/// x and y count from the south-west of the map.
WANGGE_INLINE std::uint32_t entry_at(const Tables& t, std::uint32_t x, std::uint32_t y) {
  const std::uint32_t column = x >> t.tile_shift, row = y >> t.tile_shift;
  const bool on_map = (column < t.columns) & (row < t.rows);
  return t.directory[on_map ? row * t.columns + column : t.rows * t.columns];
}

/// What a record says, of any kind.
inline std::uint32_t solve(const Tables& t, std::uint32_t code, std::uint32_t block, std::uint32_t shift,
                           std::uint32_t x, std::uint32_t y) {
  const std::uint32_t* record = t.words + block + std::size_t{code & layout::record_mask} * layout::record_words;
  const std::uint32_t mask = (1u << shift) - 1;
  const auto in_x = static_cast<std::int32_t>(x & mask), in_y = static_cast<std::int32_t>(y & mask);
  if (layout::kind_of(code) == Kind::chain) return solve_chain(record, in_x, in_y);
  const std::uint32_t found =
      layout::kind_of(code) == Kind::lines
          ? solve_lines(record, in_x, in_y)
          : solve_wide(record, {static_cast<std::int32_t>(x + t.west), static_cast<std::int32_t>(y + t.south)});
  return found <= t.areas ? found : 0;  // a file can be well-formed and yet name areas that do not exist
}

/// The area code of a position that counts from the south-west of the map.
WANGGE_INLINE std::uint32_t find(const Tables& t, std::uint32_t x, std::uint32_t y) {
  const std::uint32_t entry = entry_at(t, x, y);
  if (!(entry & layout::named)) return entry;
  const std::uint32_t k = layout::cells_shift_of(entry), shift = t.tile_shift - k;
  const std::uint32_t block = (entry & layout::place_mask) * layout::unit_words;
  const std::uint32_t mask = (1u << k) - 1;
  const std::uint32_t code = t.words[block + ((y >> shift & mask) << k | (x >> shift & mask))];
  if (!(code & layout::named)) return code;
  return solve(t, code, block, shift, x, y);
}

/// Positions are worked on so many at a time: their reads of memory overlap.
inline constexpr std::size_t batch = 256;

struct Batch {
  alignas(64) std::uint32_t x[batch], y[batch];                       ///< from the south-west of the map
  alignas(64) std::uint32_t block[batch], shift[batch], code[batch];  ///< of the cells
  alignas(64) std::uint32_t pending[batch + 1];
};

/// The low 32 bits of this plus a number are the nearest whole number, ties to even.
inline constexpr double rounder = 6755399441055744.0;

WANGGE_INLINE void take(Batch& b, const Tables& t, const LngLat* places, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double lng = places[i].lng, lat = places[i].lat;
    const bool there = (std::abs(lng) <= 180) & (std::abs(lat) <= 90);
    const auto x = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(lng * lattice_per_degree + rounder));
    const auto y = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(lat * lattice_per_degree + rounder));
    b.x[i] = there ? x - t.west : 0xffffffffu;  // off every map
    b.y[i] = y - t.south;
  }
}

WANGGE_INLINE void take(Batch& b, const Tables& t, const Position* points, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    b.x[i] = static_cast<std::uint32_t>(points[i].x) - t.west;
    b.y[i] = static_cast<std::uint32_t>(points[i].y) - t.south;
  }
}

/// From positions to the codes of their cells.
WANGGE_INLINE void read_cells(Batch& b, const Tables& t, std::size_t count) {
  const std::uint32_t tile_shift = t.tile_shift, columns = t.columns, rows = t.rows, off_map = columns * rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t column = b.x[i] >> tile_shift, row = b.y[i] >> tile_shift;
    const bool on_map = (column < columns) & (row < rows);
    b.code[i] = on_map ? row * columns + column : off_map;
  }
  for (std::size_t i = 0; i < count; ++i) b.code[i] = t.directory[b.code[i]];
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t entry = b.code[i], k = layout::cells_shift_of(entry), shift = (tile_shift - k) & 31;
    const std::uint32_t mask = (1u << k) - 1;
    const std::uint32_t block = (entry & layout::place_mask) * layout::unit_words;
    const std::uint32_t cell = block + ((b.y[i] >> shift & mask) << k | (b.x[i] >> shift & mask));
    b.block[i] = block;
    b.shift[i] = shift;
    b.pending[i] = entry & layout::named ? cell : 0;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = t.words[b.pending[i]];
    b.code[i] = b.code[i] & layout::named ? code : b.code[i];
  }
}

WANGGE_INLINE void answer(Batch& b, const Tables& t, std::size_t count, GridId* out) {
  std::size_t pending = 0;
  for (std::size_t i = 0; i < count; ++i) {
    b.pending[pending] = static_cast<std::uint32_t>(i);
    pending += b.code[i] >> 31;
    out[i] = GridId{b.code[i] - 1};
  }
  for (std::size_t j = 0; j < pending; ++j) {
    const std::uint32_t i = b.pending[j];
    __builtin_prefetch(t.words + b.block[i] + std::size_t{b.code[i] & layout::record_mask} * layout::record_words);
  }
  for (std::size_t j = 0; j < pending; ++j) {
    const std::uint32_t i = b.pending[j];
    out[i] = GridId{solve(t, b.code[i], b.block[i], b.shift[i], b.x[i], b.y[i]) - 1};
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
