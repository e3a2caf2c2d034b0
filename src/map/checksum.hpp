#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wangge::map {

/// XXH64 (Collet, xxHash specification 0.1.1): 64 bits that tell apart files that differ by accident. By hand because
/// this floor needs the standard library alone.
std::uint64_t xxh64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept;

}  // namespace wangge::map
