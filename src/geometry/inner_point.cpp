#include <wangge/geometry.hpp>

#include <algorithm>
#include <cmath>

namespace wangge {
namespace {

/// A stretch of a scan line inside a polygon.
struct Stretch {
  double from = 0, to = 0;
  double width() const { return to - from; }
  std::int32_t middle() const { return static_cast<std::int32_t>(std::floor(from + width() / 2)); }
};

using Axis = std::int32_t Position::*;

/// Where the line `across` = at runs inside the polygon, along the other axis.
std::vector<Stretch> stretches(const Polygon& polygon, Axis along, Axis across, std::int32_t at) {
  std::vector<double> hits;
  const auto add = [&](const Ring& ring) {
    if (ring.empty()) return;
    Position a = ring.back();
    for (const Position b : ring) {
      if ((a.*across <= at) != (b.*across <= at))
        hits.push_back(a.*along +
                       (double(b.*along) - a.*along) * (double(at) - a.*across) / (double(b.*across) - a.*across));
      a = b;
    }
  };
  add(polygon.outer);
  for (const Ring& hole : polygon.holes) add(hole);
  std::sort(hits.begin(), hits.end());
  std::vector<Stretch> result;
  for (std::size_t i = 0; i + 1 < hits.size(); i += 2) result.push_back({hits[i], hits[i + 1]});
  return result;
}

Stretch widest(const std::vector<Stretch>& all) {
  const auto at = std::max_element(all.begin(), all.end(), [](Stretch s, Stretch t) { return s.width() < t.width(); });
  return at == all.end() ? Stretch{} : *at;
}

/// The middle of the widest stretch of `count` parallels spread evenly over the polygon.
Position middle_of_widest(const Polygon& polygon, int count) {
  const Box box = bounds(polygon.outer);
  const std::int64_t height = std::int64_t{box.max.y} - box.min.y;
  Stretch best;
  Position p = box.min;
  for (int i = 0; i < count; ++i) {
    const auto y = static_cast<std::int32_t>(box.min.y + height * (2 * i + 1) / (2 * count));
    const Stretch s = widest(stretches(polygon, &Position::x, &Position::y, y));
    if (s.width() <= best.width()) continue;
    best = s;
    p = {s.middle(), y};
  }
  return p;
}

/// Moves p to the middle of the stretch it is on, along one axis.
Position centred(const Polygon& polygon, Position p, Axis along, Axis across) {
  for (const Stretch& s : stretches(polygon, along, across, p.*across)) {
    if (s.from > p.*along || p.*along > s.to) continue;
    p.*along = s.middle();
    break;
  }
  return p;
}

}  // namespace

Position inner_point(const MultiPolygon& polygons) noexcept {
  const auto largest = std::max_element(polygons.begin(), polygons.end(), [](const Polygon& a, const Polygon& b) {
    return doubled_area(a) < doubled_area(b);
  });
  if (largest == polygons.end() || largest->outer.empty()) return {};
  for (const int parallels : {7, 61}) {
    Position p = middle_of_widest(*largest, parallels);
    if (!contains({*largest}, p)) continue;
    const Position further =
        centred(*largest, centred(*largest, p, &Position::y, &Position::x), &Position::x, &Position::y);
    return contains({*largest}, further) ? further : p;
  }
  return largest->outer.front();
}

}  // namespace wangge
