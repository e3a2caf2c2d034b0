#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace wangge::verify {

/// Things 0 … size-1 in groups (union-find); a group goes by its least member.
class Groups {
 public:
  explicit Groups(std::size_t size) : above_(size) { std::iota(above_.begin(), above_.end(), 0u); }
  std::uint32_t of(std::uint32_t i) {
    while (above_[i] != i) i = above_[i] = above_[above_[i]];
    return i;
  }
  void join(std::uint32_t i, std::uint32_t j) {
    i = of(i), j = of(j);
    above_[std::max(i, j)] = std::min(i, j);
  }

 private:
  std::vector<std::uint32_t> above_;
};

}  // namespace wangge::verify
