#pragma once

#include <vector>

#include "verify/geos.hpp"

namespace wangge::verify {

/// Metres from a place to an edge.
double distance_m(Vertex place, const Edge& edge);

/// A bundle of lines that can be asked what runs near a place. A line carries a tag.
class NearLines {
 public:
  void add(const Line& line, int tag = 0);
  void add(const Polygons& polygons, int tag = 0);
  /// To be called once, after the last `add`.
  void build();

  /// Highest tag of the lines within so many metres of the place; -1: none.
  int tag_near(Vertex place, double metres) const;
  /// Highest tag of the lines that run along the edge (its ends and its middle are all that near); -1: none.
  int tag_along(const Edge& edge, double metres) const;

 private:
  std::vector<Edge> edges_;
  std::vector<int> tags_;
  std::optional<BoxIndex> index_;
};

}  // namespace wangge::verify
