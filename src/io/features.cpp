#include "io/features.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <wangge/crs.hpp>
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return extension;
}

void to_wgs84(Shape& shape, const ToWgs84& to_wgs84) {
  to_wgs84.transform(shape.points);
  for (RawLine& line : shape.lines) to_wgs84.transform(line);
  for (RawPolygon& polygon : shape.polygons)
    for (RawLine& ring : polygon) to_wgs84.transform(ring);
}

bool has_geometry(const Layer& layer) {
  for (const Feature& feature : layer.features)
    if (!feature.shape.empty()) return true;
  return false;
}

void bring_to_wgs84(const FeatureFile& file, Layer& layer) {
  if (!has_geometry(layer)) return;
  if (layer.crs.empty())
    refuse(Errc::missing_crs, place_of(file, layer),
           "the coordinate reference system is not given; set it in a GIS and save again (a shapefile needs its .prj)");
  try {
    const ToWgs84 transformation(layer.crs);
    if (transformation.identity()) return;
    for (Feature& feature : layer.features) to_wgs84(feature.shape, transformation);
  } catch (const Error& error) {
    refuse(error.code(), place_of(file, layer), error.what());
  }
}

FeatureFile read_any(const fs::path& path, std::span<const std::string_view> roles, const Execution& execution) {
  const std::string extension = lower_extension(path);
  if (extension == ".csv") return read_csv(path);
  if (extension == ".geojson" || extension == ".json") return read_geojson(path);
  return read_with_ogr(path, roles, execution);
}

}  // namespace

FeatureFile read_features(const fs::path& path, std::span<const std::string_view> roles, const Execution& execution) {
  check_is_filled(path);
  FeatureFile file = read_any(path, roles, execution);
  for (Layer& layer : file.layers) bring_to_wgs84(file, layer);
  return file;
}

void check_is_filled(const fs::path& path) {
  if (access(path.c_str(), R_OK) != 0) {
    if (errno == ENOENT) throw Error(Errc::not_found, path.string() + " does not exist; check the name");
    throw Error(Errc::unreadable, path.string() + " cannot be opened: " + std::strerror(errno));
  }
  std::error_code error;
  if (fs::is_regular_file(path, error) && fs::file_size(path, error) == 0)
    throw Error(Errc::unreadable, path.string() + " is empty");
}

void check_is_no_folder(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw Error(Errc::unreadable, path.string() + " is a folder; name a file in it");
}

std::string read_bytes(const fs::path& path) {
  check_is_no_folder(path);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(Errc::unreadable, path.string() + " cannot be opened; check its permissions");
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) throw Error(Errc::unreadable, path.string() + " cannot be read to its end");
  return bytes;
}

std::string place_of(const FeatureFile& file, const Layer& layer) {
  return file.path.string() + (layer.name.empty() ? "" : ", layer " + layer.name);
}

std::string place_of(const FeatureFile& file, const Layer& layer, const Feature& feature) {
  return place_of(file, layer) + ", " + layer.numbered_as + " " + std::to_string(feature.number);
}

void refuse(Errc code, const std::string& place, const std::string& what) {
  constexpr std::size_t most = 600;
  std::string text = place + ": " + what;
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  if (text.size() > most) {
    std::size_t end = most;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // never within a character
    text.resize(end);
    text += "…";
  }
  throw Error(code, text);
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

Finding input_finding(std::string text) { return {Finding::Kind::input, {}, {}, {}, std::move(text)}; }

}  // namespace wangge::io
