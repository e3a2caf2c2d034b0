#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(Errc::invalid_argument, what); }

std::string text_of(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void check(const AttributeGoal& goal) {
  const std::string name = "attributes." + goal.attribute;
  if (goal.min && goal.max && *goal.min > *goal.max)
    refuse(name + ": min " + text_of(*goal.min) + " is above max " + text_of(*goal.max));
  if (goal.target && *goal.target <= 0) refuse(name + ".target must be above 0");
  if (goal.weight < 0) refuse(name + ".weight must not be negative");
  if (goal.weight > 0 && !goal.target) refuse(name + ".weight says how much a target counts; give the target too");
}

Profile ready(const char* name, Range range, std::uint32_t target) {
  Profile profile;
  profile.name = name;
  profile.range = range;
  profile.target = target;
  return profile;
}

/// Grids are put together from micro-grids or census areas of some 50 households: too few fit in one to come nearer to
/// the target, or rounder, without longer borders.
Profile grid() {
  Profile profile = ready("grid", {300, 500}, 400);
  profile.weights.spread = 2;
  profile.weights.deviation = 0.25;
  profile.weights.size = 1.2;
  profile.weights.elongation = 0.5;
  return profile;
}

Profile output_area() {
  Profile profile = ready("output-area", {40, 250}, 125);
  profile.attributes.push_back({.attribute = "persons", .min = 100, .max = {}, .target = {}, .weight = 0});
  return profile;
}

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::vector<double> persons_of(Units units) {
  std::vector<double> values;
  for (const Unit& unit : units) values.push_back(unit.persons ? double(*unit.persons) : unknown);
  return values;
}

std::string names_of(std::span<const UnitAttribute> columns) {
  std::string names = "persons";
  for (const UnitAttribute& column : columns) names += ", " + column.name;
  return names;
}

/// The column of that name, `persons` included; `wanted_by` says in the profile's words what needs it.
std::vector<double> column_of(const std::string& name, const std::string& wanted_by, Units units,
                              std::span<const UnitAttribute> columns) {
  const auto found = std::ranges::find(columns, name, &UnitAttribute::name);
  if (found != columns.end()) return found->values;
  const auto has_persons = [](const Unit& unit) { return unit.persons.has_value(); };
  if (name == "persons" && (units.empty() || std::ranges::any_of(units, has_persons))) return persons_of(units);
  throw Error(Errc::missing_field, "the profile's " + wanted_by + " needs a numeric column " + name +
                                       " of the units, and there is none; there may be " + names_of(columns));
}

/// Takes values that are not known for 0 and says of whom, but of units in which nobody lives.
void fill_gaps(const std::string& name, Units units, std::vector<double>& values, std::vector<Finding>& findings) {
  for (std::size_t u = 0; u < values.size(); ++u) {
    if (!std::isnan(values[u])) continue;
    values[u] = 0;
    if (units[u].households == 0) continue;
    findings.push_back({Finding::Kind::missing, "", units[u].id, units[u].position,
                        "unit " + units[u].id + " has no value in column " + name + "; it counts as 0"});
  }
}

std::vector<double> workload_of(const Workload& workload, Units units, std::span<const UnitAttribute> columns,
                                std::vector<Finding>& findings) {
  constexpr double minutes_an_hour = 60;
  if (!workload.column.empty()) {
    std::vector<double> hours = column_of(workload.column, "workload.column", units, columns);
    fill_gaps(workload.column, units, hours, findings);
    return hours;
  }
  std::vector<double> hours(units.size(), 0);
  for (const Workload::Group& group : workload.groups) {
    std::vector<double> people = column_of(group.column, "workload.groups." + group.column, units, columns);
    fill_gaps(group.column, units, people, findings);
    for (std::size_t u = 0; u < hours.size(); ++u)
      hours[u] += people[u] * group.visits * group.minutes / minutes_an_hour;
  }
  return hours;
}

}  // namespace

std::span<const Profile> ready_profiles() {
  static const std::array profiles{ready("suqian", {50, 100}, 75), ready("zhoushan", {50, 80}, 65), grid(),
                                   output_area()};
  return profiles;
}

void check(const Profile& profile) {
  const Range range = profile.range;
  const std::string range_text = std::to_string(range.min) + ":" + std::to_string(range.max);
  if (range.min == 0 || range.min > range.max)
    refuse("the range " + range_text + " is empty; give MIN:MAX with 0 < MIN <= MAX");
  if (profile.target != 0 && (profile.target < range.min || profile.target > range.max))
    refuse("the target " + std::to_string(profile.target) + " lies outside the range " + range_text);
  if (!(profile.weights.spread > 0)) refuse("weights.spread must be above 0");
  for (const AttributeGoal& goal : profile.attributes) check(goal);
}

std::vector<UnitAttribute> attributes_of(const Profile& profile, Units units, std::span<const UnitAttribute> columns,
                                         std::vector<Finding>& findings) {
  std::vector<UnitAttribute> attributes;
  const bool has_workload = !profile.workload.column.empty() || !profile.workload.groups.empty();
  for (const AttributeGoal& goal : profile.attributes) {
    if (goal.attribute == "workload" && has_workload) {
      attributes.push_back({goal.attribute, workload_of(profile.workload, units, columns, findings)});
      continue;
    }
    attributes.push_back({goal.attribute, column_of(goal.attribute, "attributes." + goal.attribute, units, columns)});
    fill_gaps(goal.attribute, units, attributes.back().values, findings);
  }
  return attributes;
}

}  // namespace wangge
