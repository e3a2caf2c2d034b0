#include "town/units.hpp"

#include <cstdio>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "town/apportion.hpp"
#include "town/names.hpp"
#include "town/random.hpp"

namespace wangge::town {
namespace {

// Fangzhou's figures, in which every town is made.
constexpr std::uint64_t fangzhou_households = 4072, fangzhou_persons = 11'413, fangzhou_shops = 243;

std::uint64_t in_proportion(std::uint64_t households, std::uint64_t of_fangzhou) {
  return (households * of_fangzhou + fangzhou_households / 2) / fangzhou_households;
}

std::string_view word(Purpose purpose) {
  constexpr std::string_view words[] = {"residential", "school", "shop"};
  return words[static_cast<int>(purpose)];
}

/// Draws buildings on the lattice and writes them down as units.
class Register {
 public:
  Register(const TownPlan& plan, const Ground& ground, const UnitStyle& style)
      : plan_(plan), ground_(ground), style_(style), random_(mix(style.seed, 51)) {
    table_.labels.push_back({"use", {}});
  }

  void add(const Building& building, std::uint32_t households) {
    enter_cell(building.cell);
    char number[16];
    std::snprintf(number, sizeof number, "B%07u", ++buildings_);
    const std::uint32_t units = style_.stairwells ? building.stairwells : 1;
    for (std::uint32_t i = 0; i < units; ++i) {
      Unit& unit = table_.units.emplace_back();
      unit.id = number;
      if (units > 1) unit.id.append("-").append(std::to_string(i + 1));
      unit.building = number;
      unit.compound = compound_;
      unit.floors = building.floors;
      unit.households = households * (i + 1) / units - households * i / units;
      draw(building, i, units, unit);
      table_.labels[0].values.emplace_back(word(building.purpose));
      shop_weights_.push_back(i == 0 ? building.shops : 0);
    }
  }

  UnitTable finish() {
    const std::uint64_t households = total_households(table_.units);
    std::vector<std::uint32_t> weights;
    for (const Unit& unit : table_.units) weights.push_back(person_weight(unit.households));
    const auto persons = apportion(in_proportion(households, fangzhou_persons), weights);
    for (std::size_t i = 0; i < persons.size(); ++i) table_.units[i].persons = persons[i];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = table_.units[i].households * static_cast<std::uint32_t>(random_.between(1, 9));
    }
    add_counts("elderly_alone", apportion(households * 3 / 100, weights));
    add_counts("shops", apportion(in_proportion(households, fangzhou_shops), shop_weights_));
    return std::move(table_);
  }

 private:
  void enter_cell(std::uint32_t cell) {
    if (cell == cell_) return;
    cell_ = cell;
    column_ = static_cast<int>(cell % plan_.x.intervals());
    row_ = static_cast<int>(cell / plan_.x.intervals());
    compound_ = is_compound(plan_.cells[cell]) ? compound_name(style_.seed, compounds_++) : "";
  }

  Position place(int x, int y) const { return ground_.place(column_, row_, x, y); }

  Ring ring(const Rect& r) const {
    return {place(r.x0, r.y0), place(r.x1, r.y0), place(r.x1, r.y1), place(r.x0, r.y1)};
  }

  void draw(const Building& building, std::uint32_t slice, std::uint32_t slices, Unit& unit) const {
    Rect r = building.outline;
    const int width = r.width();
    r.x1 = building.outline.x0 + width * static_cast<int>(slice + 1) / static_cast<int>(slices);
    r.x0 = building.outline.x0 + width * static_cast<int>(slice) / static_cast<int>(slices);
    Polygon& polygon = unit.footprint.emplace_back();
    unit.position = place((r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2);
    if (building.shape == Shape::l_shape) {
      const int x = r.x0 + r.width() / 2, y = r.y0 + r.height() / 2;
      polygon.outer = {place(r.x0, r.y0), place(r.x1, r.y0), place(r.x1, y),
                       place(x, y),       place(x, r.y1),    place(r.x0, r.y1)};
      unit.position = place((r.x0 + x) / 2, y);
      return;
    }
    polygon.outer = ring(r);
    if (building.shape == Shape::courtyard) {
      const int wing = r.height() / 3;
      const Ring yard = ring(r.inset(wing));
      polygon.holes.push_back({yard.rbegin(), yard.rend()});
      unit.position = place(r.x0 + wing / 2, (r.y0 + r.y1) / 2);
    }
  }

  // A small house has anything from a single person to a large family.
  std::uint32_t person_weight(std::uint32_t households) {
    if (households > 6) return households * static_cast<std::uint32_t>(random_.between(255, 305));
    std::uint32_t weight = 0;
    for (std::uint32_t i = 0; i < households; ++i) weight += static_cast<std::uint32_t>(random_.between(100, 460));
    return weight;
  }

  void add_counts(std::string name, const std::vector<std::uint32_t>& counts) {
    table_.attributes.push_back({std::move(name), {counts.begin(), counts.end()}});
  }

  const TownPlan& plan_;
  const Ground& ground_;
  UnitStyle style_;
  Random random_;
  UnitTable table_;
  std::vector<std::uint32_t> shop_weights_;
  std::uint32_t buildings_ = 0, compounds_ = 0, cell_ = 0xffffffff;
  int column_ = 0, row_ = 0;
  std::string compound_;
};

}  // namespace

UnitTable make_units(const TownPlan& plan, const Ground& ground, std::span<const Building> buildings,
                     std::span<const std::uint32_t> households, const UnitStyle& style) {
  Register units(plan, ground, style);
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    if (households[i] > 0 || buildings[i].purpose != Purpose::residential) units.add(buildings[i], households[i]);
  }
  return units.finish();
}

}  // namespace wangge::town
