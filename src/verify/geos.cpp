#include "verify/geos.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <wangge/error.hpp>

namespace wangge::verify {
namespace {

/// One context a thread, with the last message that GEOS gave.
struct Context {
  Context() : handle(GEOS_init_r()) { GEOSContext_setErrorMessageHandler_r(handle, keep, this); }
  ~Context() { GEOS_finish_r(handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  static void keep(const char* message, void* self) { static_cast<Context*>(self)->message = message; }
  GEOSContextHandle_t handle;
  std::string message;
};

Context& context() {
  thread_local Context the_context;
  return the_context;
}

GEOSContextHandle_t geos() { return context().handle; }

[[noreturn]] void refuse() {
  throw Error(Errc::invalid_geometry, "GEOS could not work this plan out: " + context().message);
}

Geometry own(GEOSGeometry* geometry) {
  if (!geometry) refuse();
  return Geometry(geometry);
}

bool answer(char value) {
  if (value == 2) refuse();
  return value == 1;
}

GEOSCoordSequence* sequence(const Line& line, bool closed) {
  std::vector<double> buffer;
  buffer.reserve(2 * line.size() + 2);
  for (const Point p : line) buffer.insert(buffer.end(), {double(p.x), double(p.y)});
  if (closed) buffer.insert(buffer.end(), {double(line[0].x), double(line[0].y)});
  return GEOSCoordSeq_copyFromBuffer_r(geos(), buffer.data(), static_cast<unsigned>(buffer.size() / 2), 0, 0);
}

Geometry collect(int type, std::vector<Geometry>&& parts) {
  std::vector<GEOSGeometry*> raw;
  for (Geometry& part : parts) raw.push_back(part.release());
  return own(GEOSGeom_createCollection_r(geos(), type, raw.data(), static_cast<unsigned>(raw.size())));
}

Geometry polygon_geometry(const Polygon& polygon) {
  std::vector<GEOSGeometry*> rings;
  for (const Ring& ring : polygon)
    if (ring.size() >= 3) rings.push_back(GEOSGeom_createLinearRing_r(geos(), sequence(ring, true)));
  return own(GEOSGeom_createPolygon_r(geos(), rings[0], rings.data() + 1, static_cast<unsigned>(rings.size() - 1)));
}

Geometry copy_of(const GEOSGeometry* geometry) { return own(GEOSGeom_clone_r(geos(), geometry)); }

void add_polygons(const GEOSGeometry* geometry, std::vector<const GEOSGeometry*>& polygons) {
  const int type = GEOSGeomTypeId_r(geos(), geometry);
  if (type == GEOS_POLYGON) {
    if (!answer(GEOSisEmpty_r(geos(), geometry))) polygons.push_back(geometry);
  } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos(), geometry); ++i)
      add_polygons(GEOSGetGeometryN_r(geos(), geometry, i), polygons);
  }
}

void add_vertices(const GEOSGeometry* geometry, std::vector<Vertex>& vertices) {
  const int type = GEOSGeomTypeId_r(geos(), geometry);
  if (type == GEOS_POINT || type == GEOS_LINESTRING) {
    if (answer(GEOSisEmpty_r(geos(), geometry))) return;
    const std::vector<Vertex> some = vertices_of(geometry);
    vertices.insert(vertices.end(), some.begin(), some.end());
  } else if (type >= GEOS_MULTIPOINT) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos(), geometry); ++i)
      add_vertices(GEOSGetGeometryN_r(geos(), geometry, i), vertices);
  }
}

Geometry key(const Box& box) {
  const double corners[] = {box.min_x, box.min_y, box.max_x, box.max_y};
  return own(GEOSGeom_createLineString_r(geos(), GEOSCoordSeq_copyFromBuffer_r(geos(), corners, 2, 0, 0)));
}

}  // namespace

void FreeGeometry::operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(geos(), geometry); }

Geometry to_geometry(const Polygons& polygons) {
  std::vector<Geometry> parts;
  for (const Polygon& polygon : polygons)
    if (!polygon.empty() && polygon[0].size() >= 3) parts.push_back(polygon_geometry(polygon));
  return collect(GEOS_MULTIPOLYGON, std::move(parts));
}

Geometry line_geometry(const std::vector<Line>& lines) {
  std::vector<Geometry> parts;
  for (const Line& line : lines)
    if (line.size() >= 2) parts.push_back(own(GEOSGeom_createLineString_r(geos(), sequence(line, false))));
  return collect(GEOS_MULTILINESTRING, std::move(parts));
}

Geometry point_geometry(double x, double y) { return own(GEOSGeom_createPointFromXY_r(geos(), x, y)); }

std::optional<Flaw> flaw_of(const Geometry& geometry) {
  char* reason = nullptr;
  GEOSGeometry* where = nullptr;
  const bool valid = answer(GEOSisValidDetail_r(geos(), geometry.get(), 0, &reason, &where));
  const Geometry owned(where);
  const std::unique_ptr<char, void (*)(char*)> text(reason, [](char* p) { GEOSFree_r(geos(), p); });
  if (valid) return std::nullopt;
  return Flaw{reason ? reason : "invalid", where ? place_of(vertices_of(where)[0]) : Place{}};
}

Geometry made_valid(const Geometry& geometry) {
  if (answer(GEOSisValid_r(geos(), geometry.get()))) return copy_of(geometry.get());
  const Geometry mended = own(GEOSMakeValid_r(geos(), geometry.get()));
  std::vector<Geometry> parts;
  for (const GEOSGeometry* polygon : polygons_of(mended)) parts.push_back(copy_of(polygon));
  return collect(GEOS_MULTIPOLYGON, std::move(parts));
}

Geometry united(const std::vector<const GEOSGeometry*>& geometries) {
  std::vector<Geometry> copies;
  for (const GEOSGeometry* geometry : geometries) copies.push_back(copy_of(geometry));
  return own(GEOSUnaryUnion_r(geos(), collect(GEOS_GEOMETRYCOLLECTION, std::move(copies)).get()));
}

Geometry intersection(const GEOSGeometry* a, const GEOSGeometry* b) { return own(GEOSIntersection_r(geos(), a, b)); }
Geometry difference(const GEOSGeometry* a, const GEOSGeometry* b) { return own(GEOSDifference_r(geos(), a, b)); }
Geometry shrunk(const GEOSGeometry* geometry, double units) {
  return own(GEOSBufferWithStyle_r(geos(), geometry, -units, 2, GEOSBUF_CAP_FLAT, GEOSBUF_JOIN_MITRE, 4));
}

std::vector<const GEOSGeometry*> polygons_of(const Geometry& geometry) {
  std::vector<const GEOSGeometry*> polygons;
  add_polygons(geometry.get(), polygons);
  return polygons;
}

std::vector<Vertex> vertices_of(const GEOSGeometry* geometry) {
  const GEOSCoordSequence* coordinates = GEOSGeom_getCoordSeq_r(geos(), geometry);
  unsigned size = 0;
  if (!coordinates || !GEOSCoordSeq_getSize_r(geos(), coordinates, &size)) refuse();
  static_assert(sizeof(Vertex) == 2 * sizeof(double));
  std::vector<Vertex> vertices(size);
  if (size && !GEOSCoordSeq_copyToBuffer_r(geos(), coordinates, &vertices[0].x, 0, 0)) refuse();
  return vertices;
}

std::vector<std::vector<Vertex>> rings_of(const GEOSGeometry* polygon) {
  std::vector<std::vector<Vertex>> rings{vertices_of(GEOSGetExteriorRing_r(geos(), polygon))};
  for (int i = 0; i < GEOSGetNumInteriorRings_r(geos(), polygon); ++i)
    rings.push_back(vertices_of(GEOSGetInteriorRingN_r(geos(), polygon, i)));
  return rings;
}

std::vector<Vertex> meetings(const GEOSGeometry* a, const GEOSGeometry* b) {
  std::vector<Vertex> points;
  add_vertices(intersection(a, b).get(), points);
  return points;
}

double area_units(const GEOSGeometry* geometry) {
  double area = 0;
  if (!GEOSArea_r(geos(), geometry, &area)) refuse();
  return area;
}

double area_m2(const GEOSGeometry* geometry) {
  std::vector<const GEOSGeometry*> polygons;
  add_polygons(geometry, polygons);
  double sum = 0;
  for (const GEOSGeometry* polygon : polygons) {
    const Box box = box_of(polygon);
    const Scale scale = scale_at((box.min_y + box.max_y) / 2);
    sum += area_units(polygon) * scale.east * scale.north;
  }
  return sum;
}

std::optional<Vertex> inner_point(const GEOSGeometry* geometry) {
  if (answer(GEOSisEmpty_r(geos(), geometry))) return std::nullopt;
  const Geometry point = own(GEOSPointOnSurface_r(geos(), geometry));
  if (answer(GEOSisEmpty_r(geos(), point.get()))) return std::nullopt;
  return vertices_of(point.get())[0];
}

double distance_m(Vertex a, Vertex b) {
  const Scale scale = scale_at((a.y + b.y) / 2);
  return std::hypot((b.x - a.x) * scale.east, (b.y - a.y) * scale.north);
}

std::vector<std::array<Vertex, 3>> delaunay_triangles(std::span<const Vertex> places) {
  std::vector<Geometry> points;
  for (const Vertex place : places) points.push_back(point_geometry(place.x, place.y));
  const Geometry all = collect(GEOS_MULTIPOINT, std::move(points));
  const Geometry drawn = own(GEOSDelaunayTriangulation_r(geos(), all.get(), 0, 0));
  std::vector<std::array<Vertex, 3>> triangles;
  for (const GEOSGeometry* polygon : polygons_of(drawn)) {
    const std::vector<Vertex> ring = rings_of(polygon)[0];
    triangles.push_back({ring[0], ring[1], ring[2]});
  }
  return triangles;
}

Faces faces_of(const std::vector<Line>& lines) {
  const Geometry noded = own(GEOSUnaryUnionPrec_r(geos(), line_geometry(lines).get(), 1.0));
  const GEOSGeometry* input[] = {noded.get()};
  Faces faces;
  faces.all = own(GEOSPolygonize_r(geos(), input, 1));
  faces.polygons = polygons_of(faces.all);
  return faces;
}

Box box_of(std::span<const Point> points) {
  Box box{points[0].x + 0.0, points[0].y + 0.0, points[0].x + 0.0, points[0].y + 0.0};
  for (const Point p : points) {
    box = {std::min<double>(box.min_x, p.x), std::min<double>(box.min_y, p.y), std::max<double>(box.max_x, p.x),
           std::max<double>(box.max_y, p.y)};
  }
  return box;
}

Box box_of(const GEOSGeometry* geometry) {
  Box box;
  if (answer(GEOSisEmpty_r(geos(), geometry))) return {0, 0, -1, -1};
  if (!GEOSGeom_getXMin_r(geos(), geometry, &box.min_x) || !GEOSGeom_getYMin_r(geos(), geometry, &box.min_y) ||
      !GEOSGeom_getXMax_r(geos(), geometry, &box.max_x) || !GEOSGeom_getYMax_r(geos(), geometry, &box.max_y))
    refuse();
  return box;
}

Prepared::Prepared(const GEOSGeometry* geometry) : prepared_(GEOSPrepare_r(geos(), geometry)) {
  if (!prepared_) refuse();
}
void Prepared::Free::operator()(const GEOSPreparedGeometry* geometry) const {
  GEOSPreparedGeom_destroy_r(geos(), geometry);
}
bool Prepared::covers(const GEOSGeometry* other) const {
  return answer(GEOSPreparedCovers_r(geos(), prepared_.get(), other));
}
bool Prepared::contains_properly(const GEOSGeometry* other) const {
  return answer(GEOSPreparedContainsProperly_r(geos(), prepared_.get(), other));
}
bool Prepared::intersects(const GEOSGeometry* other) const {
  return answer(GEOSPreparedIntersects_r(geos(), prepared_.get(), other));
}

BoxIndex::BoxIndex(const std::vector<Box>& boxes) : tree_(GEOSSTRtree_create_r(geos(), 10)) {
  keys_.reserve(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].max_x < boxes[i].min_x) continue;
    keys_.push_back(key(boxes[i]));
    GEOSSTRtree_insert_r(geos(), tree_.get(), keys_.back().get(), reinterpret_cast<void*>(i + 1));
  }
}
void BoxIndex::Free::operator()(GEOSSTRtree* tree) const { GEOSSTRtree_destroy_r(geos(), tree); }

std::vector<std::size_t> BoxIndex::meeting(const Box& box) const {
  std::vector<std::size_t> found;
  if (keys_.empty() || box.max_x < box.min_x) return found;
  const auto keep = [](void* item, void* to) {
    static_cast<std::vector<std::size_t>*>(to)->push_back(reinterpret_cast<std::size_t>(item) - 1);
  };
  GEOSSTRtree_query_r(geos(), tree_.get(), key(box).get(), keep, &found);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace wangge::verify
