#include "map/arcs.hpp"

#include <algorithm>

#include "coverage/pieces.hpp"
#include "coverage/sort.hpp"

namespace wangge::map {
namespace {

using coverage::Arrangement;

/// Follows borders from node to node. A border is named by the half-edge that it starts with.
class Tracer {
 public:
  Tracer(const Arrangement& arrangement, std::span<const GridId> finest, const Execution& execution)
      : arrangement_(arrangement), finest_(finest), is_node_(arrangement.vertex_count()) {
    coverage::in_pieces(is_node_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t v = first; v < last; ++v) is_node_[v] = degree(static_cast<std::uint32_t>(v)) != 2;
    });
  }

  /// Each border once.
  coverage::RawVector<std::uint32_t> borders(const Execution& execution) const {
    std::vector<std::uint8_t> used(arrangement_.edge_count(), false);
    std::vector<std::vector<std::uint32_t>> found(coverage::pieces);
    coverage::in_pieces(is_node_.size(), execution, [&](std::size_t piece, std::size_t first, std::size_t last) {
      for (std::size_t v = first; v < last; ++v) {
        if (!is_node_[v]) continue;
        for (const std::uint32_t h : arrangement_.leaving(static_cast<std::uint32_t>(v))) {
          if (!is_border(h) || (last_of(h) ^ 1) < h) continue;  // found from its other end
          follow(h, [&](std::uint32_t along) { used[along / 2] = true; });
          found[piece].push_back(h);
        }
      }
    });
    for (std::uint32_t e = 0; e < used.size(); ++e) {
      if (used[e] || !is_border(2 * e)) continue;
      follow(2 * e, [&](std::uint32_t along) { used[along / 2] = true; });
      found.back().push_back(2 * e);
    }
    coverage::RawVector<std::uint32_t> all;
    coverage::join_all(found, all, execution);
    return all;
  }

  /// The positions of a border, with the end; one without a node starts at its least position.
  void line(std::uint32_t border, Line& line) const {
    line.clear();
    std::uint32_t last = border;
    follow(border, [&](std::uint32_t h) {
      arrangement_.for_each_position(h, [&](Position p) { line.push_back(p); });
      last = h;
    });
    if (has_no_node(border)) std::rotate(line.begin(), std::min_element(line.begin(), line.end()), line.end());
    line.push_back(has_no_node(border) ? line.front() : arrangement_.to(last));
  }

  struct Ends {
    Position front, second, last_but_one, back;
    std::uint32_t points;
  };
  /// Those of the border's line, which is put into `scratch` only where it must be.
  Ends ends(std::uint32_t border, Line& scratch) const {
    if (has_no_node(border)) {
      line(border, scratch);
      const std::size_t count = scratch.size();
      return {scratch[0], scratch[1], scratch[count - 2], scratch[count - 1], static_cast<std::uint32_t>(count)};
    }
    std::size_t count = 1;
    std::uint32_t last = border;
    follow(border, [&](std::uint32_t h) {
      count += 1 + arrangement_.between(h / 2).size();
      last = h;
    });
    return {arrangement_.from(border), arrangement_.toward(border), arrangement_.toward(last ^ 1),
            arrangement_.to(last), static_cast<std::uint32_t>(count)};
  }
  Sides sides(std::uint32_t border) const { return {finest(border), finest(border ^ 1)}; }

 private:
  GridId finest(std::uint32_t half) const { return finest_[arrangement_.left(half)]; }
  bool is_border(std::uint32_t half) const { return finest(half) != finest(half ^ 1); }
  bool has_no_node(std::uint32_t border) const { return !is_node_[arrangement_.origin(border)]; }

  std::size_t degree(std::uint32_t v) const {
    const auto around = arrangement_.leaving(v);
    return std::count_if(around.begin(), around.end(), [&](std::uint32_t h) { return is_border(h); });
  }

  /// Calls visit(half-edge) for those of a border, up to the next node or once round.
  template <class Visit>
  void follow(std::uint32_t border, const Visit& visit) const {
    std::uint32_t h = border;
    do {
      visit(h);
      h = onward(h);
    } while (h != coverage::nothing && h != border);
  }
  std::uint32_t last_of(std::uint32_t border) const {
    std::uint32_t last = border;
    follow(border, [&](std::uint32_t h) { last = h; });
    return last;
  }

  /// The border that goes on where `half` ends, or `nothing` where that is a node.
  std::uint32_t onward(std::uint32_t half) const {
    const std::uint32_t v = arrangement_.origin(half ^ 1);
    if (is_node_[v]) return coverage::nothing;
    const auto around = arrangement_.leaving(v);
    return *std::find_if(around.begin(), around.end(),
                         [&](std::uint32_t h) { return h != (half ^ 1) && is_border(h); });
  }

  const Arrangement& arrangement_;
  std::span<const GridId> finest_;
  coverage::RawVector<std::uint8_t> is_node_;  ///< by vertex
};

/// An arc yet to be put in its place. No two arcs start with the same edge, so its positions tell their order.
struct Draft {
  Position start, next;
  std::uint32_t border, points;
  bool backwards;
  Sides sides;
};

Draft draft(const Tracer& tracer, std::uint32_t border, Line& scratch) {
  const auto [front, second, last_but_one, back, points] = tracer.ends(border, scratch);
  const bool backwards = front == back ? last_but_one < second : back < front;
  Sides sides = tracer.sides(border);
  if (!backwards) return {front, second, border, points, false, sides};
  std::swap(sides.left, sides.right);
  return {back, last_but_one, border, points, true, sides};
}

}  // namespace

Arcs::Arcs(const Arrangement& arrangement, std::span<const GridId> finest_of_face, const Execution& execution) {
  const Tracer tracer(arrangement, finest_of_face, execution);
  const coverage::RawVector<std::uint32_t> borders = tracer.borders(execution);
  coverage::RawVector<Draft> drafts(borders.size());
  const auto each = [&](const auto& visit) {
    coverage::in_pieces(drafts.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
      Line line;
      for (std::size_t i = first; i < last; ++i) visit(i, line);
    });
  };
  each([&](std::size_t i, Line& line) { drafts[i] = draft(tracer, borders[i], line); });
  const auto before = [](const Draft& a, const Draft& b) {
    using coverage::place_order;
    return a.start != b.start ? place_order(a.start) < place_order(b.start) : place_order(a.next) < place_order(b.next);
  };
  coverage::sort_all(drafts, before, execution);
  first_.reserve(drafts.size() + 1), sides_.reserve(drafts.size());
  for (const Draft& d : drafts) {
    first_.push_back(first_.back() + d.points);
    sides_.push_back(d.sides);
  }
  points_.resize(first_.back());
  each([&](std::size_t i, Line& line) {
    tracer.line(drafts[i].border, line);
    if (drafts[i].backwards) std::reverse(line.begin(), line.end());
    std::copy(line.begin(), line.end(), points_.begin() + first_[i]);
  });
}

}  // namespace wangge::map
