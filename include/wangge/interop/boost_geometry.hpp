#pragma once

/// Makes wangge's types first-class in Boost.Geometry (1.74 or later): Position and LngLat are points, Box is a box,
/// Ring is an open counter-clockwise ring, Polygon and MultiPolygon are themselves (Line has the type of Ring). The
/// coordinate system is cartesian, in lattice units or degrees. Include it in few places; Boost.Geometry is slow to
/// compile.

#include <boost/geometry/core/access.hpp>
#include <boost/geometry/core/closure.hpp>
#include <boost/geometry/core/coordinate_dimension.hpp>
#include <boost/geometry/core/coordinate_system.hpp>
#include <boost/geometry/core/coordinate_type.hpp>
#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/core/exterior_ring.hpp>
#include <boost/geometry/core/interior_rings.hpp>
#include <boost/geometry/core/interior_type.hpp>
#include <boost/geometry/core/point_order.hpp>
#include <boost/geometry/core/point_type.hpp>
#include <boost/geometry/core/ring_type.hpp>
#include <boost/geometry/core/tag.hpp>
#include <boost/geometry/core/tags.hpp>
#include <boost/geometry/geometries/register/box.hpp>
#include <boost/geometry/geometries/register/multi_polygon.hpp>
#include <boost/geometry/geometries/register/point.hpp>
#include <boost/geometry/geometries/register/ring.hpp>

#include <cstdint>
#include <vector>

#include <wangge/geometry.hpp>

BOOST_GEOMETRY_REGISTER_POINT_2D(wangge::Position, std::int32_t, boost::geometry::cs::cartesian, x, y)
BOOST_GEOMETRY_REGISTER_POINT_2D(wangge::LngLat, double, boost::geometry::cs::cartesian, lng, lat)
BOOST_GEOMETRY_REGISTER_BOX(wangge::Box, wangge::Position, min, max)
BOOST_GEOMETRY_REGISTER_RING(wangge::Ring)
BOOST_GEOMETRY_REGISTER_MULTI_POLYGON(wangge::MultiPolygon)

namespace boost::geometry::traits {

template <>
struct point_order<wangge::Ring> {
  static constexpr order_selector value = counterclockwise;
};
template <>
struct closure<wangge::Ring> {
  static constexpr closure_selector value = open;
};

template <>
struct tag<wangge::Polygon> {
  using type = polygon_tag;
};
template <>
struct ring_const_type<wangge::Polygon> {
  using type = const wangge::Ring&;
};
template <>
struct ring_mutable_type<wangge::Polygon> {
  using type = wangge::Ring&;
};
template <>
struct interior_const_type<wangge::Polygon> {
  using type = const std::vector<wangge::Ring>&;
};
template <>
struct interior_mutable_type<wangge::Polygon> {
  using type = std::vector<wangge::Ring>&;
};
template <>
struct exterior_ring<wangge::Polygon> {
  static wangge::Ring& get(wangge::Polygon& polygon) { return polygon.outer; }
  static const wangge::Ring& get(const wangge::Polygon& polygon) { return polygon.outer; }
};
template <>
struct interior_rings<wangge::Polygon> {
  static std::vector<wangge::Ring>& get(wangge::Polygon& polygon) { return polygon.holes; }
  static const std::vector<wangge::Ring>& get(const wangge::Polygon& polygon) { return polygon.holes; }
};

}  // namespace boost::geometry::traits
