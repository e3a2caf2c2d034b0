#include <algorithm>
#include <cmath>
#include <cstdio>

#include "verify/plan.hpp"
#include "verify/reasons.hpp"
#include <wangge/error.hpp>

namespace wangge::verify {
namespace {

std::string text_of(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", number);
  return text;
}

/// Each area's sum: its own units where it is a leaf, passed on to all areas above.
std::vector<double> sums_of(const Plan& plan, const Ownership& ownership, const Attribute& attribute) {
  std::vector<double> sums(plan.parent.size(), 0);
  for (const auto& [column, factor] : attribute.columns) {
    const auto at = std::find(plan.file.columns.begin(), plan.file.columns.end(), column);
    if (at == plan.file.columns.end())
      throw Error(Errc::missing_field, "the profile's attribute " + attribute.name + " needs the column " + column +
                                           " of the layer units, and it is not there");
    const auto index = static_cast<std::size_t>(at - plan.file.columns.begin());
    for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
      const double value = plan.file.units[i].counts[index] * factor;
      for (Row row = ownership.leaf[i]; row != none; row = plan.parent[row]) sums[row] += value;
    }
  }
  return sums;
}

bool counted(const Plan& plan, Row row, const std::vector<std::int64_t>& households) {
  return plan.area(row).kind != "dedicated" || households[row] > 0;
}

}  // namespace

void check_attributes(const Plan& plan, const Ownership& ownership, const std::vector<Attribute>& attributes,
                      Report& report) {
  const Reasons reasons(plan.file);
  const std::vector<std::int64_t> households = households_of_leaves(plan, ownership);
  for (const Attribute& attribute : attributes) {
    const std::vector<double> sums = sums_of(plan, ownership, attribute);
    for (Row row = 0; row < sums.size(); ++row) {
      const auto said = plan.area(row).sums.find(attribute.name);
      if (said == plan.area(row).sums.end()) continue;
      if (std::abs(said->second - sums[row]) <= 1e-6 * (1 + std::abs(sums[row]))) continue;
      report.errors.push_back({"totals", plan.area(row).code, "", plan.place(row), said->second - sums[row],
                               attribute.name,
                               "the column sum_" + attribute.name + " says " + text_of(said->second) +
                                   ", the units in it add up to " + text_of(sums[row])});
    }
    for (const Row row : plan.micro_grids) {
      const bool low = attribute.min && sums[row] < *attribute.min, high = attribute.max && sums[row] > *attribute.max;
      if (!counted(plan, row, households) || (!low && !high)) continue;
      ++report.figures.attributes_missed;
      auto& list = reasons.says(plan.area(row).code, "attribute") ? report.warnings : report.errors;
      list.push_back({"attribute", plan.area(row).code, "", plan.place(row), sums[row], attribute.name,
                      low ? "below the minimum of " + text_of(*attribute.min)
                          : "above the maximum of " + text_of(*attribute.max)});
    }
  }
}

}  // namespace wangge::verify
