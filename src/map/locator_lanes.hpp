#pragma once

#include <cstdint>
#include <cstring>

#include "map/locator_layout.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define WANGGE_INLINE inline __attribute__((always_inline))

/// Tests of four edges at once. `Fours` are four points or four answers, each of these 32 bits all set or all clear.
namespace wangge::map::kernel {

#if defined(__SSE2__)

using Fours = __m128i;

WANGGE_INLINE Fours four_points(const layout::Point* points) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(points));
}

/// The second to fourth of them, the fourth twice.
WANGGE_INLINE Fours next_points(Fours points) { return _mm_shuffle_epi32(points, _MM_SHUFFLE(3, 3, 2, 1)); }

/// Whether the way from the far west to (x, y) crosses the edges between those points.
WANGGE_INLINE Fours crossed(Fours from, Fours to, std::int32_t x, std::int32_t y) {
  const __m128i p = _mm_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(y) << 16 | (x & 0xffff)));
  const __m128i y4 = _mm_set1_epi32(y);
  const __m128i negate_y = _mm_set1_epi32(static_cast<int>(0xffff0000));
  const __m128i edge = _mm_sub_epi16(_mm_xor_si128(_mm_sub_epi16(to, from), negate_y), negate_y);  // dx, -dy
  const __m128i offset = _mm_sub_epi16(p, from);
  const __m128i swapped = _mm_or_si128(_mm_srli_epi32(offset, 16), _mm_slli_epi32(offset, 16));
  const __m128i cross = _mm_madd_epi16(edge, swapped);
  const __m128i from_above = _mm_cmpgt_epi32(_mm_srai_epi32(from, 16), y4);
  const __m128i to_above = _mm_cmpgt_epi32(_mm_srai_epi32(to, 16), y4);
  const __m128i left_of_rising = _mm_and_si128(to_above, _mm_cmpgt_epi32(cross, _mm_setzero_si128()));
  const __m128i left_of_falling = _mm_and_si128(from_above, _mm_cmplt_epi32(cross, _mm_setzero_si128()));
  return _mm_andnot_si128(_mm_or_si128(left_of_rising, left_of_falling), _mm_xor_si128(from_above, to_above));
}

/// Whether y >= step.
WANGGE_INLINE Fours stepped(const std::int16_t* steps, std::int32_t y) {
  const __m128i narrow = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(steps));
  const __m128i wide = _mm_srai_epi32(_mm_unpacklo_epi16(narrow, narrow), 16);
  return _mm_cmplt_epi32(wide, _mm_set1_epi32(y + 1));
}

WANGGE_INLINE Fours either(Fours a, Fours b) { return _mm_xor_si128(a, b); }

WANGGE_INLINE std::uint32_t bits(Fours answers) {
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(answers)));
}

/// XOR of the changes whose answer is set.
WANGGE_INLINE std::uint32_t chosen(const std::uint32_t* changes, Fours answers) {
  __m128i all = _mm_and_si128(answers, _mm_loadu_si128(reinterpret_cast<const __m128i*>(changes)));
  all = _mm_xor_si128(all, _mm_srli_si128(all, 8));
  all = _mm_xor_si128(all, _mm_srli_si128(all, 4));
  return static_cast<std::uint32_t>(_mm_cvtsi128_si32(all));
}

#else

struct Fours {
  std::uint32_t lane[4];
};

WANGGE_INLINE layout::Point point(const Fours& points, int i) {
  layout::Point p;
  std::memcpy(&p, &points.lane[i], sizeof p);
  return p;
}

WANGGE_INLINE Fours four_points(const layout::Point* points) {
  Fours fours;
  std::memcpy(&fours, points, sizeof fours);
  return fours;
}

WANGGE_INLINE Fours next_points(Fours points) {
  return {{points.lane[1], points.lane[2], points.lane[3], points.lane[3]}};
}

WANGGE_INLINE Fours crossed(Fours from, Fours to, std::int32_t x, std::int32_t y) {
  Fours answers;
  for (int i = 0; i < 4; ++i) {
    const layout::Point a = point(from, i), b = point(to, i);
    const std::int32_t cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    const bool left_of = b.y > y ? cross > 0 : cross < 0;
    answers.lane[i] = 0u - static_cast<std::uint32_t>((a.y > y) != (b.y > y) && !left_of);
  }
  return answers;
}

WANGGE_INLINE Fours stepped(const std::int16_t* steps, std::int32_t y) {
  Fours answers;
  for (int i = 0; i < 4; ++i) answers.lane[i] = 0u - static_cast<std::uint32_t>(y >= steps[i]);
  return answers;
}

WANGGE_INLINE Fours either(Fours a, Fours b) {
  for (int i = 0; i < 4; ++i) a.lane[i] ^= b.lane[i];
  return a;
}

WANGGE_INLINE std::uint32_t bits(Fours answers) {
  std::uint32_t set = 0;
  for (int i = 0; i < 4; ++i) set |= (answers.lane[i] & 1) << i;
  return set;
}

WANGGE_INLINE std::uint32_t chosen(const std::uint32_t* changes, Fours answers) {
  std::uint32_t all = 0;
  for (int i = 0; i < 4; ++i) all ^= answers.lane[i] & changes[i];
  return all;
}

#endif

/// Whether an odd number of the answers is set; each of them counts once.
WANGGE_INLINE std::uint32_t odd(Fours answers) { return 0x6996u >> bits(answers) & 1; }

}  // namespace wangge::map::kernel
