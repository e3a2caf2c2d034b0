#include "planning/clip.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::nothing;

constexpr double cell = 2000;  // lattice units

std::vector<std::uint32_t> edges_between_enclosures(const Ground& ground) {
  const Arrangement& a = ground.arrangement;
  std::vector<std::uint32_t> edges;
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    if (ground.enclosure_of_face[a.left(2 * e)] != ground.enclosure_of_face[a.left(2 * e + 1)]) edges.push_back(e);
  }
  return edges;
}

Position between(Position a, Position b, double t) {
  return {static_cast<std::int32_t>(std::lround(a.x + t * (double(b.x) - a.x))),
          static_cast<std::int32_t>(std::lround(a.y + t * (double(b.y) - a.y)))};
}

}  // namespace

EnclosureClip::EnclosureClip(const Ground& ground)
    : ground_(ground),
      locator_(ground.arrangement),
      borders_(edges_between_enclosures(ground)),
      grid_(borders_.size(), cell),
      cells_(grid_.buckets(), [&](const auto& add) {
        for (const std::uint32_t e : borders_) {
          grid_.along(ground.arrangement.from(2 * e), ground.arrangement.to(2 * e),
                      [&](std::size_t bucket) { add(bucket, e); });
        }
      }) {}

std::vector<double> EnclosureClip::cuts(Position a, Position b) const {
  std::vector<double> at;
  grid_.along(a, b, [&](std::size_t bucket) {
    for (const std::uint32_t e : cells_[bucket]) {
      const Position c = ground_.arrangement.from(2 * e), d = ground_.arrangement.to(2 * e);
      if (!segments_meet(a, b, c, d)) continue;
      const double dx = double(b.x) - a.x, dy = double(b.y) - a.y, ex = double(d.x) - c.x, ey = double(d.y) - c.y;
      const double turn = dx * ey - dy * ex;
      // A border along the line cuts it nowhere; its ends are met by the borders that go on from there.
      if (turn != 0) at.push_back(std::clamp(((double(c.x) - a.x) * ey - (double(c.y) - a.y) * ex) / turn, 0.0, 1.0));
    }
  });
  std::ranges::sort(at);
  at.erase(std::unique(at.begin(), at.end()), at.end());
  return at;
}

void EnclosureClip::clip(const Line& line, std::uint32_t enclosure, std::uint32_t source,
                         std::vector<coverage::Segment>& out) const {
  bool known = false, inside = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Position a = line[i - 1], b = line[i];
    std::vector<double> stops = cuts(a, b);
    if (stops.empty()) {
      if (!known) inside = enclosure_at(a) == enclosure, known = true;
      if (inside) out.push_back({a, b, source});
      continue;
    }
    stops.push_back(1);
    double from = 0;
    for (const double to : stops) {
      if (to > from) {
        inside = enclosure_at(between(a, b, (from + to) / 2)) == enclosure;
        if (inside) out.push_back({between(a, b, from), between(a, b, to), source});
      }
      from = to;
    }
    known = stops[stops.size() - 2] < 1;  // a line that ends on a border may go on to either side
  }
}

}  // namespace wangge::planning
