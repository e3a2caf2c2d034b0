#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "verify/plan_file.hpp"
#include "verify/report.hpp"

namespace wangge::verify {

/// A folder of its own that is removed with all it holds.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wangge-verify-XXXXXX").string();
    if (!mkdtemp(pattern.data())) std::abort();
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// How a hand-made file may differ from a plan.
struct Writing {
  int epsg = 4326;  ///< 0: none
  bool numeric_codes = false, with_areas = true, with_barriers = true, with_findings = true;
  std::string without_column = {};
};

/// Writes what a plan file says, as `wangge split` would.
void write_plan_file(const std::filesystem::path& file, const PlanFile& plan, const Writing& writing = {});

/// A side of a block in lattice units: 185 m east, 222 m north.
inline constexpr int side = 20'000;
inline constexpr Point corner{1'182'000'000, 339'000'000};

inline Point at(int x, int y) { return {corner.x + x, corner.y + y}; }

inline Ring ring(std::initializer_list<std::pair<int, int>> places) {
  Ring result;
  for (const auto& [x, y] : places) result.push_back(at(x, y));
  return result;
}

inline Polygons box(int x0, int y0, int x1, int y1) { return {{ring({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}})}}; }

inline Barrier barrier(BarrierClass kind, std::initializer_list<std::pair<int, int>> places) {
  return {ring(places), kind, "", false, false, 0};
}

/// Rows of `good_plan().areas`.
enum : std::size_t { town, community, south_west, south_east, north_west, north_east };

/// Sets the columns households, persons and units of every area to what the units that name it add up to.
inline void add_up(PlanFile& plan) {
  for (Area& area : plan.areas) area.households = area.persons = area.units = 0;
  for (const Unit& unit : plan.units) {
    for (std::string code = unit.micro_grid; !code.empty();) {
      const auto area =
          std::find_if(plan.areas.begin(), plan.areas.end(), [&](const Area& a) { return a.code == code; });
      if (area == plan.areas.end()) break;
      *area->households += unit.households.value_or(0);
      *area->persons += unit.persons.value_or(0);
      *area->units += 1;
      code = area->parent;
    }
  }
}

/// A town of one community of four micro-grids,
///
///     NW NE
///     SW SE
///
/// each with four units of 15 households (37 persons): three houses of 14 m and, in its north-east, a point.
inline PlanFile good_plan() {
  PlanFile plan;
  const auto area = [&](const char* code, const char* level, const char* parent, Polygons polygons) {
    plan.areas.push_back({code, code, level, parent, "general", "", 0, 0, 0, {}, {}, std::move(polygons)});
  };
  const Polygons outline{{ring({{0, 0},
                                {side, 0},
                                {2 * side, 0},
                                {2 * side, side},
                                {2 * side, 2 * side},
                                {side, 2 * side},
                                {0, 2 * side},
                                {0, side}})}};
  area("01", "town", "", outline);
  area("0101", "community", "01", outline);
  for (int k = 0; k < 4; ++k) {
    const int x = k % 2 * side, y = k / 2 * side;
    const std::string code = "010100" + std::to_string(k + 1);
    area(code.c_str(), "micro_grid", "0101", box(x, y, x + side, y + side));
    for (int u = 0; u < 4; ++u) {
      const int ux = x + 4'000 + u % 2 * 10'000, uy = y + 4'000 + u / 2 * 10'000;
      Unit unit{code + "-" + std::to_string(u), code, 15, 37, {}, {}};
      if (u < 3)
        unit.footprint = box(ux, uy, ux + 1'500, uy + 1'500);
      else
        unit.point = at(ux, uy);
      plan.units.push_back(std::move(unit));
    }
  }
  add_up(plan);
  return plan;
}

/// Units of a micro-grid of `good_plan`.
inline Unit& unit_of(PlanFile& plan, std::size_t micro_grid, std::size_t unit) {
  return plan.units[4 * (micro_grid - south_west) + unit];
}

inline Report report_on(const PlanFile& plan, const Options& options = {}) {
  const Folder folder;
  write_plan_file(folder / "plan.gpkg", plan);
  return verify_plan(read_plan(folder / "plan.gpkg"), options);
}

/// "check code" of every problem, as sorted in the report.
inline std::vector<std::string> named(const std::vector<Problem>& problems) {
  std::vector<std::string> names;
  for (const Problem& problem : problems) names.push_back(problem.check + " " + problem.code);
  return names;
}

using Names = std::vector<std::string>;
inline Names errors_of(const PlanFile& plan) { return named(report_on(plan).errors); }
inline Names warnings_of(const PlanFile& plan) { return named(report_on(plan).warnings); }

}  // namespace wangge::verify
