#include <array>
#include <set>

#include "io/features.hpp"
#include "io/geojson_text.hpp"
#include "io/rings.hpp"
#include "io/strict_json.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

using Json = io::StrictJson::Json;
using namespace std::string_view_literals;

/// Appends `[a,b,…]`, each by `append`.
template <class Item, class Append>
void append_list(std::string& text, const std::vector<Item>& items, const Append& append) {
  text += '[';
  for (const Item& item : items) {
    if (&item != &items.front()) text += ',';
    append(item);
  }
  text += ']';
}

class ChangeWriter {
 public:
  std::string write(const ChangeSet& set) {
    text_ = "{\"base_revision\":" + std::to_string(set.base_revision);
    for (const auto& [key, value] : {std::pair("reason", &set.reason), {"author", &set.author}, {"time", &set.time}})
      text_ += ",\"" + std::string(key) + "\":" + io::json_string(*value);
    if (set.undoes != 0) text_ += ",\"undoes\":" + std::to_string(set.undoes);
    text_ += ",\"households_moved\":" + std::to_string(set.households_moved) +
             ",\"households_moved_bound\":" + std::to_string(set.households_moved_bound) + ",\"changes\":";
    append_list(text_, set.changes, [this](const auto& change) { append(change); });
    text_ += ",\"moves\":";
    append_list(text_, set.moves, [this](const auto& move) { append(move); });
    text_ += ",\"lineage\":";
    append_list(text_, set.lineage, [this](const auto& area) { append(area); });
    return std::move(text_) + "}";
  }

 private:
  void append(const ChangeSet::Change& change) {
    text_ += "{\"operation\":\"" + std::string(to_string(change.operation)) + "\",\"before\":";
    append_list(text_, change.before, [this](const auto& record) { append(record); });
    text_ += ",\"after\":";
    append_list(text_, change.after, [this](const auto& record) { append(record); });
    text_ += '}';
  }

  void append(const GridRecord& record) {
    text_ += "{\"code\":" + io::json_string(record.code) + ",\"name\":" + io::json_string(record.name) +
             ",\"level\":\"" + std::string(to_string(record.level)) +
             "\",\"parent\":" + io::json_string(record.parent) + ",\"kind\":\"" + std::string(to_string(record.kind)) +
             "\",\"coordinates\":";
    io::append_coordinates(text_, record.polygons);
    text_ += '}';
  }

  void append(const ChangeSet::UnitMove& move) {
    text_ += "{\"unit\":" + io::json_string(move.unit) + ",\"from\":" + io::json_string(move.from) +
             ",\"to\":" + io::json_string(move.to) + ",\"households\":" + std::to_string(move.households) + "}";
  }

  void append(const ChangeSet::Lineage& area) {
    text_ += "{\"code\":" + io::json_string(area.code) + ",\"coding\":\"" + std::string(to_string(area.coding)) +
             "\",\"households_before\":" + std::to_string(area.households_before) +
             ",\"households_after\":" + std::to_string(area.households_after) + ",\"origins\":";
    append_list(text_, area.origins, [this](const ChangeSet::Origin& origin) {
      text_ += "{\"code\":" + io::json_string(origin.code) + ",\"households\":" + std::to_string(origin.households);
      text_ += '}';
    });
    text_ += '}';
  }

  std::string text_;
};

/// Reads one change set; what it refuses it calls by its path, such as `changes[2].after[0].level`.
class ChangeReader : io::StrictJson {
 public:
  explicit ChangeReader(const std::string& origin)
      : StrictJson(origin, "is no change set; one is a JSON object", "docs/changes.md for what it should be") {}

  ChangeSet read(std::string_view text) {
    const Json json = parse(text);
    only(json, "",
         std::array{"$schema"sv, "base_revision"sv, "reason"sv, "author"sv, "time"sv, "undoes"sv, "households_moved"sv,
                    "households_moved_bound"sv, "changes"sv, "moves"sv, "lineage"sv});
    ChangeSet set;
    set.base_revision = count(json, "base_revision", "", true);
    set.reason = string(json, "reason", "");
    set.author = string(json, "author", "");
    set.time = string(json, "time", "");
    set.undoes = count(json, "undoes", "");
    set.households_moved = count(json, "households_moved", "");
    set.households_moved_bound = count(json, "households_moved_bound", "");
    each(json, "changes", "", true, [&](const Json& item, const std::string& at) { add_change(set, item, at); });
    each(json, "moves", "", false, [&](const Json& item, const std::string& at) { add_move(set, item, at); });
    each(json, "lineage", "", false, [&](const Json& item, const std::string& at) { add_lineage(set, item, at); });
    return set;
  }

 private:
  const Json* find(const Json& json, const char* key, const std::string& path, bool required) const {
    const auto found = json.find(key);
    if (found != json.end()) return &*found;
    if (required) refuse(path + key, "is missing");
    return nullptr;
  }

  std::string string(const Json& json, const char* key, const std::string& path, bool required = false) const {
    const Json* value = find(json, key, path, required);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(path + key, "must be text");
    return value->get<std::string>();
  }

  std::string filled_string(const Json& json, const char* key, const std::string& path) const {
    std::string text = string(json, key, path, true);
    if (text.empty()) refuse(path + key, "must not be empty");
    return text;
  }

  std::uint64_t count(const Json& json, const char* key, const std::string& path, bool required = false,
                      std::uint64_t most = INT64_MAX) const {
    const Json* value = find(json, key, path, required);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most)
      refuse(path + key, "must be a whole number from 0 to " + std::to_string(most));
    return value->get<std::uint64_t>();
  }

  /// Runs `parse_name` and says in its errors where the text stands.
  template <class Parse>
  auto named(const Json& json, const char* key, const std::string& path, Parse parse_name) const {
    const std::string name = string(json, key, path, true);
    try {
      return parse_name(name);
    } catch (const Error& error) {
      refuse(path + key, "cannot be read: " + std::string(error.what()));
    }
  }

  template <class Read>
  void each(const Json& json, const char* key, const std::string& path, bool required, const Read& take) const {
    const Json* list = find(json, key, path, required);
    if (list == nullptr) return;
    if (!list->is_array()) refuse(path + key, "must be a list");
    std::size_t number = 0;
    for (const Json& item : *list) take(item, path + key + "[" + std::to_string(number++) + "].");
  }

  void add_change(ChangeSet& set, const Json& json, const std::string& at) {
    if (json.is_object() && json.contains("code")) return add_change_of_one(set, json, at);
    only(json, at, std::array{"operation"sv, "before"sv, "after"sv});
    ChangeSet::Change change;
    change.operation = named(json, "operation", at, parse_operation);
    each(json, "before", at, true, [&](const Json& item, const std::string& place) {
      change.before.push_back(read_record(item, place));
      use_once(gone_, change.before.back().code, place + "code", "goes");
    });
    each(json, "after", at, true, [&](const Json& item, const std::string& place) {
      change.after.push_back(read_record(item, place));
      use_once(come_, change.after.back().code, place + "code", "comes");
    });
    check_operation(change, at);
    set.changes.push_back(std::move(change));
  }

  /// As plans had it before they had a history: {"operation": "create" or "retire", "code", …}.
  void add_change_of_one(ChangeSet& set, const Json& json, const std::string& at) {
    only(json, at, std::array{"operation"sv, "code"sv, "name"sv, "level"sv, "parent"sv, "kind"sv, "coordinates"sv});
    Json record = json;
    record.erase("operation");
    ChangeSet::Change change{named(json, "operation", at, parse_operation), {}, {}};
    const bool comes = change.operation == ChangeSet::Operation::create;
    (comes ? change.after : change.before).push_back(read_record(record, at));
    use_once(comes ? come_ : gone_, record["code"], at + "code", comes ? "comes" : "goes");
    check_operation(change, at);
    set.changes.push_back(std::move(change));
  }

  void use_once(std::set<std::string>& codes, const std::string& code, const std::string& key, const char* verb) const {
    if (!codes.insert(code).second) refuse(key, "says that area " + code + " " + verb + ", which another change does");
  }

  void check_operation(const ChangeSet::Change& change, const std::string& at) const {
    using enum ChangeSet::Operation;
    if (change.before.empty() && change.after.empty()) refuse(at + "before", "and after must not both be empty");
    if (change.before.empty() != (change.operation == create) || change.after.empty() != (change.operation == retire))
      refuse(at + "operation",
             "does not fit: with create nothing is before, with retire nothing is after, else both hold areas");
  }

  GridRecord read_record(const Json& json, const std::string& at) const {
    only(json, at, std::array{"code"sv, "name"sv, "level"sv, "parent"sv, "kind"sv, "coordinates"sv});
    GridRecord record;
    record.code = filled_string(json, "code", at);
    record.name = string(json, "name", at);
    record.level = named(json, "level", at, parse_level);
    record.parent = string(json, "parent", at);
    if (json.contains("kind")) record.kind = named(json, "kind", at, parse_kind);
    std::vector<io::RawPolygon> polygons;
    each(json, "coordinates", at, true,
         [&](const Json& polygon, const std::string& place) { polygons.push_back(read_polygon(polygon, place)); });
    record.polygons = std::move(io::to_footprint(polygons).polygons);
    return record;
  }

  io::RawPolygon read_polygon(const Json& json, const std::string& at) const {
    const std::string key = at.substr(0, at.size() - 1);
    if (!json.is_array() || json.empty()) refuse(key, "must be a list of rings");
    io::RawPolygon polygon;
    for (const Json& ring : json) {
      const std::string place = key + "[" + std::to_string(polygon.size()) + "]";
      if (!ring.is_array()) refuse(place, "must be a list of positions");
      io::RawLine line;
      for (const Json& position : ring) line.push_back(read_place(position, place, line.size()));
      if (io::to_ring(line).fault != io::RingFault::none)
        refuse(place,
               "is no ring: it needs three positions or more that enclose ground, the first one again at the end");
      polygon.push_back(std::move(line));
    }
    return polygon;
  }

  LngLat read_place(const Json& json, const std::string& ring, std::size_t number) const {
    const bool pair = json.is_array() && json.size() == 2 && json[0].is_number() && json[1].is_number();
    const LngLat place = pair ? LngLat{json[0].get<double>(), json[1].get<double>()} : LngLat{};
    if (!pair || !on_earth(place))
      refuse(ring + "[" + std::to_string(number) + "]", "must be [longitude, latitude] in degrees");
    return place;
  }

  void add_move(ChangeSet& set, const Json& json, const std::string& at) {
    constexpr std::uint64_t most = UINT32_MAX;
    only(json, at, std::array{"unit"sv, "from"sv, "to"sv, "households"sv});
    ChangeSet::UnitMove move{filled_string(json, "unit", at), string(json, "from", at, true),
                             string(json, "to", at, true),
                             static_cast<std::uint32_t>(count(json, "households", at, true, most))};
    if (move.from == move.to) refuse(at + "to", "is where unit " + move.unit + " comes from");
    if (!units_.insert(move.unit).second) refuse(at + "unit", "moves unit " + move.unit + ", which another move does");
    set.moves.push_back(std::move(move));
  }

  void add_lineage(ChangeSet& set, const Json& json, const std::string& at) const {
    only(json, at, std::array{"code"sv, "coding"sv, "households_before"sv, "households_after"sv, "origins"sv});
    ChangeSet::Lineage area;
    area.code = filled_string(json, "code", at);
    area.coding = named(json, "coding", at, parse_coding);
    area.households_before = count(json, "households_before", at, true);
    area.households_after = count(json, "households_after", at, true);
    each(json, "origins", at, true, [&](const Json& item, const std::string& place) {
      only(item, place, std::array{"code"sv, "households"sv});
      area.origins.push_back({filled_string(item, "code", place), count(item, "households", place, true)});
    });
    set.lineage.push_back(std::move(area));
  }

  std::set<std::string> gone_, come_, units_;
};

}  // namespace

std::string to_json(const ChangeSet& changes) { return ChangeWriter().write(changes); }

ChangeSet parse_changes(std::string_view json, const std::string& origin) { return ChangeReader(origin).read(json); }

ChangeSet read_changes(const std::filesystem::path& file) {
  io::check_is_filled(file);
  return parse_changes(io::read_bytes(file), file.string());
}

}  // namespace wangge
