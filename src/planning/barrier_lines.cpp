#include "planning/barrier_lines.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "coverage/segment_grid.hpp"

namespace wangge::planning {
namespace {

using coverage::CellGrid;
using coverage::PackedLists;
using coverage::Segment;

constexpr double reach_m = 50, gate_m = 20;

/// The position of segment s nearest to p in the frame, and how far it is.
std::pair<Position, double> nearest_on(const Segment& s, Position p, const LocalFrame& frame) {
  const auto a = frame.to_metres(s.a), b = frame.to_metres(s.b), q = frame.to_metres(p);
  const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
  const double t = square == 0 ? 0 : std::clamp(((q.x - a.x) * dx + (q.y - a.y) * dy) / square, 0.0, 1.0);
  const LocalFrame::Metres foot{a.x + t * dx, a.y + t * dy};
  return {frame.to_position(foot), std::hypot(foot.x - q.x, foot.y - q.y)};
}

/// Finds outlines near a position.
class Outlines {
 public:
  explicit Outlines(std::span<const Segment> segments)
      : segments_(segments), grid_(segments.size(), cell), cells_(grid_.buckets(), [&](const auto& add) {
          for (std::uint32_t i = 0; i < segments_.size(); ++i) {
            grid_.along(segments_[i].a, segments_[i].b, [&](std::size_t bucket) { add(bucket, i); });
          }
        }) {}

  std::optional<Position> within_reach(Position p) const {
    const LocalFrame frame(p);
    std::optional<Position> best;
    double least = reach_m;
    const auto reach_x = static_cast<std::int64_t>(reach_m / frame.metres_per_x / cell) + 1;
    const auto reach_y = static_cast<std::int64_t>(reach_m / frame.metres_per_y / cell) + 1;
    for (std::int64_t row = -reach_y; row <= reach_y; ++row) {
      for (std::int64_t column = -reach_x; column <= reach_x; ++column) {
        for (const std::uint32_t i : cells_[grid_.bucket(grid_.row(p.x) + column, grid_.row(p.y) + row)]) {
          const auto [place, distance] = nearest_on(segments_[i], p, frame);
          if (distance < least || (distance == least && best && place < *best)) least = distance, best = place;
        }
      }
    }
    return best;
  }

 private:
  static constexpr double cell = 4000;
  std::span<const Segment> segments_;
  CellGrid grid_;
  PackedLists cells_;
};

bool hard_on_the_ground(const Barrier& b) { return b.barrier == BarrierClass::hard && !b.tunnel && b.line.size() > 1; }

bool carries_people(const Barrier& b) {
  return (b.barrier == BarrierClass::soft || b.barrier == BarrierClass::street) && b.line.size() > 1;
}

/// Where two segments meet: a shared end, or the rounded crossing of their lines.
std::optional<Position> meeting(Position a, Position b, Position c, Position d) {
  if (!segments_meet(a, b, c, d)) return std::nullopt;
  for (const Position p : {a, b}) {
    if (p == c || p == d) return p;
  }
  const double dx = double(b.x) - a.x, dy = double(b.y) - a.y, ex = double(d.x) - c.x, ey = double(d.y) - c.y;
  const double turn = dx * ey - dy * ex;
  if (turn == 0) return std::nullopt;
  const double t = ((double(c.x) - a.x) * ey - (double(c.y) - a.y) * ex) / turn;
  return Position{static_cast<std::int32_t>(std::lround(a.x + t * dx)),
                  static_cast<std::int32_t>(std::lround(a.y + t * dy))};
}

bool opens(const Barrier& hard, const Barrier& road, bool shared_vertex) {
  return hard.bridge || hard.tunnel || road.bridge || road.tunnel || hard.layer != road.layer || shared_vertex;
}

/// Where just one wall ends, with the number of its barrier.
std::vector<std::pair<Position, std::uint32_t>> ends_of_walls(std::span<const Barrier> barriers) {
  std::vector<std::pair<Position, std::uint32_t>> ends;
  for (std::uint32_t i = 0; i < barriers.size(); ++i) {
    const Barrier& b = barriers[i];
    if (b.barrier != BarrierClass::wall || b.tunnel || b.line.size() < 2) continue;
    ends.emplace_back(b.line.front(), i);
    ends.emplace_back(b.line.back(), i);
  }
  std::ranges::sort(ends);
  std::vector<std::pair<Position, std::uint32_t>> loose;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const bool met =
        (i > 0 && ends[i - 1].first == ends[i].first) || (i + 1 < ends.size() && ends[i + 1].first == ends[i].first);
    if (!met) loose.push_back(ends[i]);
  }
  return loose;
}

/// Joins ends of walls that are each other's nearest across a gate.
void close_gates(std::span<const Barrier> barriers, std::vector<Line>& lines) {
  const auto ends = ends_of_walls(barriers);
  std::vector<std::size_t> nearest(ends.size(), ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const LocalFrame frame(ends[i].first);
    double least = gate_m;
    const auto look_at = [&](std::size_t j) {
      const auto m = frame.to_metres(ends[j].first);
      if (std::hypot(m.x, m.y) < least) least = std::hypot(m.x, m.y), nearest[i] = j;
      return std::abs(m.x) < gate_m;  // the ends are sorted by longitude
    };
    for (std::size_t j = i; j-- > 0 && look_at(j);) {
    }
    for (std::size_t j = i + 1; j < ends.size() && look_at(j); ++j) {
    }
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::size_t j = nearest[i];
    if (j == ends.size() || nearest[j] != i || j < i) continue;
    Line& line = lines[ends[i].second];
    if (line.front() == ends[i].first)
      line.insert(line.begin(), ends[j].first);
    else
      line.push_back(ends[j].first);
  }
}

}  // namespace

std::vector<Line> lines_that_divide(std::span<const Barrier> barriers, std::span<const Segment> outlines) {
  std::map<Position, int> ends;  // how many hard lines pass or end at a position where one ends
  for (const Barrier& b : barriers) {
    if (b.barrier == BarrierClass::hard && b.line.size() > 1) ++ends[b.line.front()], ++ends[b.line.back()];
  }
  for (const Barrier& b : barriers) {
    if (!hard_on_the_ground(b)) continue;
    for (std::size_t i = 1; i + 1 < b.line.size(); ++i) {
      if (const auto at = ends.find(b.line[i]); at != ends.end()) ++at->second;
    }
  }
  const Outlines near(outlines);
  std::vector<Line> lines;
  for (const Barrier& b : barriers) {
    Line& line = lines.emplace_back(b.tunnel ? Line{} : b.line);
    if (!hard_on_the_ground(b)) continue;
    const Position front = line.front(), back = line.back();
    if (ends[front] == 1) {
      if (const auto on = near.within_reach(front)) line.insert(line.begin(), *on);
    }
    if (ends[back] == 1) {
      if (const auto on = near.within_reach(back)) line.push_back(*on);
    }
  }
  close_gates(barriers, lines);
  return lines;
}

std::vector<Crossing> find_crossings(std::span<const Barrier> barriers) {
  struct Piece {
    Position a, b;
    std::uint32_t barrier;
  };
  std::vector<Piece> hard, roads;
  for (std::uint32_t i = 0; i < barriers.size(); ++i) {
    std::vector<Piece>* kind = hard_on_the_ground(barriers[i]) ? &hard : carries_people(barriers[i]) ? &roads : nullptr;
    for (std::size_t j = 1; kind && j < barriers[i].line.size(); ++j) {
      kind->push_back({barriers[i].line[j - 1], barriers[i].line[j], i});
    }
  }
  const CellGrid grid(roads.size(), 3000);
  const PackedLists cells(grid.buckets(), [&](const auto& add) {
    for (std::uint32_t i = 0; i < roads.size(); ++i) {
      grid.along(roads[i].a, roads[i].b, [&](std::size_t bucket) { add(bucket, i); });
    }
  });
  std::vector<Crossing> crossings;
  for (const Piece& h : hard) {
    grid.along(h.a, h.b, [&](std::size_t bucket) {
      for (const std::uint32_t i : cells[bucket]) {
        const Piece& r = roads[i];
        const auto place = meeting(h.a, h.b, r.a, r.b);
        const bool shared = place && (*place == h.a || *place == h.b) && (*place == r.a || *place == r.b);
        if (place && opens(barriers[h.barrier], barriers[r.barrier], shared)) {
          crossings.push_back({*place, h.barrier, r.barrier});
        }
      }
    });
  }
  const auto key = [](const Crossing& c) { return std::tuple(c.place, c.hard, c.road); };
  std::ranges::sort(crossings, {}, key);
  const auto same = [&](const Crossing& c, const Crossing& d) { return key(c) == key(d); };
  crossings.erase(std::unique(crossings.begin(), crossings.end(), same), crossings.end());
  return crossings;
}

}  // namespace wangge::planning
