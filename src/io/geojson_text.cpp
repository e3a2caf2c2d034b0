#include "io/geojson_text.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <nlohmann/json.hpp>

namespace wangge::io {
namespace {

void append_degrees(std::string& text, std::int32_t lattice) {
  char digits[16];
  const long long size = std::llabs(lattice);
  int length = std::snprintf(digits, sizeof digits, "%s%lld.%07lld", lattice < 0 ? "-" : "", size / 10'000'000,
                             size % 10'000'000);
  while (digits[length - 1] == '0') --length;
  if (digits[length - 1] == '.') --length;
  text.append(digits, static_cast<std::size_t>(length));
}

void append_position(std::string& text, Position position) {
  text += '[';
  append_degrees(text, position.x);
  text += ',';
  append_degrees(text, position.y);
  text += ']';
}

/// GeoJSON says the first position of a ring again at its end.
void append_ring(std::string& text, const Ring& ring) {
  text += '[';
  for (const Position position : ring) {
    append_position(text, position);
    text += ',';
  }
  append_position(text, ring.front());
  text += ']';
}

void append_polygon(std::string& text, const Polygon& polygon) {
  text += '[';
  append_ring(text, polygon.outer);
  for (const Ring& hole : polygon.holes) {
    text += ',';
    append_ring(text, hole);
  }
  text += ']';
}

}  // namespace

void append_coordinates(std::string& text, const MultiPolygon& polygons) {
  text += '[';
  for (const Polygon& polygon : polygons) {
    if (&polygon != &polygons.front()) text += ',';
    append_polygon(text, polygon);
  }
  text += ']';
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace wangge::io
