#include "town/areas.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>

#include "town/names.hpp"

namespace wangge::town {
namespace {

constexpr std::uint64_t households_of_community = 3500, households_of_town = 150'000;
constexpr char county_code[] = "321302";

std::string coded(const std::string& parent, std::size_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%03zu", number);
  return parent + text;
}

std::string ordinal(std::size_t number, std::string_view noun) {
  return std::string("第").append(std::to_string(number)).append(noun);
}

bool may_border(LineKind kind) { return kind == LineKind::main_road || is_hard(kind); }

/// Households of any span, from sums over all cells to the south-west.
class Census {
 public:
  Census(const TownPlan& plan, std::span<const std::uint64_t> households_of_cell) : lines_(plan.x.lines()) {
    sums_.assign(static_cast<std::size_t>(lines_) * plan.y.lines(), 0);
    for (int row = 0; row < plan.y.intervals(); ++row) {
      for (int column = 0; column < plan.x.intervals(); ++column) {
        sum(column + 1, row + 1) =
            sum(column + 1, row) + sum(column, row + 1) - sum(column, row) + households_of_cell[plan.cell(column, row)];
      }
    }
  }
  std::uint64_t households(const Span& s) const {
    return sum(s.x1, s.y1) - sum(s.x0, s.y1) - sum(s.x1, s.y0) + sum(s.x0, s.y0);
  }

 private:
  std::uint64_t& sum(int x, int y) { return sums_[static_cast<std::size_t>(y) * lines_ + x]; }
  std::uint64_t sum(int x, int y) const { return sums_[static_cast<std::size_t>(y) * lines_ + x]; }
  int lines_;
  std::vector<std::uint64_t> sums_;
};

struct Cut {
  std::uint64_t cost;
  Span first, second;
};

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

// The best border across one direction for `parts` parts, the first of which get the half: near the right households,
// rather on a river or railway than on a road.
std::optional<Cut> best_cut(const TownPlan& plan, const Census& census, const Span& span, std::uint64_t parts,
                            bool across_x) {
  std::optional<Cut> best;
  const Axis& axis = across_x ? plan.x : plan.y;
  const std::uint64_t total = census.households(span);
  for (int line = (across_x ? span.x0 : span.y0) + 1; line < (across_x ? span.x1 : span.y1); ++line) {
    if (!may_border(axis.kinds[line])) continue;
    Cut cut{0, span, span};
    (across_x ? cut.first.x1 : cut.first.y1) = line;
    (across_x ? cut.second.x0 : cut.second.y0) = line;
    cut.cost = distance(census.households(cut.first) * parts, total * (parts / 2));
    if (is_hard(axis.kinds[line])) cut.cost /= 2;
    if (!best || cut.cost < best->cost) best = cut;
  }
  return best;
}

void divide(const TownPlan& plan, const Census& census, const Span& span, std::uint64_t parts, std::vector<Span>& out) {
  const int width = plan.x.at_dm[span.x1] - plan.x.at_dm[span.x0];
  const int height = plan.y.at_dm[span.y1] - plan.y.at_dm[span.y0];
  std::optional<Cut> cut;
  if (parts > 1) cut = best_cut(plan, census, span, parts, width >= height);
  if (parts > 1 && !cut) cut = best_cut(plan, census, span, parts, width < height);
  if (!cut) return out.push_back(span);
  divide(plan, census, cut->first, parts / 2, out);
  divide(plan, census, cut->second, parts - parts / 2, out);
}

std::vector<Span> divided(const TownPlan& plan, const Census& census, const Span& span, std::uint64_t size) {
  std::vector<Span> parts;
  divide(plan, census, span, std::max<std::uint64_t>(1, (census.households(span) + size / 2) / size), parts);
  return parts;
}

Span whole(const TownPlan& plan) { return {0, 0, plan.x.intervals(), plan.y.intervals()}; }

}  // namespace

std::vector<Area> general_areas(const TownPlan& plan, std::span<const std::uint64_t> households_of_cell,
                                std::uint64_t seed) {
  const Census census(plan, households_of_cell);
  const std::vector<Span> towns = divided(plan, census, whole(plan), households_of_town);
  const bool several = towns.size() > 1;
  std::vector<Area> areas;
  if (several) areas.push_back({whole(plan), Level::county, county_code, "安和县", ""});
  std::uint32_t communities = 0;
  for (std::size_t t = 0; t < towns.size(); ++t) {
    const std::string town = coded(county_code, t + 1);
    areas.push_back(
        {towns[t], Level::town, town, town_name(static_cast<std::uint32_t>(t)), several ? county_code : ""});
    const std::vector<Span> parts = divided(plan, census, towns[t], households_of_community);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      areas.push_back({parts[i], Level::community, coded(town, i + 1), community_name(seed, communities++), town});
    }
  }
  return areas;
}

std::vector<Area> fangzhou_areas(const TownPlan& plan) {
  const std::string community = "320116001001";
  std::vector<Area> areas{{whole(plan), Level::community, community, "方州社区", ""}};
  std::size_t grids = 0;
  const auto add_grid = [&](const Span& span, const std::string& sector) {
    const std::string code = coded(community, ++grids);
    areas.push_back({span, Level::grid, code, ordinal(grids, "网格"), sector});
  };
  for (int s = 0; s < 4; ++s) {
    const Span sector{s % 2 * 4, s / 2 * 4, s % 2 * 4 + 4, s / 2 * 4 + 4};
    const std::string code = community + "P" + std::to_string(s + 1);
    areas.push_back({sector, Level::sector, code, ordinal(s + 1, "片区"), community});
    const int x = sector.x0, y = sector.y0;
    add_grid({x, y, x + 2, y + 2}, code);
    add_grid({x + 2, y, x + 4, y + 2}, code);
    if (s == 3) {  // the park shares a grid
      add_grid({x, y + 2, x + 4, y + 4}, code);
    } else {
      add_grid({x, y + 2, x + 2, y + 4}, code);
      add_grid({x + 2, y + 2, x + 4, y + 4}, code);
    }
  }
  return areas;
}

GridRecord record(const Area& area, const Ground& ground) {
  const Span twice{2 * area.span.x0, 2 * area.span.y0, 2 * area.span.x1, 2 * area.span.y1};
  GridRecord record{area.code, area.name, area.level, area.parent, Kind::general, {Polygon{}}};
  Ring& ring = record.polygons.front().outer;
  for (int x = twice.x0; x < twice.x1; ++x) ring.push_back(ground.node(x, twice.y0));
  for (int y = twice.y0; y < twice.y1; ++y) ring.push_back(ground.node(twice.x1, y));
  for (int x = twice.x1; x > twice.x0; --x) ring.push_back(ground.node(x, twice.y1));
  for (int y = twice.y1; y > twice.y0; --y) ring.push_back(ground.node(twice.x0, y));
  return record;
}

}  // namespace wangge::town
