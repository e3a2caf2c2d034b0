#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coverage/face_locator.hpp"
#include "coverage/noding.hpp"
#include "coverage/segment_grid.hpp"
#include "planning/ground.hpp"

namespace wangge::planning {

/// Cuts lines off at the border of an enclosure.
class EnclosureClip {
 public:
  explicit EnclosureClip(const Ground& ground);

  /// Adds the pieces of the line that lie in the enclosure, as segments of that source.
  void clip(const Line& line, std::uint32_t enclosure, std::uint32_t source, std::vector<coverage::Segment>& out) const;

 private:
  std::uint32_t enclosure_at(Position p) const { return ground_.enclosure_of_face[locator_.face_of(p)]; }
  std::vector<double> cuts(Position a, Position b) const;

  const Ground& ground_;
  coverage::FaceLocator locator_;
  std::vector<std::uint32_t> borders_;  ///< edges between two enclosures
  coverage::CellGrid grid_;
  coverage::PackedLists cells_;
};

}  // namespace wangge::planning
