#include <cmath>
#include <numeric>

#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

struct Sums {
  std::int64_t households = 0, persons = 0, units = 0;
};

/// What each area holds: its own units where it is a leaf, passed on to all areas above.
std::vector<Sums> sums_of(const Plan& plan, const Ownership& ownership) {
  std::vector<Sums> sums(plan.parent.size());
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
    const Unit& unit = plan.file.units[i];
    for (Row row = ownership.leaf[i]; row != none; row = plan.parent[row]) {
      sums[row].households += unit.households.value_or(0);
      sums[row].persons += unit.persons.value_or(0);
      ++sums[row].units;
    }
  }
  return sums;
}

void compare(const Plan& plan, Row row, const char* what, std::optional<std::int64_t> said, std::int64_t found,
             Report& report) {
  if (!said || *said == found) return;
  const Area& area = plan.area(row);
  report.errors.push_back({"totals", area.code, "", plan.place(row), double(*said - found), what,
                           "the column " + std::string(what) + " says " + std::to_string(*said) +
                               ", the units in it add up to " + std::to_string(found)});
}

void compare(const Plan& plan, Row row, const char* what, std::optional<double> said, double found, double tolerance,
             Report& report) {
  if (!said || std::abs(*said - found) <= tolerance) return;
  const Area& area = plan.area(row);
  report.errors.push_back({"figure", area.code, "", plan.place(row), *said - found, what,
                           "the column " + std::string(what) + " says " + std::to_string(*said) + ", the polygon has " +
                               std::to_string(found)});
}

}  // namespace

void check_totals(const Plan& plan, const Ownership& ownership, Report& report) {
  const std::vector<Sums> sums = sums_of(plan, ownership);
  for (Row row = 0; row < sums.size(); ++row) {
    const Area& area = plan.area(row);
    if (!area.households)
      report.errors.push_back({"totals", area.code, "", plan.place(row), 0, "", "the area has no household count"});
    compare(plan, row, "households", area.households, sums[row].households, report);
    compare(plan, row, "persons", area.persons, sums[row].persons, report);
    compare(plan, row, "units", area.units, sums[row].units, report);
    const double area_found = area_m2(area.polygons);
    compare(plan, row, "area_m2", area.area_m2, area_found, 1 + 1e-4 * area_found, report);
    compare(plan, row, "compactness", area.compactness, compactness(area.polygons), 0.002, report);
  }
  for (const Unit& unit : plan.file.units) {
    report.figures.households += unit.households.value_or(0);
    report.figures.persons += unit.persons.value_or(0);
  }
}

}  // namespace wangge::verify
