#include <algorithm>
#include <map>

#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

constexpr double least_m2 = 1e-3;  // below this a gap or an overlap is reported by its border alone

/// A stretch of border and how often it is used from a to b, less how often from b to a.
struct Strand {
  Edge edge;  ///< a < b
  int sum = 0;
};

void add(std::vector<Strand>& strands, const Polygons& polygons, int weight) {
  each_edge(polygons, [&](Edge e) {
    if (e.a < e.b) strands.push_back({e, weight});
    if (e.b < e.a) strands.push_back({{e.b, e.a}, -weight});
  });
}

/// Adds up equal stretches; what comes to nothing is dropped.
void cancel(std::vector<Strand>& strands) {
  std::sort(strands.begin(), strands.end(), [](const Strand& s, const Strand& t) { return s.edge < t.edge; });
  std::vector<Strand> left;
  for (const Strand& strand : strands) {
    if (!left.empty() && left.back().edge == strand.edge)
      left.back().sum += strand.sum;
    else
      left.push_back(strand);
  }
  std::erase_if(left, [](const Strand& strand) { return strand.sum == 0; });
  strands = std::move(left);
}

/// Splits stretches at the ends of others that lie on them exactly, so that one long edge can match two short ones.
void split_at_ends(std::vector<Strand>& strands) {
  std::vector<Point> ends;
  for (const Strand& strand : strands) ends.insert(ends.end(), {strand.edge.a, strand.edge.b});
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  std::vector<Box> boxes;
  for (const Point& end : ends) boxes.push_back(box_of({&end, 1}));
  const BoxIndex index(boxes);
  std::vector<Strand> pieces;
  for (const Strand& strand : strands) {
    const Point both[] = {strand.edge.a, strand.edge.b};
    Point from = strand.edge.a;
    for (const std::size_t i : index.meeting(box_of(both))) {  // ascending, so in order along the edge
      if (!strictly_between(strand.edge.a, strand.edge.b, ends[i])) continue;
      pieces.push_back({{from, ends[i]}, strand.sum});
      from = ends[i];
    }
    pieces.push_back({{from, strand.edge.b}, strand.sum});
  }
  strands = std::move(pieces);
}

/// Stretches that one sibling has and neither another sibling (the other way round) nor the parent has. Where there
/// are none and every polygon is valid, the siblings tile the parent exactly.
std::vector<Strand> unmatched(const Plan& plan, const std::vector<Row>& siblings, Row parent) {
  std::vector<Strand> strands;
  for (const Row row : siblings) add(strands, plan.area(row).polygons, 1);
  add(strands, plan.area(parent).polygons, -1);
  cancel(strands);
  if (strands.empty()) return strands;
  split_at_ends(strands);
  cancel(strands);
  return strands;
}

std::size_t used_twice(const Plan& plan, const std::vector<Row>& siblings) {
  std::vector<Edge> edges;
  for (const Row row : siblings) each_edge(plan.area(row).polygons, [&](Edge e) { edges.push_back(e); });
  std::sort(edges.begin(), edges.end());
  std::size_t count = 0;
  for (std::size_t i = 1; i < edges.size(); ++i) count += edges[i] == edges[i - 1];
  return count;
}

/// Reports each polygon of `parts` that is large enough; returns their area.
double report_parts(const Geometry& parts, const Problem& pattern, std::vector<Problem>& problems) {
  double sum = 0;
  for (const GEOSGeometry* part : polygons_of(parts)) {
    const double area = area_m2(part);
    if (area < least_m2) continue;
    sum += area;
    Problem problem = pattern;
    problem.figure = area;
    problem.place = place_of(*inner_point(part));
    problems.push_back(std::move(problem));
  }
  return sum;
}

double report_overlaps(const Plan& plan, const std::vector<Row>& siblings, Report& report) {
  std::vector<Box> boxes;
  for (const Row row : siblings) boxes.push_back(plan.box(row));
  const BoxIndex index(boxes);
  double sum = 0;
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    const Prepared prepared(plan.shapes[siblings[i]]);
    for (const std::size_t j : index.meeting(boxes[i])) {
      if (j <= i || !prepared.intersects(plan.shapes[siblings[j]].get())) continue;
      const std::string& a = plan.area(siblings[i]).code;
      const std::string& b = plan.area(siblings[j]).code;
      sum += report_parts(intersection(plan.shapes[siblings[i]].get(), plan.shapes[siblings[j]].get()),
                          {"overlap", a, "", {}, 0, "m2", a + " and " + b + " overlap"}, report.errors);
    }
  }
  return sum;
}

double report_outside(const Plan& plan, const std::vector<Row>& siblings, Row parent, Report& report) {
  double sum = 0;
  const Prepared prepared(plan.shapes[parent]);
  for (const Row row : siblings) {
    if (prepared.covers(plan.shapes[row].get())) continue;
    const std::string& code = plan.area(row).code;
    sum += report_parts(difference(plan.shapes[row].get(), plan.shapes[parent].get()),
                        {"outside", code, "", {}, 0, "m2", code + " leaves its parent " + plan.area(parent).code},
                        report.errors);
  }
  return sum;
}

void report_borders(const Plan& plan, Row parent, const std::vector<Strand>& strands, std::size_t twice,
                    Report& report) {
  double length = 0, longest = -1;
  Place place = plan.place(parent);
  for (const auto& [edge, sum] : strands) {
    const double metres = length_m(edge.a, edge.b);
    length += metres;
    if (metres > longest) place = place_of(edge.a);
    longest = std::max(longest, metres);
  }
  report.errors.push_back({"border", plan.area(parent).code, "", place, length, "m",
                           std::to_string(strands.size()) + " stretches of border in it match no neighbour and " +
                               std::to_string(twice) + " are used twice on a side"});
}

Geometry union_of(const Plan& plan, const std::vector<Row>& rows) {
  std::vector<const GEOSGeometry*> shapes;
  for (const Row row : rows) shapes.push_back(plan.shapes[row].get());
  return united(shapes);
}

/// Area covered more than once, in m²; exact sums matter more than the scale here.
double doubled_m2(const Plan& plan, const std::vector<Row>& rows, const Geometry& together) {
  double units = -area_units(together.get());
  for (const Row row : rows) units += area_units(plan.shapes[row].get());
  const Box box = box_of(together.get());
  const Scale scale = scale_at((box.min_y + box.max_y) / 2);
  return units * scale.east * scale.north;
}

void check_family(const Plan& plan, Row parent, Report& report) {
  const std::vector<Row>& siblings = plan.children[parent];
  const bool must_tile =
      std::any_of(siblings.begin(), siblings.end(), [&](Row row) { return plan.is_micro_grid(row); });
  const Geometry together = union_of(plan, siblings);
  Figures& figures = report.figures;

  const double gap = report_parts(
      difference(plan.shapes[parent].get(), together.get()),
      {"gap", plan.area(parent).code, "", {}, 0, "m2", "no part of " + plan.area(parent).code + " covers this place"},
      must_tile ? report.errors : report.warnings);
  const double outside = report_outside(plan, siblings, parent, report);
  const bool doubled = doubled_m2(plan, siblings, together) > least_m2 / 2;
  const double overlap = doubled ? report_overlaps(plan, siblings, report) : 0;
  figures.overlap_m2 += overlap;
  figures.outside_m2 += outside;
  if (!must_tile) return;
  figures.gap_m2 += gap;

  const std::vector<Strand> strands = unmatched(plan, siblings, parent);
  const std::size_t twice = used_twice(plan, siblings);
  figures.unmatched_borders += strands.size();
  figures.borders_used_twice += twice;
  const bool explained = gap + overlap + outside > 0;
  if (!explained && (!strands.empty() || twice > 0)) report_borders(plan, parent, strands, twice, report);
}

}  // namespace

void check_tiling(const Plan& plan, Report& report) {
  std::map<std::string, std::vector<Row>> roots;  // by level: a town and a village that name no parent may nest
  for (Row row = 0; row < plan.parent.size(); ++row) {
    if (!plan.children[row].empty()) check_family(plan, row, report);
    if (plan.parent[row] == none) roots[plan.area(row).level].push_back(row);
  }
  for (const auto& [level, siblings] : roots) report.figures.overlap_m2 += report_overlaps(plan, siblings, report);
}

}  // namespace wangge::verify
