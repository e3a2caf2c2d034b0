#include "verify/barriers.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "verify/near.hpp"

namespace wangge::verify {
namespace {

constexpr double dead_end_m = 50;

bool separates(const Barrier& barrier) { return barrier.barrier == BarrierClass::hard && !barrier.tunnel; }

bool has_vertex_at(const Line& line, Vertex place) {
  return std::any_of(line.begin(), line.end(),
                     [&](Point p) { return std::abs(p.x - place.x) < 0.5 && std::abs(p.y - place.y) < 0.5; });
}

bool carries_people(const Barrier& barrier) {
  return barrier.barrier == BarrierClass::soft || barrier.barrier == BarrierClass::street;
}

/// Whether `hard` can be crossed where a road meets it.
bool opens(const Barrier& hard, const Barrier& road, Vertex place) {
  if (hard.bridge || hard.tunnel || road.bridge || road.tunnel || hard.layer != road.layer) return true;
  return has_vertex_at(hard.line, place) && has_vertex_at(road.line, place);
}

}  // namespace

std::vector<Line> separating_lines(const Plan& plan) {
  std::map<Point, int> ends, inner;
  NearLines outlines;
  for (const Barrier& barrier : plan.file.barriers) {
    if (barrier.barrier != BarrierClass::hard) continue;
    ++ends[barrier.line.front()], ++ends[barrier.line.back()];
    for (std::size_t i = 1; i + 1 < barrier.line.size(); ++i) ++inner[barrier.line[i]];
  }
  for (Row row = 0; row < plan.parent.size(); ++row)
    if (!plan.is_micro_grid(row)) outlines.add(plan.area(row).polygons);
  outlines.build();
  const auto beyond = [&](Point end) -> std::optional<Point> {
    if (ends[end] > 1 || inner.contains(end)) return std::nullopt;
    const auto on = outlines.nearest({double(end.x), double(end.y)}, dead_end_m);
    if (!on) return std::nullopt;
    return Point{static_cast<std::int32_t>(std::lround(on->x)), static_cast<std::int32_t>(std::lround(on->y))};
  };
  std::vector<Line> lines;
  for (const Barrier& barrier : plan.file.barriers) {
    if (!separates(barrier)) continue;
    Line& line = lines.emplace_back(barrier.line);
    if (const auto on = beyond(barrier.line.front())) line.insert(line.begin(), *on);
    if (const auto on = beyond(barrier.line.back())) line.push_back(*on);
  }
  return lines;
}

std::vector<Vertex> crossings_of(const std::vector<Barrier>& barriers) {
  std::vector<Box> boxes;
  for (const Barrier& barrier : barriers) boxes.push_back(box_of(barrier.line));
  const BoxIndex index(boxes);
  std::vector<Vertex> crossings;
  for (std::size_t i = 0; i < barriers.size(); ++i) {
    if (!separates(barriers[i])) continue;
    const Geometry line = line_geometry({barriers[i].line});
    for (const std::size_t j : index.meeting(boxes[i])) {
      if (!carries_people(barriers[j])) continue;
      const Geometry other = line_geometry({barriers[j].line});
      for (const Vertex place : meetings(line.get(), other.get()))
        if (opens(barriers[i], barriers[j], place)) crossings.push_back(place);
    }
  }
  const auto before = [](Vertex a, Vertex b) { return a.x != b.x ? a.x < b.x : a.y < b.y; };
  std::sort(crossings.begin(), crossings.end(), before);
  crossings.erase(
      std::unique(crossings.begin(), crossings.end(), [](Vertex a, Vertex b) { return a.x == b.x && a.y == b.y; }),
      crossings.end());
  return crossings;
}

}  // namespace wangge::verify
