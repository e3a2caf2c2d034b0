#include "planning/shape.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "planning/land.hpp"

namespace wangge::planning {
namespace {

using Metres = LocalFrame::Metres;

constexpr double narrow = 0.05, worthwhile = 0.1;

double cross(Metres a, Metres b) { return a.x * b.y - a.y * b.x; }
Metres minus(Metres a, Metres b) { return {a.x - b.x, a.y - b.y}; }
double turn(Metres a, Metres b, Metres c) { return cross(minus(b, a), minus(c, a)); }

/// Metres between a position and a box, squared.
struct Extent {
  double west = 1e300, east = -1e300, south = 1e300, north = -1e300;
  void add(Metres m) {
    west = std::min(west, m.x), east = std::max(east, m.x), south = std::min(south, m.y), north = std::max(north, m.y);
  }
  double square_to(Metres m) const {
    const double dx = std::max({west - m.x, m.x - east, 0.0}), dy = std::max({south - m.y, m.y - north, 0.0});
    return dx * dx + dy * dy;
  }
};

/// Finds necks of one ring. Edges stand together in runs, most of which are too far away to be looked at.
class NeckFinder {
 public:
  NeckFinder(const Ring& ring, double land_m2) : ring_(ring), frame_(ring.front()), land_m2_(land_m2) {
    const std::size_t n = ring.size();
    for (const Position p : ring) at_.push_back(frame_.to_metres(p));
    way_.resize(n + 1), swept_.resize(n + 1), runs_.resize((n + run - 1) / run);
    for (std::size_t i = 0; i < n; ++i) {
      const Metres a = at_[i], b = at_[after(i)];
      way_[i + 1] = way_[i] + std::hypot(b.x - a.x, b.y - a.y);
      swept_[i + 1] = swept_[i] + cross(a, b);
      runs_[i / run].add(a), runs_[i / run].add(b);
    }
  }

  std::optional<Neck> narrowest() {
    for (std::size_t v = 0; v < at_.size(); ++v) {
      for (std::size_t r = 0; r < runs_.size(); ++r) {
        const double reach = least_ / (1 - least_) * way_.back() / 2;
        if (runs_[r].square_to(at_[v]) >= reach * reach) continue;
        for (std::size_t e = r * run; e < std::min(at_.size(), (r + 1) * run); ++e) look_at(v, e);
      }
    }
    if (!found_) return std::nullopt;
    return to_neck();
  }

 private:
  static constexpr std::size_t run = 16;

  /// A cut from a vertex straight to an edge.
  struct Cut {
    std::size_t vertex, edge;
    Metres foot;
    double width, way;  ///< of the cut; from the vertex on along the ring to the foot
  };

  std::size_t after(std::size_t i) const { return i + 1 == at_.size() ? 0 : i + 1; }

  Cut shortest(std::size_t v, std::size_t e) const {
    const Metres p = at_[v], a = at_[e], along = minus(at_[after(e)], a);
    const double square = along.x * along.x + along.y * along.y;
    const double t = square == 0 ? 0 : std::clamp(((p.x - a.x) * along.x + (p.y - a.y) * along.y) / square, 0.0, 1.0);
    const Metres foot{a.x + t * along.x, a.y + t * along.y};
    const double way = way_[e] + t * (way_[e + 1] - way_[e]) - way_[v];
    return {v, e, foot, std::hypot(foot.x - p.x, foot.y - p.y), e < v ? way + way_.back() : way};
  }

  double perimeter(const Cut& cut) const { return std::min(cut.way, way_.back() - cut.way) + cut.width; }

  void look_at(std::size_t v, std::size_t e) {
    const Cut cut = shortest(v, e);
    if (!(cut.width < least_ * perimeter(cut))) return;
    double swept = swept_[e] - swept_[v] + cross(at_[e], cut.foot) + cross(cut.foot, at_[v]);
    if (e < v) swept += swept_.back();
    const double piece = std::abs(swept) / 2;
    if (std::min(piece, land_m2_ - piece) < worthwhile * land_m2_ || !runs_inside(cut)) return;
    least_ = cut.width / perimeter(cut);
    cut_ = cut, found_ = true;
  }

  /// True where the cut sets off into the ring and meets no edge before its foot.
  bool runs_inside(const Cut& cut) const {
    if (cut.width == 0) return true;
    const Metres v = at_[cut.vertex], next = at_[after(cut.vertex)],
                 last = at_[cut.vertex == 0 ? at_.size() - 1 : cut.vertex - 1];
    const bool left_of_next = turn(v, next, cut.foot) > 0, right_of_last = turn(v, last, cut.foot) < 0;
    const bool convex = turn(last, v, next) > 0;
    if (convex ? !(left_of_next && right_of_last) : !(left_of_next || right_of_last)) return false;
    const Metres middle{(v.x + cut.foot.x) / 2, (v.y + cut.foot.y) / 2};
    for (std::size_t r = 0; r < runs_.size(); ++r) {
      if (runs_[r].square_to(middle) > cut.width * cut.width / 4 * 1.001) continue;
      for (std::size_t e = r * run; e < std::min(at_.size(), (r + 1) * run); ++e) {
        if (e == cut.edge || e == cut.vertex || after(e) == cut.vertex) continue;
        const Metres a = at_[e], b = at_[after(e)];
        if (turn(a, b, v) * turn(a, b, cut.foot) < 0 && turn(v, cut.foot, a) * turn(v, cut.foot, b) < 0) return false;
      }
    }
    return true;
  }

  Neck to_neck() const {
    const Metres v = at_[cut_.vertex];
    Neck neck{frame_.to_position({(v.x + cut_.foot.x) / 2, (v.y + cut_.foot.y) / 2}), cut_.width, perimeter(cut_), {}};
    const bool onward = 2 * cut_.way < way_.back();
    const std::size_t from = onward ? cut_.vertex : after(cut_.edge), to = onward ? cut_.edge : cut_.vertex;
    for (std::size_t i = from;; i = after(i)) {
      neck.lobe.push_back(ring_[i]);
      if (i == to) break;
    }
    neck.lobe.push_back(frame_.to_position(cut_.foot));
    return neck;
  }

  const Ring& ring_;
  LocalFrame frame_;
  double land_m2_;
  std::vector<Metres> at_;
  std::vector<double> way_, swept_;  ///< up to each vertex, and all the way round
  std::vector<Extent> runs_;
  double least_ = narrow;
  Cut cut_{};
  bool found_ = false;
};

}  // namespace

double axis_ratio(const MultiPolygon& polygons) {
  if (polygons.empty()) return 1;
  const LocalFrame frame(polygons.front().outer.front());
  LandSum sum;
  const auto add = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Metres a = frame.to_metres(ring[i]), b = frame.to_metres(ring[i + 1 == ring.size() ? 0 : i + 1]);
      sum.add_edge(a.x, a.y, b.x, b.y);
    }
  };
  for (const Polygon& polygon : polygons) {
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
  }
  const Land<double> land = sum.land();
  return land.area_m2 > 0 ? axis_ratio(land) : 1;
}

std::optional<Neck> find_neck(const MultiPolygon& polygons) {
  const double land_m2 = area_m2(polygons);
  std::optional<Neck> best;
  for (const Polygon& polygon : polygons) {
    if (polygon.outer.size() < 4) continue;
    auto neck = NeckFinder(polygon.outer, land_m2).narrowest();
    if (neck && (!best || neck->width_m * best->perimeter_m < best->width_m * neck->perimeter_m))
      best = std::move(neck);
  }
  return best;
}

}  // namespace wangge::planning
