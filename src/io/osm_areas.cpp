#include <algorithm>
#include <map>

#include "io/features.hpp"
#include "io/osm.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

using Boundaries = std::vector<const OsmBoundary*>;

constexpr double whole_share = 0.99;  // of the units in any boundary: a level that leaves out less covers them
constexpr double least_share = 0.25;  // of all units: boundaries that hold fewer are not what the extract is about
constexpr double margin_m = 10;

std::map<int, Boundaries, std::greater<>> by_level(const std::vector<OsmBoundary>& boundaries) {
  std::map<int, Boundaries, std::greater<>> levels;  // the finest first
  for (const OsmBoundary& boundary : boundaries) levels[boundary.admin_level].push_back(&boundary);
  for (auto& [level, list] : levels)
    std::sort(list.begin(), list.end(), [](const OsmBoundary* a, const OsmBoundary* b) {
      return std::pair(a->id.size(), a->id) < std::pair(b->id.size(), b->id);
    });
  return levels;
}

GridRecord to_record(const OsmBoundary& boundary) {
  return {boundary.id, boundary.name, level_of_admin(boundary.admin_level), {}, Kind::general, boundary.outline};
}

std::optional<GridMap> built(const std::vector<GridRecord>& records) {
  try {
    return GridMap::build(records);
  } catch (const Error&) {
    return std::nullopt;  // areas that overlap or cross themselves
  }
}

std::vector<std::size_t> units_by_area(const GridMap& map, const UnitTable& units) {
  std::vector<std::size_t> counts(map.size(), 0);
  for (const Unit& unit : units.units)
    if (const GridId id = map.locate(unit.position); id != GridId::none) ++counts[static_cast<std::uint32_t>(id)];
  return counts;
}

struct LevelOfAreas {
  int admin_level = 0;
  std::vector<GridRecord> areas;  ///< those that hold a unit
  std::size_t units = 0;
};

/// The level's boundaries as areas of their own; nothing where they make no coverage or hold no unit.
std::optional<LevelOfAreas> usable(int admin_level, const Boundaries& boundaries, const UnitTable& units) {
  std::vector<GridRecord> records;
  for (const OsmBoundary* boundary : boundaries) records.push_back(to_record(*boundary));
  const std::optional<GridMap> map = built(records);
  if (!map) return std::nullopt;
  const std::vector<std::size_t> counts = units_by_area(*map, units);
  LevelOfAreas level{admin_level, {}, 0};
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (counts[i] == 0) continue;
    level.areas.push_back(std::move(records[i]));
    level.units += counts[i];
  }
  return level.units > 0 ? std::optional(std::move(level)) : std::nullopt;
}

void report_unused(std::size_t before, std::size_t after, std::vector<Finding>& findings) {
  if (before == after) return;
  findings.push_back(
      input_finding("left out, since they hold no unit, overlap others or are not whole in the extract: " +
                    counted(before - after, "administrative area")));
}

std::vector<LevelOfAreas> usable_levels(const std::vector<OsmBoundary>& boundaries, const UnitTable& units) {
  std::vector<LevelOfAreas> levels;
  for (const auto& [admin_level, list] : by_level(boundaries))
    if (auto level = usable(admin_level, list, units)) levels.push_back(std::move(*level));
  return levels;
}

/// Index of the finest level that leaves out hardly a unit, or the number of levels where none is to be taken.
std::size_t finest_whole_level(const std::vector<LevelOfAreas>& levels, std::size_t units) {
  std::size_t most = 0;
  for (const LevelOfAreas& level : levels) most = std::max(most, level.units);
  if (static_cast<double>(most) < least_share * static_cast<double>(units)) return levels.size();
  std::size_t i = 0;
  while (i < levels.size() && static_cast<double>(levels[i].units) < whole_share * static_cast<double>(most)) ++i;
  return i;
}

std::size_t asked_level(const std::vector<LevelOfAreas>& levels, int admin_level) {
  std::string there;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].admin_level == admin_level) return i;
    there += (there.empty() ? "" : ", ") + std::to_string(levels[i].admin_level);
  }
  throw Error(Errc::not_found, "no complete boundary of admin_level " + std::to_string(admin_level) +
                                   " holds a unit; the extract has " + (there.empty() ? "none" : there));
}

/// Makes the areas of `coarser` parents of those that lie in them and have none yet.
std::vector<GridRecord> with_parents(std::vector<GridRecord> areas, const std::vector<GridRecord>& coarser) {
  for (GridRecord& area : areas) {
    if (!area.parent.empty()) continue;
    const Position inside = inner_point(area.polygons);
    for (const GridRecord& parent : coarser)
      if (parent.level < area.level && contains(parent.polygons, inside)) area.parent = parent.code;
  }
  areas.insert(areas.begin(), coarser.begin(), coarser.end());
  return areas;
}

std::vector<GridRecord> with_coarser_levels(std::vector<LevelOfAreas> levels, std::size_t finest) {
  std::vector<GridRecord> areas = std::move(levels[finest].areas);
  for (std::size_t i = finest + 1; i < levels.size(); ++i) {
    std::vector<GridRecord> more = with_parents(areas, levels[i].areas);
    if (built(more)) areas = std::move(more);
  }
  return areas;
}

GridRecord whole_extract(const UnitTable& units) {
  Box box;
  for (const Unit& unit : units.units) {
    box.add(unit.position);
    if (!unit.footprint.empty()) box.add(bounds(unit.footprint));
  }
  const LocalFrame low(box.min), high(box.max);
  const Position a = low.to_position({-margin_m, -margin_m}), b = high.to_position({margin_m, margin_m});
  return {"extract", "whole extract", Level::community, {}, Kind::general, {{{a, {b.x, a.y}, b, {a.x, b.y}}, {}}}};
}

/// Units outside every area are somebody else's.
void leave_out_outsiders(const std::vector<GridRecord>& areas, UnitTable& units, std::vector<Finding>& findings) {
  const GridMap map = GridMap::build(areas);
  std::uint64_t households = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (map.locate(units.units[i].position) == GridId::none) {
      households += units.units[i].households;
      continue;
    }
    if (kept != i) {
      units.units[kept] = std::move(units.units[i]);
      for (UnitLabel& label : units.labels) label.values[kept] = std::move(label.values[i]);
    }
    ++kept;
  }
  const std::size_t left_out = units.size() - kept;
  units.units.resize(kept);
  for (UnitLabel& label : units.labels) label.values.resize(kept);
  if (left_out > 0)
    findings.push_back(input_finding("outside every area, and left out: " + counted(left_out, "unit") + " with " +
                                     counted(households, "household")));
}

}  // namespace

std::vector<GridRecord> areas_of(const std::vector<OsmBoundary>& boundaries, int area_level, UnitTable& units,
                                 std::vector<Finding>& findings) {
  std::vector<LevelOfAreas> levels = usable_levels(boundaries, units);
  const std::size_t finest =
      area_level != 0 ? asked_level(levels, area_level) : finest_whole_level(levels, units.size());
  if (finest == levels.size()) {
    findings.push_back(
        input_finding("no complete administrative boundary covers the units; one area was drawn around "
                      "all of them"));
    return {whole_extract(units)};
  }
  const auto finer = std::count_if(boundaries.begin(), boundaries.end(), [&](const OsmBoundary& boundary) {
    return boundary.admin_level > levels[finest].admin_level;
  });
  std::vector<GridRecord> areas = with_coarser_levels(std::move(levels), finest);
  report_unused(boundaries.size() - static_cast<std::size_t>(finer), areas.size(), findings);
  leave_out_outsiders(areas, units, findings);
  return areas;
}

}  // namespace wangge::io
