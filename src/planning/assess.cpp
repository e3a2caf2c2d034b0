#include "planning/assess.hpp"

#include <algorithm>

namespace wangge {
namespace {

/// Adds each unit to its area and to all that this is part of; units outside become findings.
void count_units(const GridMap& map, Units units, std::span<const GridId> area_of_unit, Assessment& assessment) {
  for (std::size_t u = 0; u < units.size(); ++u) {
    const Unit& unit = units[u];
    assessment.households += unit.households;
    GridId id = area_of_unit[u];
    if (id == GridId::none) {
      assessment.findings.push_back(
          {Finding::Kind::unassigned, "", unit.id, unit.position, "unit " + unit.id + " lies outside every area"});
      continue;
    }
    assessment.households_assigned += unit.households;
    for (; id != GridId::none; id = map.parent(id)) {
      AreaFigures& area = assessment.areas[static_cast<std::uint32_t>(id)];
      area.households += unit.households;
      area.persons += unit.persons.value_or(0);
      ++area.units;
    }
  }
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

void count_micro_grids(const GridMap& map, const Range& range, Assessment& assessment) {
  std::vector<double> compactness;
  for (const AreaFigures& area : assessment.areas) {
    if (map.level(area.id) != Level::micro_grid || map.kind(area.id) != Kind::general) continue;
    ++assessment.micro_grids;
    compactness.push_back(area.compactness);
    if (area.households >= range.min && area.households <= range.max) {
      ++assessment.in_range;
    } else {
      const std::string code(map.code(area.id));
      assessment.findings.push_back({Finding::Kind::out_of_range, code, "", inner_point(map.polygons(area.id)),
                                     "micro-grid " + code + " holds " + std::to_string(area.households) +
                                         " households, not " + std::to_string(range.min) + " to " +
                                         std::to_string(range.max)});
    }
  }
  assessment.compactness_median = median(std::move(compactness));
}

}  // namespace

AreaFigures planning::measure(const GridMap& map, GridId id) {
  AreaFigures area;
  area.id = id;
  area.area_m2 = map.area_m2(id);
  area.perimeter_m = map.perimeter_m(id);
  area.compactness = polsby_popper(area.area_m2, area.perimeter_m);
  return area;
}

Assessment planning::assess_assigned(const GridMap& map, Units units, std::span<const GridId> area_of_unit,
                                     const Range& range) {
  std::vector<AreaFigures> measured;
  for (std::uint32_t i = 0; i < map.size(); ++i) measured.push_back(measure(map, GridId{i}));
  return assess_measured(map, units, area_of_unit, range, std::move(measured));
}

Assessment planning::assess_measured(const GridMap& map, Units units, std::span<const GridId> area_of_unit,
                                     const Range& range, std::vector<AreaFigures> measured) {
  Assessment assessment;
  assessment.areas = std::move(measured);
  count_units(map, units, area_of_unit, assessment);
  count_micro_grids(map, range, assessment);
  return assessment;
}

void planning::add_attributes(const GridMap& map, std::span<const GridId> area_of_unit,
                              std::span<const UnitAttribute> attributes, Assessment& assessment) {
  for (AreaFigures& area : assessment.areas) area.attributes.assign(attributes.size(), 0);
  for (std::size_t u = 0; u < area_of_unit.size(); ++u) {
    for (GridId id = area_of_unit[u]; id != GridId::none; id = map.parent(id)) {
      std::vector<double>& sums = assessment.areas[static_cast<std::uint32_t>(id)].attributes;
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += attributes[k].values[u];
    }
  }
}

Assessment assess(const GridMap& map, Units units, const Range& range) {
  std::vector<GridId> area_of_unit;
  for (const Unit& unit : units) area_of_unit.push_back(map.locate(unit.position));
  return planning::assess_assigned(map, units, area_of_unit, range);
}

}  // namespace wangge
