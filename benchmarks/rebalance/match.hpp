#pragma once

#include <cstdint>
#include <span>

#include "split/instance.hpp"

namespace wangge::bench {

/// Households whose part changes when the parts of `after` take the names of those of `before` in the best way there
/// is: the assignment of the greatest overlap, exactly.
std::uint64_t least_renamed(const Instance& instance, std::span<const std::uint32_t> before,
                            std::span<const std::uint32_t> after);

}  // namespace wangge::bench
