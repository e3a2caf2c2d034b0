#include "app/new_counts.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wangge::app {
namespace {

/// For each unit of today its row in the plan, or -1.
using Rows = std::vector<std::ptrdiff_t>;

Rows rows_in_plan(const UnitTable& plan, const UnitTable& today) {
  std::unordered_map<std::string_view, std::ptrdiff_t> row_of;
  for (const Unit& unit : plan.units) row_of.emplace(unit.id, std::ssize(row_of));
  Rows rows;
  for (const Unit& unit : today.units) {
    const auto found = row_of.find(unit.id);
    rows.push_back(found == row_of.end() ? -1 : found->second);
  }
  return rows;
}

bool tells_persons(const UnitTable& table) {
  return std::ranges::any_of(table.units, [](const Unit& unit) { return unit.persons.has_value(); });
}

void complete(Unit& unit, const Unit& old) {
  if (unit.footprint.empty() && !old.footprint.empty() && contains(old.footprint, unit.position)) {
    unit.footprint = old.footprint;
    unit.position = old.position;
  }
  if (unit.compound.empty()) unit.compound = old.compound;
  if (unit.building.empty()) unit.building = old.building;
  if (!unit.floors) unit.floors = old.floors;
}

/// The plan's columns first, in their order, so that a plan keeps its shape; where today's table has one, with the
/// values of today.
template <typename Column, typename Value>
std::vector<Column> join(const std::vector<Column>& plan, std::vector<Column> today, const Rows& rows,
                         const Value& unknown) {
  std::vector<Column> joined;
  for (const Column& old : plan) {
    const auto same = std::ranges::find(today, old.name, &Column::name);
    if (same != today.end()) {
      joined.push_back(std::move(*same));
      today.erase(same);
      continue;
    }
    Column& column = joined.emplace_back(Column{old.name, {}});
    for (const std::ptrdiff_t row : rows)
      column.values.push_back(row < 0 ? unknown : old.values[static_cast<std::size_t>(row)]);
  }
  std::ranges::move(today, std::back_inserter(joined));
  return joined;
}

}  // namespace

NewCounts take_over(const UnitTable& plan, UnitTable today) {
  const Rows rows = rows_in_plan(plan, today);
  const bool persons = tells_persons(today);
  NewCounts counts;
  for (std::size_t u = 0; u < today.size(); ++u) {
    if (rows[u] < 0) {
      ++counts.fresh;
      continue;
    }
    const Unit& old = plan.units[static_cast<std::size_t>(rows[u])];
    complete(today.units[u], old);
    if (!persons) today.units[u].persons = old.persons;
  }
  counts.vanished = plan.size() - (today.size() - counts.fresh);
  counts.units.attributes =
      join(plan.attributes, std::move(today.attributes), rows, std::numeric_limits<double>::quiet_NaN());
  counts.units.labels = join(plan.labels, std::move(today.labels), rows, std::string());
  counts.units.units = std::move(today.units);
  return counts;
}

}  // namespace wangge::app
