#include <wangge/units.hpp>

namespace wangge {

std::uint64_t total_households(Units units) noexcept {
  std::uint64_t total = 0;
  for (const Unit& unit : units) total += unit.households;
  return total;
}

}  // namespace wangge
