#ifndef WANGGE_GDAL

#include "io/features.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

[[noreturn]] void miss_gdal(const std::filesystem::path& file, const std::string& what) {
  throw Error(Errc::unsupported, file.string() + " cannot be " + what + ": wangge was built without GDAL");
}

}  // namespace

io::FeatureFile io::read_with_ogr(const std::filesystem::path& path, std::span<const std::string_view>,
                                  const Execution&) {
  miss_gdal(path, "read (GeoJSON and CSV can)");
}
void write_city(const std::filesystem::path& file, const City&, const Execution&) { miss_gdal(file, "written"); }
void write_plan(const std::filesystem::path& file, const Plan&, const Execution&) { miss_gdal(file, "written"); }
Plan read_plan(const std::filesystem::path& file, const Execution&) { miss_gdal(file, "read"); }
City import_osm(const std::filesystem::path& file, const ImportOptions&, const Execution&) {
  miss_gdal(file, "imported");
}

}  // namespace wangge

#endif
