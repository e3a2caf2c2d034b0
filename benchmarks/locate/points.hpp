#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <wangge/geometry.hpp>

namespace wangge::bench {

/// Positions that a benchmark asks for, in the order it asks:
/// - `random`: anywhere in the box;
/// - `sorted`: the same along a Morton curve;
/// - `walk`: a walk of steps of about 10 m that stays in the box.
/// Throws `invalid_argument` for another kind.
std::vector<Position> make_points(const std::string& kind, const Box& box, std::size_t count, std::uint64_t seed);

}  // namespace wangge::bench
