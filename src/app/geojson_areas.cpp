#include "app/geojson_areas.hpp"

#include "io/geojson_text.hpp"

namespace wangge::app {
namespace {

using io::json_string;

void append_area(std::string& text, const GridRecord& area) {
  text +=
      R"({"type":"Feature","properties":{"code":)" + json_string(area.code) + R"(,"name":)" + json_string(area.name);
  text += R"(,"level":)" + json_string(to_string(area.level)) + R"(,"parent":)" + json_string(area.parent);
  text += R"(,"kind":)" + json_string(to_string(area.kind)) + R"(},"geometry":)";
  if (area.polygons.empty()) {
    text += "null}";
    return;
  }
  text += R"({"type":"MultiPolygon","coordinates":)";
  io::append_coordinates(text, area.polygons);
  text += "}}";
}

}  // namespace

std::string to_geojson(std::span<const GridRecord> areas) {
  std::string text = "{\"type\":\"FeatureCollection\",\"features\":[";
  for (std::size_t i = 0; i < areas.size(); ++i) {
    text += i > 0 ? ",\n" : "\n";
    append_area(text, areas[i]);
  }
  return text + "\n]}\n";
}

}  // namespace wangge::app
