#include <algorithm>
#include <numeric>

#include "coverage/arrangement.hpp"

namespace wangge::coverage {
namespace {

/// Faces of one label that share a border, as sets.
class Patches {
 public:
  explicit Patches(std::size_t faces) : parent_(faces) { std::iota(parent_.begin(), parent_.end(), 0u); }
  std::uint32_t of(std::uint32_t face) {
    while (parent_[face] != face) face = parent_[face] = parent_[parent_[face]];
    return face;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = of(a), b = of(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

void start_at_least(Ring& ring) { std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end()); }

/// Cuts a walk that comes back to a vertex into rings that do not.
class RingCutter {
 public:
  explicit RingCutter(std::size_t vertices) : place_(vertices, nothing) {}

  template <class Emit>
  void cut(std::span<const std::uint32_t> walk, const Arrangement& arrangement, const Emit& emit) {
    for (const std::uint32_t v : walk) {
      if (place_[v] != nothing) emit(take_from(place_[v], arrangement));
      place_[v] = static_cast<std::uint32_t>(open_.size());
      open_.push_back(v);
    }
    emit(take_from(0, arrangement));
  }

 private:
  Ring take_from(std::size_t from, const Arrangement& arrangement) {
    Ring ring;
    for (std::size_t i = from; i < open_.size(); ++i) {
      ring.push_back(arrangement.vertex(open_[i]));
      place_[open_[i]] = nothing;
    }
    open_.resize(from);
    return ring;
  }

  std::vector<std::uint32_t> open_, place_;
};

}  // namespace

std::vector<MultiPolygon> dissolve(const Arrangement& arrangement, std::span<const std::uint32_t> label_of_face,
                                   std::uint32_t label_count) {
  const std::uint32_t halves = 2 * arrangement.edge_count();
  const auto label = [&](std::uint32_t half) { return label_of_face[arrangement.left(half)]; };
  const auto is_border = [&](std::uint32_t half) { return label(half) != nothing && label(half) != label(half ^ 1); };

  Patches patches(arrangement.face_count());
  for (std::uint32_t h = 0; h < halves; h += 2) {
    if (label(h) != nothing && label(h) == label(h ^ 1)) patches.join(arrangement.left(h), arrangement.left(h ^ 1));
  }

  std::vector<Polygon> polygon_of_patch(arrangement.face_count());
  std::vector<bool> walked(halves, false);
  std::vector<std::uint32_t> walk;
  RingCutter cutter(arrangement.vertex_count());
  for (std::uint32_t start = 0; start < halves; ++start) {
    if (walked[start] || !is_border(start)) continue;
    walk.clear();
    for (std::uint32_t h = start; !walked[h];) {
      walked[h] = true;
      walk.push_back(arrangement.origin(h));
      h = arrangement.next(h);
      while (!is_border(h)) h = arrangement.next(h ^ 1);  // through the inside, to the next border round the vertex
    }
    Polygon& polygon = polygon_of_patch[patches.of(arrangement.left(start))];
    cutter.cut(walk, arrangement, [&](Ring ring) {
      start_at_least(ring);
      if (doubled_area(ring) > 0)
        polygon.outer = std::move(ring);
      else
        polygon.holes.push_back(std::move(ring));
    });
  }

  std::vector<MultiPolygon> result(label_count);
  for (std::uint32_t face = 0; face < arrangement.face_count(); ++face) {
    Polygon& polygon = polygon_of_patch[face];
    if (polygon.outer.empty()) continue;
    std::sort(polygon.holes.begin(), polygon.holes.end());
    result[label_of_face[face]].push_back(std::move(polygon));
  }
  for (MultiPolygon& polygons : result) {
    std::sort(polygons.begin(), polygons.end(), [](const Polygon& a, const Polygon& b) { return a.outer < b.outer; });
  }
  return result;
}

}  // namespace wangge::coverage
