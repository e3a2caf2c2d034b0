#include <algorithm>
#include <map>
#include <set>

#include "verify/barriers.hpp"
#include "verify/near.hpp"
#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

// A border may run this far inside a footprint and still count as running along its wall: two lattice units, and what
// rounding makes of small areas.
constexpr double tolerance_units = 2;
double tolerance_m2(double footprint_m2) { return 0.05 + 0.001 * footprint_m2; }
constexpr double on_border_m = 0.08, on_barrier_m = 0.12;

Problem problem(const char* check, const Unit& unit, std::string code, Place place, std::string text) {
  return {check, std::move(code), unit.id, place, double(unit.households.value_or(0)), "households", std::move(text)};
}

/// How much of a unit lies in one leaf; of a point, 1 inside and 0.5 on the border.
struct Share {
  Row leaf;
  double m2;
};

/// Works the units out one after the other, with what all of them need at hand.
class UnitCheck {
 public:
  UnitCheck(const Plan& plan, Report& report) : plan_(plan), report_(report), leaves_(boxes_of_leaves()) {
    for (const Row row : plan.leaves) prepared_.emplace_back(plan.shapes[row]);
    for (const Line& line : separating_lines(plan)) fixed_.add(line);
    for (Row row = 0; row < plan.parent.size(); ++row)
      if (!plan.is_micro_grid(row)) fixed_.add(plan.area(row).polygons);
    fixed_.build();
  }

  Ownership run() {
    check_ids();
    for (const Unit& unit : plan_.file.units) result_.footprint.push_back(footprint_of(unit));
    std::vector<Box> boxes;
    for (const Geometry& footprint : result_.footprint) boxes.push_back(box_of(footprint.get()));
    footprints_.emplace(boxes);
    const std::size_t count = plan_.file.units.size();
    result_.leaf.assign(count, none);
    result_.place.assign(count, {});
    result_.cut.assign(count, 0);
    for (std::size_t i = 0; i < count; ++i) check_unit(i);
    return std::move(result_);
  }

 private:
  std::vector<Box> boxes_of_leaves() const {
    std::vector<Box> boxes;
    for (const Row row : plan_.leaves) boxes.push_back(plan_.box(row));
    return boxes;
  }

  void check_ids() {
    std::set<std::string_view> seen;
    for (const Unit& unit : plan_.file.units) {
      if (unit.id.empty() || !seen.insert(unit.id).second)
        report_.errors.push_back(problem("unit_id", unit, "", {},
                                         unit.id.empty() ? "a unit without an id" : "the id is used more than once"));
      if (!unit.households || *unit.households < 0 || unit.persons.value_or(0) < 0)
        report_.errors.push_back(problem("unit_count", unit, "", {}, "households or persons are missing or negative"));
    }
  }

  static Geometry footprint_of(const Unit& unit) {
    if (unit.point) return point_geometry(unit.point->x, unit.point->y);
    Geometry footprint = made_valid(to_geometry(unit.footprint));
    if (!polygons_of(footprint).empty() || unit.footprint.empty() || unit.footprint[0][0].empty()) return footprint;
    return point_geometry(unit.footprint[0][0][0].x, unit.footprint[0][0][0].y);  // collapsed to a line or a point
  }

  std::vector<Share> shares_of(const GEOSGeometry* footprint, double whole_m2) const {
    std::vector<Share> shares;
    for (const std::size_t i : leaves_.meeting(box_of(footprint))) {
      if (!prepared_[i].intersects(footprint)) continue;
      const Row leaf = plan_.leaves[i];
      if (whole_m2 == 0)
        shares.push_back({leaf, prepared_[i].contains_properly(footprint) ? 1.0 : 0.5});
      else if (prepared_[i].covers(footprint))
        shares.push_back({leaf, whole_m2});
      else if (const double part = area_m2(intersection(footprint, plan_.shapes[leaf].get()).get()); part > 0)
        shares.push_back({leaf, part});
    }
    return shares;
  }

  void check_unit(std::size_t i) {
    const Unit& unit = plan_.file.units[i];
    const GEOSGeometry* footprint = result_.footprint[i].get();
    const auto inside = inner_point(footprint);
    if (!inside) {
      ++report_.figures.units_unassigned;
      report_.errors.push_back(problem("unit_unassigned", unit, unit.micro_grid, {}, "the unit has no place"));
      return;
    }
    const double whole_m2 = area_m2(footprint);
    const std::vector<Share> shares = shares_of(footprint, whole_m2);
    result_.place[i] = *inside;
    if (shares.empty()) return check_outside(unit, *inside);
    const bool once = check_once(unit, shares, whole_m2, *inside);
    const Share owner = owner_of(unit, shares, *inside);
    result_.leaf[i] = owner.leaf;
    if (whole_m2 > owner.m2) check_whole(i, owner, whole_m2);
    if (check_claim(unit, owner.leaf, *inside) && once && plan_.is_micro_grid(owner.leaf))
      report_.figures.households_in_one_micro_grid += unit.households.value_or(0);
  }

  /// The leaf with the largest share; the one the plan names where that is as good: it shares the border a point lies
  /// on, or holds the inner point of a footprint that others share.
  Share owner_of(const Unit& unit, const std::vector<Share>& shares, Vertex inside) const {
    Share best = *std::max_element(shares.begin(), shares.end(), [](Share a, Share b) { return a.m2 < b.m2; });
    const Geometry point = point_geometry(inside.x, inside.y);
    for (const Share share : shares) {
      const Area& leaf = plan_.area(share.leaf);
      const bool named = plan_.is_micro_grid(share.leaf) && leaf.code == unit.micro_grid;
      if (named && (share.m2 >= best.m2 || (!unit.point && holds(share.leaf, point)))) return share;
    }
    return best;
  }

  bool holds(Row leaf, const Geometry& point) const {
    const auto at = std::find(plan_.leaves.begin(), plan_.leaves.end(), leaf) - plan_.leaves.begin();
    return prepared_[static_cast<std::size_t>(at)].covers(point.get());
  }

  void check_outside(const Unit& unit, Vertex inside) {
    const Geometry point = point_geometry(inside.x, inside.y);
    for (Row row = 0; row < plan_.parent.size(); ++row) {
      const Box box = plan_.box(row);
      if (inside.x < box.min_x || inside.x > box.max_x || inside.y < box.min_y || inside.y > box.max_y) continue;
      if (!Prepared(plan_.shapes[row]).covers(point.get())) continue;
      ++report_.figures.units_unassigned;
      report_.errors.push_back(problem("unit_unassigned", unit, plan_.area(row).code, place_of(inside),
                                       "in the area, but in no micro-grid"));
      return;
    }
    if (!unit.micro_grid.empty()) {
      ++report_.figures.units_elsewhere;
      report_.errors.push_back(problem("unit_elsewhere", unit, unit.micro_grid, place_of(inside),
                                       "said to be in " + unit.micro_grid + ", but outside every area"));
      return;
    }
    ++report_.figures.units_outside;
    report_.figures.households_outside += unit.households.value_or(0);
    report_.warnings.push_back(problem("unit_outside", unit, "", place_of(inside), "outside every area"));
  }

  bool check_once(const Unit& unit, std::vector<Share> shares, double whole_m2, Vertex inside) {
    double sum = 0;
    for (const Share share : shares) sum += whole_m2 > 0 ? share.m2 : share.m2 == 1.0;
    if (sum <= (whole_m2 > 0 ? whole_m2 + tolerance_m2(whole_m2) : 1.0)) return true;
    std::stable_sort(shares.begin(), shares.end(), [](Share a, Share b) { return a.m2 > b.m2; });
    const std::string& first = plan_.area(shares[0].leaf).code;
    ++report_.figures.units_twice;
    report_.errors.push_back(problem("unit_twice", unit, first, place_of(inside),
                                     "in both " + first + " and " + plan_.area(shares[1].leaf).code));
    return false;
  }

  bool check_claim(const Unit& unit, Row owner, Vertex inside) {
    const std::string truth = plan_.is_micro_grid(owner) ? plan_.area(owner).code : "";
    if (unit.micro_grid == truth) return true;
    if (unit.micro_grid.empty()) {
      ++report_.figures.units_unassigned;
      report_.errors.push_back(problem("unit_unassigned", unit, truth, place_of(inside),
                                       "in " + truth + ", but the plan names no micro-grid for it"));
    } else {
      ++report_.figures.units_elsewhere;
      report_.errors.push_back(problem("unit_elsewhere", unit, unit.micro_grid, place_of(inside),
                                       "said to be in " + unit.micro_grid + ", but lies in " +
                                           (truth.empty() ? plan_.area(owner).code + ", which is not split" : truth)));
    }
    return false;
  }

  /// What lies beyond the owner's border is a cut, unless that border is the outline of an area or a hard barrier
  /// there, or the ground belongs to another unit, too.
  void check_whole(std::size_t i, const Share& owner, double whole_m2) {
    const GEOSGeometry* footprint = result_.footprint[i].get();
    const Geometry own_part = intersection(footprint, plan_.shapes[owner.leaf].get());
    if (const auto place = inner_point(own_part.get())) result_.place[i] = *place;
    if (whole_m2 - owner.m2 <= tolerance_m2(whole_m2)) return;
    const Geometry foreign = shrunk(difference(footprint, plan_.shapes[owner.leaf].get()).get(), tolerance_units);
    double cut_m2 = 0;
    const GEOSGeometry* worst = nullptr;
    bool straddles = false, shared = false;
    for (const GEOSGeometry* part : polygons_of(foreign)) {
      if (area_m2(part) < 0.01) continue;
      if (along_fixed_line(part, owner.leaf)) {
        straddles = true;
      } else if (on_other_footprints(part, i)) {
        shared = true;
      } else {
        if (!worst || area_m2(part) > area_m2(worst)) worst = part;
        cut_m2 += area_m2(part);
      }
    }
    report_.figures.straddlers += straddles;
    report_.figures.overlapping_footprints += shared;
    if (!worst) return;
    const std::string& code = plan_.area(owner.leaf).code;
    result_.cut[i] = 1;
    ++report_.figures.units_cut;
    report_.errors.push_back({"unit_cut", code, plan_.file.units[i].id, place_of(*inner_point(worst)), cut_m2, "m2",
                              "the border of " + code + " cuts the unit"});
  }

  /// True where the part's edges that face the owner run along a hard barrier or an outline, nine tenths of them.
  bool along_fixed_line(const GEOSGeometry* part, Row owner) const {
    double facing = 0, fixed = 0;
    for (const std::vector<Vertex>& ring : rings_of(part)) {
      for (std::size_t k = 1; k < ring.size(); ++k) {
        const Vertex middle{(ring[k - 1].x + ring[k].x) / 2, (ring[k - 1].y + ring[k].y) / 2};
        if (!near_border(middle, owner)) continue;
        const double length = distance_m(ring[k - 1], ring[k]);
        facing += length;
        if (fixed_.tag_near(middle, on_barrier_m) >= 0) fixed += length;
      }
    }
    return facing > 0 ? fixed >= 0.9 * facing : false;
  }

  bool near_border(Vertex place, Row owner) const {
    bool near = false;
    each_edge(plan_.area(owner).polygons,
              [&](const Edge& edge) { near = near || distance_m(place, edge) <= on_border_m; });
    return near;
  }

  bool on_other_footprints(const GEOSGeometry* part, std::size_t unit) const {
    std::vector<const GEOSGeometry*> others;
    for (const std::size_t other : footprints_->meeting(box_of(part)))
      if (other != unit && plan_.file.units[other].micro_grid != plan_.file.units[unit].micro_grid)
        others.push_back(result_.footprint[other].get());
    if (others.empty()) return false;
    return area_m2(difference(part, united(others).get()).get()) <= 0.05;
  }

  const Plan& plan_;
  Report& report_;
  BoxIndex leaves_;
  std::vector<Prepared> prepared_;  ///< as `plan_.leaves`
  NearLines fixed_;                 ///< what the splitter did not draw: outlines and hard barriers
  std::optional<BoxIndex> footprints_;
  Ownership result_;
};

}  // namespace

Ownership check_units(const Plan& plan, Report& report) { return UnitCheck(plan, report).run(); }

std::vector<std::int64_t> households_of_leaves(const Plan& plan, const Ownership& ownership) {
  std::vector<std::int64_t> households(plan.parent.size(), 0);
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i)
    if (ownership.leaf[i] != none) households[ownership.leaf[i]] += plan.file.units[i].households.value_or(0);
  return households;
}

}  // namespace wangge::verify
