#pragma once

#include <optional>
#include <vector>

#include "verify/geos.hpp"

namespace wangge::verify {

/// The place on an edge nearest to a place, and metres to it.
Vertex nearest_on(const Edge& edge, Vertex place);
double distance_m(Vertex place, const Edge& edge);

/// A bundle of lines that can be asked what runs near a place. A line carries a tag.
class NearLines {
 public:
  void add(const Line& line, int tag = 0);
  void add(const Polygons& polygons, int tag = 0);
  /// To be called once, after the last `add`.
  void build();

  /// The place on the lines nearest to a place, where one is within so many metres.
  std::optional<Vertex> nearest(Vertex place, double metres) const;
  /// Highest tag of the lines within so many metres of the place; -1: none.
  int tag_near(Vertex place, double metres) const;
  /// Highest tag of the lines that run along the edge (its ends and its middle are all that near); -1: none.
  int tag_along(const Edge& edge, double metres) const;

 private:
  std::vector<std::size_t> around(Vertex place, double metres) const;

  std::vector<Edge> edges_;
  std::vector<int> tags_;
  std::optional<BoxIndex> index_;
};

}  // namespace wangge::verify
