#include "verify/plan.hpp"

#include <algorithm>
#include <array>
#include <numbers>

namespace wangge::verify {
namespace {

constexpr std::array<std::string_view, 8> levels = {"province",  "city",   "county", "town",
                                                    "community", "sector", "grid",   "micro_grid"};

std::size_t rank(const std::string& level) {
  return static_cast<std::size_t>(std::find(levels.begin(), levels.end(), level) - levels.begin());
}

void check_codes(const PlanFile& file, Report& report) {
  if (!file.codes_are_text)
    report.errors.push_back({"code", "", "", {}, 0, "", "a column of codes (code, parent, micro_grid) is not text"});
  std::map<std::string, std::size_t> uses;
  for (const Area& area : file.areas) ++uses[area.code];
  for (const auto& [code, count] : uses) {
    if (code.empty())
      report.errors.push_back({"code", "", "", {}, double(count), "areas", "areas without a code"});
    else if (count > 1)
      report.errors.push_back({"code", code, "", {}, double(count), "areas", "the code is used more than once"});
  }
}

Row parent_of(const PlanFile& file, Row row, const std::map<std::string, Row>& rows, Report& report) {
  const Area& area = file.areas[row];
  const auto error = [&](const char* check, std::string text) {
    report.errors.push_back({check, area.code, "", {}, 0, "", std::move(text)});
  };
  if (rank(area.level) == levels.size()) error("level", "the level `" + area.level + "` is not one of ours");
  if (area.parent.empty()) {
    if (area.level == "micro_grid") error("parent", "a micro-grid without a parent");
    return none;
  }
  const auto found = rows.find(area.parent);
  if (found == rows.end()) {
    error("parent", "its parent " + area.parent + " does not exist");
    return none;
  }
  const Area& parent = file.areas[found->second];
  if (rank(parent.level) < rank(area.level)) return found->second;
  error("level", "a " + area.level + " cannot be part of " + parent.code + ", a " + parent.level);
  return none;
}

/// Where one of a parent's children of a level is numbered under the parent's code, all must be.
void check_prefixes(const Plan& plan, Report& report) {
  for (Row row = 0; row < plan.parent.size(); ++row) {
    const std::string& prefix = plan.area(row).code;
    std::map<std::string, std::pair<bool, std::vector<Row>>> by_level;
    for (const Row child : plan.children[row]) {
      auto& [any, others] = by_level[plan.area(child).level];
      if (plan.area(child).code.starts_with(prefix))
        any = true;
      else
        others.push_back(child);
    }
    for (const auto& [level, found] : by_level) {
      if (!found.first) continue;
      for (const Row child : found.second)
        report.errors.push_back({"code", plan.area(child).code, "", plan.place(child), 0, "",
                                 "the code does not begin with " + prefix + " as its siblings' do"});
    }
  }
}

void shape(Plan& plan, Report& report) {
  for (Row row = 0; row < plan.file.areas.size(); ++row) {
    const Area& area = plan.area(row);
    const Geometry raw = to_geometry(area.polygons);
    std::optional<Flaw> flaw = flaw_of(raw);
    for (const Polygon& polygon : area.polygons)
      for (const Ring& ring : polygon)
        if (ring.size() < 3)
          flaw = Flaw{"a ring of fewer than three points", ring.empty() ? Place{} : place_of(ring[0])};
    if (!flaw && polygons_of(raw).empty()) flaw = Flaw{"no polygon", {}};
    if (flaw) {
      ++report.figures.invalid_polygons;
      report.errors.push_back({"ring", area.code, "", flaw->place, 0, "", "the polygon is not valid: " + flaw->reason});
    }
    plan.shapes.push_back(made_valid(raw));
  }
}

}  // namespace

Place Plan::place(Row row) const {
  const auto inside = inner_point(shapes[row].get());
  return inside ? place_of(*inside) : Place{};
}

Plan plan_of(const PlanFile& file, Report& report) {
  check_codes(file, report);
  std::map<std::string, Row> rows;
  for (Row row = 0; row < file.areas.size(); ++row) rows.emplace(file.areas[row].code, row);
  Plan plan{file, {}, {}, {}, {}, {}};
  plan.children.resize(file.areas.size());
  for (Row row = 0; row < file.areas.size(); ++row) {
    plan.parent.push_back(parent_of(file, row, rows, report));
    if (plan.parent[row] != none) plan.children[plan.parent[row]].push_back(row);
  }
  for (Row row = 0; row < file.areas.size(); ++row) {
    if (plan.is_micro_grid(row)) plan.micro_grids.push_back(row);
    if (plan.is_micro_grid(row) || plan.children[row].empty()) plan.leaves.push_back(row);
  }
  shape(plan, report);
  check_prefixes(plan, report);
  return plan;
}

double compactness(const Polygons& polygons) {
  const double perimeter = perimeter_m(polygons);
  return perimeter > 0 ? 4 * std::numbers::pi * area_m2(polygons) / (perimeter * perimeter) : 0;
}

}  // namespace wangge::verify
