#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path root = WANGGE_SOURCE_DIR;

/// The floor of each public header; what is not named here has its own name as its floor.
const std::map<std::string, std::string> floor_of_header{
    {"error.hpp", "ground"},      {"execution.hpp", "ground"}, {"export.hpp", "ground"},     {"units.hpp", "map"},
    {"grid_map.hpp", "map"},      {"change_set.hpp", "map"},   {"same_ground.hpp", "map"},   {"publisher.hpp", "map"},
    {"geometry.hpp", "geometry"}, {"wangge.hpp", "app"},       {"rebalance.hpp", "planning"}};

/// What each floor may include, besides itself: whole floors below it, and public headers (in brackets) of others.
const std::map<std::string, std::set<std::string>> may_include{
    {"ground", {}},
    {"file", {"ground"}},
    {"geometry", {"ground"}},
    {"coverage", {"ground", "geometry"}},
    {"map", {"ground", "file", "geometry", "coverage"}},
    {"planning", {"ground", "geometry", "coverage", "map"}},
    {"crs", {"ground", "[geometry]"}},
    {"io", {"ground", "file", "[geometry]", "[map]", "[planning]", "[crs]"}},
    {"town", {"ground", "[geometry]", "[map]", "[planning]", "[io]"}},
    {"verify", {"[error.hpp]", "[export.hpp]"}},
    {"interop", {"ground", "[geometry]", "[map]", "[planning]", "[io]"}},
    {"app", {"ground", "file", "geometry", "coverage", "map", "planning", "crs", "io", "town", "verify"}}};

std::string public_floor(const std::string& header) {
  const auto at = floor_of_header.find(header);
  return at != floor_of_header.end() ? at->second : header.substr(0, header.find_first_of("./"));
}

std::string floor_of(const fs::path& file) {
  const std::string path = fs::relative(file, root).generic_string();
  std::smatch m;
  if (std::regex_match(path, m, std::regex("include/wangge/(.*)"))) return public_floor(m[1]);
  std::regex_match(path, m, std::regex("src/([a-z]+)/.*"));
  return m[1];
}

/// True where a file of `floor` may include what the line names.
bool allowed(const std::string& floor, const std::string& name, bool quoted) {
  const std::string header = quoted ? name : name.substr(std::string("wangge/").size());
  const std::string other = quoted ? name.substr(0, name.find('/')) : public_floor(header);
  if (other == floor) return true;
  const std::set<std::string>& below = may_include.at(floor);
  return below.contains(other) ||
         (!quoted && (below.contains("[" + other + "]") || below.contains("[" + header + "]")));
}

template <class Visit>
void for_each_include(const Visit& visit) {
  const std::regex include(R"(\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  for (const char* folder : {"src", "include"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      std::ifstream lines(entry.path());
      std::smatch m;
      for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, m, include)) visit(entry.path(), m[2].str(), m[1] == "\"");
      }
    }
  }
}

TEST(Floors, IncludePointsDownwards) {
  int ours = 0;
  for_each_include([&](const fs::path& file, const std::string& name, bool quoted) {
    if (!quoted && !name.starts_with("wangge/")) return;
    ++ours;
    EXPECT_TRUE(allowed(floor_of(file), name, quoted)) << fs::relative(file, root) << " includes " << name;
  });
  EXPECT_GT(ours, 50);
}

/// GEOS, Boost, PROJ and GDAL stay in .cpp files, in interop/ and in the headers that wrap one of them within a floor.
TEST(Floors, KeepOtherLibrariesOutOfHeaders) {
  const std::regex others("(boost/|geos|proj|gdal|ogr|cpl_|gnm).*");
  for_each_include([&](const fs::path& file, const std::string& name, bool quoted) {
    const std::string path = fs::relative(file, root).generic_string();
    if (quoted || file.extension() == ".cpp" || path.starts_with("include/wangge/interop/") ||
        path.starts_with("src/io/ogr_") || path == "src/verify/geos.hpp")
      return;
    EXPECT_FALSE(std::regex_match(name, others)) << path << " includes " << name;
  });
}

}  // namespace
