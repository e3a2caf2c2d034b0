#include "io/strict_json.hpp"

#include <algorithm>

#include "io/features.hpp"
#include <wangge/error.hpp>

namespace wangge::io {

void StrictJson::refuse(const std::string& key, const std::string& what) const {
  io::refuse(Errc::unreadable, origin_, "key \"" + key + "\" " + what);
}

StrictJson::Json StrictJson::parse(std::string_view text) const {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    io::refuse(Errc::unreadable, origin_,
               "is not JSON at byte " + std::to_string(error.byte) + "; see " + std::string(help_));
  } catch (const Json::exception&) {
    io::refuse(Errc::unreadable, origin_, "holds a number that is too large");
  }
}

void StrictJson::object(const Json& json, const std::string& path) const {
  if (json.is_object()) return;
  if (path.empty()) io::refuse(Errc::unreadable, origin_, std::string(wanted_));
  refuse(path.substr(0, path.size() - 1), "must be an object");
}

void StrictJson::only(const Json& json, const std::string& path, std::span<const std::string_view> keys) const {
  object(json, path);
  std::string known;
  for (const std::string_view key : keys) {
    if (key != "$schema") known += (known.empty() ? "" : ", ") + std::string(key);
  }
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(keys, key) == keys.end()) refuse(path + key, "is unknown; there are " + known);
  }
}

}  // namespace wangge::io
