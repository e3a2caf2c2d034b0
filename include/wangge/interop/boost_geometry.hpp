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

#include <cstddef>
#include <vector>

#include <wangge/geometry.hpp>

namespace boost::geometry::traits {

template <>
struct tag<wangge::Position> {
  using type = point_tag;
};
template <>
struct coordinate_type<wangge::Position> {
  using type = std::int32_t;
};
template <>
struct coordinate_system<wangge::Position> {
  using type = cs::cartesian;
};
template <>
struct dimension<wangge::Position> : boost::mpl::int_<2> {};
template <std::size_t Axis>
struct access<wangge::Position, Axis> {
  static std::int32_t get(const wangge::Position& p) { return Axis == 0 ? p.x : p.y; }
  static void set(wangge::Position& p, std::int32_t value) { (Axis == 0 ? p.x : p.y) = value; }
};

template <>
struct tag<wangge::LngLat> {
  using type = point_tag;
};
template <>
struct coordinate_type<wangge::LngLat> {
  using type = double;
};
template <>
struct coordinate_system<wangge::LngLat> {
  using type = cs::cartesian;
};
template <>
struct dimension<wangge::LngLat> : boost::mpl::int_<2> {};
template <std::size_t Axis>
struct access<wangge::LngLat, Axis> {
  static double get(const wangge::LngLat& p) { return Axis == 0 ? p.lng : p.lat; }
  static void set(wangge::LngLat& p, double value) { (Axis == 0 ? p.lng : p.lat) = value; }
};

template <>
struct tag<wangge::Box> {
  using type = box_tag;
};
template <>
struct point_type<wangge::Box> {
  using type = wangge::Position;
};
template <std::size_t Axis>
struct indexed_access<wangge::Box, min_corner, Axis> {
  static std::int32_t get(const wangge::Box& box) { return access<wangge::Position, Axis>::get(box.min); }
  static void set(wangge::Box& box, std::int32_t value) { access<wangge::Position, Axis>::set(box.min, value); }
};
template <std::size_t Axis>
struct indexed_access<wangge::Box, max_corner, Axis> {
  static std::int32_t get(const wangge::Box& box) { return access<wangge::Position, Axis>::get(box.max); }
  static void set(wangge::Box& box, std::int32_t value) { access<wangge::Position, Axis>::set(box.max, value); }
};

template <>
struct tag<wangge::Ring> {
  using type = ring_tag;
};
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

template <>
struct tag<wangge::MultiPolygon> {
  using type = multi_polygon_tag;
};

}  // namespace boost::geometry::traits
