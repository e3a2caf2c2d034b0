#include "io/ogr_geopackage.hpp"

#include <cmath>
#include <span>

#include "file/replace_file.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

void set_points(OGRSimpleCurve& curve, std::span<const Position> positions, bool close) {
  const int count = static_cast<int>(positions.size());
  curve.setNumPoints(count + (close ? 1 : 0), FALSE);
  for (int i = 0; i < count; ++i) {
    const LngLat place = to_degrees(positions[static_cast<std::size_t>(i)]);
    curve.setPoint(i, place.lng, place.lat);
  }
  if (close) {
    const LngLat first = to_degrees(positions[0]);
    curve.setPoint(count, first.lng, first.lat);
  }
}

void add_ring(OGRPolygon& polygon, const Ring& positions) {
  auto ring = std::make_unique<OGRLinearRing>();
  set_points(*ring, positions, true);
  polygon.addRingDirectly(ring.release());
}

std::unique_ptr<OGRGeometry> to_ogr(const MultiPolygon& polygons) {
  auto all = std::make_unique<OGRMultiPolygon>();
  for (const Polygon& polygon : polygons) {
    auto one = std::make_unique<OGRPolygon>();
    add_ring(*one, polygon.outer);
    for (const Ring& hole : polygon.holes) add_ring(*one, hole);
    all->addGeometryDirectly(one.release());
  }
  return all;
}

}  // namespace

GeoPackage::GeoPackage(const Execution& execution) : execution_(execution) {
  wgs84_.importFromEPSG(4326);
  wgs84_.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GPKG");
  if (driver == nullptr)
    throw Error(Errc::unsupported, "this build of GDAL cannot write GeoPackage; install one with SQLite");
  dataset_.reset(driver->Create(memory_.path(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset_ || dataset_->StartTransaction() != OGRERR_NONE) refuse();
}

void GeoPackage::refuse() const {
  throw Error(Errc::not_writable, "the GeoPackage cannot be made: " + messages_.text());
}

void GeoPackage::leave_if_stopped() const {
  if (!execution_.go_on("write", 0)) throw Error(Errc::stopped, "stopped while writing; nothing was written");
}

void GeoPackage::row_added() {
  if (++rows_ % 1000 == 0) leave_if_stopped();
}

GeoPackage::Table GeoPackage::create(const std::string& name, OGRwkbGeometryType type,
                                     const std::vector<Column>& columns, const std::string& description) {
  CPLStringList options;
  if (!description.empty()) options.SetNameValue("DESCRIPTION", description.c_str());
  OGRLayer* layer = dataset_->CreateLayer(name.c_str(), type == wkbNone ? nullptr : &wgs84_, type, options.List());
  if (layer == nullptr) refuse();
  for (const Column& column : columns) {
    OGRFieldDefn field(column.name.c_str(), column.type);
    if (column.boolean) field.SetSubType(OFSTBoolean);
    if (layer->CreateField(&field) != OGRERR_NONE) refuse();
  }
  return Table(*this, layer);
}

void GeoPackage::replace(const std::filesystem::path& file) {
  if (dataset_->CommitTransaction() != OGRERR_NONE) refuse();
  dataset_.reset();  // closing writes the extents and the spatial indexes
  if (messages_.failed()) refuse();
  vsi_l_offset size = 0;
  const GByte* bytes = VSIGetMemFileBuffer(memory_.path(), &size, FALSE);
  if (bytes == nullptr) refuse();
  leave_if_stopped();
  file::replace_file(file, std::as_bytes(std::span(bytes, static_cast<std::size_t>(size))));
}

GeoPackage::Table::Table(GeoPackage& package, OGRLayer* layer) : package_(&package), layer_(layer) {}

OGRFeature& GeoPackage::Table::row() {
  if (!row_) row_.reset(OGRFeature::CreateFeature(layer_->GetLayerDefn()));
  return *row_;
}

GeoPackage::Table& GeoPackage::Table::text(const std::string& value) {
  if (value.empty()) return null();
  row().SetField(column_++, value.c_str());
  return *this;
}

GeoPackage::Table& GeoPackage::Table::whole(std::int64_t value) {
  row().SetField(column_++, static_cast<GIntBig>(value));
  return *this;
}

GeoPackage::Table& GeoPackage::Table::real(double value) {
  if (std::isnan(value)) return null();
  row().SetField(column_++, value);
  return *this;
}

GeoPackage::Table& GeoPackage::Table::null() {
  row().SetFieldNull(column_++);
  return *this;
}

void GeoPackage::Table::add(const MultiPolygon& polygons) {
  if (polygons.empty()) return add();
  add(to_ogr(polygons));
}

void GeoPackage::Table::add(Position point) {
  const LngLat place = to_degrees(point);
  add(std::make_unique<OGRPoint>(place.lng, place.lat));
}

void GeoPackage::Table::add(const Line& line) {
  auto curve = std::make_unique<OGRLineString>();
  set_points(*curve, line, false);
  add(std::move(curve));
}

void GeoPackage::Table::add() { add(std::unique_ptr<OGRGeometry>()); }

void GeoPackage::Table::add(std::unique_ptr<OGRGeometry> geometry) {
  row().SetGeometryDirectly(geometry.release());
  if (layer_->CreateFeature(&row()) != OGRERR_NONE) package_->refuse();
  row().Reset();
  column_ = 0;
  package_->row_added();
}

}  // namespace wangge::io
