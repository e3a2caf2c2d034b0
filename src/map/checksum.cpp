#include "map/checksum.hpp"

#include <bit>
#include <cstring>

namespace wangge::map {
namespace {

constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87u, prime2 = 0xC2B2AE3D27D4EB4Fu, prime3 = 0x165667B19E3779F9u,
                        prime4 = 0x85EBCA77C2B2AE63u, prime5 = 0x27D4EB2F165667C5u;

template <class Word>
Word take(const std::byte*& at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  at += sizeof word;
  return word;
}

std::uint64_t rounded(std::uint64_t lane, std::uint64_t input) { return std::rotl(lane + input * prime2, 31) * prime1; }

std::uint64_t merged(std::uint64_t hash, std::uint64_t lane) { return (hash ^ rounded(0, lane)) * prime1 + prime4; }

std::uint64_t of_stripes(const std::byte*& at, const std::byte* end, std::uint64_t seed) {
  if (end - at < 32) return seed + prime5;
  std::uint64_t a = seed + prime1 + prime2, b = seed + prime2, c = seed, d = seed - prime1;
  while (end - at >= 32) {
    a = rounded(a, take<std::uint64_t>(at)), b = rounded(b, take<std::uint64_t>(at));
    c = rounded(c, take<std::uint64_t>(at)), d = rounded(d, take<std::uint64_t>(at));
  }
  const std::uint64_t hash = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
  return merged(merged(merged(merged(hash, a), b), c), d);
}

}  // namespace

std::uint64_t xxh64(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  const std::byte* at = bytes.data();
  const std::byte* end = at + bytes.size();
  std::uint64_t hash = of_stripes(at, end, seed) + bytes.size();
  while (end - at >= 8) hash = std::rotl(hash ^ rounded(0, take<std::uint64_t>(at)), 27) * prime1 + prime4;
  if (end - at >= 4) hash = std::rotl(hash ^ (take<std::uint32_t>(at) * prime1), 23) * prime2 + prime3;
  while (at < end) hash = std::rotl(hash ^ (take<std::uint8_t>(at) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return hash ^ (hash >> 32);
}

}  // namespace wangge::map
