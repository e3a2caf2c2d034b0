#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace wangge::io {

/// Reads JSON in which every key has to be known; what it refuses (`unreadable`) it calls by its path, such as
/// `changes[2].after[0].level`. Paths of objects end in a dot.
class StrictJson {
 public:
  using Json = nlohmann::ordered_json;

  /// `origin` is what messages call the text and outlives this; `wanted` says what it should be, as in "is no profile;
  /// a profile is one JSON object", and `help` where to read of it.
  StrictJson(const std::string& origin, std::string_view wanted, std::string_view help)
      : origin_(origin), wanted_(wanted), help_(help) {}

  [[noreturn]] void refuse(const std::string& key, const std::string& what) const;
  Json parse(std::string_view text) const;
  /// Refuses what is no object.
  void object(const Json& json, const std::string& path) const;
  /// Refuses what is no object with some of these keys.
  void only(const Json& json, const std::string& path, std::span<const std::string_view> keys) const;

 private:
  const std::string& origin_;
  std::string_view wanted_, help_;
};

}  // namespace wangge::io
