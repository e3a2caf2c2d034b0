#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include <wangge/export.hpp>

namespace wangge {

/// A place on the WGS 84 ellipsoid, in degrees.
struct LngLat {
  double lng = 0, lat = 0;
  friend bool operator==(const LngLat&, const LngLat&) = default;
};

/// A place on the lattice of 1e-7 degree (1.1 cm at most), as in OpenStreetMap: x is the longitude, y the latitude.
/// Every decision (left of, inside, equal) is exact integer arithmetic on positions; edges are straight in
/// longitude and latitude, so a 1 km edge straight in a Gauss-Krüger sheet moves by 1–2 cm.
struct Position {
  std::int32_t x = 0, y = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

inline constexpr double lattice_per_degree = 1e7;

/// True where the place is a finite number of degrees within ±180 and ±90.
WANGGE_EXPORT bool on_earth(LngLat place) noexcept;

/// The nearest lattice position; ties go to the even neighbour. The place must be `on_earth`.
WANGGE_EXPORT Position to_lattice(LngLat place) noexcept;

WANGGE_EXPORT LngLat to_degrees(Position position) noexcept;

/// A closed ring; the first position is not repeated at the end.
using Ring = std::vector<Position>;

/// An open line of two or more positions.
using Line = std::vector<Position>;

/// The outer ring runs counter-clockwise, holes run clockwise.
struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
  friend bool operator==(const Polygon&, const Polygon&) = default;
};

using MultiPolygon = std::vector<Polygon>;

__extension__ typedef __int128 Int128;

/// +1 where c is left of the line a→b, -1 right, 0 on it. Exact everywhere on Earth.
constexpr int orientation(Position a, Position b, Position c) noexcept {
  // Each product is at most 3.6e9 · 1.8e9 < 2^63; their difference may not be, so they are compared.
  const std::int64_t p = (std::int64_t{b.x} - a.x) * (std::int64_t{c.y} - a.y);
  const std::int64_t q = (std::int64_t{b.y} - a.y) * (std::int64_t{c.x} - a.x);
  return (p > q) - (p < q);
}

/// True where p lies on the closed segment a–b. Exact.
WANGGE_EXPORT bool on_segment(Position a, Position b, Position p) noexcept;

/// True where the closed segments a–b and c–d share a position of the plane. Exact.
WANGGE_EXPORT bool segments_meet(Position a, Position b, Position c, Position d) noexcept;

/// Twice the signed area in lattice units; positive where the ring runs counter-clockwise. Exact.
WANGGE_EXPORT Int128 doubled_area(std::span<const Position> ring) noexcept;
WANGGE_EXPORT Int128 doubled_area(const Polygon& polygon) noexcept;
WANGGE_EXPORT Int128 doubled_area(const MultiPolygon& polygons) noexcept;

/// Half-open containment: p stands for p + (ε, ε²), so that a western or southern border belongs and an eastern or
/// northern one does not, and every position has exactly one owner in a coverage. Exact.
WANGGE_EXPORT bool contains(std::span<const Position> ring, Position p) noexcept;
WANGGE_EXPORT bool contains(const MultiPolygon& polygons, Position p) noexcept;

struct WANGGE_EXPORT Box {
  Position min{INT32_MAX, INT32_MAX}, max{INT32_MIN, INT32_MIN};
  bool empty() const noexcept { return min.x > max.x; }
  void add(Position p) noexcept;
  void add(const Box& other) noexcept;
  bool contains(Position p) const noexcept { return p.x >= min.x && p.x <= max.x && p.y >= min.y && p.y <= max.y; }
  bool meets(const Box& o) const noexcept {
    return min.x <= o.max.x && o.min.x <= max.x && min.y <= o.max.y && o.min.y <= max.y;
  }
};
WANGGE_EXPORT Box bounds(std::span<const Position> positions) noexcept;
WANGGE_EXPORT Box bounds(const MultiPolygon& polygons) noexcept;

/// Metres east and north of an origin: a plane tangent in scale to the WGS 84 ellipsoid at that origin. Lengths are
/// good to 1e-4 within 20 km of latitude. For measuring only: nothing branches on a double without an integer
/// tie-break.
struct WANGGE_EXPORT LocalFrame {
  explicit LocalFrame(Position origin) noexcept;
  struct Metres {
    double x = 0, y = 0;
  };
  Metres to_metres(Position p) const noexcept {
    return {(double(p.x) - origin.x) * metres_per_x, (double(p.y) - origin.y) * metres_per_y};
  }
  /// The nearest lattice position.
  Position to_position(Metres m) const noexcept;
  Position origin;
  double metres_per_x, metres_per_y;  ///< metres a lattice unit
};

/// Length of the segment on the WGS 84 ellipsoid, in metres (radii of curvature at the middle latitude; Rapp,
/// Geometric Geodesy, 1991); good to 1e-6 for edges up to 10 km.
WANGGE_EXPORT double length_m(Position a, Position b) noexcept;
WANGGE_EXPORT double length_m(std::span<const Position> line) noexcept;
/// Length of the closed ring, in metres.
WANGGE_EXPORT double perimeter_m(std::span<const Position> ring) noexcept;
/// Length of all rings, in metres.
WANGGE_EXPORT double perimeter_m(const MultiPolygon& polygons) noexcept;

/// Signed area on the WGS 84 ellipsoid in m², edges straight in longitude and latitude: the authalic function of the
/// latitude (Snyder, Map Projections, USGS 1395, eq. 3-12) integrated along each edge by Gauss-Legendre quadrature.
WANGGE_EXPORT double area_m2(std::span<const Position> ring) noexcept;
WANGGE_EXPORT double area_m2(const Polygon& polygon) noexcept;
WANGGE_EXPORT double area_m2(const MultiPolygon& polygons) noexcept;

/// Polsby-Popper compactness 4π·area/perimeter² (Polsby and Popper, 1991): 1 for a disc, near 0 for a thread.
WANGGE_EXPORT double polsby_popper(double area_m2, double perimeter_m) noexcept;

/// Second moment of area about the centroid in m⁴; divided by the area, the squared radius of gyration.
WANGGE_EXPORT double moment_of_inertia_m4(const MultiPolygon& polygons) noexcept;

/// Centre of gravity, rounded to the lattice; may lie outside. The polygons must not be empty.
WANGGE_EXPORT Position centroid(const MultiPolygon& polygons) noexcept;

/// A position well inside (on the widest of a few scan lines); inside unless the polygons are thinner than the lattice.
WANGGE_EXPORT Position inner_point(const MultiPolygon& polygons) noexcept;

}  // namespace wangge
