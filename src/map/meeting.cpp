#include "map/meeting.hpp"

#include <cstdlib>

#include "coverage/segment_grid.hpp"

namespace wangge::map {
namespace {

Box box_of(Position a, Position b) {
  Box box;
  box.add(a), box.add(b);
  return box;
}

/// Apart are they where an axis or the edge itself parts them.
bool meets(const Box& box, Position a, Position b) {
  if (!box.meets(box_of(a, b))) return false;
  const auto side = [&](std::int32_t x, std::int32_t y) { return orientation(a, b, {x, y}); };
  const int sum =
      side(box.min.x, box.min.y) + side(box.max.x, box.min.y) + side(box.max.x, box.max.y) + side(box.min.x, box.max.y);
  return std::abs(sum) < 4;
}

/// The outline of a polygon, its segments filed by bands of latitude.
class Outline {
 public:
  explicit Outline(const Polygon& polygon)
      : segments_(segments_of(polygon)), box_(bounds(polygon.outer)), band_count_(choose_bands()), bands_(files()) {}

  const Box& box() const { return box_; }

  /// True where the segment has a position in the closed polygon.
  bool meets(Position a, Position b) const {
    if (!box_.meets(box_of(a, b))) return false;
    for (std::size_t band = band_of(std::min(a.y, b.y)); band <= band_of(std::max(a.y, b.y)); ++band) {
      for (const std::uint32_t i : bands_[band]) {
        const Segment& s = segments_[i];
        if (box_of(a, b).meets(box_of(s.a, s.b)) && segments_meet(a, b, s.a, s.b)) return true;
      }
    }
    return holds(a);
  }

 private:
  struct Segment {
    Position a, b;
  };

  static std::vector<Segment> segments_of(const Polygon& polygon) {
    std::vector<Segment> segments;
    const auto add = [&](const Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) segments.push_back({ring[i], ring[(i + 1) % ring.size()]});
    };
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
    return segments;
  }

  /// As many as leave a segment in two or three of them on average.
  std::size_t choose_bands() const {
    double heights = height();
    for (const Segment& s : segments_) heights += std::abs(double(s.b.y) - s.a.y);
    return static_cast<std::size_t>(height() / heights * double(segments_.size())) + 1;
  }

  coverage::PackedLists files() const {
    return coverage::PackedLists(band_count_, [this](const auto& add) {
      for (std::uint32_t i = 0; i < segments_.size(); ++i) {
        const auto [low, high] = std::minmax(segments_[i].a.y, segments_[i].b.y);
        for (std::size_t band = band_of(low); band <= band_of(high); ++band) add(band, i);
      }
    });
  }

  double height() const { return double(box_.max.y) - box_.min.y + 1; }
  /// Of the nearest latitude in the box.
  std::size_t band_of(std::int32_t y) const {
    const double above = double(std::clamp(y, box_.min.y, box_.max.y)) - box_.min.y;
    return static_cast<std::size_t>(above / height() * double(band_count_ - 1));
  }

  /// For a position that is on no segment: true where it is inside.
  bool holds(Position p) const {
    if (!box_.contains(p)) return false;
    bool inside = false;
    for (const std::uint32_t i : bands_[band_of(p.y)]) {
      const Segment& s = segments_[i];
      const bool rising = s.a.y <= p.y;
      if (rising != (s.b.y <= p.y) && orientation(s.a, s.b, p) == (rising ? 1 : -1)) inside = !inside;
    }
    return inside;
  }

  std::vector<Segment> segments_;
  Box box_;
  std::size_t band_count_;
  coverage::PackedLists bands_;
};

template <class Shape>
void add_beside(const EdgeIndex& edges, const Box& box, AreaSet& areas, const Shape& meets_shape) {
  edges.for_each_edge_near(box, [&](Position a, Position b, auto& sides) {
    if (!meets_shape(a, b)) return;
    areas.add(sides().left);
    areas.add(sides().right);
  });
}

}  // namespace

void add_areas_beside(const EdgeIndex& edges, const Box& box, AreaSet& areas) {
  add_beside(edges, box, areas, [&](Position a, Position b) { return meets(box, a, b); });
}

void add_areas_beside(const EdgeIndex& edges, const Polygon& polygon, AreaSet& areas) {
  if (polygon.outer.empty()) return;
  const Outline outline(polygon);
  add_beside(edges, outline.box(), areas, [&](Position a, Position b) { return outline.meets(a, b); });
}

}  // namespace wangge::map
