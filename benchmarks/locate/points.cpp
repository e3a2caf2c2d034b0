#include "locate/points.hpp"

#include <algorithm>
#include <utility>

#include "planning/random.hpp"
#include <wangge/error.hpp>

namespace wangge::bench {
namespace {

using planning::Random;

std::int32_t between(Random& random, std::int32_t low, std::int32_t high) {
  return low + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(high - low) + 1));
}

std::vector<Position> random_points(const Box& box, std::size_t count, Random random) {
  std::vector<Position> points(count);
  for (Position& p : points) {
    p.x = between(random, box.min.x, box.max.x);
    p.y = between(random, box.min.y, box.max.y);
  }
  return points;
}

std::uint64_t spread(std::uint32_t bits) {
  std::uint64_t b = bits;
  b = (b | b << 16) & 0x0000ffff0000ffff;
  b = (b | b << 8) & 0x00ff00ff00ff00ff;
  b = (b | b << 4) & 0x0f0f0f0f0f0f0f0f;
  b = (b | b << 2) & 0x3333333333333333;
  return (b | b << 1) & 0x5555555555555555;
}

void sort_along_curve(std::vector<Position>& points, const Box& box) {
  const auto key = [&](Position p) {
    return spread(static_cast<std::uint32_t>(p.x - box.min.x)) | spread(static_cast<std::uint32_t>(p.y - box.min.y))
                                                                     << 1;
  };
  std::sort(points.begin(), points.end(), [&](Position a, Position b) { return key(a) < key(b); });
}

std::vector<Position> walk(const Box& box, std::size_t count, Random random) {
  constexpr std::int32_t step = 900;  // lattice units, about 10 m; either way at most, in each coordinate
  std::vector<Position> points(count);
  Position p{box.min.x / 2 + box.max.x / 2, box.min.y / 2 + box.max.y / 2};
  for (Position& point : points) {
    point = p = {std::clamp(p.x + between(random, -step, step), box.min.x, box.max.x),
                 std::clamp(p.y + between(random, -step, step), box.min.y, box.max.y)};
  }
  return points;
}

}  // namespace

std::vector<Position> make_points(const std::string& kind, const Box& box, std::size_t count, std::uint64_t seed) {
  const Random random(seed);
  if (kind == "walk") return walk(box, count, random);
  if (kind != "random" && kind != "sorted")
    throw Error(Errc::invalid_argument, "points are random, sorted or walk, not " + kind);
  std::vector<Position> points = random_points(box, count, random);
  if (kind == "sorted") sort_along_curve(points, box);
  return points;
}

}  // namespace wangge::bench
