#include <algorithm>

#include <wangge/change_set.hpp>

namespace wangge {
namespace {

/// The ring without vertices on straight runs, from its least position on, anticlockwise or clockwise as asked for.
Ring plain(const Ring& ring, bool anticlockwise) {
  Ring distinct;
  for (const Position p : ring) {
    if (distinct.empty() || distinct.back() != p) distinct.push_back(p);
  }
  while (distinct.size() > 1 && distinct.front() == distinct.back()) distinct.pop_back();
  Ring corners;
  for (std::size_t i = 0, n = distinct.size(); i < n; ++i) {
    if (orientation(distinct[(i + n - 1) % n], distinct[i], distinct[(i + 1) % n]) != 0) corners.push_back(distinct[i]);
  }
  if ((doubled_area(corners) > 0) != anticlockwise) std::reverse(corners.begin(), corners.end());
  std::rotate(corners.begin(), std::min_element(corners.begin(), corners.end()), corners.end());
  return corners;
}

/// The rings of each polygon, the outer one first; both in an order of their own.
std::vector<std::vector<Ring>> plain(const MultiPolygon& polygons) {
  std::vector<std::vector<Ring>> all;
  for (const Polygon& polygon : polygons) {
    std::vector<Ring> rings{plain(polygon.outer, true)};
    for (const Ring& hole : polygon.holes) rings.push_back(plain(hole, false));
    std::sort(rings.begin() + 1, rings.end());
    all.push_back(std::move(rings));
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

bool same_ground(const MultiPolygon& a, const MultiPolygon& b) { return a == b || plain(a) == plain(b); }

bool same_area(const GridRecord& a, const GridRecord& b) {
  return a.code == b.code && a.name == b.name && a.level == b.level && a.parent == b.parent && a.kind == b.kind &&
         same_ground(a.polygons, b.polygons);
}

}  // namespace wangge
