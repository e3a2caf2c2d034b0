#include <algorithm>
#include <cmath>
#include <set>

#include "io/cells.hpp"
#include "io/features.hpp"
#include "io/ogr_session.hpp"
#include "io/ogr_shape.hpp"
#include "io/osm.hpp"
#include "io/rings.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

/// Which tags GDAL's OSM driver turns into columns.
constexpr char driver_profile[] = R"(
closed_ways_are_polygons=aeroway,amenity,boundary,building,craft,geological,historic,landuse,leisure,military,natural,office,place,shop,sport,tourism,highway=platform,public_transport=platform
attribute_name_laundering=no
[points]
osm_id=yes
attributes=addr:housenumber,addr:street,addr:place
other_tags=no
[lines]
osm_id=yes
attributes=name,highway,waterway,railway,barrier,layer,bridge,tunnel,building
other_tags=no
[multipolygons]
osm_id=yes
osm_way_id=yes
attributes=name,building,building:levels,building:flats,height,addr:housenumber,addr:street,addr:place,boundary,admin_level,landuse,amenity,shop,office,leisure,tourism
other_tags=no
[multilinestrings]
osm_id=yes
other_tags=no
[other_relations]
osm_id=yes
other_tags=no
)";

constexpr double metres_a_floor = 3;

std::string tag(const OGRFeature& feature, const char* key) {
  const int field = feature.GetFieldIndex(key);
  if (field < 0 || !feature.IsFieldSetAndNotNull(field)) return {};
  return const_cast<OGRFeature&>(feature).GetFieldAsString(field);
}

/// "w123"
std::string id_of(char kind, const OGRFeature& feature, const char* key) {
  std::string id(1, kind);
  id += tag(feature, key);
  return id;
}

/// "5 (w1, w2, w3, …)"
std::string listed(std::vector<std::string> ids) {
  constexpr std::size_t shown = 3;
  std::sort(ids.begin(), ids.end());
  std::string text = std::to_string(ids.size()) + " (";
  for (std::size_t i = 0; i < std::min(shown, ids.size()); ++i) {
    if (i > 0) text += ", ";
    text += ids[i];
  }
  return text + (ids.size() > shown ? ", …)" : ")");
}

bool is_yes(const std::string& value) { return !value.empty() && value != "no"; }

/// "Main Street 3;5" are two addresses.
std::vector<std::string> addresses_in(const OGRFeature& feature) {
  const std::string numbers = tag(feature, "addr:housenumber");
  std::string street = tag(feature, "addr:street");
  if (street.empty()) street = tag(feature, "addr:place");
  if (!street.empty()) street += ' ';
  std::set<std::string> addresses;
  for (std::size_t begin = 0; begin < numbers.size();) {
    const std::size_t end = std::min(numbers.find_first_of(";,", begin), numbers.size());
    const std::size_t first = std::min(numbers.find_first_not_of(' ', begin), end);
    if (first < end) addresses.insert(street + numbers.substr(first, end - first));
    begin = end + 1;
  }
  return {addresses.begin(), addresses.end()};
}

std::optional<double> floors_in(const OGRFeature& feature) {
  const std::optional<double> floors = parse_number(tag(feature, "building:levels"));
  if (floors && *floors >= 0 && *floors < 200) return floors;
  const std::optional<double> height = parse_number(tag(feature, "height"));
  if (height && *height > 0 && *height < 700) return std::max(1.0, std::round(*height / metres_a_floor));
  return std::nullopt;
}

class OsmReader {
 public:
  OsmExtract read(GDALDataset& dataset, const Execution& execution) {
    double share = 0;
    for (std::size_t count = 0;; ++count) {
      OGRLayer* layer = nullptr;
      const OgrFeature feature(dataset.GetNextFeature(&layer, &share, nullptr, nullptr));
      if (!feature) break;
      if (count % 4096 == 0 && !execution.go_on("read OpenStreetMap", share))
        throw Error(Errc::stopped, "reading was stopped");
      const std::string_view kind = layer->GetName();
      if (kind == "points")
        add_point(*feature);
      else if (kind == "lines")
        add_line(*feature);
      else if (kind == "multipolygons")
        add_polygon(*feature);
    }
    report();
    return std::move(extract_);
  }

 private:
  static Shape shape_of(const OGRFeature& feature) {
    Shape shape;
    if (const OGRGeometry* geometry = feature.GetGeometryRef()) add_geometry(shape, *geometry);
    return shape;
  }

  void add_point(const OGRFeature& feature) {
    std::vector<std::string> addresses = addresses_in(feature);
    const Shape shape = shape_of(feature);
    if (addresses.empty() || shape.points.size() != 1 || !all_on_earth(shape)) return;
    extract_.addresses.push_back({id_of('n', feature, "osm_id"), to_lattice(shape.points[0]), std::move(addresses)});
  }

  void add_line(const OGRFeature& feature) {
    if (is_yes(tag(feature, "building"))) unclosed_.push_back(id_of('w', feature, "osm_id"));
    const auto kind = barrier_class(tag(feature, "highway"), tag(feature, "railway"), tag(feature, "waterway"),
                                    tag(feature, "barrier"));
    if (!kind) return;
    Barrier barrier;
    barrier.barrier = *kind;
    barrier.name = tag(feature, "name");
    barrier.bridge = is_yes(tag(feature, "bridge"));
    barrier.tunnel = is_yes(tag(feature, "tunnel"));
    barrier.layer = static_cast<int>(std::clamp(parse_number(tag(feature, "layer")).value_or(0), -10.0, 10.0));
    const Shape shape = shape_of(feature);
    if (!all_on_earth(shape)) return;
    for (const RawLine& line : shape.lines) {
      barrier.line = to_line(line);
      if (barrier.line.size() >= 2) extract_.barriers.push_back(barrier);
    }
  }

  void add_polygon(const OGRFeature& feature) {
    const std::string type = tag(feature, "building"), level = tag(feature, "admin_level");
    const bool building = is_yes(type);
    const bool boundary = tag(feature, "boundary") == "administrative" && !level.empty();
    const bool residential = tag(feature, "landuse") == "residential";
    if (!building && !boundary && !residential) return;
    const bool relation = tag(feature, "osm_way_id").empty();
    const std::string id = relation ? id_of('r', feature, "osm_id") : id_of('w', feature, "osm_way_id");
    const Shape shape = shape_of(feature);
    Footprint footprint = all_on_earth(shape) ? to_footprint(shape.polygons) : Footprint{};
    if (footprint.unclosed > 0) unclosed_.push_back(id);
    if (footprint.degenerate > 0 || footprint.polygons.empty()) degenerate_.push_back(id);
    if (footprint.polygons.empty()) return;
    if (building) add_building(feature, id, type, footprint.polygons);
    if (residential) add_residential(feature, footprint.polygons);
    if (boundary) add_boundary(feature, id, level, std::move(footprint.polygons));
  }

  void add_building(const OGRFeature& feature, const std::string& id, const std::string& type,
                    const MultiPolygon& footprint) {
    OsmBuilding building;
    building.id = id;
    building.type = type;
    building.name = tag(feature, "name");
    building.floors = floors_in(feature);
    building.flats = to_count(Value(tag(feature, "building:flats")));
    building.addresses = addresses_in(feature);
    for (const char* use : {"amenity", "shop", "office", "leisure", "tourism"})
      building.other_use = building.other_use || is_yes(tag(feature, use));
    building.footprint = footprint;
    extract_.buildings.push_back(std::move(building));
  }

  void add_residential(const OGRFeature& feature, const MultiPolygon& outline) {
    const std::string name = tag(feature, "name");
    if (name.empty()) return;  // where built-up land ends: a ragged line that nobody sees on the ground
    extract_.compounds.push_back({name, outline});
    for (const Polygon& polygon : outline) {
      add_wall(polygon.outer, name);
      for (const Ring& hole : polygon.holes) add_wall(hole, name);
    }
  }

  void add_wall(Line ring, const std::string& name) {
    ring.push_back(ring.front());
    extract_.barriers.push_back({std::move(ring), BarrierClass::wall, name, false, false, 0});
  }

  void add_boundary(const OGRFeature& feature, const std::string& id, const std::string& level, MultiPolygon outline) {
    const std::optional<double> number = parse_number(level);
    if (!number || *number < 1 || *number > 20) return;
    extract_.boundaries.push_back({id, tag(feature, "name"), static_cast<int>(*number), std::move(outline)});
  }

  void report() {
    if (!unclosed_.empty())
      extract_.findings.push_back(input_finding("outlines that do not close were left out: " + listed(unclosed_)));
    if (!degenerate_.empty())
      extract_.findings.push_back(input_finding("outlines without area were left out: " + listed(degenerate_)));
  }

  OsmExtract extract_;
  std::vector<std::string> unclosed_, degenerate_;
};

/// "OSM: Relation 504 has missing ways. Ignoring it" gives r504.
std::vector<std::string> relations_left_out(const std::vector<std::string>& details) {
  constexpr std::string_view start = "OSM: Relation ", end = " has missing ways";
  std::vector<std::string> ids;
  for (const std::string_view line : details) {
    const std::size_t stop = line.find(end);
    if (line.starts_with(start) && stop != std::string_view::npos)
      ids.emplace_back("r").append(line.substr(start.size(), stop - start.size()));
  }
  return ids;
}

void report_driver(const GdalMessages& messages, std::vector<Finding>& findings) {
  const std::vector<std::string> left_out = relations_left_out(messages.details());
  if (!left_out.empty())
    findings.push_back(input_finding("relations with ways outside the extract were left out: " + listed(left_out)));
  int unclosed = 0;  // the driver does not say of which relation
  for (const auto& [text, count] : messages.warnings())
    if (text.find("on closed ring") != std::string::npos) unclosed += count;
  if (unclosed > 0)
    findings.push_back(
        input_finding("relations have " + std::to_string(unclosed) +
                      " rings that do not close, mostly at the edge of the extract; the rings that close "
                      "were kept"));
}

}  // namespace

OsmExtract read_osm(const std::filesystem::path& file, const Execution& execution) {
  check_is_filled(file);
  check_is_no_folder(file);
  const GdalMessages messages;
  const ThreadOption details("CPL_DEBUG", "OSM");
  const MemoryFile profile("osmconf.ini");
  VSIFCloseL(VSIFileFromMemBuffer(profile.path(), reinterpret_cast<GByte*>(const_cast<char*>(driver_profile)),
                                  sizeof driver_profile - 1, FALSE));
  const char* const drivers[] = {"OSM", nullptr};
  const std::string config = std::string("CONFIG_FILE=") + profile.path();
  const char* const options[] = {config.c_str(), "INTERLEAVED_READING=YES", nullptr};
  const Dataset dataset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options));
  if (!dataset)
    throw Error(Errc::unreadable, file.string() + " is not an OpenStreetMap extract (.osm.pbf or .osm)" +
                                      (messages.text().empty() ? "" : ": " + messages.text()));
  OsmExtract extract = OsmReader().read(*dataset, execution);
  if (messages.failed()) throw Error(Errc::unreadable, file.string() + " is damaged: " + messages.text());
  report_driver(messages, extract.findings);
  return extract;
}

}  // namespace wangge::io
