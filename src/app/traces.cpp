#include "app/traces.hpp"

#include <string_view>
#include <unordered_map>

namespace wangge::app {
namespace {

std::string_view micro_grid_of(const Plan& plan, std::size_t unit) {
  const GridId id = plan.micro_grid_of_unit[unit];
  return id == GridId::none ? std::string_view() : plan.map.code(id);
}

}  // namespace

std::vector<UnitTrace> traces_of(const Plan& before, const Plan& after) {
  std::unordered_map<std::string_view, std::size_t> earlier;
  for (std::size_t u = 0; u < before.units.size(); ++u) earlier.emplace(before.units.units[u].id, u);
  std::vector<UnitTrace> traces;
  for (std::size_t u = 0; u < after.units.size(); ++u) {
    const Unit& unit = after.units.units[u];
    UnitTrace trace{unit.id, {}, micro_grid_of(after, u), 0, unit.households};
    if (const auto old = earlier.find(unit.id); old != earlier.end()) {
      trace.from = micro_grid_of(before, old->second);
      trace.households_before = before.units.units[old->second].households;
      earlier.erase(old);
    }
    traces.push_back(trace);
  }
  for (std::size_t u = 0; u < before.units.size(); ++u) {
    const Unit& unit = before.units.units[u];
    if (earlier.contains(unit.id)) traces.push_back({unit.id, micro_grid_of(before, u), {}, unit.households, 0});
  }
  return traces;
}

}  // namespace wangge::app
