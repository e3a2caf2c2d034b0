#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wangge::town {

/// Shares `total` out by weight, in whole numbers that add up to it exactly: each share is its weight's part of the
/// total rounded up or down. All zero where the weights are. total · Σ weights must stay below 2^63.
std::vector<std::uint32_t> apportion(std::uint64_t total, std::span<const std::uint32_t> weights);

}  // namespace wangge::town
