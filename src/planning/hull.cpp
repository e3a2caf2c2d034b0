#include <geos_c.h>

#include <algorithm>
#include <functional>
#include <memory>

#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge {
namespace {

struct Context {
  GEOSContextHandle_t handle = GEOS_init_r();
  ~Context() { GEOS_finish_r(handle); }
};

using Geometry = std::unique_ptr<GEOSGeometry, std::function<void(GEOSGeometry*)>>;

Geometry own(const Context& context, GEOSGeometry* geometry) {
  if (!geometry)
    throw Error(Errc::invalid_geometry, "no outline could be drawn round the units; give the areas with --areas");
  return {geometry, [&context](GEOSGeometry* g) { GEOSGeom_destroy_r(context.handle, g); }};
}

std::vector<Position> corners(Units units) {
  std::vector<Position> all;
  for (const Unit& unit : units) {
    all.push_back(unit.position);
    for (const Polygon& polygon : unit.footprint) all.insert(all.end(), polygon.outer.begin(), polygon.outer.end());
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Geometry points(const Context& context, const std::vector<Position>& positions, const LocalFrame& frame) {
  std::vector<GEOSGeometry*> members;
  for (const Position p : positions) {
    const auto m = frame.to_metres(p);
    members.push_back(GEOSGeom_createPointFromXY_r(context.handle, m.x, m.y));
  }
  return own(context, GEOSGeom_createCollection_r(context.handle, GEOS_MULTIPOINT, members.data(),
                                                  static_cast<unsigned>(members.size())));
}

Ring to_ring(const Context& context, const GEOSGeometry* line, const LocalFrame& frame) {
  Ring ring;
  const int count = GEOSGeomGetNumPoints_r(context.handle, line);
  const GEOSCoordSequence* coordinates = GEOSGeom_getCoordSeq_r(context.handle, line);
  for (int i = 0; i + 1 < count; ++i) {
    LocalFrame::Metres m;
    GEOSCoordSeq_getXY_r(context.handle, coordinates, static_cast<unsigned>(i), &m.x, &m.y);
    const Position p = frame.to_position(m);
    if (ring.empty() || ring.back() != p) ring.push_back(p);
  }
  return ring;
}

}  // namespace

MultiPolygon area_around(Units units, double margin_m) {
  if (units.empty())
    throw Error(Errc::invalid_argument, "there are no units to draw an area round; give units or areas");
  constexpr double ratio = 0.2;  // of the longest edge of the points' triangulation: hugs the town, not each house
  const Context context;
  const std::vector<Position> positions = corners(units);
  const LocalFrame frame(positions[positions.size() / 2]);
  const Geometry all = points(context, positions, frame);
  const Geometry hull = positions.size() < 4 ? own(context, GEOSConvexHull_r(context.handle, all.get()))
                                             : own(context, GEOSConcaveHull_r(context.handle, all.get(), ratio, 0));
  const Geometry wide = own(context, GEOSBuffer_r(context.handle, hull.get(), margin_m, 4));
  const Geometry smooth = own(context, GEOSTopologyPreserveSimplify_r(context.handle, wide.get(), margin_m / 20));
  MultiPolygon result;
  for (int i = 0; i < GEOSGetNumGeometries_r(context.handle, smooth.get()); ++i) {
    const GEOSGeometry* part = GEOSGetGeometryN_r(context.handle, smooth.get(), i);
    result.push_back({to_ring(context, GEOSGetExteriorRing_r(context.handle, part), frame), {}});
    if (doubled_area(result.back().outer) < 0) std::ranges::reverse(result.back().outer);
  }
  return result;
}

}  // namespace wangge
