#pragma once

#include <geos_c.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "verify/lattice.hpp"

namespace wangge::verify {

/// GEOS geometries in lattice units, freed by themselves. Calls that GEOS refuses throw Error `invalid_geometry`.
struct FreeGeometry {
  void operator()(GEOSGeometry* geometry) const;
};
using Geometry = std::unique_ptr<GEOSGeometry, FreeGeometry>;

/// Rings of fewer than three points are left out.
Geometry to_geometry(const Polygons& polygons);
Geometry line_geometry(const std::vector<Line>& lines);
Geometry point_geometry(double x, double y);

/// Why the polygons are not valid and where, or nothing.
struct Flaw {
  std::string reason;
  Place place;
};
std::optional<Flaw> flaw_of(const Geometry& geometry);

/// The polygons of a geometry that may be invalid.
Geometry made_valid(const Geometry& geometry);

Geometry united(const std::vector<const GEOSGeometry*>& geometries);
Geometry intersection(const GEOSGeometry* a, const GEOSGeometry* b);
Geometry difference(const GEOSGeometry* a, const GEOSGeometry* b);
/// Shrunk by so many lattice units on every side.
Geometry shrunk(const GEOSGeometry* geometry, double units);

/// The polygons that a geometry consists of; they live as long as it does.
std::vector<const GEOSGeometry*> polygons_of(const Geometry& geometry);
/// The vertices of a point, a line or a ring.
struct Vertex {
  double x = 0, y = 0;
};
std::vector<Vertex> vertices_of(const GEOSGeometry* geometry);
/// The outer ring and the holes of a polygon.
std::vector<std::vector<Vertex>> rings_of(const GEOSGeometry* polygon);
/// Points and vertices that two lines have in common.
std::vector<Vertex> meetings(const GEOSGeometry* a, const GEOSGeometry* b);

/// In square lattice units, to compare sums with.
double area_units(const GEOSGeometry* geometry);
/// In m², by the scale at the middle of each polygon: for parts of a plan.
double area_m2(const GEOSGeometry* geometry);

/// A point inside, or nothing where the geometry is empty.
std::optional<Vertex> inner_point(const GEOSGeometry* geometry);

/// Metres between two places that are near each other.
double distance_m(Vertex a, Vertex b);
inline Place place_of(Vertex v) { return {v.x / per_degree, v.y / per_degree}; }

/// The triangles of the Delaunay triangulation of some places.
std::vector<std::array<Vertex, 3>> delaunay_triangles(std::span<const Vertex> places);

/// The faces that lines enclose, after noding them on the lattice (they may move by a lattice unit).
struct Faces {
  Geometry all;
  std::vector<const GEOSGeometry*> polygons;
};
Faces faces_of(const std::vector<Line>& lines);

struct Box {
  double min_x = 0, min_y = 0, max_x = 0, max_y = 0;
  Box grown(double x, double y) const { return {min_x - x, min_y - y, max_x + x, max_y + y}; }
};
Box box_of(std::span<const Point> points);
Box box_of(const GEOSGeometry* geometry);

/// A geometry that answers many questions.
class Prepared {
 public:
  explicit Prepared(const Geometry& geometry) : Prepared(geometry.get()) {}
  explicit Prepared(const GEOSGeometry* geometry);
  bool covers(const GEOSGeometry* other) const;
  bool contains_properly(const GEOSGeometry* other) const;
  bool intersects(const GEOSGeometry* other) const;

 private:
  struct Free {
    void operator()(const GEOSPreparedGeometry* geometry) const;
  };
  std::unique_ptr<const GEOSPreparedGeometry, Free> prepared_;
};

/// Finds boxes by box (an STR tree). Answers come in ascending order.
class BoxIndex {
 public:
  explicit BoxIndex(const std::vector<Box>& boxes);
  std::vector<std::size_t> meeting(const Box& box) const;

 private:
  struct Free {
    void operator()(GEOSSTRtree* tree) const;
  };
  std::vector<Geometry> keys_;
  std::unique_ptr<GEOSSTRtree, Free> tree_;
};

}  // namespace wangge::verify
