#include "split/pipeline.hpp"

#include <cmath>
#include <stdexcept>

#include "planning/tessellation.hpp"
#include <wangge/grid_map.hpp>

#ifdef WANGGE_GDAL
#include "support/ogr_areas.hpp"
#endif

namespace wangge::bench {
namespace {

using planning::Tessellation;

std::vector<GridId> leaves(const GridMap& map) {
  std::vector<GridId> ids;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    if (map.children(GridId{i}).empty()) ids.push_back(GridId{i});
  }
  return ids;
}

/// Every edge of the tiling counts to the border of the nodes on either side.
void measure_borders(const Tessellation& t, Instance& instance) {
  const coverage::Arrangement& a = t.arrangement;
  const LocalFrame frame(a.edge_count() > 0 ? a.from(0) : Position{});
  instance.perimeter_m.assign(t.graph.nodes.size(), 0);
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    const std::uint32_t i = t.node_of_face[a.left(2 * e)], j = t.node_of_face[a.left(2 * e + 1)];
    if (i == j) continue;
    const auto p = frame.to_metres(a.from(2 * e)), q = frame.to_metres(a.to(2 * e));
    const auto length_m = float(std::hypot(p.x - q.x, p.y - q.y));
    if (i != coverage::nothing) instance.perimeter_m[i] += length_m;
    if (j != coverage::nothing) instance.perimeter_m[j] += length_m;
    if (i != coverage::nothing && j != coverage::nothing) instance.shared.push_back({i, j, length_m});
  }
}

#ifdef WANGGE_GDAL
std::vector<std::uint32_t> column_of(const std::filesystem::path& file, const char* column) {
  const std::unique_ptr<GDALDataset> data(GDALDataset::Open(("/vsigzip/" + file.string()).c_str(), GDAL_OF_VECTOR));
  std::vector<std::uint32_t> values;
  for (const auto& feature : data->GetLayer(0)) values.push_back(std::uint32_t(feature->GetFieldAsInteger(column)));
  return values;
}
#endif

}  // namespace

Instance tessellated(const std::string& name, const City& city, const Range& range, std::uint32_t target) {
  const GridMap map = GridMap::build(city.areas);
  Tessellation t = planning::tessellate(map, leaves(map), city.units.units, city.barriers, {});
  Instance instance;
  instance.name = name, instance.range = range, instance.target = target;
  measure_borders(t, instance);
  instance.graph = std::move(t.graph);
  instance.block_of_node = std::move(t.block_of_node);
  return instance;
}

#ifdef WANGGE_GDAL
City osm_city(const std::filesystem::path& file) { return import_osm(file); }

City census_city(const std::filesystem::path& file) {
  std::vector<GridRecord> areas = test::areas_from(file, "code");
  const std::vector<std::uint32_t> households = column_of(file, "HHcount");
  City city;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    Unit unit{.id = areas[i].code, .footprint = areas[i].polygons, .households = households[i]};
    unit.position = inner_point(unit.footprint);
    city.units.units.push_back(std::move(unit));
    areas[i].level = Level::micro_grid, areas[i].parent = "all";
  }
  areas.push_back({.code = "all", .level = Level::grid});
  const GridMap map = GridMap::build(areas);
  city.areas.push_back({.code = "all", .level = Level::grid, .polygons = map.polygons(map.find("all"))});
  return city;
}
#else
City osm_city(const std::filesystem::path& file) {
  throw std::runtime_error(file.string() + " needs GDAL, which this program was built without");
}
City census_city(const std::filesystem::path& file) { return osm_city(file); }
#endif

}  // namespace wangge::bench
