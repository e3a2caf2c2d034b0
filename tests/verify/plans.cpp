#include "verify/plans.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <optional>
#include <type_traits>

namespace wangge::verify {
namespace {

OGRGeometryUniquePtr to_ogr(const Polygons& polygons) {
  auto multi = std::make_unique<OGRMultiPolygon>();
  for (const Polygon& polygon : polygons) {
    OGRPolygon part;
    for (const Ring& ring : polygon) {
      OGRLinearRing line;
      for (const Point p : ring) line.addPoint(p.x / per_degree, p.y / per_degree);
      line.closeRings();
      part.addRing(&line);
    }
    multi->addGeometry(&part);
  }
  return OGRGeometryUniquePtr(multi.release());
}

class PlanWriter {
 public:
  PlanWriter(const std::filesystem::path& file, const Writing& writing) : writing_(writing) {
    GDALAllRegister();
    set_.reset(GetGDALDriverManager()->GetDriverByName("GPKG")->Create(file.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    if (writing.epsg) crs_.importFromEPSG(writing.epsg);
    crs_.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  }

  void write(const PlanFile& plan) {
    if (writing_.with_areas) write_areas(plan);
    write_units(plan);
    if (writing_.with_barriers) write_barriers(plan);
    if (writing_.with_findings) write_findings(plan);
  }

 private:
  using Row = OGRFeature;
  OGRLayer* layer(const char* name, OGRwkbGeometryType type,
                  const std::vector<std::pair<const char*, OGRFieldType>>& columns) {
    OGRLayer* made = set_->CreateLayer(name, writing_.epsg ? &crs_ : nullptr, type);
    for (const auto& [column, kind] : columns) {
      if (column == writing_.without_column) continue;
      OGRFieldDefn field(column, kind);
      made->CreateField(&field);
    }
    return made;
  }
  static void add(OGRLayer& layer, Row& row) {
    if (layer.CreateFeature(&row) != OGRERR_NONE) std::abort();
  }
  template <class Value>
  static void set(Row& row, const char* column, const Value& value) {
    if (row.GetFieldIndex(column) < 0) return;
    if constexpr (std::is_same_v<Value, std::string>)
      row.SetField(column, value.c_str());
    else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
      value ? row.SetField(column, static_cast<GIntBig>(*value)) : row.SetFieldNull(row.GetFieldIndex(column));
    else
      value ? row.SetField(column, *value) : row.SetFieldNull(row.GetFieldIndex(column));
  }

  void write_areas(const PlanFile& plan) {
    const OGRFieldType code = writing_.numeric_codes ? OFTInteger64 : OFTString;
    OGRLayer* areas = layer("areas", wkbMultiPolygon,
                            {{"code", code},
                             {"name", OFTString},
                             {"level", OFTString},
                             {"parent", code},
                             {"kind", OFTString},
                             {"households", OFTInteger64},
                             {"persons", OFTInteger64},
                             {"units", OFTInteger64},
                             {"area_m2", OFTReal},
                             {"compactness", OFTReal},
                             {"finding", OFTString}});
    for (const Area& area : plan.areas) {
      Row row(areas->GetLayerDefn());
      set(row, "code", area.code), set(row, "name", area.name), set(row, "level", area.level);
      set(row, "parent", area.parent), set(row, "kind", area.kind), set(row, "finding", area.finding);
      set(row, "households", area.households), set(row, "persons", area.persons), set(row, "units", area.units);
      set(row, "area_m2", area.area_m2), set(row, "compactness", area.compactness);
      row.SetGeometryDirectly(to_ogr(area.polygons).release());
      add(*areas, row);
    }
  }

  void write_units(const PlanFile& plan) {
    OGRLayer* units = layer(
        "units", wkbUnknown,
        {{"unit_id", OFTString}, {"households", OFTInteger64}, {"persons", OFTInteger64}, {"micro_grid", OFTString}});
    for (const Unit& unit : plan.units) {
      Row row(units->GetLayerDefn());
      set(row, "unit_id", unit.id), set(row, "micro_grid", unit.micro_grid);
      set(row, "households", unit.households), set(row, "persons", unit.persons);
      if (unit.point)
        row.SetGeometryDirectly(new OGRPoint(unit.point->x / per_degree, unit.point->y / per_degree));
      else
        row.SetGeometryDirectly(to_ogr(unit.footprint).release());
      add(*units, row);
    }
  }

  void write_barriers(const PlanFile& plan) {
    static const char* classes[] = {"street", "wall", "soft", "hard"};
    OGRLayer* barriers = layer("barriers", wkbLineString,
                               {{"class", OFTString},
                                {"name", OFTString},
                                {"bridge", OFTInteger},
                                {"tunnel", OFTInteger},
                                {"layer", OFTInteger}});
    for (const Barrier& barrier : plan.barriers) {
      Row row(barriers->GetLayerDefn());
      set(row, "class", std::string(classes[static_cast<int>(barrier.barrier)])), set(row, "name", barrier.name);
      row.SetField("bridge", barrier.bridge), row.SetField("tunnel", barrier.tunnel),
          row.SetField("layer", barrier.layer);
      OGRLineString line;
      for (const Point p : barrier.line) line.addPoint(p.x / per_degree, p.y / per_degree);
      row.SetGeometry(&line);
      add(*barriers, row);
    }
  }

  void write_findings(const PlanFile& plan) {
    OGRLayer* findings = layer("findings", wkbPoint,
                               {{"kind", OFTString},
                                {"code", OFTString},
                                {"unit", OFTString},
                                {"text", OFTString},
                                {"certificate", OFTString}});
    for (const Finding& finding : plan.findings) {
      Row row(findings->GetLayerDefn());
      set(row, "kind", finding.kind), set(row, "code", finding.code), set(row, "unit", finding.unit);
      set(row, "certificate", finding.certificate);
      add(*findings, row);
    }
  }

  Writing writing_;
  OGRSpatialReference crs_;
  GDALDatasetUniquePtr set_;
};

}  // namespace

void write_plan_file(const std::filesystem::path& file, const PlanFile& plan, const Writing& writing) {
  PlanWriter(file, writing).write(plan);
}

}  // namespace wangge::verify
