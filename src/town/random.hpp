#pragma once

#include <cstdint>

namespace wangge::town {

/// The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014): a well-mixed number for each argument.
constexpr std::uint64_t mix(std::uint64_t z) noexcept {
  z += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept { return mix(mix(a) ^ b); }
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) noexcept { return mix(mix(a, b), c); }

/// Random whole numbers that are the same on every machine, which the standard's distributions are not.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}

  /// 0 … count-1.
  constexpr int below(int count) noexcept {
    state_ += 0x9e3779b97f4a7c15;
    return static_cast<int>(((mix(state_) >> 32) * static_cast<std::uint64_t>(count)) >> 32);
  }
  /// Both ends included.
  constexpr int between(int low, int high) noexcept { return low + below(high - low + 1); }
  constexpr bool chance(int percent) noexcept { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

}  // namespace wangge::town
