#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <set>

#include "verify/barriers.hpp"
#include "verify/groups.hpp"
#include "verify/near.hpp"
#include "verify/plan.hpp"
#include "verify/reasons.hpp"

namespace wangge::verify {
namespace {

// Borders on a barrier were noded with it on the lattice and may lie two units beside it.
constexpr double on_barrier_m = 0.05;
// A crossing links what lies this near to it; slivers between a barrier and a border on it do not count.
constexpr double crossing_reach_m = 3, crossing_least_m2 = 0.15;
constexpr double sliver_m = 0.1;

Geometry disc(Vertex centre, double radius_m) {
  constexpr int corners = 24;
  const Scale scale = scale_at(centre.y);
  Ring ring;
  for (int k = 0; k < corners; ++k) {
    const double angle = 2 * std::numbers::pi * k / corners;
    ring.push_back({static_cast<std::int32_t>(std::lround(centre.x + radius_m / scale.east * std::cos(angle))),
                    static_cast<std::int32_t>(std::lround(centre.y + radius_m / scale.north * std::sin(angle)))});
  }
  return to_geometry(Polygons{{ring}});
}

/// A face of the arrangement of micro-grid borders and hard barriers, as part of one micro-grid (of two, where they
/// overlap).
struct Piece {
  std::uint32_t face;
  Row micro_grid;
  double m2;
  bool sliver;
  std::int64_t households = 0;
};

/// An edge between two faces.
struct Side {
  Edge edge;  ///< a < b
  std::uint32_t face;
};

class CoherenceCheck {
 public:
  CoherenceCheck(const Plan& plan, const Ownership& ownership, Report& report)
      : plan_(plan),
        ownership_(ownership),
        report_(report),
        separating_(separating_lines(plan)),
        faces_(faces_of(lines())),
        pieces_(pieces()),
        linked_(pieces_.size()),
        reachable_(pieces_.size()),
        touching_(pieces_.size()),
        reasons_(plan.file) {}

  Coherence run() {
    for (const Line& line : separating_) hard_.add(line);
    hard_.build();
    link_neighbours();
    link_crossings();
    count_households();
    result_.broken.assign(plan_.parent.size(), 0);
    result_.within_reach.assign(plan_.parent.size(), 0);
    measure_reach();
    for (const Row row : plan_.micro_grids) {
      check_parts(row);
      check_barriers(row);
    }
    return std::move(result_);
  }

 private:
  /// The borders of the micro-grids, each once, and the hard barriers.
  std::vector<Line> lines() const {
    std::vector<Line> lines;
    std::set<Edge> seen;
    for (const Row row : plan_.micro_grids) {
      each_edge(plan_.area(row).polygons, [&](Edge edge) {
        if (edge.b < edge.a) std::swap(edge.a, edge.b);
        if (edge.a == edge.b || !seen.insert(edge).second) return;
        if (!lines.empty() && lines.back().back() == edge.a) return lines.back().push_back(edge.b);
        if (!lines.empty() && lines.back().back() == edge.b) return lines.back().push_back(edge.a);
        lines.push_back({edge.a, edge.b});
      });
    }
    lines.insert(lines.end(), separating_.begin(), separating_.end());
    return lines;
  }

  std::vector<Piece> pieces() {
    std::vector<Box> boxes;
    std::vector<Prepared> shapes;
    for (const Row row : plan_.micro_grids) {
      boxes.push_back(plan_.box(row));
      shapes.emplace_back(plan_.shapes[row]);
    }
    const BoxIndex index(boxes);
    std::vector<Piece> pieces;
    pieces_of_face_.resize(faces_.polygons.size());
    pieces_of_area_.resize(plan_.parent.size());
    for (std::uint32_t face = 0; face < faces_.polygons.size(); ++face) {
      const auto inside = inner_point(faces_.polygons[face]);
      if (!inside) continue;
      const Geometry point = point_geometry(inside->x, inside->y);
      for (const std::size_t i : index.meeting({inside->x, inside->y, inside->x, inside->y})) {
        if (!shapes[i].covers(point.get())) continue;
        pieces_of_face_[face].push_back(static_cast<std::uint32_t>(pieces.size()));
        pieces_of_area_[plan_.micro_grids[i]].push_back(static_cast<std::uint32_t>(pieces.size()));
        pieces.push_back(
            {face, plan_.micro_grids[i], area_m2(faces_.polygons[face]), is_sliver(faces_.polygons[face])});
      }
    }
    return pieces;
  }

  static bool is_sliver(const GEOSGeometry* face) {
    double length = 0;
    for (const std::vector<Vertex>& ring : rings_of(face))
      for (std::size_t k = 1; k < ring.size(); ++k) length += distance_m(ring[k - 1], ring[k]);
    return 2 * area_m2(face) < sliver_m * length;
  }

  std::vector<Side> sides() const {
    std::vector<Side> sides;
    for (std::uint32_t face = 0; face < faces_.polygons.size(); ++face) {
      for (const std::vector<Vertex>& ring : rings_of(faces_.polygons[face])) {
        for (std::size_t k = 1; k < ring.size(); ++k) {
          const auto at = [&](std::size_t i) {
            return Point{static_cast<std::int32_t>(std::lround(ring[i].x)),
                         static_cast<std::int32_t>(std::lround(ring[i].y))};
          };
          const Point a = at(k - 1), b = at(k);
          sides.push_back({a < b ? Edge{a, b} : Edge{b, a}, face});
        }
      }
    }
    std::sort(sides.begin(), sides.end(),
              [](const Side& s, const Side& t) { return s.edge != t.edge ? s.edge < t.edge : s.face < t.face; });
    return sides;
  }

  void link_neighbours() {
    const std::vector<Side> all = sides();
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i].edge != all[i - 1].edge) continue;
      const bool passable = hard_.tag_along(all[i].edge, on_barrier_m) < 0;
      for (const std::uint32_t p : pieces_of_face_[all[i - 1].face])
        for (const std::uint32_t q : pieces_of_face_[all[i].face]) link(p, q, passable);
    }
  }

  void link(std::uint32_t p, std::uint32_t q, bool passable) {
    const bool same = pieces_[p].micro_grid == pieces_[q].micro_grid;
    if (same) touching_.join(p, q);
    if (!passable) return;
    if (same) linked_.join(p, q);
    const bool apart = !same && (locked(pieces_[p]) || locked(pieces_[q]));
    if (!apart && plan_.parent[pieces_[p].micro_grid] == plan_.parent[pieces_[q].micro_grid]) reachable_.join(p, q);
  }

  bool locked(const Piece& piece) const { return reasons_.says(plan_.area(piece.micro_grid).code, "locked"); }

  void link_crossings() {
    const std::vector<Vertex> crossings = crossings_of(plan_.file.barriers);
    std::vector<Box> boxes;
    for (const GEOSGeometry* face : faces_.polygons) boxes.push_back(box_of(face));
    const BoxIndex index(boxes);
    for (const Vertex crossing : crossings) {
      const Geometry around = disc(crossing, crossing_reach_m);
      std::vector<std::uint32_t> near;
      for (const std::size_t face : index.meeting(box_of(around.get()))) {
        if (pieces_of_face_[face].empty()) continue;
        if (area_m2(intersection(around.get(), faces_.polygons[face]).get()) < crossing_least_m2) continue;
        near.insert(near.end(), pieces_of_face_[face].begin(), pieces_of_face_[face].end());
      }
      report_.figures.crossings += !near.empty();
      for (const std::uint32_t p : near)
        for (const std::uint32_t q : near)
          if (p < q) link(p, q, true);
    }
  }

  void count_households() {
    piece_of_unit_.assign(ownership_.leaf.size(), none);
    for (std::size_t i = 0; i < ownership_.leaf.size(); ++i) {
      const Row leaf = ownership_.leaf[i];
      if (leaf == none || pieces_of_area_[leaf].empty()) continue;
      piece_of_unit_[i] = piece_of(i, pieces_of_area_[leaf]);
      pieces_[piece_of_unit_[i]].households += plan_.file.units[i].households.value_or(0);
    }
  }

  /// The piece of its micro-grid that holds the unit, or most of it.
  std::uint32_t piece_of(std::size_t unit, const std::vector<std::uint32_t>& pieces) {
    std::vector<std::uint32_t> broad;
    std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(broad),
                 [&](std::uint32_t p) { return !pieces_[p].sliver; });
    if (broad.size() == 1) return broad[0];
    const std::vector<std::uint32_t>& candidates = broad.empty() ? pieces : broad;
    const GEOSGeometry* footprint = ownership_.footprint[unit].get();
    const Box box = box_of(footprint);
    std::uint32_t best = candidates[0];
    double most = -1;
    for (const std::uint32_t p : candidates) {
      const GEOSGeometry* face = faces_.polygons[pieces_[p].face];
      const Box other = box_of(face);
      if (box.max_x < other.min_x || other.max_x < box.min_x || box.max_y < other.min_y || other.max_y < box.min_y)
        continue;
      const Geometry part = intersection(footprint, face);
      const double m2 = inner_point(part.get()) ? area_m2(part.get()) : -1;
      if (m2 > most) most = m2, best = p;
    }
    return best;
  }

  void measure_reach() {
    std::map<std::uint32_t, std::int64_t>& households = within_reach_of_;
    for (std::uint32_t p = 0; p < pieces_.size(); ++p) households[reachable_.of(p)] += pieces_[p].households;
    for (const Row row : plan_.micro_grids) {
      std::set<std::uint32_t> roots;
      for (const std::uint32_t p : pieces_of_area_[row])
        if (pieces_[p].households > 0) roots.insert(reachable_.of(p));
      if (roots.empty())
        for (const std::uint32_t p : pieces_of_area_[row]) roots.insert(reachable_.of(p));
      for (const std::uint32_t root : roots) result_.within_reach[row] += households[root];
    }
  }

  void check_parts(Row row) {
    const std::vector<const GEOSGeometry*> parts = polygons_of(plan_.shapes[row]);
    if (parts.size() < 2) return;
    const GEOSGeometry* least =
        *std::min_element(parts.begin(), parts.end(),
                          [](const GEOSGeometry* a, const GEOSGeometry* b) { return area_units(a) < area_units(b); });
    result_.broken[row] = 1;
    ++report_.figures.not_contiguous;
    report_.errors.push_back({"contiguity", plan_.area(row).code, "", place_of(*inner_point(least)),
                              double(parts.size()), "pieces", "the micro-grid is in pieces that share no border"});
  }

  /// Within each part in one piece, the households must reach each other; what holds none may lie beyond a barrier.
  void check_barriers(Row row) {
    std::map<std::uint32_t, std::map<std::uint32_t, std::int64_t>> households;  // by part, by linked group
    for (const std::uint32_t p : pieces_of_area_[row])
      if (pieces_[p].households > 0) households[touching_.of(p)][linked_.of(p)] += pieces_[p].households;
    bool crossed = false;
    for (const auto& [part, groups] : households) {
      if (groups.size() < 2) continue;
      if (took_in_hamlets(row, groups)) {
        ++report_.figures.annexed;
        continue;
      }
      crossed = true;
      const auto least =
          std::min_element(groups.begin(), groups.end(), [](auto& a, auto& b) { return a.second < b.second; });
      report_.errors.push_back({"barrier", plan_.area(row).code, "", place_in(row, least->first), double(least->second),
                                "households", "a hard barrier without a crossing lies between these and the others"});
    }
    result_.broken[row] |= static_cast<char>(crossed);
    report_.figures.across_barrier += crossed;
    for (const std::uint32_t p : pieces_of_area_[row]) {
      const auto part = households.find(touching_.of(p));
      if (part != households.end() && !part->second.contains(linked_.of(p)) && !pieces_[p].sliver)
        report_.figures.empty_beyond_barrier_m2 += pieces_[p].m2;
    }
  }

  /// Whether the plan says that a hamlet was taken in, and all groups but one could not stand alone.
  bool took_in_hamlets(Row row, const std::map<std::uint32_t, std::int64_t>& groups) {
    if (!reasons_.says(plan_.area(row).code, "annexed")) return false;
    const auto stands = [&](const auto& group) {
      return within_reach_of_[reachable_.of(group.first)] >= report_.range.min;
    };
    return std::count_if(groups.begin(), groups.end(), stands) <= 1;
  }

  /// A place with households in a linked group of a micro-grid.
  Place place_in(Row row, std::uint32_t group) {
    for (std::size_t i = 0; i < piece_of_unit_.size(); ++i)
      if (ownership_.leaf[i] == row && piece_of_unit_[i] != none && linked_.of(piece_of_unit_[i]) == group &&
          plan_.file.units[i].households.value_or(0) > 0)
        return place_of(ownership_.place[i]);
    return plan_.place(row);
  }

  const Plan& plan_;
  const Ownership& ownership_;
  Report& report_;
  std::vector<Line> separating_;
  Faces faces_;
  std::vector<std::vector<std::uint32_t>> pieces_of_face_, pieces_of_area_;
  std::vector<Piece> pieces_;
  Groups linked_;     ///< pieces of one micro-grid that reach each other inside it
  Groups reachable_;  ///< pieces of one parent that reach each other inside it
  Groups touching_;   ///< pieces of one micro-grid that share a border, barrier or not
  NearLines hard_;
  std::vector<std::uint32_t> piece_of_unit_;
  Reasons reasons_;
  std::map<std::uint32_t, std::int64_t> within_reach_of_;  ///< households by group of `reachable_`
  Coherence result_;
};

}  // namespace

Coherence check_coherence(const Plan& plan, const Ownership& ownership, Report& report) {
  return CoherenceCheck(plan, ownership, report).run();
}

}  // namespace wangge::verify
