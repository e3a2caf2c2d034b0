#include "planning/borders.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <queue>
#include <tuple>

#include "coverage/segment_grid.hpp"

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::nothing;

/// The border vertices of a labelled arrangement, and which of them are still there.
class BorderSimplifier {
 public:
  BorderSimplifier(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_face, double tolerance_m)
      : t_(tessellation),
        a_(tessellation.arrangement),
        part_of_face_(part_of_face),
        neighbours_(a_.vertex_count()),
        course_(a_.vertex_count(), Course::open),
        alive_(a_.vertex_count(), false),
        fixed_(a_.vertex_count(), false),
        inner_(a_.vertex_count(), false),
        grid_(a_.vertex_count() + t_.points.size(), cell),
        obstacles_(file_obstacles()),
        frame_(a_.vertex(a_.vertex_count() / 2)),
        max_doubled_area_(2 * tolerance_m * tolerance_m / (frame_.metres_per_x * frame_.metres_per_y)),
        max_off_m_(std::min(tolerance_m, barrier_tolerance_m)) {}

  /// Removes what can go; afterwards `alive` tells which border vertices are left.
  void run() {
    find_borders();
    if (max_off_m_ <= 0) return;
    for (std::uint32_t v = 0; v < a_.vertex_count(); ++v) push(v);
    while (!queue_.empty()) {
      const auto [area, v] = queue_.top();
      queue_.pop();
      if (!alive_[v] || fixed_[v] || area != doubled_area_at(v) || !may_go(v)) continue;
      remove(v);
    }
  }

  bool alive(std::uint32_t v) const { return alive_[v]; }

  /// Adds up the borders between two parts of one area as they are now.
  void measure(Borders& borders) const {
    const auto add = [&](std::uint32_t v, std::uint32_t w, Course course, double share) {
      const double length = share * length_m(a_.vertex(v), a_.vertex(w));
      borders.inner_m += length;
      if (course != Course::open) borders.on_barriers_m += length;
    };
    for (std::uint32_t v = 0; v < a_.vertex_count(); ++v) {
      if (!alive_[v] || !inner_[v]) continue;
      ++borders.inner_vertices;
      if (fixed_[v]) continue;
      for (const std::uint32_t w : {neighbours_[v].before, neighbours_[v].after})
        add(v, w, course_[v], fixed_[w] ? 1 : 0.5);  // what does not stay is met from both ends
    }
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      const std::uint32_t v = a_.origin(2 * e), w = a_.origin(2 * e + 1);
      if (fixed_[v] && fixed_[w] && is_inner(e)) add(v, w, t_.course[e], 1);
    }
    for (const auto& [ends, v] : straight_) {
      if (inner_[v]) add(ends.first, ends.second, course_[v], 1);
    }
  }

 private:
  static constexpr double cell = 1500;  // lattice units
  static constexpr double barrier_tolerance_m = 0.5;

  struct Neighbours {
    std::uint32_t before = nothing, after = nothing;
    float before_off_m = 0, after_off_m = 0;  ///< how far the border has moved there, at most
  };

  bool is_border(std::uint32_t e) const { return part_of_face_[a_.left(2 * e)] != part_of_face_[a_.left(2 * e + 1)]; }

  /// True for a border between two parts of one area.
  bool is_inner(std::uint32_t e) const {
    const std::uint32_t f = a_.left(2 * e), g = a_.left(2 * e + 1);
    return is_border(e) && part_of_face_[f] != nothing && part_of_face_[g] != nothing &&
           t_.graph.nodes[t_.node_of_face[f]].area == t_.graph.nodes[t_.node_of_face[g]].area;
  }

  void find_borders() {
    std::vector<std::uint32_t> degree(a_.vertex_count(), 0);
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      if (!is_border(e)) continue;
      for (const std::uint32_t half : {2 * e, 2 * e + 1}) {
        const std::uint32_t v = a_.origin(half), w = a_.origin(half ^ 1);
        if (t_.course[e] == Course::fixed || (alive_[v] && t_.course[e] != course_[v])) fixed_[v] = true;
        alive_[v] = true;
        course_[v] = t_.course[e];
        if (is_inner(e)) inner_[v] = true;
        (degree[v]++ == 0 ? neighbours_[v].before : neighbours_[v].after) = w;
      }
    }
    for (std::uint32_t v = 0; v < a_.vertex_count(); ++v) {
      if (degree[v] != 2) fixed_[v] = true;
    }
    fix_two_of_each_loop();
  }

  /// A border that meets no other keeps three of its vertices, so that it stays a ring.
  void fix_two_of_each_loop() {
    std::vector<bool> seen(a_.vertex_count(), false);
    for (std::uint32_t start = 0; start < a_.vertex_count(); ++start) {
      if (!alive_[start] || fixed_[start] || seen[start]) continue;
      std::vector<std::uint32_t> run{start};
      seen[start] = true;
      std::uint32_t before = start, v = neighbours_[start].after;
      for (; !seen[v] && !fixed_[v];) {
        seen[v] = true;
        run.push_back(v);
        const std::uint32_t next = neighbours_[v].before == before ? neighbours_[v].after : neighbours_[v].before;
        before = v, v = next;
      }
      if (v != start || run.size() < 3) continue;
      for (const std::size_t k : {std::size_t{0}, run.size() / 3, 2 * run.size() / 3}) fixed_[run[k]] = true;
    }
  }

  coverage::PackedLists file_obstacles() const {
    return coverage::PackedLists(grid_.buckets(), [&](const auto& add) {
      std::vector<bool> filed(a_.vertex_count(), false);
      const auto file = [&](std::uint32_t v) {
        if (!filed[v]) add(grid_.bucket_at(a_.vertex(v)), v);
        filed[v] = true;
      };
      for (std::uint32_t v = 0; v < a_.vertex_count(); ++v) {
        if (t_.on_footprint[v]) file(v);
      }
      for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
        if (is_border(e)) file(a_.origin(2 * e)), file(a_.origin(2 * e + 1));
      }
      for (std::uint32_t i = 0; i < t_.points.size(); ++i) add(grid_.bucket_at(t_.points[i]), a_.vertex_count() + i);
    });
  }

  Position obstacle(std::uint32_t o) const {
    return o < a_.vertex_count() ? a_.vertex(o) : t_.points[o - a_.vertex_count()];
  }

  bool in_the_way(std::uint32_t o) const { return o >= a_.vertex_count() || alive_[o] || t_.on_footprint[o]; }

  double doubled_area_at(std::uint32_t v) const {
    const Position a = a_.vertex(neighbours_[v].before), b = a_.vertex(v), c = a_.vertex(neighbours_[v].after);
    return std::abs((double(b.x) - a.x) * (double(c.y) - a.y) - (double(b.y) - a.y) * (double(c.x) - a.x));
  }

  void push(std::uint32_t v) {
    if (!alive_[v] || fixed_[v]) return;
    const double area = doubled_area_at(v);
    if (course_[v] == Course::open ? area <= max_doubled_area_ : off_m_without(v) <= max_off_m_) queue_.push({area, v});
  }

  /// How far the border will have moved, at most, once v is gone.
  double off_m_without(std::uint32_t v) const {
    const Neighbours& n = neighbours_[v];
    const auto a = frame_.to_metres(a_.vertex(n.before)), b = frame_.to_metres(a_.vertex(v)),
               c = frame_.to_metres(a_.vertex(n.after));
    const double dx = c.x - a.x, dy = c.y - a.y, square = dx * dx + dy * dy;
    const double t = square == 0 ? 0 : std::clamp(((b.x - a.x) * dx + (b.y - a.y) * dy) / square, 0.0, 1.0);
    return double(std::max(n.before_off_m, n.after_off_m)) + std::hypot(a.x + t * dx - b.x, a.y + t * dy - b.y);
  }

  bool may_go(std::uint32_t v) const {
    const std::uint32_t i = neighbours_[v].before, j = neighbours_[v].after;
    const Position a = a_.vertex(i), b = a_.vertex(v), c = a_.vertex(j);
    const int turn = orientation(a, b, c);
    if (i == j || (turn != 0 && t_.on_footprint[v])) return false;
    if (neighbours(i, j) || straight_.contains(std::minmax(i, j))) return false;  // two borders would fall together
    if (turn == 0) return true;
    const Box box = bounds(std::array{a, b, c});
    bool free = true;
    for (std::int64_t row = grid_.row(box.min.y); free && row <= grid_.row(box.max.y); ++row) {
      for (std::int64_t column = grid_.row(box.min.x); free && column <= grid_.row(box.max.x); ++column) {
        for (const std::uint32_t o : obstacles_[grid_.bucket(column, row)]) {
          if (o != i && o != v && o != j && in_the_way(o) && in_triangle(a, b, c, turn, obstacle(o))) {
            free = false;
            break;
          }
        }
      }
    }
    return free;
  }

  bool neighbours(std::uint32_t i, std::uint32_t j) const {
    return (!fixed_[i] && (neighbours_[i].before == j || neighbours_[i].after == j)) ||
           (!fixed_[j] && (neighbours_[j].before == i || neighbours_[j].after == i)) || joined_by_border(i, j);
  }

  /// True where an edge of the arrangement between two vertices that stay is a border.
  bool joined_by_border(std::uint32_t i, std::uint32_t j) const {
    if (!fixed_[i] || !fixed_[j]) return false;
    return std::ranges::any_of(a_.leaving(i),
                               [&](std::uint32_t h) { return a_.origin(h ^ 1) == j && is_border(h / 2); });
  }

  static bool in_triangle(Position a, Position b, Position c, int turn, Position p) {
    return orientation(a, b, p) * turn >= 0 && orientation(b, c, p) * turn >= 0 && orientation(c, a, p) * turn >= 0;
  }

  void remove(std::uint32_t v) {
    const std::uint32_t i = neighbours_[v].before, j = neighbours_[v].after;
    const auto off_m = static_cast<float>(off_m_without(v));
    alive_[v] = false;
    for (const auto& [end, other] : {std::pair(i, j), std::pair(j, i)}) {
      if (fixed_[end]) continue;
      Neighbours& n = neighbours_[end];
      const bool before = n.before == v;
      (before ? n.before : n.after) = other;
      (before ? n.before_off_m : n.after_off_m) = off_m;
      push(end);
    }
    if (fixed_[i] && fixed_[j]) straight_.emplace(std::minmax(i, j), v);
  }

  const Tessellation& t_;
  const Arrangement& a_;
  std::span<const std::uint32_t> part_of_face_;
  std::vector<Neighbours> neighbours_;  ///< along the border, of vertices where just one border runs
  std::vector<Course> course_;          ///< of the border through a vertex
  std::vector<bool> alive_, fixed_;
  std::vector<bool> inner_;  ///< a border between two parts of one area runs through
  coverage::CellGrid grid_;
  coverage::PackedLists obstacles_;  ///< vertices, and beyond their count the units without a footprint
  LocalFrame frame_;
  double max_doubled_area_, max_off_m_;
  /// New edges between two vertices that stay, each with the last one taken out between them.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> straight_;
  using Candidate = std::pair<double, std::uint32_t>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

void thin_out(Ring& ring, const Arrangement& arrangement, const BorderSimplifier& simplifier) {
  std::erase_if(ring, [&](Position p) { return !simplifier.alive(arrangement.find(p)); });
}

}  // namespace

Borders draw_borders(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_node, std::uint32_t parts,
                     double tolerance_m) {
  const Arrangement& arrangement = tessellation.arrangement;
  std::vector<std::uint32_t> part_of_face(arrangement.face_count(), nothing);
  for (std::uint32_t face = 0; face < arrangement.face_count(); ++face) {
    if (const std::uint32_t node = tessellation.node_of_face[face]; node != nothing)
      part_of_face[face] = part_of_node[node];
  }
  BorderSimplifier simplifier(tessellation, part_of_face, tolerance_m);
  simplifier.run();
  Borders borders;
  borders.polygons = coverage::dissolve(arrangement, part_of_face, parts);
  for (MultiPolygon& polygons : borders.polygons) {
    for (Polygon& polygon : polygons) {
      thin_out(polygon.outer, arrangement, simplifier);
      for (Ring& hole : polygon.holes) thin_out(hole, arrangement, simplifier);
    }
  }
  simplifier.measure(borders);
  return borders;
}

}  // namespace wangge::planning
