#pragma once

#include <immintrin.h>

#include <array>
#include <cstdint>

#include "map/locator_kernel.hpp"

#define WANGGE_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt"))) WANGGE_INLINE

/// The steps of a lookup that a compiler does not make the most of by itself, for processors with AVX2. Eight lanes of
/// 32 bits at once; whole batches only.
namespace wangge::map::kernel {

WANGGE_AVX2 __m256i load8(const std::uint32_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
WANGGE_AVX2 void store8(std::uint32_t* to, __m256i lanes) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), lanes);
}
WANGGE_AVX2 __m256i all8(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }

/// Two places in lattice units, in the low halves of longitude and latitude.
WANGGE_AVX2 __m256 quantised_avx2(const LngLat* two) {
  const __m256d most = _mm256_setr_pd(earth.lng, earth.lat, earth.lng, earth.lat);
  const __m256d degrees = _mm256_loadu_pd(&two->lng);
  const __m256d is_there = _mm256_cmp_pd(_mm256_andnot_pd(_mm256_set1_pd(-0.0), degrees), most, _CMP_LE_OQ);
  const __m256d within = _mm256_blendv_pd(_mm256_set1_pd(beyond), degrees, is_there);
  const __m256d scaled = _mm256_mul_pd(within, _mm256_set1_pd(lattice_per_degree));
  return _mm256_castpd_ps(_mm256_add_pd(scaled, _mm256_set1_pd(rounder)));
}

WANGGE_AVX2 void take_avx2(Batch& b, const Tables& t, const LngLat* places) {
  constexpr int even = 0x88, odd = 0xdd;
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  for (std::size_t i = 0; i < batch; i += 8) {
    const __m256 first = _mm256_shuffle_ps(quantised_avx2(places + i), quantised_avx2(places + i + 2), even);
    const __m256 second = _mm256_shuffle_ps(quantised_avx2(places + i + 4), quantised_avx2(places + i + 6), even);
    const __m256i x = _mm256_castps_si256(_mm256_shuffle_ps(first, second, even));
    const __m256i y = _mm256_castps_si256(_mm256_shuffle_ps(first, second, odd));
    store8(b.x + i, _mm256_sub_epi32(_mm256_permutevar8x32_epi32(x, order), all8(t.west)));
    store8(b.y + i, _mm256_sub_epi32(_mm256_permutevar8x32_epi32(y, order), all8(t.south)));
  }
}

WANGGE_AVX2 void take_avx2(Batch& b, const Tables& t, const Position* points) { take(b, t, points, batch); }

/// For each set of lanes, which they are, in bytes.
inline constexpr auto lanes_of_set = [] {
  std::array<std::uint64_t, 256> table{};
  for (unsigned set = 0; set < 256; ++set) {
    int at = 0;
    for (std::uint64_t lane = 0; lane < 8; ++lane) {
      if (set >> lane & 1) table[set] |= lane << 8 * at++;
    }
  }
  return table;
}();

WANGGE_AVX2 __m256i lanes_of(unsigned set) {
  return _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(static_cast<long long>(lanes_of_set[set])));
}

WANGGE_AVX2 unsigned set_of(__m256i answers) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(answers)));
}

/// The positions of a batch in divided cells: those with a chain, and the others.
struct Divided {
  std::uint32_t at[batch + 8], place[batch + 8], xy[batch + 8];  ///< of chains; y above x, from the cell's corner
  std::uint32_t others[batch + 8];
  std::size_t chains = 0, other = 0;
};

WANGGE_AVX2 void sort_out(const Batch& b, const Tables& t, Divided& d, GridId* out) {
  auto* answers = reinterpret_cast<std::uint32_t*>(out);
  for (std::size_t i = 0; i < batch; i += 8) {
    const __m256i code = load8(b.code + i), entry = load8(b.entry + i);
    store8(answers + i, _mm256_sub_epi32(code, all8(1)));
    const __m256i is_chain = _mm256_cmpeq_epi32(_mm256_srli_epi32(code, layout::kind_at), all8(4));
    const unsigned chains = set_of(is_chain), others = set_of(_mm256_andnot_si256(is_chain, code));

    const __m256i block = _mm256_slli_epi32(_mm256_and_si256(entry, all8(layout::place_mask)), 4);
    const __m256i record = _mm256_slli_epi32(_mm256_and_si256(code, all8(layout::record_mask)), 3);
    const __m256i k = _mm256_and_si256(_mm256_srli_epi32(entry, layout::cells_shift_at), all8(15));
    const __m256i side = _mm256_sllv_epi32(all8(1), _mm256_sub_epi32(all8(t.tile_shift), k));
    const __m256i mask = _mm256_sub_epi32(side, all8(1));
    const __m256i x = _mm256_and_si256(load8(b.x + i), mask), y = _mm256_and_si256(load8(b.y + i), mask);

    const __m256i lanes = lanes_of(chains), from = all8(static_cast<std::uint32_t>(i));
    store8(d.at + d.chains, _mm256_add_epi32(lanes, from));
    store8(d.place + d.chains, _mm256_permutevar8x32_epi32(_mm256_add_epi32(block, record), lanes));
    store8(d.xy + d.chains, _mm256_permutevar8x32_epi32(_mm256_or_si256(_mm256_slli_epi32(y, 16), x), lanes));
    d.chains += static_cast<std::size_t>(_mm_popcnt_u32(chains));
    store8(d.others + d.other, _mm256_add_epi32(lanes_of(others), from));
    d.other += static_cast<std::size_t>(_mm_popcnt_u32(others));
  }
}

/// `crossed` of two chains.
WANGGE_AVX2 unsigned crossed_avx2(const layout::Chain& one, const layout::Chain& two, __m256i p) {
  const auto load = [](const layout::Point* points) { return reinterpret_cast<const __m128i*>(points); };
  const __m256i from = _mm256_loadu2_m128i(load(two.vertex), load(one.vertex));
  const __m256i to = _mm256_loadu2_m128i(load(two.vertex + 1), load(one.vertex + 1));
  const __m256i y = _mm256_srai_epi32(p, 16);
  const __m256i edge = _mm256_sign_epi16(_mm256_sub_epi16(to, from), all8(0xffff0001));  // dx, -dy
  const __m256i offset = _mm256_sub_epi16(p, from);
  const __m256i swapped = _mm256_or_si256(_mm256_srli_epi32(offset, 16), _mm256_slli_epi32(offset, 16));
  const __m256i cross = _mm256_madd_epi16(edge, swapped);
  const __m256i from_above = _mm256_cmpgt_epi32(_mm256_srai_epi32(from, 16), y);
  const __m256i to_above = _mm256_cmpgt_epi32(_mm256_srai_epi32(to, 16), y);
  const __m256i left_of_rising = _mm256_and_si256(to_above, _mm256_cmpgt_epi32(cross, _mm256_setzero_si256()));
  const __m256i left_of_falling = _mm256_and_si256(from_above, _mm256_cmpgt_epi32(_mm256_setzero_si256(), cross));
  return set_of(
      _mm256_andnot_si256(_mm256_or_si256(left_of_rising, left_of_falling), _mm256_xor_si256(from_above, to_above)));
}

WANGGE_INLINE GridId answer_of(const layout::Chain& chain, std::uint32_t crossed, std::uint32_t xy) {
  const auto y = static_cast<std::int32_t>(xy >> 16);
  const std::uint32_t steps =
      static_cast<std::uint32_t>(y >= chain.step[0]) ^ static_cast<std::uint32_t>(y >= chain.step[1]);
  return GridId{(chain.corner ^ (chain.change & (0u - ((0x6996u >> crossed ^ steps) & 1)))) - 1};
}

WANGGE_AVX2 void solve_chains(Divided& d, const Tables& t, GridId* out) {
  if (d.chains == 0) return;
  const __m256i halves = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  d.at[d.chains] = d.at[d.chains - 1], d.place[d.chains] = d.place[d.chains - 1], d.xy[d.chains] = d.xy[d.chains - 1];
  for (std::size_t j = 0; j < d.chains; j += 2) {
    const auto &one = as<layout::Chain>(t.words + d.place[j]), &two = as<layout::Chain>(t.words + d.place[j + 1]);
    const __m128i pair = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(d.xy + j));
    const __m256i p = _mm256_permutevar8x32_epi32(_mm256_castsi128_si256(pair), halves);
    const unsigned crossed = crossed_avx2(one, two, p);
    out[d.at[j]] = answer_of(one, crossed & 15, d.xy[j]);
    out[d.at[j + 1]] = answer_of(two, crossed >> 4, d.xy[j + 1]);
  }
}

template <class Point>
WANGGE_AVX2 void locate_avx2(const Tables& t, const Point* points, std::size_t count, GridId* out) {
  Batch b;
  std::size_t done = 0;
  for (; done + batch <= count; done += batch) {
    Divided d;
    take_avx2(b, t, points + done);
    read_cells(b, t, batch);
    sort_out(b, t, d, out + done);
    for (std::size_t j = 0; j < d.chains; ++j) __builtin_prefetch(t.words + d.place[j]);
    for (std::size_t j = 0; j < d.other; ++j)
      __builtin_prefetch(record_of(t, b.entry[d.others[j]], b.code[d.others[j]]));
    solve_chains(d, t, out + done);
    for (std::size_t j = 0; j < d.other; ++j) {
      const std::uint32_t i = d.others[j];
      out[done + i] = GridId{solve_other(t, b.entry[i], b.code[i], {b.x[i], b.y[i]}) - 1};
    }
  }
  locate(t, points + done, count - done, out + done);
}

}  // namespace wangge::map::kernel
