#include "io/change_json.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>

namespace wangge::io {
namespace {

/// Exact and short: a lattice coordinate has seven decimals.
void append_degrees(std::string& text, std::int32_t lattice) {
  char digits[16];
  const std::int64_t size = std::llabs(lattice);
  int length = std::snprintf(digits, sizeof digits, "%s%lld.%07lld", lattice < 0 ? "-" : "",
                             static_cast<long long>(size / 10'000'000), static_cast<long long>(size % 10'000'000));
  while (digits[length - 1] == '0' && digits[length - 2] != '.') --length;
  text.append(digits, static_cast<std::size_t>(length));
}

void append_position(std::string& text, Position position) {
  text += '[';
  append_degrees(text, position.x);
  text += ',';
  append_degrees(text, position.y);
  text += ']';
}

void append_ring(std::string& text, const Ring& ring) {
  text += '[';
  for (const Position position : ring) {
    append_position(text, position);
    text += ',';
  }
  append_position(text, ring.front());
  text += ']';
}

void append_coordinates(std::string& text, const MultiPolygon& polygons) {
  text += '[';
  for (const Polygon& polygon : polygons) {
    if (&polygon != &polygons.front()) text += ',';
    text += '[';
    append_ring(text, polygon.outer);
    for (const Ring& hole : polygon.holes) {
      text += ',';
      append_ring(text, hole);
    }
    text += ']';
  }
  text += ']';
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void append_change(std::string& text, const ChangeSet::Change& change) {
  const GridRecord& record = change.record;
  text += "{\"operation\":\"";
  text += change.operation == ChangeSet::Operation::create ? "create" : "retire";
  text += "\",\"code\":" + quoted(record.code) + ",\"name\":" + quoted(record.name) + ",\"level\":\"";
  text += to_string(record.level);
  text += "\",\"parent\":" + quoted(record.parent) + ",\"kind\":\"";
  text += to_string(record.kind);
  text += "\",\"coordinates\":";
  append_coordinates(text, record.polygons);
  text += '}';
}

}  // namespace

std::string to_json(const ChangeSet& changes) {
  std::string text = "{\"base_revision\":" + std::to_string(changes.base_revision) +
                     ",\"reason\":" + quoted(changes.reason) + ",\"changes\":[";
  for (const ChangeSet::Change& change : changes.changes) {
    if (&change != &changes.changes.front()) text += ',';
    append_change(text, change);
  }
  return text + "]}";
}

}  // namespace wangge::io
