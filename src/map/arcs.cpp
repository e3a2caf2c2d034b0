#include "map/arcs.hpp"

#include <algorithm>

#include "coverage/sort.hpp"

namespace wangge::map {
namespace {

using coverage::Arrangement;

/// Work is shared out in so many pieces, whatever the number of threads.
constexpr std::size_t pieces = 32;

/// A border from node to node; half-edges follow each other.
struct Run {
  std::size_t first, last;  ///< of the half-edges, in the tracer's list
  bool closed_without_node;
};

/// Follows borders from node to node.
class Tracer {
 public:
  Tracer(const Arrangement& arrangement, std::span<const GridId> finest)
      : arrangement_(arrangement),
        finest_(finest),
        is_node_(arrangement.vertex_count()),
        used_(arrangement.edge_count(), false) {}

  void run(const Execution& execution) {
    execution.for_each(pieces, [&](std::size_t piece) {
      for (std::size_t v = is_node_.size() * piece / pieces; v < is_node_.size() * (piece + 1) / pieces; ++v)
        is_node_[v] = degree(static_cast<std::uint32_t>(v)) != 2;
    });
    for (std::uint32_t v = 0; v < arrangement_.vertex_count(); ++v) {
      if (!is_node_[v]) continue;
      for (const std::uint32_t h : arrangement_.leaving(v)) trace(h, false);
    }
    for (std::uint32_t h = 0; h < 2 * arrangement_.edge_count(); ++h) trace(h, true);
  }

  const std::vector<Run>& runs() const { return runs_; }

  /// The positions of a run, with the end.
  void line(const Run& run, Line& line) const {
    line.clear();
    for (std::size_t i = run.first; i < run.last; ++i)
      arrangement_.for_each_position(halves_[i], [&](Position p) { line.push_back(p); });
    if (run.closed_without_node) std::rotate(line.begin(), std::min_element(line.begin(), line.end()), line.end());
    line.push_back(run.closed_without_node ? line.front() : arrangement_.to(halves_[run.last - 1]));
  }

  struct Ends {
    Position front, second, last_but_one, back;
    std::uint32_t points;
  };
  /// Those of the run's line, which is put into `scratch` only where it must be.
  Ends ends(const Run& run, Line& scratch) const {
    if (run.closed_without_node) {
      line(run, scratch);
      const std::size_t count = scratch.size();
      return {scratch[0], scratch[1], scratch[count - 2], scratch[count - 1], static_cast<std::uint32_t>(count)};
    }
    std::size_t count = 1;
    for (std::size_t i = run.first; i < run.last; ++i) count += 1 + arrangement_.between(halves_[i] / 2).size();
    const std::uint32_t first = halves_[run.first], last = halves_[run.last - 1];
    return {arrangement_.from(first), arrangement_.toward(first), arrangement_.toward(last ^ 1), arrangement_.to(last),
            static_cast<std::uint32_t>(count)};
  }
  Sides sides(const Run& run) const { return {finest(halves_[run.first]), finest(halves_[run.first] ^ 1)}; }

 private:
  GridId finest(std::uint32_t half) const { return finest_[arrangement_.left(half)]; }
  bool is_border(std::uint32_t half) const { return finest(half) != finest(half ^ 1); }

  std::size_t degree(std::uint32_t v) const {
    const auto around = arrangement_.leaving(v);
    return std::count_if(around.begin(), around.end(), [&](std::uint32_t h) { return is_border(h); });
  }

  void trace(std::uint32_t half, bool closed_without_node) {
    if (used_[half / 2] || !is_border(half)) return;
    const std::size_t first = halves_.size();
    for (std::uint32_t h = half; !used_[h / 2]; h = onward(h)) {
      used_[h / 2] = true;
      halves_.push_back(h);
    }
    runs_.push_back({first, halves_.size(), closed_without_node});
  }

  /// The border that goes on where `half` ends, or `half` itself where that is a node.
  std::uint32_t onward(std::uint32_t half) const {
    const std::uint32_t v = arrangement_.origin(half ^ 1);
    if (is_node_[v]) return half;
    const auto around = arrangement_.leaving(v);
    return *std::find_if(around.begin(), around.end(),
                         [&](std::uint32_t h) { return h != (half ^ 1) && is_border(h); });
  }

  const Arrangement& arrangement_;
  std::span<const GridId> finest_;
  std::vector<std::uint8_t> is_node_;  ///< by vertex
  std::vector<bool> used_;
  std::vector<std::uint32_t> halves_;
  std::vector<Run> runs_;
};

/// An arc yet to be put in its place. No two arcs start with the same edge, so its positions tell their order.
struct Draft {
  Position start, next;
  std::uint32_t run, points;
  bool backwards;
  Sides sides;
};

Draft draft(const Tracer& tracer, std::uint32_t run, Line& scratch) {
  const auto [front, second, last_but_one, back, points] = tracer.ends(tracer.runs()[run], scratch);
  const bool backwards = front == back ? last_but_one < second : back < front;
  Sides sides = tracer.sides(tracer.runs()[run]);
  if (!backwards) return {front, second, run, points, false, sides};
  std::swap(sides.left, sides.right);
  return {back, last_but_one, run, points, true, sides};
}

}  // namespace

Arcs::Arcs(const Arrangement& arrangement, std::span<const GridId> finest_of_face, const Execution& execution) {
  Tracer tracer(arrangement, finest_of_face);
  tracer.run(execution);
  coverage::RawVector<Draft> drafts(tracer.runs().size());
  const auto each = [&](const auto& visit) {
    execution.for_each(pieces, [&](std::size_t piece) {
      Line line;
      for (std::size_t i = drafts.size() * piece / pieces; i < drafts.size() * (piece + 1) / pieces; ++i)
        visit(i, line);
    });
  };
  each([&](std::size_t i, Line& line) { drafts[i] = draft(tracer, static_cast<std::uint32_t>(i), line); });
  const auto before = [](const Draft& a, const Draft& b) {
    using coverage::place_order;
    return a.start != b.start ? place_order(a.start) < place_order(b.start) : place_order(a.next) < place_order(b.next);
  };
  coverage::sort_all(drafts, before, execution);
  for (const Draft& d : drafts) {
    first_.push_back(first_.back() + d.points);
    sides_.push_back(d.sides);
  }
  points_.resize(first_.back());
  each([&](std::size_t i, Line& line) {
    tracer.line(tracer.runs()[drafts[i].run], line);
    if (drafts[i].backwards) std::reverse(line.begin(), line.end());
    std::copy(line.begin(), line.end(), points_.begin() + first_[i]);
  });
}

}  // namespace wangge::map
