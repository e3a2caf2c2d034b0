#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "coverage/arrangement.hpp"
#include "coverage/noding.hpp"
#include <wangge/grid_map.hpp>

namespace wangge::test {

/// Side of the box that random coverages fill, in lattice units.
inline constexpr std::int32_t box_side = 40;

inline Position random_position() { return {*rc::gen::inRange(0, box_side + 1), *rc::gen::inRange(0, box_side + 1)}; }

inline void add_ring(const Ring& ring, std::uint32_t source, std::vector<coverage::Segment>& segments) {
  for (std::size_t i = 0; i < ring.size(); ++i) segments.push_back({ring[i], ring[(i + 1) % ring.size()], source});
}

/// Lines of every kind that breaks a crossing test: free, axis-parallel, collinear, nearly parallel, from a vertex on
/// to an edge.
inline std::vector<coverage::Segment> random_segments(int most) {
  std::vector<coverage::Segment> segments;
  const auto count = *rc::gen::inRange(1, most);
  for (int i = 0; i < count; ++i) {
    Position a = random_position(), b = random_position();
    const auto kind = *rc::gen::inRange(0, 6);
    if (kind == 1) b.x = a.x;
    if (kind == 2) b.y = a.y;
    if (!segments.empty()) {
      const coverage::Segment other =
          segments[static_cast<std::size_t>(*rc::gen::inRange<int>(0, int(segments.size())))];
      if (kind == 3) a = other.a, b = {other.b.x + 1, other.b.y};
      if (kind == 4) a = {(other.a.x + other.b.x) / 2, (other.a.y + other.b.y) / 2};
      if (kind == 5) a = other.b, b = other.a;
    }
    segments.push_back({a, b, static_cast<std::uint32_t>(i)});
  }
  return segments;
}

/// A box cut up by random lines, its faces shared out to one area or more at random; some belong to nobody.
inline std::vector<GridRecord> random_areas(int most_areas) {
  std::vector<coverage::Segment> segments = random_segments(10);
  add_ring({{0, 0}, {box_side, 0}, {box_side, box_side}, {0, box_side}}, 99, segments);
  const auto arrangement = coverage::Arrangement::build(coverage::node(std::move(segments)), true);
  const auto count = *rc::gen::inRange(1, most_areas + 1);
  std::vector<std::uint32_t> label_of_face{coverage::nothing, 0};
  while (label_of_face.size() < arrangement.face_count()) {
    const auto label = *rc::gen::inRange(0, count + 1);
    label_of_face.push_back(label == count ? coverage::nothing : static_cast<std::uint32_t>(label));
  }
  std::vector<GridRecord> records;
  for (MultiPolygon& polygons : coverage::dissolve(arrangement, label_of_face, static_cast<std::uint32_t>(count))) {
    if (polygons.empty()) continue;
    records.push_back({std::to_string(records.size()), "", Level::grid, "", Kind::general, std::move(polygons)});
  }
  return records;
}

/// Every position in and around the box, and so every vertex and every middle of an edge that is on the lattice.
template <class Visit>
void for_each_position(const Visit& visit) {
  for (std::int32_t x = -1; x <= box_side + 1; ++x) {
    for (std::int32_t y = -1; y <= box_side + 1; ++y) visit(Position{x, y});
  }
}

}  // namespace wangge::test
