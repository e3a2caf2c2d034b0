#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <ogrsf_frmts.h>

#include <wangge/grid_map.hpp>

namespace wangge::test {

inline Ring ring_from(const OGRLinearRing& line) {
  Ring ring;
  for (int i = 0; i + 1 < line.getNumPoints(); ++i) ring.push_back(to_lattice({line.getX(i), line.getY(i)}));
  return ring;
}

inline Polygon polygon_from(const OGRPolygon& from) {
  Polygon polygon{ring_from(*from.getExteriorRing()), {}};
  for (int i = 0; i < from.getNumInteriorRings(); ++i) polygon.holes.push_back(ring_from(*from.getInteriorRing(i)));
  return polygon;
}

/// The polygons of a file in longitude and latitude (gzipped or not), rounded to the lattice and otherwise untouched;
/// the codes come from a column.
inline std::vector<GridRecord> areas_from(const std::filesystem::path& file, const char* code_column) {
  GDALAllRegister();
  const std::string name = (file.extension() == ".gz" ? "/vsigzip/" : "") + file.string();
  const std::unique_ptr<GDALDataset> data(GDALDataset::Open(name.c_str(), GDAL_OF_VECTOR));
  std::vector<GridRecord> records;
  for (const auto& feature : data->GetLayer(0)) {
    GridRecord record;
    record.code = feature->GetFieldAsString(code_column);
    const OGRGeometry* shape = feature->GetGeometryRef();
    if (wkbFlatten(shape->getGeometryType()) == wkbPolygon)
      record.polygons.push_back(polygon_from(*shape->toPolygon()));
    if (wkbFlatten(shape->getGeometryType()) == wkbMultiPolygon) {
      for (const OGRPolygon* part : *shape->toMultiPolygon()) record.polygons.push_back(polygon_from(*part));
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace wangge::test
