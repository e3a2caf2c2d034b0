#include "verify/near.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::verify {

Vertex nearest_on(const Edge& edge, Vertex place) {
  const Scale scale = scale_at(place.y);
  const double ax = (edge.a.x - place.x) * scale.east, ay = (edge.a.y - place.y) * scale.north;
  const double dx = (double(edge.b.x) - edge.a.x) * scale.east, dy = (double(edge.b.y) - edge.a.y) * scale.north;
  const double length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp(-(ax * dx + ay * dy) / length2, 0.0, 1.0) : 0;
  return {edge.a.x + t * (double(edge.b.x) - edge.a.x), edge.a.y + t * (double(edge.b.y) - edge.a.y)};
}

double distance_m(Vertex place, const Edge& edge) { return distance_m(place, nearest_on(edge, place)); }

void NearLines::add(const Line& line, int tag) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    edges_.push_back({line[i - 1], line[i]});
    tags_.push_back(tag);
  }
}

void NearLines::add(const Polygons& polygons, int tag) {
  each_edge(polygons, [&](Edge edge) {
    edges_.push_back(edge);
    tags_.push_back(tag);
  });
}

void NearLines::build() {
  std::vector<Box> boxes;
  boxes.reserve(edges_.size());
  for (const Edge& edge : edges_) {
    const Point ends[] = {edge.a, edge.b};
    boxes.push_back(box_of(ends));
  }
  index_.emplace(boxes);
}

std::vector<std::size_t> NearLines::around(Vertex place, double metres) const {
  const Scale scale = scale_at(place.y);
  return index_->meeting(Box{place.x, place.y, place.x, place.y}.grown(metres / scale.east, metres / scale.north));
}

std::optional<Vertex> NearLines::nearest(Vertex place, double metres) const {
  std::optional<Vertex> best;
  double least = metres;
  for (const std::size_t i : around(place, metres)) {
    const Vertex candidate = nearest_on(edges_[i], place);
    if (distance_m(place, candidate) < least) best = candidate, least = distance_m(place, candidate);
  }
  return best;
}

int NearLines::tag_near(Vertex place, double metres) const {
  int best = -1;
  for (const std::size_t i : around(place, metres))
    if (tags_[i] > best && distance_m(place, edges_[i]) <= metres) best = tags_[i];
  return best;
}

int NearLines::tag_along(const Edge& edge, double metres) const {
  const Vertex a{double(edge.a.x), double(edge.a.y)}, b{double(edge.b.x), double(edge.b.y)};
  int tag = tag_near({(a.x + b.x) / 2, (a.y + b.y) / 2}, metres);
  if (tag >= 0) tag = std::min(tag, tag_near(a, metres));
  if (tag >= 0) tag = std::min(tag, tag_near(b, metres));
  return tag;
}

}  // namespace wangge::verify
