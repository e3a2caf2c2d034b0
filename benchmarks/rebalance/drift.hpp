#pragma once

#include <cstdint>

#include "split/instance.hpp"

namespace wangge::bench {

/// A town some years later: a share of the houses gains or loses N(0, 0.12 h + 0.7) households, with their sum kept;
/// one house in a thousand gains 30 to 50, and another is emptied.
Instance drift(Instance instance, double share, std::uint64_t seed);

}  // namespace wangge::bench
