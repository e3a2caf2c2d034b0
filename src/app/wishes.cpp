#include "app/wishes.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <unordered_map>

#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& name) {
  std::error_code none;
  return fs::exists(name, none) || name.ends_with(".csv");
}

Range parse_range(const std::string& text) {
  Range range;
  const char* const end = text.data() + text.size();
  const auto [colon, first] = std::from_chars(text.data(), end, range.min);
  if (first == std::errc{} && colon != end && *colon == ':') {
    const auto [rest, second] = std::from_chars(colon + 1, end, range.max);
    if (second == std::errc{} && rest == end) return range;
  }
  throw Error(Errc::invalid_argument, "--range " + text + " is not MIN:MAX; for example --range 50:100");
}

}  // namespace

Profile with_range(Profile profile, const std::string& range) {
  if (range.empty()) return profile;
  profile.range = parse_range(range);
  if (profile.target < profile.range.min || profile.target > profile.range.max) profile.target = 0;
  return profile;
}

Profile find_profile(const std::string& name_or_file) {
  std::string names;
  for (const Profile& profile : ready_profiles()) {
    if (profile.name == name_or_file) return profile;
    names += (names.empty() ? "" : ", ") + profile.name;
  }
  std::error_code none;
  if (name_or_file.ends_with(".json") || fs::exists(name_or_file, none)) return read_profile(name_or_file);
  throw Error(Errc::not_found, "--profile " + name_or_file + " is neither ready-made (" + names + ") nor a file");
}

std::vector<UnitPair> find_pairs(const std::string& option, const std::vector<std::string>& arguments,
                                 const UnitTable& units) {
  std::unordered_map<std::string_view, std::uint32_t> rows;
  if (!arguments.empty())
    for (std::uint32_t row = 0; row < units.size(); ++row) rows.emplace(units.units[row].id, row);
  std::vector<UnitPair> pairs;
  for (const std::string& argument : arguments) {
    if (is_file(argument)) {
      std::ranges::copy(read_unit_pairs(argument, units), std::back_inserter(pairs));
      continue;
    }
    const auto unit = [&](const std::string& id) {
      const auto found = rows.find(id);
      if (found == rows.end())
        throw Error(Errc::not_found, option + " " + argument + ": there is no unit " + id +
                                         "; give UNIT,UNIT or a CSV file with the columns unit and other");
      return UnitId{found->second};
    };
    const std::size_t comma = std::min(argument.find(','), argument.size());
    pairs.emplace_back(unit(argument.substr(0, comma)),
                       unit(comma < argument.size() ? argument.substr(comma + 1) : std::string()));
  }
  return pairs;
}

}  // namespace wangge::app
