#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <wangge/io.hpp>

namespace wangge::test {

/// Text that would run, were it ever taken for HTML or for the end of a script.
inline const std::string hostile = "</script><img src=x onerror=alert(1)><!--<script>";

struct PlanShape {
  std::int32_t columns = 20, rows = 16;  ///< micro-grids
  std::int32_t houses = 4;               ///< houses along each side of a micro-grid, so houses² in it
};

/// A plan of crooked four-sided micro-grids of about 160 m, ten by ten of them in a community, with houses, a river,
/// roads and hostile names. The same shape, the same plan.
class JitteredPlan {
 public:
  explicit JitteredPlan(const PlanShape& shape) : shape_(shape) {
    build_corners();
    for (std::int32_t row = 0; row < shape.rows; ++row)
      for (std::int32_t column = 0; column < shape.columns; ++column) add_micro_grid(column, row);
    plan_.map = GridMap::build(records_);
    add_barriers();
    add_odd_units();
    assess_plan();
  }

  const Plan& plan() const { return plan_; }
  const PlanShape& shape() const { return shape_; }
  /// The south-western corner of a micro-grid.
  Position corner(std::int32_t column, std::int32_t row) const { return corners_[row * (shape_.columns + 1) + column]; }

 private:
  static constexpr std::int32_t side = 16000;
  static constexpr Position south_west{1182900000, 339500000};

  /// splitmix64 (Steele, Lea, Flood 2014): a number of 0 … below-1.
  std::int32_t random(std::int32_t below) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<std::int32_t>((z ^ (z >> 31)) % static_cast<std::uint64_t>(below));
  }

  void build_corners() {
    for (std::int32_t row = 0; row <= shape_.rows; ++row)
      for (std::int32_t column = 0; column <= shape_.columns; ++column)
        corners_.push_back({south_west.x + column * side + random(5000), south_west.y + row * side + random(5000)});
  }

  /// A place in a micro-grid, its sides running from 0 to 1000.
  Position inside(std::int32_t column, std::int32_t row, std::int64_t u, std::int64_t v) const {
    const Position a = corner(column, row), b = corner(column + 1, row);
    const Position c = corner(column + 1, row + 1), d = corner(column, row + 1);
    const auto blend = [&](std::int64_t pa, std::int64_t pb, std::int64_t pc, std::int64_t pd) {
      const std::int64_t south = pa * (1000 - u) + pb * u, north = pd * (1000 - u) + pc * u;
      return static_cast<std::int32_t>((south * (1000 - v) + north * v) / 1000000);
    };
    return {blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)};
  }

  static std::string digits(std::int32_t number) {
    const std::string text = std::to_string(number);
    return std::string(3 - std::min<std::size_t>(3, text.size()), '0') + text;
  }

  std::string community_of(std::int32_t column, std::int32_t row) {
    const std::string code = "320101" + digits(column / 10 + 1) + digits(row / 10 + 1);
    if (column % 10 == 0 && row % 10 == 0)
      records_.push_back(
          {code, "社区 " + std::to_string(records_.size() + 1), Level::community, "", Kind::general, {}});
    return code;
  }

  void add_micro_grid(std::int32_t column, std::int32_t row) {
    const std::string parent = community_of(column, row);
    const bool dedicated = random(30) == 0;
    GridRecord record{parent + digits(row % 10 * 10 + column % 10 + 1),
                      records_.size() == 5 ? hostile : "",
                      Level::micro_grid,
                      parent,
                      dedicated ? Kind::dedicated : Kind::general,
                      {}};
    record.polygons = {
        {{corner(column, row), corner(column + 1, row), corner(column + 1, row + 1), corner(column, row + 1)}, {}}};
    records_.push_back(std::move(record));
    if (!dedicated) add_houses(column, row, static_cast<std::uint32_t>(44 + random(64)));
  }

  void add_houses(std::int32_t column, std::int32_t row, std::uint32_t households) {
    const std::int32_t count = shape_.houses * shape_.houses, pitch = 900 / shape_.houses;
    for (std::int32_t i = 0; i < count; ++i) {
      const std::int32_t west = 60 + i % shape_.houses * pitch + random(pitch / 4);
      const std::int32_t south = 60 + i / shape_.houses * pitch + random(pitch / 4);
      const std::int32_t width = pitch / 3 + random(pitch / 4), depth = pitch / 4 + random(pitch / 4);
      Unit unit;
      unit.id = "w" + std::to_string(plan_.units.size() + 1);
      unit.footprint = {{{inside(column, row, west, south), inside(column, row, west + width, south),
                          inside(column, row, west + width, south + depth), inside(column, row, west, south + depth)},
                         {}}};
      unit.position = inside(column, row, west + width / 2, south + depth / 2);
      unit.households = (households * static_cast<std::uint32_t>(i + 1)) / count - (households * i) / count;
      unit.persons = unit.households * 3;
      plan_.units.units.push_back(std::move(unit));
    }
  }

  Line line_of(bool upright, std::int32_t at) const {
    Line line;
    for (std::int32_t i = 0; i <= (upright ? shape_.rows : shape_.columns); ++i)
      line.push_back(upright ? corner(at, i) : corner(i, at));
    return line;
  }

  void add_barriers() {
    for (std::int32_t column = 1; column < shape_.columns; ++column) {
      const BarrierClass barrier = column % 10 == 0  ? BarrierClass::soft
                                   : column % 7 == 0 ? BarrierClass::hard
                                                     : BarrierClass::street;
      const std::string name = barrier == BarrierClass::hard ? hostile : "Street " + std::to_string(column);
      plan_.barriers.push_back({line_of(true, column), barrier, name, false, false, 0});
    }
    for (std::int32_t row = 1; row < shape_.rows; ++row)
      plan_.barriers.push_back({line_of(false, row), row % 10 ? BarrierClass::wall : BarrierClass::soft, "人民路"});
  }

  /// A house with a court, two stairwells of one footprint, a unit without a footprint, and one outside.
  void add_odd_units() {
    std::vector<Unit>& units = plan_.units.units;
    const Ring outer = units[0].footprint[0].outer;
    const Position p = units[0].position;
    units[0].footprint[0].holes = {
        {{p.x - 40, p.y - 40}, {p.x - 40, p.y + 40}, {p.x + 40, p.y + 40}, {p.x + 40, p.y - 40}}};
    units.push_back(units[1]);
    units.back().id = "second stairwell";
    units.push_back({"point", inside(0, 0, 500, 30), {}, 2, std::nullopt, "", "", std::nullopt});
    units.push_back({"outside", {south_west.x - 9000, south_west.y}, {}, 3, std::nullopt, "", "", std::nullopt});
  }

  void assess_plan() {
    for (const Unit& unit : plan_.units.units) plan_.micro_grid_of_unit.push_back(plan_.map.locate(unit.position));
    plan_.assessment = assess(plan_.map, plan_.units.units, plan_.profile.range);
    plan_.findings = plan_.assessment.findings;
    plan_.findings.push_back(
        {Finding::Kind::straddler, records_.back().code, hostile, plan_.units.units[0].position, hostile});
    plan_.findings.push_back({Finding::Kind::input, "", "", {}, "3 unclosed rings were left out"});
    plan_.source = "© a test & " + hostile;
  }

  PlanShape shape_;
  std::uint64_t state_ = 1;
  std::vector<Position> corners_;
  std::vector<GridRecord> records_;
  Plan plan_;
};

}  // namespace wangge::test
