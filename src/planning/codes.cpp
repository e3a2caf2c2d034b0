#include "planning/codes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace wangge::planning {

std::vector<std::uint32_t> reading_order(std::span<const Position> centres) {
  std::vector<std::uint32_t> order(centres.size());
  std::iota(order.begin(), order.end(), 0u);
  const Box box = bounds(centres);
  const double height = centres.empty() ? 0 : double(box.max.y) - box.min.y;
  const double bands = std::max(1.0, std::floor(std::sqrt(double(centres.size()))));
  const auto key = [&](std::uint32_t i) {
    const double down = height == 0 ? 0 : (double(box.max.y) - centres[i].y) / height;
    return std::tuple(static_cast<int>(std::min(bands - 1, down * bands)), centres[i].x, centres[i].y, i);
  };
  std::ranges::sort(order, {}, key);
  return order;
}

std::string child_code(std::string_view area, std::uint32_t number, std::uint32_t count) {
  const std::size_t width = std::max<std::size_t>(3, std::to_string(count).size());
  const std::string digits = std::to_string(number);
  return std::string(area) + std::string(width - digits.size(), '0') + digits;
}

}  // namespace wangge::planning
