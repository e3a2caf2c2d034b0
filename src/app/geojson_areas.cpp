#include "app/geojson_areas.hpp"

#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace wangge::app {
namespace {

/// "118.3", "-0.0000001": a lattice coordinate in degrees, exactly.
void append_degrees(std::string& text, std::int32_t value) {
  const long long whole = std::abs(std::int64_t{value});
  char digits[24];
  const int length =
      std::snprintf(digits, sizeof digits, "%s%lld.%07lld", value < 0 ? "-" : "", whole / 10000000, whole % 10000000);
  std::string_view number(digits, static_cast<std::size_t>(length));
  while (number.back() == '0') number.remove_suffix(1);
  if (number.back() == '.') number.remove_suffix(1);
  text += number;
}

template <class Items, class Append>
void append_list(std::string& text, const Items& items, const Append& append) {
  text += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ',';
    append(items[i]);
  }
  text += ']';
}

void append_ring(std::string& text, Ring ring) {
  ring.push_back(ring.front());
  append_list(text, ring, [&](Position p) {
    text += '[';
    append_degrees(text, p.x);
    text += ',';
    append_degrees(text, p.y);
    text += ']';
  });
}

void append_polygons(std::string& text, const MultiPolygon& polygons) {
  append_list(text, polygons, [&](const Polygon& polygon) {
    std::vector<Ring> rings{polygon.outer};
    rings.insert(rings.end(), polygon.holes.begin(), polygon.holes.end());
    append_list(text, rings, [&](const Ring& ring) { append_ring(text, ring); });
  });
}

void append_area(std::string& text, const GridRecord& area) {
  const nlohmann::ordered_json properties{{"code", area.code},
                                          {"name", area.name},
                                          {"level", to_string(area.level)},
                                          {"parent", area.parent},
                                          {"kind", to_string(area.kind)}};
  text += R"({"type":"Feature","properties":)" + properties.dump() + R"(,"geometry":)";
  if (area.polygons.empty()) {
    text += "null}";
    return;
  }
  text += R"({"type":"MultiPolygon","coordinates":)";
  append_polygons(text, area.polygons);
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
