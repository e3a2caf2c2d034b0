#include "app/report/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "file/replace_file.hpp"

namespace wangge::app {
namespace {

/// A row of a column in JSON: -1 for none.
std::int64_t row(GridId id) { return id == GridId::none ? -1 : static_cast<std::int64_t>(id); }

/// Where the area's label goes: its middle, where that lies in it.
Position label_place(const MultiPolygon& polygons) {
  const Position middle = centroid(polygons);
  return contains(polygons, middle) ? middle : inner_point(polygons);
}

AreaFigures figures_of(const Plan& plan, std::size_t id) {
  return id < plan.assessment.areas.size() ? plan.assessment.areas[id] : AreaFigures{};
}

Json areas_of(const Plan& plan) {
  Json columns = {{"code", Json::array()},       {"name", Json::array()},      {"level", Json::array()},
                  {"parent", Json::array()},     {"dedicated", Json::array()}, {"households", Json::array()},
                  {"persons", Json::array()},    {"units", Json::array()},     {"area_m2", Json::array()},
                  {"compactness", Json::array()}};
  Coordinates labels;
  for (std::size_t i = 0; i < plan.map.size(); ++i) {
    const auto id = static_cast<GridId>(i);
    const AreaFigures figures = figures_of(plan, i);
    columns["code"].push_back(plan.map.code(id));
    columns["name"].push_back(plan.map.name(id));
    columns["level"].push_back(to_string(plan.map.level(id)));
    columns["parent"].push_back(row(plan.map.parent(id)));
    columns["dedicated"].push_back(plan.map.kind(id) == Kind::dedicated ? 1 : 0);
    columns["households"].push_back(figures.households);
    columns["persons"].push_back(figures.persons);
    columns["units"].push_back(figures.units);
    columns["area_m2"].push_back(std::llround(figures.area_m2));
    columns["compactness"].push_back(std::llround(figures.compactness * 1000));
    labels.position(label_place(plan.map.polygons(id)));
  }
  columns["label"] = labels.json();
  return columns;
}

Json arcs_of(const GridMap& map) {
  Json left = Json::array(), right = Json::array();
  Coordinates lines;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    left.push_back(row(arc.left));
    right.push_back(row(arc.right));
    lines.line(arc.line);
  }
  return {{"left", std::move(left)}, {"right", std::move(right)}, {"lines", lines.json()}};
}

void add_shape(Coordinates& shapes, const Unit& unit) {
  std::size_t rings = 0;
  for (const Polygon& polygon : unit.footprint) rings += 1 + polygon.holes.size();
  shapes.count(rings);
  if (rings == 0) shapes.position(unit.position);
  for (const Polygon& polygon : unit.footprint) {
    shapes.line(polygon.outer);
    for (const Ring& hole : polygon.holes) shapes.line(hole);
  }
}

Json barriers_of(std::span<const Barrier> barriers) {
  Json kinds = Json::array(), kind = Json::array(), names = Json::array(), name = Json::array(), tunnel = Json::array();
  for (const auto k : {BarrierClass::street, BarrierClass::wall, BarrierClass::soft, BarrierClass::hard})
    kinds.push_back(to_string(k));
  std::map<std::string_view, std::size_t> numbered;
  Coordinates lines;
  for (const Barrier& barrier : barriers) {
    kind.push_back(static_cast<int>(barrier.barrier));
    tunnel.push_back(barrier.tunnel ? 1 : 0);
    const auto [place, added] = numbered.emplace(barrier.name, numbered.size());
    if (added) names.push_back(barrier.name);
    name.push_back(place->second);
    lines.line(barrier.line);
  }
  return {{"kinds", std::move(kinds)}, {"kind", std::move(kind)},     {"names", std::move(names)},
          {"name", std::move(name)},   {"tunnel", std::move(tunnel)}, {"lines", lines.json()}};
}

Json findings_of(std::span<const Finding> findings) {
  Json list = Json::array();
  for (const Finding& finding : findings)
    list.push_back({{"kind", to_string(finding.kind)},
                    {"code", finding.code},
                    {"unit", finding.unit},
                    {"place", {finding.place.x, finding.place.y}},
                    {"text", finding.text}});
  return list;
}

/// JSON that no HTML parser mistakes for the end of its script element or the start of another.
std::string script_safe(const Json& json) {
  std::string safe;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

std::vector<Building> buildings_of(Units units, std::span<const std::int64_t> marks) {
  std::vector<Building> buildings;
  std::map<Position, std::vector<std::size_t>> starting_at;
  for (std::size_t u = 0; u < units.size(); ++u) {
    const Unit& unit = units[u];
    const std::int64_t mark = marks.empty() ? -1 : marks[u];
    const Position start = unit.footprint.empty() ? unit.position : unit.footprint.front().outer.front();
    std::vector<std::size_t>& candidates = starting_at[start];
    const auto same = std::ranges::find_if(candidates, [&](std::size_t i) {
      return buildings[i].mark == mark && buildings[i].unit->footprint == unit.footprint;
    });
    if (same != candidates.end()) {
      buildings[*same].households += unit.households;
    } else {
      candidates.push_back(buildings.size());
      buildings.push_back({&unit, unit.households, mark});
    }
  }
  return buildings;
}

Json buildings_json(std::span<const Building> buildings) {
  Json households = Json::array();
  Coordinates shapes;
  for (const Building& building : buildings) {
    households.push_back(building.households);
    add_shape(shapes, *building.unit);
  }
  return {{"households", std::move(households)}, {"shapes", shapes.json()}};
}

Json plan_json(const Plan& plan) {
  const Assessment& all = plan.assessment;
  return {{"source", plan.source},
          {"range", {plan.profile.range.min, plan.profile.range.max}},
          {"target", plan.profile.aim()},
          {"summary",
           {{"micro_grids", all.micro_grids},
            {"in_range", all.in_range},
            {"households", all.households},
            {"assigned", all.households_assigned},
            {"compactness", std::llround(all.compactness_median * 1000)}}},
          {"areas", areas_of(plan)},
          {"arcs", arcs_of(plan.map)},
          {"barriers", barriers_of(plan.barriers)},
          {"findings", findings_of(plan.findings)}};
}

void write_page(const std::filesystem::path& file, const PageShell& shell, const Json& data) {
  std::string page(shell.before_data);
  page += script_safe(data);
  page += shell.before_leaflet;
  page += leaflet_script;
  page += shell.after_leaflet;
  file::replace_file(file, std::as_bytes(std::span(page)));
}

}  // namespace wangge::app
