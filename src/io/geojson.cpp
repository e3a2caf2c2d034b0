#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "io/cells.hpp"
#include "io/features.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

using Json = nlohmann::json;

constexpr std::array geometry_types{"Point",   "MultiPoint",   "LineString",        "MultiLineString",
                                    "Polygon", "MultiPolygon", "GeometryCollection"};
constexpr int deepest_collection = 8;

bool is_geometry_type(const std::string& type) {
  return std::find(geometry_types.begin(), geometry_types.end(), type) != geometry_types.end();
}

/// Twice the signed area in degrees; the sign alone is used.
double turning(const RawLine& ring) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    sum += (ring[i].lng - ring[0].lng) * (ring[i + 1].lat - ring[0].lat) -
           (ring[i + 1].lng - ring[0].lng) * (ring[i].lat - ring[0].lat);
  return sum;
}

/// GeoJSON as RFC 7946 has it, and the older `crs` member.
class GeoJsonReader {
 public:
  explicit GeoJsonReader(const std::filesystem::path& path) : path_(path) {}

  Layer read(const Json& root) {
    layer_.crs = "OGC:CRS84";
    const std::string type = type_of(root);
    check_box(root);
    read_crs(root);
    if (type == "FeatureCollection")
      read_collection(root);
    else if (type == "Feature")
      add_feature(root, false);
    else if (is_geometry_type(type))
      add_bare_geometry(root);
    else
      refuse("has the type \"" + type + "\", which GeoJSON does not know");
    fill_rows();
    if (turned_ > 0)
      layer_.remarks.push_back("against the right-hand rule of RFC 7946 ran " + counted(turned_, "ring") + "; turned");
    return std::move(layer_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    const std::string place = number_ == 0 ? "" : ", feature " + std::to_string(number_);
    io::refuse(Errc::unreadable, path_.string() + place, "not valid GeoJSON: it " + what);
  }

  const Json& member(const Json& object, const char* name) const {
    const auto found = object.find(name);
    if (found == object.end()) refuse(std::string("has no member \"") + name + "\"");
    return *found;
  }

  std::string type_of(const Json& object) const {
    if (!object.is_object()) refuse("is not an object");
    const Json& type = member(object, "type");
    if (!type.is_string()) refuse("has a type that is not text");
    return type.get<std::string>();
  }

  /// A bounding box is not used, yet a wrong one shows that the file is not what it says.
  void check_box(const Json& object) const {
    const auto box = object.find("bbox");
    if (box == object.end()) return;
    const bool numbers = box->is_array() && (box->size() == 4 || box->size() == 6) &&
                         std::all_of(box->begin(), box->end(), [](const Json& n) { return n.is_number(); });
    if (!numbers) refuse("has a bbox that is not four or six numbers");
  }

  void read_crs(const Json& root) {
    const auto crs = root.find("crs");
    if (crs == root.end() || crs->is_null()) return;
    const bool named = crs->is_object() && crs->contains("properties") && (*crs)["properties"].is_object() &&
                       (*crs)["properties"].contains("name") && (*crs)["properties"]["name"].is_string();
    if (!named) refuse("has a crs member that names none; take it out where the coordinates are WGS 84");
    layer_.crs = (*crs)["properties"]["name"].get<std::string>();
  }

  void read_collection(const Json& root) {
    for (const char* foreign : {"geometry", "coordinates", "geometries", "properties"})
      if (root.contains(foreign))
        refuse(std::string("is a collection with the member \"") + foreign + "\" of another type");
    const Json& features = member(root, "features");
    if (!features.is_array()) refuse("has \"features\" that are not an array");
    if (const auto name = root.find("name"); name != root.end() && name->is_string())
      layer_.name = name->get<std::string>();
    layer_.features.reserve(features.size());
    for (const Json& feature : features) add_feature(feature, true);
  }

  void add_feature(const Json& object, bool in_collection) {
    ++number_;
    if (type_of(object) != "Feature") refuse(in_collection ? "holds something other than a feature" : "is no feature");
    if (object.contains("coordinates") || object.contains("geometries") || object.contains("features"))
      refuse("is a feature with members of another type");
    if (in_collection) check_box(object);
    Feature feature{number_, {}, {}};
    const Json& geometry = member(object, "geometry");
    if (!geometry.is_null()) add_geometry(feature.shape, geometry, 0);
    const Json& properties = member(object, "properties");
    if (!properties.is_null() && !properties.is_object()) refuse("has properties that are not an object");
    for (const auto& [name, value] : properties.items()) set(feature, name, value);
    add_id(feature, object);
    layer_.features.push_back(std::move(feature));
  }

  void add_id(Feature& feature, const Json& object) {
    const auto id = object.find("id");
    if (id == object.end()) return;
    if (!id->is_string() && !id->is_number()) refuse("has an id that is neither text nor a number");
    if (!object["properties"].contains("id")) set(feature, "id", *id);
  }

  void add_bare_geometry(const Json& object) {
    number_ = 1;
    Feature feature{number_, {}, {}};
    add_geometry(feature.shape, object, 0);
    layer_.features.push_back(std::move(feature));
  }

  void set(Feature& feature, const std::string& name, const Json& value) {
    const auto [column, is_new] = columns_.emplace(name, layer_.fields.size());
    if (is_new) layer_.fields.push_back(name);
    if (feature.values.size() <= column->second) feature.values.resize(column->second + 1);
    feature.values[column->second] = to_value(value);
  }

  static Value to_value(const Json& value) {
    if (value.is_null()) return {};
    if (value.is_boolean()) return std::int64_t{value.get<bool>()};
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return value.dump();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number()) return value.get<double>();
    if (value.is_string()) return value.get<std::string>();
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  /// Features may carry different properties; every row gets a cell for each.
  void fill_rows() {
    for (Feature& feature : layer_.features) feature.values.resize(layer_.fields.size());
  }

  void add_geometry(Shape& shape, const Json& object, int depth) {
    const std::string type = type_of(object);
    if (!is_geometry_type(type)) refuse("has a geometry of the unknown type \"" + type + "\"");
    if (object.contains("geometry") || object.contains("properties") || object.contains("features"))
      refuse("has a geometry with members of a feature");
    if (depth > 0 || number_ > 0) check_box(object);
    if (type == "GeometryCollection") return add_parts(shape, object, depth);
    add_coordinates(shape, type, member(object, "coordinates"));
  }

  void add_parts(Shape& shape, const Json& object, int depth) {
    if (depth == deepest_collection) refuse("nests geometry collections too deeply");
    const Json& parts = member(object, "geometries");
    if (!parts.is_array()) refuse("has \"geometries\" that are not an array");
    if (object.contains("coordinates")) refuse("has a geometry collection with coordinates");
    for (const Json& part : parts) add_geometry(shape, part, depth + 1);
  }

  void add_coordinates(Shape& shape, const std::string& type, const Json& coordinates) {
    if (type == "Point")
      shape.points.push_back(to_place(coordinates));
    else if (type == "LineString")
      shape.lines.push_back(to_line(coordinates));
    else if (type == "Polygon")
      shape.polygons.push_back(to_polygon(coordinates));
    else if (type == "MultiPoint")
      for (const Json& part : array(coordinates)) shape.points.push_back(to_place(part));
    else if (type == "MultiLineString")
      for (const Json& part : array(coordinates)) shape.lines.push_back(to_line(part));
    else
      for (const Json& part : array(coordinates)) shape.polygons.push_back(to_polygon(part));
  }

  const Json& array(const Json& value) const {
    if (!value.is_array()) refuse("has coordinates that do not nest as its geometry's type says");
    return value;
  }

  LngLat to_place(const Json& position) const {
    array(position);
    if (position.size() < 2) refuse("has a position of fewer than two numbers");
    for (const Json& number : position)
      if (!number.is_number()) refuse("has a coordinate that is not a number");
    return {position[0].get<double>(), position[1].get<double>()};
  }

  RawLine to_places(const Json& positions) const {
    RawLine line;
    line.reserve(array(positions).size());
    for (const Json& position : positions) line.push_back(to_place(position));
    return line;
  }

  RawLine to_line(const Json& positions) const {
    RawLine line = to_places(positions);
    if (line.size() < 2) refuse("has a line of fewer than two positions");
    return line;
  }

  RawPolygon to_polygon(const Json& rings) {
    RawPolygon polygon;
    for (const Json& ring : array(rings)) {
      polygon.push_back(to_places(ring));
      const double turn = turning(polygon.back());
      turned_ += polygon.size() == 1 ? turn < 0 : turn > 0;
    }
    return polygon;
  }

  const std::filesystem::path& path_;
  Layer layer_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::uint64_t number_ = 0;
  std::size_t turned_ = 0;
};

/// Refuses an object that says the same twice: which of the two holds is anybody's guess.
class DuplicateNames {
 public:
  explicit DuplicateNames(const std::filesystem::path& path) : path_(path) {}
  bool operator()(int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) {
      open_.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open_.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const std::string& name = value.get_ref<const std::string&>();
      if (std::find(open_.back().begin(), open_.back().end(), name) != open_.back().end())
        refuse(Errc::unreadable, path_.string(), "an object has two members \"" + name + "\"; take one out");
      open_.back().push_back(name);
    }
    return true;
  }

 private:
  const std::filesystem::path& path_;
  std::vector<std::vector<std::string>> open_;
};

std::string line_of(const std::string& text, std::size_t byte) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
  return std::to_string(1 + std::count(text.begin(), end, '\n'));
}

Json parse(const std::filesystem::path& path, const std::string& text) {
  try {
    return Json::parse(text, DuplicateNames(path));
  } catch (const Json::parse_error& error) {
    throw Error(Errc::unreadable, path.string() + ", line " + line_of(text, error.byte) + " is not valid JSON");
  } catch (const Json::exception& error) {
    throw Error(Errc::unreadable, path.string() + " is not valid JSON: " + error.what());
  }
}

}  // namespace

FeatureFile read_geojson(const std::filesystem::path& path) {
  const Json root = parse(path, read_bytes(path));
  return {path, {GeoJsonReader(path).read(root)}};
}

}  // namespace wangge::io
