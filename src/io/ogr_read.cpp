#include <algorithm>
#include <fstream>
#include <utility>

#include "io/cells.hpp"
#include "io/features.hpp"
#include "io/ogr_session.hpp"
#include "io/ogr_shape.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

namespace fs = std::filesystem;

bool is_role(const OGRLayer& layer, std::span<const std::string_view> roles) {
  return std::find(roles.begin(), roles.end(), const_cast<OGRLayer&>(layer).GetName()) != roles.end();
}

/// What QGIS keeps beside the data.
bool is_data(OGRLayer& layer) { return std::string_view(layer.GetName()) != "layer_styles"; }

std::vector<OGRLayer*> layers_for(GDALDataset& dataset, std::span<const std::string_view> roles, const fs::path& path) {
  std::vector<OGRLayer*> all, fitting;
  std::string names;
  for (OGRLayer* layer : dataset.GetLayers()) {
    if (!is_data(*layer)) continue;
    all.push_back(layer);
    names += (names.empty() ? "" : ", ") + std::string(layer->GetName());
    if (is_role(*layer, roles)) fitting.push_back(layer);
  }
  if (!fitting.empty()) return fitting;
  if (all.size() == 1) return all;
  if (all.empty()) throw Error(Errc::unreadable, path.string() + " has no layer");
  std::string wanted;
  for (const std::string_view role : roles) wanted += (wanted.empty() ? "" : " or ") + std::string(role);
  refuse(Errc::not_found, path.string(), "of the layers " + names + " none is called " + wanted + "; rename one");
}

/// Text in UTF-8; what is not is taken for the usual encoding of Chinese programs.
class TextDecoder {
 public:
  std::string operator()(const char* text) {
    if (is_utf8(text)) return text;
    ++recoded_;
    char* recoded = CPLRecode(text, "GB18030", CPL_ENC_UTF8);
    std::string result = recoded;
    CPLFree(recoded);
    return result;
  }
  bool recoded() const { return recoded_ > 0; }

 private:
  int recoded_ = 0;
};

Value to_value(const OGRFeature& feature, int field, TextDecoder& decoded) {
  if (!feature.IsFieldSetAndNotNull(field)) return {};
  switch (feature.GetFieldDefnRef(field)->GetType()) {
    case OFTInteger:
    case OFTInteger64:
      return static_cast<std::int64_t>(feature.GetFieldAsInteger64(field));
    case OFTReal:
      return feature.GetFieldAsDouble(field);
    case OFTBinary:
      return {};
    default:
      return decoded(const_cast<OGRFeature&>(feature).GetFieldAsString(field));
  }
}

/// GeoPackage has two stand-ins for "not known".
bool says_nothing(const OGRSpatialReference& crs) {
  const char* name = crs.GetName();
  return name == nullptr || std::string_view(name).starts_with("Undefined") || std::string_view(name) == "unknown";
}

std::string wkt_of(const OGRSpatialReference& crs) {
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  char* text = nullptr;
  const bool done = crs.exportToWkt(&text, options) == OGRERR_NONE && text != nullptr;
  const std::string wkt = done ? text : "";
  CPLFree(text);
  return wkt;
}

/// True where the file keeps the coordinates in its definition's own order and that is northing (latitude) first.
bool north_first(const OGRSpatialReference& crs) {
  const std::vector<int>& axes = crs.GetDataAxisToSRSAxisMapping();
  const bool own_order = axes.size() >= 2 && axes[0] == 1 && axes[1] == 2;
  return own_order && (crs.EPSGTreatsAsLatLong() || crs.EPSGTreatsAsNorthingEasting());
}

Layer read_layer(OGRLayer& source, const Execution& execution) {
  Layer layer;
  layer.name = source.GetName();
  if (const char* description = source.GetMetadataItem("DESCRIPTION")) layer.description = description;
  const OGRSpatialReference* crs = source.GetSpatialRef();
  if (crs != nullptr && !says_nothing(*crs)) layer.crs = wkt_of(*crs);
  const bool swap = crs != nullptr && north_first(*crs);
  const OGRFeatureDefn& definition = *source.GetLayerDefn();
  const std::string fid = source.GetFIDColumn();
  TextDecoder decoded;
  for (int i = 0; i < definition.GetFieldCount(); ++i)
    layer.fields.push_back(decoded(definition.GetFieldDefn(i)->GetNameRef()));
  if (!fid.empty()) layer.fields.push_back(fid);
  source.ResetReading();
  while (const OgrFeature feature{source.GetNextFeature()}) {
    if (layer.features.size() % 10'000 == 0 && !execution.go_on("read", 0))
      throw Error(Errc::stopped, "reading was stopped");
    Feature read{static_cast<std::uint64_t>(feature->GetFID()), {}, {}};
    for (int i = 0; i < definition.GetFieldCount(); ++i) read.values.push_back(to_value(*feature, i, decoded));
    if (!fid.empty()) read.values.emplace_back(static_cast<std::int64_t>(feature->GetFID()));
    if (const OGRGeometry* geometry = feature->GetGeometryRef()) add_geometry(read.shape, *geometry, swap);
    layer.features.push_back(std::move(read));
  }
  if (decoded.recoded()) layer.remarks.push_back("text that is not UTF-8 was read as GB 18030");
  return layer;
}

bool is_shapefile(const fs::path& path) { return path.extension() == ".shp" || path.extension() == ".SHP"; }

/// The file of a shapefile that ends so, in small or capital letters; an empty path where it is missing.
fs::path part_of(const fs::path& shapefile, const char* small, const char* capital) {
  std::error_code error;
  for (const char* extension : {small, capital})
    if (const fs::path part = fs::path(shapefile).replace_extension(extension); fs::exists(part, error)) return part;
  return {};
}

/// OGR would do without some of its files, but there is nothing to learn from it then.
void check_is_whole(const fs::path& shapefile) {
  for (const auto& [small, capital] : {std::pair(".shx", ".SHX"), std::pair(".dbf", ".DBF")})
    if (part_of(shapefile, small, capital).empty())
      throw Error(Errc::unreadable,
                  shapefile.string() + " lacks its " + small + "; a shapefile is several files: copy all");
}

/// True for a shapefile whose table does not say how its text is encoded; OGR would take it for Latin-1.
bool hides_its_encoding(const fs::path& shapefile) {
  constexpr int code_page_offset = 29, ansi = 0x57;
  if (!part_of(shapefile, ".cpg", ".CPG").empty()) return false;
  std::ifstream table(part_of(shapefile, ".dbf", ".DBF"), std::ios::binary);
  table.seekg(code_page_offset);
  const int code_page = table.get();
  return code_page == 0 || code_page == ansi;
}

[[noreturn]] void refuse_unreadable(const fs::path& path, const std::string& messages) {
  std::error_code error;
  const bool folder = fs::is_directory(path, error), busy = messages.find("is locked") != std::string::npos;
  throw Error(Errc::unreadable, path.string() + (folder ? " is a folder" : " cannot be read") +
                                    (messages.empty() ? "" : " (" + messages + ")") +
                                    (folder ? "; name a file in it"
                                     : busy ? "; another program is writing to it: try again when it has finished"
                                            : "; give a GeoPackage, shapefile, GeoJSON or .csv"));
}

}  // namespace

FeatureFile read_with_ogr(const fs::path& path, std::span<const std::string_view> roles, const Execution& execution) {
  const GdalMessages messages;
  const char* const raw_text[] = {"ENCODING=", nullptr};
  if (is_shapefile(path)) check_is_whole(path);
  const Dataset dataset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr,
                                          is_shapefile(path) && hides_its_encoding(path) ? raw_text : nullptr));
  if (!dataset) refuse_unreadable(path, messages.text());
  if (std::string_view(dataset->GetDriverName()) == "OSM")
    throw Error(Errc::unsupported,
                path.string() + " is an OpenStreetMap extract; make a city.gpkg of it with wangge import-osm");
  FeatureFile file{path, {}};
  for (OGRLayer* layer : layers_for(*dataset, roles, path)) file.layers.push_back(read_layer(*layer, execution));
  if (messages.failed()) throw Error(Errc::unreadable, path.string() + " is damaged: " + messages.text());
  return file;
}

}  // namespace wangge::io
