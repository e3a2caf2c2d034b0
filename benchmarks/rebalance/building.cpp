#include "rebalance/building.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <wangge/rebalance.hpp>
#include <wangge/town.hpp>

#include "planning/random.hpp"

namespace wangge::bench {
namespace {

/// A town, its plan, and what a caller who has both at hand passes on.
struct PlannedTown {
  City town;
  Proposal plan;
  RebalanceOptions options;

  PlannedTown(std::uint64_t households, std::uint64_t seed)
      : town(make_town({.households = households, .seed = seed})) {
    const GridMap map = GridMap::build(town.areas);
    std::vector<GridId> leaves;
    for (std::uint32_t i = 0; i < map.size(); ++i)
      if (map.children(GridId{i}).empty()) leaves.push_back(GridId{i});
    plan = split(map, leaves, town.units.units, town.barriers);
    options.home_of_unit = plan.area_of_unit;
    options.figures = plan.after.areas;
  }
  PlannedTown(const PlannedTown&) = delete;
  PlannedTown& operator=(const PlannedTown&) = delete;

  std::uint64_t held_with(std::size_t unit) const {
    return plan.after.areas[static_cast<std::size_t>(plan.area_of_unit[unit])].households;
  }

  /// Whether the unit is a building among others of a micro-grid in range.
  bool can_grow(std::size_t unit) const {
    const std::uint32_t households = town.units.units[unit].households;
    if (plan.area_of_unit[unit] == GridId::none || households == 0 || households > 40) return false;
    const Range range = options.profile.range;
    return held_with(unit) >= range.min && held_with(unit) <= range.max;
  }
};

void check(const Proposal& proposal, const Range& range) {
  for (const AreaFigures& area : proposal.after.areas) {
    if (proposal.next.level(area.id) != Level::micro_grid || proposal.next.kind(area.id) == Kind::dedicated) continue;
    if (area.households >= range.min && area.households <= range.max) continue;
    const std::string_view code = proposal.next.code(area.id);
    if (std::ranges::none_of(proposal.after.findings,
                             [&](const Finding& f) { return f.code == code && f.certificate; }))
      throw std::logic_error("rebalance leaves " + std::string(code) + " out of range and does not say why");
  }
}

}  // namespace

OneBuilding change_one_building(std::uint64_t households, std::size_t times, std::uint64_t seed) {
  using Clock = std::chrono::steady_clock;
  const PlannedTown town(households, seed);
  OneBuilding result{.micro_grids = town.plan.after.micro_grids, .households = households, .asked = times};
  planning::Random random(seed);
  std::vector<double> ms;
  while (ms.size() < times) {
    const std::size_t unit = random.below(std::uint32_t(town.town.units.size()));
    if (!town.can_grow(unit)) continue;
    std::vector<Unit> units = town.town.units.units;
    units[unit].households +=
        town.options.profile.range.max + 1 + random.below(10) - std::uint32_t(town.held_with(unit));
    const Clock::time_point start = Clock::now();
    const Proposal proposal = rebalance(town.plan.next, units, town.town.barriers, town.options);
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    check(proposal, town.options.profile.range);
    result.mended += !proposal.changes.changes.empty();
    result.moved += proposal.changes.households_moved;
    result.bound += proposal.changes.households_moved_bound;
  }
  std::ranges::sort(ms);
  result.median_ms = ms[times / 2];
  result.tenth_longest_ms = ms[times * 9 / 10];
  return result;
}

}  // namespace wangge::bench
