#pragma once

#include <cstdint>

namespace wangge::planning {

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// A number below `bound`, which must not be 0.
  std::uint32_t below(std::uint32_t bound) noexcept { return std::uint32_t(((next() >> 32) * bound) >> 32); }

 private:
  std::uint64_t state_;
};

}  // namespace wangge::planning
