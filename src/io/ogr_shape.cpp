#include "io/ogr_shape.hpp"

namespace wangge::io {
namespace {

RawLine to_raw(const OGRSimpleCurve& curve, bool swap) {
  RawLine line;
  line.reserve(static_cast<std::size_t>(curve.getNumPoints()));
  for (int i = 0; i < curve.getNumPoints(); ++i)
    line.push_back(swap ? LngLat{curve.getY(i), curve.getX(i)} : LngLat{curve.getX(i), curve.getY(i)});
  return line;
}

}  // namespace

void add_geometry(Shape& shape, const OGRGeometry& geometry, bool swap) {
  if (geometry.IsEmpty()) return;
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbPoint: {
      const OGRPoint& point = *geometry.toPoint();
      shape.points.push_back(swap ? LngLat{point.getY(), point.getX()} : LngLat{point.getX(), point.getY()});
      return;
    }
    case wkbLineString:
      shape.lines.push_back(to_raw(*geometry.toLineString(), swap));
      return;
    case wkbPolygon:
    case wkbTriangle: {
      RawPolygon polygon;
      for (const OGRLinearRing* ring : *geometry.toPolygon()) polygon.push_back(to_raw(*ring, swap));
      shape.polygons.push_back(std::move(polygon));
      return;
    }
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbMultiPolygon:
    case wkbGeometryCollection:
      for (const OGRGeometry* part : *geometry.toGeometryCollection()) add_geometry(shape, *part, swap);
      return;
    case wkbPolyhedralSurface:
    case wkbTIN:
      for (const OGRPolygon* part : *geometry.toPolyhedralSurface()) add_geometry(shape, *part, swap);
      return;
    default:
      if (geometry.hasCurveGeometry()) {
        const std::unique_ptr<OGRGeometry> straight(geometry.getLinearGeometry());
        if (straight && !straight->hasCurveGeometry()) add_geometry(shape, *straight, swap);
      }
  }
}

}  // namespace wangge::io
