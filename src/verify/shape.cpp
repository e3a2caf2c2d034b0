#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "verify/near.hpp"
#include "verify/plan.hpp"

namespace wangge::verify {
namespace {

constexpr double on_barrier_m = 0.05;

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
  for (const Edge& edge : inner_borders(plan)) {
    const double length = length_m(edge.a, edge.b);
    total += length;
    if (const int barrier = lines.tag_along(edge, on_barrier_m); barrier >= 0) by_class[barrier] += length;
  }
  figures.inner_border_m = total;
  if (total == 0) return;
  figures.border_on_street = by_class[static_cast<int>(BarrierClass::street)] / total;
  figures.border_on_wall = by_class[static_cast<int>(BarrierClass::wall)] / total;
  figures.border_on_soft = by_class[static_cast<int>(BarrierClass::soft)] / total;
  figures.border_on_hard = by_class[static_cast<int>(BarrierClass::hard)] / total;
  figures.border_on_barriers =
      figures.border_on_street + figures.border_on_wall + figures.border_on_soft + figures.border_on_hard;
}

/// Blocks: what main roads and hard barriers enclose within the outlines of the areas that were split.
std::vector<Line> block_lines(const Plan& plan) {
  std::vector<Line> lines;
  for (const Barrier& barrier : plan.file.barriers)
    if (!barrier.tunnel && (barrier.barrier == BarrierClass::soft || barrier.barrier == BarrierClass::hard))
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

std::size_t count_across_main_roads(const Plan& plan, const Ownership& ownership) {
  const Faces blocks = faces_of(block_lines(plan));
  std::vector<std::set<std::size_t>> blocks_of(plan.parent.size());
  std::map<std::size_t, Prepared> prepared;
  std::vector<Box> boxes;
  for (const GEOSGeometry* block : blocks.polygons) boxes.push_back(box_of(block));
  const BoxIndex index(boxes);
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
    const Row leaf = ownership.leaf[i];
    if (leaf == none || plan.file.units[i].households.value_or(0) == 0) continue;
    const Vertex place = ownership.place[i];
    const Geometry point = point_geometry(place.x, place.y);
    for (const std::size_t block : index.meeting({place.x, place.y, place.x, place.y})) {
      if (!prepared.try_emplace(block, blocks.polygons[block]).first->second.covers(point.get())) continue;
      blocks_of[leaf].insert(block);
      break;
    }
  }
  std::size_t count = 0;
  for (const Row row : plan.micro_grids) count += blocks_of[row].size() > 1;
  return count;
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
  figures.across_main_roads = count_across_main_roads(plan, ownership);
}

}  // namespace wangge::verify
