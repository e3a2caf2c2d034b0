#include "planning/locks.hpp"

#include <algorithm>
#include <string>

#include <wangge/error.hpp>

namespace wangge::planning {

void check_locks(const GridMap& map, std::span<const GridId> areas, std::span<const GridId> locked) {
  const auto is_locked = [&](GridId id) { return std::ranges::find(locked, id) != locked.end(); };
  for (const GridId lock : locked) {
    const bool here = map.level(lock) == Level::micro_grid && std::ranges::find(areas, map.parent(lock)) != areas.end();
    if (here) continue;
    throw Error(Errc::not_found,
                "lock " + std::string(map.code(lock)) + ": it is no micro-grid of an area that is split");
  }
  for (const GridId area : areas) {
    if (map.level(area) != Level::micro_grid && std::ranges::all_of(map.children(area), is_locked)) continue;
    throw Error(Errc::invalid_argument,
                "area " + std::string(map.code(area)) + " is split already; split its parts, or retire them first");
  }
}

std::vector<GridId> locks_of_units(const GridMap& map, std::span<const GridId> locked, Units units) {
  std::vector<GridId> locks(units.size(), GridId::none);
  if (locked.empty()) return locks;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const GridId here = map.locate(units[u].position);
    if (std::ranges::find(locked, here) != locked.end()) locks[u] = here;
  }
  return locks;
}

}  // namespace wangge::planning
