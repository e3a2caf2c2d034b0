#include "app/drawn_areas.hpp"

#include <algorithm>
#include <cmath>

#include "verify/geos.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

verify::Ring to_ring(const Ring& ring, bool outer) {
  verify::Ring result;
  for (const Position p : ring) result.push_back({p.x, p.y});
  if (verify::counter_clockwise(result) != outer) std::ranges::reverse(result);
  return result;
}

verify::Polygons to_polygons(const MultiPolygon& polygons) {
  verify::Polygons result;
  for (const auto& [outer, holes] : polygons) {
    verify::Polygon& polygon = result.emplace_back();
    polygon.push_back(to_ring(outer, true));
    for (const Ring& hole : holes) polygon.push_back(to_ring(hole, false));
  }
  return result;
}

/// What the areas enclose together, gaps between them included.
verify::Polygons outline_of(const std::vector<verify::Area>& areas) {
  std::vector<verify::Geometry> shapes;
  std::vector<const GEOSGeometry*> all;
  for (const verify::Area& area : areas) {
    shapes.push_back(verify::made_valid(verify::to_geometry(area.polygons)));
    all.push_back(shapes.back().get());
  }
  const verify::Geometry together = verify::united(all);
  verify::Polygons outline;
  for (const GEOSGeometry* polygon : verify::polygons_of(together)) {
    const std::vector<verify::Vertex> outer = verify::rings_of(polygon)[0];
    Ring ring;
    for (const verify::Vertex v : outer)
      ring.push_back({static_cast<std::int32_t>(std::lround(v.x)), static_cast<std::int32_t>(std::lround(v.y))});
    ring.pop_back();
    outline.push_back({to_ring(ring, true)});
  }
  return outline;
}

/// Further columns of the units that hold numbers, persons among them, with a value for each unit.
std::vector<UnitAttribute> counts_of(const UnitTable& table) {
  std::vector<UnitAttribute> counts = table.attributes;
  UnitAttribute& persons = counts.emplace_back();
  persons.name = "persons";
  for (const Unit& unit : table.units) persons.values.push_back(unit.persons.value_or(0));
  return counts;
}

}  // namespace

verify::PlanFile read_drawn_areas(const std::filesystem::path& file, const ReadOptions& columns,
                                  const Execution& execution) {
  const UnitTable table = read_units(file, columns, execution);
  std::string whole = file.stem().string();
  while (std::ranges::find(table.units, whole, &Unit::id) != table.units.end()) whole += "'";
  const std::vector<UnitAttribute> counts = counts_of(table);
  verify::PlanFile plan;
  plan.has_barriers = false;
  for (const UnitAttribute& count : counts) plan.columns.push_back(count.name);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Unit& unit = table.units[i];
    if (unit.footprint.empty())
      throw Error(
          Errc::invalid_units,
          file.string() + ": " + unit.id +
              " has no area: a point, or an outline that crosses or folds onto itself; give areas, or a plan.gpkg");
    const verify::Polygons polygons = to_polygons(unit.footprint);
    plan.areas.push_back({unit.id, "", "micro_grid", whole, "general", "", unit.households, {}, 1, {}, {}, polygons});
    verify::Unit& there = plan.units.emplace_back();
    there = {unit.id, unit.id, unit.households, unit.persons, polygons, {}};
    for (const UnitAttribute& count : counts) there.counts.push_back(std::isnan(count.values[i]) ? 0 : count.values[i]);
  }
  const auto households = static_cast<std::int64_t>(total_households(table.units));
  plan.areas.push_back({whole, "", "grid", "", "general", "", households, {}, {}, {}, {}, outline_of(plan.areas)});
  return plan;
}

}  // namespace wangge::app
