#include <wangge/units.hpp>

#include <unordered_set>

#include <wangge/error.hpp>

namespace wangge {

std::uint64_t total_households(Units units) noexcept {
  std::uint64_t total = 0;
  for (const Unit& unit : units) total += unit.households;
  return total;
}

void UnitTable::check() const {
  std::unordered_set<std::string_view> ids;
  ids.reserve(units.size());
  for (std::size_t row = 0; row < units.size(); ++row) {
    const std::string& id = units[row].id;
    if (id.empty())
      throw Error(Errc::invalid_units, "unit in row " + std::to_string(row + 1) + " has no id; give it one");
    if (!ids.insert(id).second)
      throw Error(Errc::invalid_units,
                  "unit id \"" + id + "\" is used twice, again in row " + std::to_string(row + 1) + "; rename one");
  }
}

}  // namespace wangge
