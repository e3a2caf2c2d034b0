#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "verify/near.hpp"
#include "verify/outline.hpp"
#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

constexpr double on_barrier_m = 0.6;  // borders may be simplified by half a metre

void measure_sizes(const Plan& plan, const Ownership& ownership, Figures& figures) {
  const std::vector<std::int64_t> households = households_of_leaves(plan, ownership);
  std::vector<double> sizes;
  for (const Row row : plan.micro_grids)
    if (plan.area(row).kind != "dedicated" || households[row] > 0) sizes.push_back(double(households[row]));
  if (sizes.empty()) return;
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  double sum = 0, squares = 0;
  for (const double size : sizes) sum += size;
  const double mean = sum / double(sizes.size());
  for (const double size : sizes) squares += (size - mean) * (size - mean);
  figures.households_min = static_cast<std::int64_t>(*least);
  figures.households_max = static_cast<std::int64_t>(*most);
  figures.households_mean = mean;
  figures.households_sd = std::sqrt(squares / double(sizes.size()));
}

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * double(sorted.size() - 1);
  const std::size_t below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - double(below)) * (sorted[above] - sorted[below]);
}

void measure_compactness(const Plan& plan, Figures& figures) {
  std::vector<double> values;
  for (const Row row : plan.micro_grids)
    if (plan.area(row).kind != "dedicated") values.push_back(compactness(plan.area(row).polygons));
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += value;
  figures.compactness_mean = sum / double(values.size());
  figures.compactness_median = quantile(values, 0.5);
  figures.compactness_p5 = quantile(values, 0.05);
}

/// Borders between two micro-grids of one parent, each once.
std::vector<Edge> inner_borders(const Plan& plan) {
  std::vector<std::pair<Edge, Row>> sides;
  for (const Row row : plan.micro_grids)
    each_edge(plan.area(row).polygons, [&](Edge e) { sides.push_back({e.a < e.b ? e : Edge{e.b, e.a}, row}); });
  std::sort(sides.begin(), sides.end());
  std::vector<Edge> borders;
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const auto& [edge, row] = sides[i];
    const auto& [other, neighbour] = sides[i - 1];
    if (edge == other && row != neighbour && plan.parent[row] == plan.parent[neighbour]) borders.push_back(edge);
  }
  return borders;
}

void measure_borders(const Plan& plan, Figures& figures) {
  NearLines lines;
  for (const Barrier& barrier : plan.file.barriers)
    if (!barrier.tunnel) lines.add(barrier.line, static_cast<int>(barrier.barrier));
  lines.build();
  double by_class[4] = {}, total = 0;
  std::set<Point> vertices;
  for (const Edge& edge : inner_borders(plan)) {
    const double length = length_m(edge.a, edge.b);
    total += length;
    vertices.insert({edge.a, edge.b});
    if (const int barrier = lines.tag_along(edge, on_barrier_m); barrier >= 0) by_class[barrier] += length;
  }
  figures.inner_border_m = total;
  if (total == 0) return;
  figures.border_vertices_per_km = 1000 * double(vertices.size()) / total;
  figures.border_on_street = by_class[static_cast<int>(BarrierClass::street)] / total;
  figures.border_on_wall = by_class[static_cast<int>(BarrierClass::wall)] / total;
  figures.border_on_soft = by_class[static_cast<int>(BarrierClass::soft)] / total;
  figures.border_on_hard = by_class[static_cast<int>(BarrierClass::hard)] / total;
  figures.border_on_barriers =
      figures.border_on_street + figures.border_on_wall + figures.border_on_soft + figures.border_on_hard;
}

/// What encloses blocks: barriers from `weakest` on (walls apart), and the outlines of the areas that were split.
std::vector<Line> block_lines(const Plan& plan, BarrierClass weakest) {
  std::vector<Line> lines;
  for (const Barrier& barrier : plan.file.barriers)
    if (!barrier.tunnel && barrier.barrier >= weakest && barrier.barrier != BarrierClass::wall)
      lines.push_back(barrier.line);
  std::set<Row> parents;
  for (const Row row : plan.micro_grids)
    if (plan.parent[row] != none) parents.insert(plan.parent[row]);
  for (const Row row : parents) {
    for (const Polygon& polygon : plan.area(row).polygons) {
      for (Ring ring : polygon) {
        ring.push_back(ring[0]);
        lines.push_back(std::move(ring));
      }
    }
  }
  return lines;
}

/// Calls visit(block, leaf, households) for each unit with households in a block between such lines.
template <class Visit>
void each_unit_in_block(const Plan& plan, const Ownership& ownership, BarrierClass weakest, const Visit& visit) {
  const Faces blocks = faces_of(block_lines(plan, weakest));
  std::map<std::size_t, Prepared> prepared;
  std::vector<Box> boxes;
  for (const GEOSGeometry* block : blocks.polygons) boxes.push_back(box_of(block));
  const BoxIndex index(boxes);
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
    const std::int64_t households = plan.file.units[i].households.value_or(0);
    if (ownership.leaf[i] == none || households == 0) continue;
    const Vertex place = ownership.place[i];
    const Geometry point = point_geometry(place.x, place.y);
    for (const std::size_t block : index.meeting({place.x, place.y, place.x, place.y})) {
      if (!prepared.try_emplace(block, blocks.polygons[block]).first->second.covers(point.get())) continue;
      visit(block, ownership.leaf[i], households);
      break;
    }
  }
}

std::size_t count_across_main_roads(const Plan& plan, const Ownership& ownership) {
  std::vector<std::set<std::size_t>> blocks_of(plan.parent.size());
  each_unit_in_block(plan, ownership, BarrierClass::soft,
                     [&](std::size_t block, Row leaf, std::int64_t) { blocks_of[leaf].insert(block); });
  std::size_t count = 0;
  for (const Row row : plan.micro_grids) count += blocks_of[row].size() > 1;
  return count;
}

/// Blocks between streets that would fit in one micro-grid, and those of them that lie in several.
void count_blocks(const Plan& plan, const Ownership& ownership, const Range& range, Figures& figures) {
  struct Block {
    std::int64_t households = 0;
    std::set<Row> leaves;
  };
  std::map<std::size_t, Block> blocks;
  each_unit_in_block(plan, ownership, BarrierClass::street, [&](std::size_t block, Row leaf, std::int64_t households) {
    blocks[block].households += households;
    blocks[block].leaves.insert(leaf);
  });
  for (const auto& [number, block] : blocks) {
    if (block.households > range.max) continue;
    ++figures.blocks;
    figures.blocks_split += block.leaves.size() > 1;
  }
}

void measure_outlines(const Plan& plan, Report& report) {
  std::set<std::string> explained;
  for (const Finding& finding : plan.file.findings)
    if (finding.kind == "neck") explained.insert(finding.code);
  char text[160];
  for (const Row row : plan.micro_grids) {
    const Area& area = plan.area(row);
    if (area.kind == "dedicated") continue;
    report.figures.elongated += axis_ratio(area.polygons) > 3;
    const auto neck = find_neck(area.polygons);
    if (!neck) continue;
    ++report.figures.necked;
    report.figures.necks_unexplained += !explained.contains(area.code);
    std::snprintf(text, sizeof text, "a lobe of %.2f ha hangs on by a neck of %.1f m, %.1f %% of its perimeter",
                  neck->area_m2 / 1e4, neck->width_m, 100 * neck->width_m / neck->perimeter_m);
    report.warnings.push_back({"neck", area.code, "", place_of(neck->place), neck->width_m, "m", text});
  }
}

void count_near_bounds(const Plan& plan, const Ownership& ownership, const Range& range, Figures& figures) {
  constexpr std::int64_t near = 5;
  const std::vector<std::int64_t> households = households_of_leaves(plan, ownership);
  for (const Row row : plan.micro_grids) {
    if (households[row] < range.min || households[row] > range.max) continue;
    figures.near_bounds += std::min(households[row] - range.min, range.max - households[row]) <= near;
  }
}

}  // namespace

void measure_shape(const Plan& plan, const Ownership& ownership, Report& report) {
  Figures& figures = report.figures;
  figures.areas = plan.file.areas.size();
  figures.units = plan.file.units.size();
  figures.micro_grids = plan.micro_grids.size();
  for (const Row row : plan.micro_grids) ++(plan.area(row).kind == "dedicated" ? figures.dedicated : figures.general);
  measure_sizes(plan, ownership, figures);
  measure_compactness(plan, figures);
  measure_borders(plan, figures);
  measure_outlines(plan, report);
  count_near_bounds(plan, ownership, report.range, figures);
  figures.across_main_roads = count_across_main_roads(plan, ownership);
  count_blocks(plan, ownership, report.range, figures);
}

}  // namespace wangge::verify
