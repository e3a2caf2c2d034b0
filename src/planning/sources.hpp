#pragma once

#include <cstdint>

namespace wangge::planning {

/// Numbers for everything that draws a line in a tessellation, so that noded edges still know where they came from.
class Sources {
 public:
  enum class Kind : std::uint8_t { outline, barrier, footprint, enclosure, voronoi };

  Sources(std::size_t areas, std::size_t barriers, std::size_t units)
      : barriers_(static_cast<std::uint32_t>(areas)),
        footprints_(static_cast<std::uint32_t>(areas + barriers)),
        enclosures_(static_cast<std::uint32_t>(areas + barriers + units)) {}

  /// Further sources, known once the enclosures are.
  void set_enclosures(std::size_t count) { voronoi_ = enclosures_ + static_cast<std::uint32_t>(count); }

  std::uint32_t outline(std::size_t area) const { return static_cast<std::uint32_t>(area); }
  std::uint32_t barrier(std::size_t barrier) const { return barriers_ + static_cast<std::uint32_t>(barrier); }
  std::uint32_t footprint(std::size_t unit) const { return footprints_ + static_cast<std::uint32_t>(unit); }
  std::uint32_t enclosure(std::size_t enclosure) const { return enclosures_ + static_cast<std::uint32_t>(enclosure); }
  std::uint32_t voronoi(std::size_t chain) const { return voronoi_ + static_cast<std::uint32_t>(chain); }

  Kind kind(std::uint32_t source) const {
    if (source < barriers_) return Kind::outline;
    if (source < footprints_) return Kind::barrier;
    if (source < enclosures_) return Kind::footprint;
    return source < voronoi_ ? Kind::enclosure : Kind::voronoi;
  }
  /// The number of the area, barrier, unit, enclosure or chain behind a source.
  std::uint32_t index(std::uint32_t source) const {
    switch (kind(source)) {
      case Kind::outline:
        return source;
      case Kind::barrier:
        return source - barriers_;
      case Kind::footprint:
        return source - footprints_;
      case Kind::enclosure:
        return source - enclosures_;
      case Kind::voronoi:
        break;
    }
    return source - voronoi_;
  }

 private:
  std::uint32_t barriers_, footprints_, enclosures_, voronoi_ = 0xffffffff;
};

}  // namespace wangge::planning
