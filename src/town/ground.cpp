#include "town/ground.hpp"

#include <cmath>

#include "town/random.hpp"

namespace wangge::town {
namespace {

struct Point {
  std::int64_t x, y;  // decimetres from the middle of the town
};

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Value noise: random heights of at most `height` on a grid of `pitch`, interpolated in whole numbers.
std::int64_t noise(std::uint64_t seed, Point p, std::int64_t pitch, int height) {
  const std::int64_t i = floor_div(p.x, pitch), j = floor_div(p.y, pitch);
  const std::int64_t s = p.x - i * pitch, t = p.y - j * pitch;
  const auto at = [&](std::int64_t di, std::int64_t dj) {
    Random random(mix(seed, static_cast<std::uint64_t>(i + di), static_cast<std::uint64_t>(j + dj)));
    return std::int64_t{random.between(-height, height)};
  };
  const std::int64_t south = at(0, 0) * (pitch - s) + at(1, 0) * s, north = at(0, 1) * (pitch - s) + at(1, 1) * s;
  return floor_div(south * (pitch - t) + north * t, pitch * pitch);
}

Point bend(Point p, std::uint64_t seed) {
  return {p.x + noise(mix(seed, 11), p, 22'000, 700) + noise(mix(seed, 12), p, 3900, 110),
          p.y + noise(mix(seed, 13), p, 22'000, 700) + noise(mix(seed, 14), p, 3900, 110)};
}

std::vector<Point> bent_corners(const TownPlan& plan, std::uint64_t seed) {
  std::vector<Point> corners;
  const int middle_x = plan.x.at_dm.back() / 2, middle_y = plan.y.at_dm.back() / 2;
  for (const int y : plan.y.at_dm) {
    for (const int x : plan.x.at_dm) corners.push_back(bend({x - middle_x, y - middle_y}, seed));
  }
  return corners;
}

std::int64_t doubled_area_dm2(const TownPlan& plan, const std::vector<Point>& corners) {
  const std::size_t width = plan.x.lines(), height = plan.y.lines();
  std::int64_t area = 0;
  const auto edge = [&](std::size_t a, std::size_t b) {
    area += corners[a].x * corners[b].y - corners[b].x * corners[a].y;
  };
  const std::size_t last_row = (height - 1) * width;
  for (std::size_t i = 0; i + 1 < width; ++i) edge(i, i + 1), edge(last_row + i + 1, last_row + i);
  for (std::size_t j = 0; j + 1 < height; ++j) {
    edge(j * width + width - 1, (j + 1) * width + width - 1);
    edge((j + 1) * width, j * width);
  }
  return area;
}

constexpr int scale_bits = 20;

// Lattice units a decimetre, in fixed point: a last bit that differs between two machines' cosines is rounded away.
std::int64_t units_per_dm(double metres_per_unit, double stretch) {
  return std::llround(stretch * 0.1 / metres_per_unit * (1 << scale_bits));
}

std::int64_t rounded_shift(std::int64_t value) { return (value + (std::int64_t{1} << (scale_bits - 1))) >> scale_bits; }

}  // namespace

Ground::Ground(const TownPlan& plan, LngLat centre, std::uint64_t seed, double area_m2) : plan_(plan) {
  const std::vector<Point> bent = bent_corners(plan, seed);
  const LocalFrame frame(to_lattice(centre));
  const double drawn_m2 = double(doubled_area_dm2(plan, bent)) / 200;
  const double stretch = area_m2 > 0 ? std::sqrt(area_m2 / drawn_m2) : 1;
  const std::int64_t scale_x = units_per_dm(frame.metres_per_x, stretch);
  const std::int64_t scale_y = units_per_dm(frame.metres_per_y, stretch);
  for (const Point& p : bent) {
    corners_.push_back({static_cast<std::int32_t>(frame.origin.x + rounded_shift(p.x * scale_x)),
                        static_cast<std::int32_t>(frame.origin.y + rounded_shift(p.y * scale_y))});
  }
}

Position Ground::place(int column, int row, int s, int t) const {
  const Position sw = corner(column, row), se = corner(column + 1, row);
  const Position nw = corner(column, row + 1), ne = corner(column + 1, row + 1);
  const std::int64_t width = plan_.x.width_dm(column), height = plan_.y.width_dm(row);
  const auto between = [&](std::int64_t b, std::int64_t c, std::int64_t d) {  // offsets from the south-west corner
    const std::int64_t sum = (b * (height - t) + d * t) * s + c * (width - s) * t;
    return floor_div(2 * sum + width * height, 2 * width * height);
  };
  return {static_cast<std::int32_t>(
              sw.x + between(std::int64_t{se.x} - sw.x, std::int64_t{nw.x} - sw.x, std::int64_t{ne.x} - sw.x)),
          static_cast<std::int32_t>(
              sw.y + between(std::int64_t{se.y} - sw.y, std::int64_t{nw.y} - sw.y, std::int64_t{ne.y} - sw.y))};
}

Position Ground::node(int x2, int y2) const {
  const int column = std::min(x2 / 2, plan_.x.intervals() - 1), row = std::min(y2 / 2, plan_.y.intervals() - 1);
  const auto along = [](int twice, int interval, int width) {
    return twice == 2 * interval ? 0 : twice == 2 * interval + 1 ? width / 2 : width;
  };
  return place(column, row, along(x2, column, plan_.x.width_dm(column)), along(y2, row, plan_.y.width_dm(row)));
}

}  // namespace wangge::town
