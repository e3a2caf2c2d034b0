#include "town/apportion.hpp"

#include <numeric>

namespace wangge::town {

std::vector<std::uint32_t> apportion(std::uint64_t total, std::span<const std::uint32_t> weights) {
  const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<std::uint32_t> shares(weights.size(), 0);
  if (sum == 0) return shares;
  std::uint64_t running = 0, handed_out = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    running += weights[i];
    const std::uint64_t due = running * total / sum;
    shares[i] = static_cast<std::uint32_t>(due - handed_out);
    handed_out = due;
  }
  return shares;
}

}  // namespace wangge::town
