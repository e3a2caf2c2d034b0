#include <wangge/geometry.hpp>

#include <algorithm>
#include <cmath>

namespace wangge {
namespace {

/// A stretch of a scan line inside a polygon.
struct Stretch {
  double from = 0, to = 0;
  std::int32_t y = 0;
  double width() const { return to - from; }
};

void add_crossings(const Ring& ring, std::int32_t y, std::vector<double>& xs) {
  Position a = ring.back();
  for (const Position b : ring) {
    if ((a.y <= y) != (b.y <= y)) xs.push_back(a.x + (double(b.x) - a.x) * (double(y) - a.y) / (double(b.y) - a.y));
    a = b;
  }
}

Stretch widest_at(const Polygon& polygon, std::int32_t y) {
  std::vector<double> xs;
  add_crossings(polygon.outer, y, xs);
  for (const Ring& hole : polygon.holes) add_crossings(hole, y, xs);
  std::sort(xs.begin(), xs.end());
  Stretch widest{0, 0, y};
  for (std::size_t i = 0; i + 1 < xs.size(); i += 2)
    if (xs[i + 1] - xs[i] > widest.width()) widest = {xs[i], xs[i + 1], y};
  return widest;
}

/// The widest stretch of `count` scan lines spread evenly over the polygon's height.
Stretch widest_of(const Polygon& polygon, int count) {
  const Box box = bounds(polygon.outer);
  const std::int64_t height = std::int64_t{box.max.y} - box.min.y;
  Stretch widest;
  for (int i = 0; i < count; ++i) {
    const Stretch s = widest_at(polygon, static_cast<std::int32_t>(box.min.y + height * (2 * i + 1) / (2 * count)));
    if (s.width() > widest.width()) widest = s;
  }
  return widest;
}

}  // namespace

Position inner_point(const MultiPolygon& polygons) noexcept {
  if (polygons.empty()) return {};
  const Polygon& largest = *std::max_element(polygons.begin(), polygons.end(), [](const Polygon& a, const Polygon& b) {
    return doubled_area(a) < doubled_area(b);
  });
  if (largest.outer.empty()) return {};
  for (const int lines : {7, 61}) {
    const Stretch s = widest_of(largest, lines);
    const Position p{static_cast<std::int32_t>(std::floor((s.from + s.to) / 2)), s.y};
    if (s.width() > 0 && contains({largest}, p)) return p;
  }
  return largest.outer.front();
}

}  // namespace wangge
