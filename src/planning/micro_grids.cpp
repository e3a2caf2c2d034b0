#include "planning/micro_grids.hpp"

#include <algorithm>

#include "planning/codes.hpp"

namespace wangge::planning {

std::vector<GridId> areas_to_split(const GridMap& map) {
  std::vector<GridId> ids;
  const auto is_micro_grid = [&](GridId id) { return map.level(id) == Level::micro_grid; };
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (!is_micro_grid(GridId{i}) && std::ranges::all_of(map.children(GridId{i}), is_micro_grid))
      ids.push_back(GridId{i});
  }
  return ids;
}

std::vector<MicroGrid> gather_micro_grids(const Tessellation& t, const Partition& partition) {
  std::vector<MicroGrid> micro_grids(partition.verdicts.size());
  std::vector<bool> seen(micro_grids.size(), false);
  for (std::size_t i = 0; i < t.graph.nodes.size(); ++i) {
    const auto& node = t.graph.nodes[i];
    const std::uint32_t p = partition.part_of_node[i];
    MicroGrid& here = micro_grids[p];
    if (!seen[p] || node.households > here.largest_unit) here.place = node.place;
    seen[p] = true;
    here.area = node.area;
    here.area_m2 += node.land.area_m2;
    here.households += node.households;
    here.largest_unit = std::max<std::uint64_t>(here.largest_unit, node.households);
  }
  return micro_grids;
}

void give_codes(const GridMap& map, std::span<const GridId> areas, std::vector<MicroGrid>& micro_grids) {
  std::vector<std::vector<std::uint32_t>> in_area(areas.size());
  for (std::uint32_t p = 0; p < micro_grids.size(); ++p) in_area[micro_grids[p].area].push_back(p);
  for (std::size_t a = 0; a < areas.size(); ++a) {
    std::vector<Position> centres;
    for (const std::uint32_t p : in_area[a]) centres.push_back(micro_grids[p].place);
    const auto count = static_cast<std::uint32_t>(in_area[a].size() + map.children(areas[a]).size());
    std::uint32_t number = 0;
    for (const std::uint32_t i : reading_order(centres)) {
      std::string& code = micro_grids[in_area[a][i]].code;
      do code = child_code(map.code(areas[a]), ++number, count);
      while (map.find(code) != GridId::none);
    }
  }
}

GridRecord to_record(const GridMap& map, GridId area, const MicroGrid& micro_grid, Verdict verdict,
                     MultiPolygon polygons) {
  if (area == GridId::none)
    return {micro_grid.code,    "", Level::micro_grid, "", verdict == Verdict::empty ? Kind::dedicated : Kind::general,
            std::move(polygons)};
  const std::string area_code(map.code(area)), area_name(map.name(area).empty() ? map.code(area) : map.name(area));
  return {micro_grid.code, area_name + " " + micro_grid.code.substr(area_code.size()),  Level::micro_grid,
          area_code,       verdict == Verdict::empty ? Kind::dedicated : Kind::general, std::move(polygons)};
}

}  // namespace wangge::planning
