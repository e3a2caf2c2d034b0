#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "io/features.hpp"
#include "io/strict_json.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

using Json = io::StrictJson::Json;
using namespace std::string_view_literals;

struct NamedWeight {
  std::string_view key;
  double Weights::*member;
};

constexpr std::array weights{NamedWeight{"spread", &Weights::spread},
                             NamedWeight{"deviation", &Weights::deviation},
                             NamedWeight{"size", &Weights::size},
                             NamedWeight{"barrier", &Weights::barrier},
                             NamedWeight{"crossing", &Weights::crossing},
                             NamedWeight{"compound", &Weights::compound},
                             NamedWeight{"cut_open", &Weights::cut_open},
                             NamedWeight{"cut_street", &Weights::cut_street},
                             NamedWeight{"cut_wall", &Weights::cut_wall},
                             NamedWeight{"cut_soft", &Weights::cut_soft},
                             NamedWeight{"block", &Weights::block},
                             NamedWeight{"cut_crossing", &Weights::cut_crossing},
                             NamedWeight{"elongation", &Weights::elongation}};

/// Reads one profile; what it refuses it calls by its path, such as `range.min`.
class ProfileReader : io::StrictJson {
 public:
  explicit ProfileReader(const std::string& origin)
      : StrictJson(origin, "is no profile; a profile is one JSON object", "docs/profiles.md for an example") {}

  Profile read(std::string_view text) {
    const Json json = parse(text);
    only(json, "", std::array{"name"sv, "range"sv, "target"sv, "weights"sv, "attributes"sv, "workload"sv, "$schema"sv});
    Profile profile;
    if (const Json* name = find(json, "name")) profile.name = string(*name, "name");
    if (const Json* range = find(json, "range")) profile.range = read_range(*range);
    if (const Json* target = find(json, "target")) profile.target = count(*target, "target");
    if (profile.target != 0 && (profile.target < profile.range.min || profile.target > profile.range.max))
      refuse("target", "must lie within range.min and range.max");
    if (const Json* given = find(json, "weights")) profile.weights = read_weights(*given);
    if (const Json* given = find(json, "workload")) profile.workload = read_workload(*given);
    if (const Json* given = find(json, "attributes")) profile.attributes = read_attributes(*given);
    return profile;
  }

 private:
  static const Json* find(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? nullptr : &*found;
  }

  std::string string(const Json& json, const std::string& path) const {
    if (!json.is_string()) refuse(path, "must be text");
    return json.get<std::string>();
  }

  double number(const Json& json, const std::string& path) const {
    if (!json.is_number() || !std::isfinite(json.get<double>()) || json.get<double>() < 0)
      refuse(path, "must be a number, 0 or more");
    return json.get<double>();
  }

  std::uint32_t count(const Json& json, const std::string& path) const {
    constexpr double most = std::numeric_limits<std::uint32_t>::max();
    const bool whole = json.is_number() && json.get<double>() == std::floor(json.get<double>());
    if (!whole || json.get<double>() < 1 || json.get<double>() > most) refuse(path, "must be a whole number above 0");
    return json.get<std::uint32_t>();
  }

  Range read_range(const Json& json) const {
    only(json, "range.", std::array{"min"sv, "max"sv});
    Range range;
    if (!find(json, "min") || !find(json, "max")) refuse("range", "must have both min and max");
    range.min = count(json["min"], "range.min");
    range.max = count(json["max"], "range.max");
    if (range.min > range.max)
      refuse("range.min", "is " + std::to_string(range.min) + ", above range.max " + std::to_string(range.max));
    return range;
  }

  Weights read_weights(const Json& json) const {
    std::array<std::string_view, weights.size()> keys;
    std::ranges::transform(weights, keys.begin(), &NamedWeight::key);
    only(json, "weights.", keys);
    Weights result;
    for (const NamedWeight& weight : weights) {
      const std::string key(weight.key);
      if (const Json* given = find(json, key.c_str())) result.*weight.member = number(*given, "weights." + key);
    }
    if (result.spread == 0) refuse("weights.spread", "must be above 0");
    return result;
  }

  Workload read_workload(const Json& json) const {
    only(json, "workload.", std::array{"column"sv, "groups"sv});
    Workload workload;
    if (const Json* column = find(json, "column")) workload.column = string(*column, "workload.column");
    if (const Json* groups = find(json, "groups")) {
      object(*groups, "workload.groups.");
      for (const auto& [name, group] : groups->items()) workload.groups.push_back(read_group(name, group));
    }
    if (workload.column.empty() == workload.groups.empty()) refuse("workload", "must have either column or groups");
    return workload;
  }

  Workload::Group read_group(const std::string& name, const Json& json) const {
    const std::string path = "workload.groups." + name + ".";
    only(json, path, std::array{"visits"sv, "minutes"sv});
    if (!find(json, "visits") || !find(json, "minutes"))
      refuse("workload.groups." + name, "must have both visits (a month) and minutes");
    return {name, number(json["visits"], path + "visits"), number(json["minutes"], path + "minutes")};
  }

  std::vector<AttributeGoal> read_attributes(const Json& json) const {
    object(json, "attributes.");
    std::vector<AttributeGoal> goals;
    for (const auto& [name, goal] : json.items()) goals.push_back(read_goal(name, goal));
    return goals;
  }

  AttributeGoal read_goal(const std::string& name, const Json& json) const {
    const std::string path = "attributes." + name + ".";
    only(json, path, std::array{"min"sv, "max"sv, "target"sv, "weight"sv});
    AttributeGoal goal;
    goal.attribute = name;
    if (const Json* min = find(json, "min")) goal.min = number(*min, path + "min");
    if (const Json* max = find(json, "max")) goal.max = number(*max, path + "max");
    if (const Json* target = find(json, "target")) goal.target = number(*target, path + "target");
    goal.weight = goal.target ? 1 : 0;
    if (const Json* weight = find(json, "weight")) goal.weight = number(*weight, path + "weight");
    if (goal.min && goal.max && *goal.min > *goal.max)
      refuse(path + "min", "is " + json["min"].dump() + ", above " + path + "max " + json["max"].dump());
    if (goal.target && *goal.target == 0) refuse(path + "target", "must be above 0");
    if (goal.weight > 0 && !goal.target) refuse(path + "weight", "needs " + path + "target");
    return goal;
  }
};

Json goal_to_json(const AttributeGoal& goal) {
  Json json = Json::object();
  if (goal.min) json["min"] = *goal.min;
  if (goal.max) json["max"] = *goal.max;
  if (goal.target) json["target"] = *goal.target, json["weight"] = goal.weight;
  return json;
}

Json workload_to_json(const Workload& workload) {
  if (!workload.column.empty()) return {{"column", workload.column}};
  Json groups = Json::object();
  for (const Workload::Group& group : workload.groups)
    groups[group.column] = {{"visits", group.visits}, {"minutes", group.minutes}};
  return {{"groups", groups}};
}

}  // namespace

Profile parse_profile(std::string_view json, const std::string& origin) { return ProfileReader(origin).read(json); }

Profile read_profile(const std::filesystem::path& file) {
  io::check_is_filled(file);
  return parse_profile(io::read_bytes(file), file.string());
}

std::string to_json(const Profile& profile) {
  Json json = Json::object();
  if (!profile.name.empty()) json["name"] = profile.name;
  json["range"] = {{"min", profile.range.min}, {"max", profile.range.max}};
  if (profile.target != 0) json["target"] = profile.target;
  for (const NamedWeight& weight : weights) json["weights"][std::string(weight.key)] = profile.weights.*weight.member;
  for (const AttributeGoal& goal : profile.attributes) json["attributes"][goal.attribute] = goal_to_json(goal);
  if (!profile.workload.column.empty() || !profile.workload.groups.empty())
    json["workload"] = workload_to_json(profile.workload);
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace wangge
