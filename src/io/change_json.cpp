#include "io/change_json.hpp"

#include "io/geojson_text.hpp"

namespace wangge::io {
namespace {

void append_change(std::string& text, const ChangeSet::Change& change) {
  const GridRecord& record = change.record;
  text += "{\"operation\":\"";
  text += change.operation == ChangeSet::Operation::create ? "create" : "retire";
  text += "\",\"code\":" + json_string(record.code) + ",\"name\":" + json_string(record.name) + ",\"level\":\"";
  text += to_string(record.level);
  text += "\",\"parent\":" + json_string(record.parent) + ",\"kind\":\"";
  text += to_string(record.kind);
  text += "\",\"coordinates\":";
  append_coordinates(text, record.polygons);
  text += '}';
}

}  // namespace

std::string to_json(const ChangeSet& changes) {
  std::string text = "{\"base_revision\":" + std::to_string(changes.base_revision) +
                     ",\"reason\":" + json_string(changes.reason) + ",\"changes\":[";
  for (const ChangeSet::Change& change : changes.changes) {
    if (&change != &changes.changes.front()) text += ',';
    append_change(text, change);
  }
  return text + "]}";
}

}  // namespace wangge::io
