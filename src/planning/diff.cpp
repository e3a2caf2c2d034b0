#include <vector>

#include <wangge/planning.hpp>

namespace wangge {

ChangeSet diff(const GridMap& a, const GridMap& b, Units units) {
  const auto code_at = [](const GridMap& map, Position place) {
    const GridId id = map.locate(place, Level::micro_grid);
    return id == GridId::none ? std::string_view() : map.code(id);
  };
  std::vector<UnitTrace> traces;
  traces.reserve(units.size());
  for (const Unit& unit : units)
    traces.push_back({unit.id, code_at(a, unit.position), code_at(b, unit.position), unit.households, unit.households});
  ChangeSet changes = diff(a, b);
  trace(changes, traces);
  return changes;
}

}  // namespace wangge
