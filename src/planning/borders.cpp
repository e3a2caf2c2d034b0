#include "planning/borders.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <set>
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
        alive_(a_.vertex_count(), false),
        fixed_(a_.vertex_count(), false),
        grid_(a_.vertex_count(), cell),
        obstacles_(file_obstacles()) {
    const LocalFrame frame(a_.vertex(a_.vertex_count() / 2));
    max_doubled_area_ = 2 * tolerance_m * tolerance_m / (frame.metres_per_x * frame.metres_per_y);
  }

  /// Removes what can go; afterwards `alive` tells which border vertices are left.
  void run() {
    find_borders();
    if (max_doubled_area_ <= 0) return;
    for (std::uint32_t v = 0; v < a_.vertex_count(); ++v) push(v);
    while (!queue_.empty()) {
      const auto [area, v] = queue_.top();
      queue_.pop();
      if (!alive_[v] || fixed_[v] || area != doubled_area_at(v) || !may_go(v)) continue;
      remove(v);
    }
  }

  bool alive(std::uint32_t v) const { return alive_[v]; }

 private:
  static constexpr double cell = 1500;  // lattice units

  struct Neighbours {
    std::uint32_t before = nothing, after = nothing;
  };

  bool is_border(std::uint32_t e) const { return part_of_face_[a_.left(2 * e)] != part_of_face_[a_.left(2 * e + 1)]; }

  void find_borders() {
    std::vector<std::uint32_t> degree(a_.vertex_count(), 0);
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      if (!is_border(e)) continue;
      for (const std::uint32_t half : {2 * e, 2 * e + 1}) {
        const std::uint32_t v = a_.origin(half), w = a_.origin(half ^ 1);
        alive_[v] = true;
        if (t_.on_barrier[e]) fixed_[v] = true;
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
    });
  }

  double doubled_area_at(std::uint32_t v) const {
    const Position a = a_.vertex(neighbours_[v].before), b = a_.vertex(v), c = a_.vertex(neighbours_[v].after);
    return std::abs((double(b.x) - a.x) * (double(c.y) - a.y) - (double(b.y) - a.y) * (double(c.x) - a.x));
  }

  void push(std::uint32_t v) {
    if (!alive_[v] || fixed_[v]) return;
    if (const double area = doubled_area_at(v); area <= max_doubled_area_) queue_.push({area, v});
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
          if (o != i && o != v && o != j && (alive_[o] || t_.on_footprint[o]) &&
              in_triangle(a, b, c, turn, a_.vertex(o))) {
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
    alive_[v] = false;
    for (const auto& [end, other] : {std::pair(i, j), std::pair(j, i)}) {
      if (fixed_[end]) continue;
      (neighbours_[end].before == v ? neighbours_[end].before : neighbours_[end].after) = other;
      push(end);
    }
    if (fixed_[i] && fixed_[j]) straight_.insert(std::minmax(i, j));
  }

  const Tessellation& t_;
  const Arrangement& a_;
  std::span<const std::uint32_t> part_of_face_;
  std::vector<Neighbours> neighbours_;  ///< along the border, of vertices where just one border runs
  std::vector<bool> alive_, fixed_;
  coverage::CellGrid grid_;
  coverage::PackedLists obstacles_;
  double max_doubled_area_ = 0;
  std::set<std::pair<std::uint32_t, std::uint32_t>> straight_;  ///< new edges between two vertices that stay
  using Candidate = std::pair<double, std::uint32_t>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue_;
};

void thin_out(Ring& ring, const Arrangement& arrangement, const BorderSimplifier& simplifier) {
  std::erase_if(ring, [&](Position p) { return !simplifier.alive(arrangement.find(p)); });
}

void measure(Borders& borders, const Tessellation& t, std::span<const std::uint32_t> part_of_face) {
  const Arrangement& a = t.arrangement;
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    const std::uint32_t f = a.left(2 * e), g = a.left(2 * e + 1);
    if (part_of_face[f] == part_of_face[g] || part_of_face[f] == nothing || part_of_face[g] == nothing) continue;
    if (t.graph.nodes[t.node_of_face[f]].area != t.graph.nodes[t.node_of_face[g]].area) continue;
    const double length = length_m(a.from(2 * e), a.to(2 * e));
    borders.inner_m += length;
    if (t.on_barrier[e]) borders.on_barriers_m += length;
  }
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
  measure(borders, tessellation, part_of_face);
  return borders;
}

}  // namespace wangge::planning
