#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace wangge::verify {

/// A place in integers of 1e-7 degree: x is the longitude, y the latitude.
struct Point {
  std::int32_t x = 0, y = 0;
  friend auto operator<=>(const Point&, const Point&) = default;
};

inline constexpr double per_degree = 1e7;

/// A place in degrees, for messages.
struct Place {
  double lng = 0, lat = 0;
};

inline Place place_of(Point p) { return {p.x / per_degree, p.y / per_degree}; }

using Line = std::vector<Point>;
/// A closed ring; the first point is not repeated.
using Ring = std::vector<Point>;
/// The outer ring runs counter-clockwise, holes (all rings after the first) run clockwise.
using Polygon = std::vector<Ring>;
using Polygons = std::vector<Polygon>;

/// A directed edge of a ring, the inside on its left.
struct Edge {
  Point a, b;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

/// True where p lies on the line a–b between its ends. Exact.
bool strictly_between(Point a, Point b, Point p);

/// True where the ring runs counter-clockwise. Exact.
bool counter_clockwise(const Ring& ring);

/// Calls visit(Edge) for every edge of every ring.
template <class Visit>
void each_edge(const Polygons& polygons, Visit visit) {
  for (const Polygon& polygon : polygons)
    for (const Ring& ring : polygon)
      for (std::size_t i = 0; i < ring.size(); ++i) visit(Edge{ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]});
}

/// Metres a lattice unit, east and north, at the latitude `y` (lattice units, fractions allowed); WGS 84.
struct Scale {
  double east = 0, north = 0;
};
Scale scale_at(double y);

/// On the WGS 84 ellipsoid: an edge straight in longitude and latitude, in metres; the rings' area in m².
double length_m(Point a, Point b);
double perimeter_m(const Polygons& polygons);
double area_m2(const Polygons& polygons);

}  // namespace wangge::verify
