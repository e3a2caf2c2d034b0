#include "verify/plan_file.hpp"

#include <gdal_priv.h>
#include <ogrsf_frmts.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <initializer_list>

#include <wangge/error.hpp>

namespace wangge::verify {
namespace {

/// Keeps GDAL from printing; what went wrong is asked for afterwards.
struct Quiet {
  Quiet() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~Quiet() { CPLPopErrorHandler(); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : name_(file.string()) {
    const bool readable = access(file.c_str(), R_OK) == 0;
    if (!readable && errno == ENOENT) throw Error(Errc::not_found, name_ + ": no such file");
    if (!readable) throw Error(Errc::unreadable, name_ + ": " + std::strerror(errno));
    const char* drivers[] = {"GPKG", nullptr};
    set_.reset(GDALDataset::Open(name_.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers));
    const std::string said = set_ ? "" : CPLGetLastErrorMsg();
    if (said.find("is locked") != std::string::npos)
      throw Error(Errc::unreadable, name_ + ": " + said + ": another program is writing to it; try again later");
    if (!set_)
      throw Error(Errc::unreadable, name_ + ": not a GeoPackage; give the plan.gpkg that `wangge split` wrote");
  }

  OGRLayer* layer(const char* layer_name) const { return set_->GetLayerByName(layer_name); }

  OGRLayer& required(const char* layer_name, std::initializer_list<const char*> columns) const {
    OGRLayer* found = layer(layer_name);
    if (!found)
      throw Error(Errc::unreadable,
                  name_ + ": no layer `" + layer_name + "`; give the plan.gpkg that `wangge split` wrote");
    for (const char* column : columns) {
      if (found->GetLayerDefn()->GetFieldIndex(column) < 0)
        throw Error(Errc::missing_field, name_ + ": layer `" + layer_name + "` has no column `" + column +
                                             "`; give the plan.gpkg that `wangge split` wrote");
    }
    check_crs(*found);
    return *found;
  }

  void check_crs(OGRLayer& of) const {
    const OGRSpatialReference* crs = of.GetSpatialRef();
    const std::string where = name_ + ": layer `" + of.GetName() + "` ";
    if (!crs)
      throw Error(Errc::missing_crs, where + "has no coordinate reference system; a plan is in WGS 84 (EPSG:4326)");
    OGRSpatialReference wgs84;
    wgs84.importFromEPSG(4326);
    const char* options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                             "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
    if (!crs->IsSame(&wgs84, options))
      throw Error(Errc::missing_crs, where + "is in " +
                                         (crs->GetName() ? crs->GetName() : "an unnamed reference system") +
                                         "; a plan is in WGS 84 (EPSG:4326)");
  }

  /// Visits every feature; a damaged file is told from a short one.
  template <class Visit>
  void each(OGRLayer& of, Visit visit) const {
    CPLErrorReset();
    for (auto& feature : of) visit(*feature);
    if (CPLGetLastErrorType() >= CE_Failure)
      throw Error(Errc::unreadable, name_ + ": layer `" + of.GetName() + "` is damaged: " + CPLGetLastErrorMsg());
  }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
  GDALDatasetUniquePtr set_;
};

int column(OGRFeature& feature, const char* name) {
  const int index = feature.GetFieldIndex(name);
  return index >= 0 && feature.IsFieldSetAndNotNull(index) ? index : -1;
}

std::string text(OGRFeature& feature, const char* name) {
  const int index = column(feature, name);
  return index < 0 ? "" : feature.GetFieldAsString(index);
}

std::optional<double> number(OGRFeature& feature, const char* name) {
  const int index = column(feature, name);
  return index < 0 ? std::nullopt : std::optional(feature.GetFieldAsDouble(index));
}

std::optional<std::int64_t> count(OGRFeature& feature, const char* name) {
  const int index = column(feature, name);
  return index < 0 ? std::nullopt : std::optional<std::int64_t>(feature.GetFieldAsInteger64(index));
}

bool flag(OGRFeature& feature, const char* name) {
  const std::string value = text(feature, name);
  return !value.empty() && value != "0" && value != "no" && value != "false";
}

struct Rounding {
  std::string where;  ///< file and layer, for messages
  std::size_t off_lattice = 0;

  Point operator()(double lng, double lat) {
    if (!(std::abs(lng) <= 180 && std::abs(lat) <= 90))
      throw Error(Errc::unreadable, where + " holds a coordinate that is not on Earth");
    const double x = std::nearbyint(lng * per_degree), y = std::nearbyint(lat * per_degree);
    if (std::abs(lng * per_degree - x) > 1e-3 || std::abs(lat * per_degree - y) > 1e-3) ++off_lattice;
    return {static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
  }
};

Line to_line(const OGRSimpleCurve& curve, Rounding& round) {
  Line line;
  for (int i = 0; i < curve.getNumPoints(); ++i) {
    const Point p = round(curve.getX(i), curve.getY(i));
    if (line.empty() || line.back() != p) line.push_back(p);
  }
  return line;
}

void add_ring(const OGRLinearRing& curve, bool outer, Rounding& round, Polygon& polygon) {
  Ring ring = to_line(curve, round);
  while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
  if (counter_clockwise(ring) != outer) std::reverse(ring.begin(), ring.end());
  polygon.push_back(std::move(ring));
}

void add_polygons(const OGRGeometry& geometry, Rounding& round, Polygons& polygons) {
  const auto type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbPolygon) {
    const OGRPolygon& from = *geometry.toPolygon();
    if (from.IsEmpty()) return;
    Polygon& polygon = polygons.emplace_back();
    add_ring(*from.getExteriorRing(), true, round, polygon);
    for (int i = 0; i < from.getNumInteriorRings(); ++i) add_ring(*from.getInteriorRing(i), false, round, polygon);
  } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) add_polygons(*part, round, polygons);
  }
}

void add_lines(const OGRGeometry& geometry, Rounding& round, std::vector<Line>& lines) {
  const auto type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbLineString) {
    lines.push_back(to_line(*geometry.toLineString(), round));
  } else if (type == wkbPolygon) {
    for (const OGRLinearRing* ring : *geometry.toPolygon()) lines.push_back(to_line(*ring, round));
  } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) add_lines(*part, round, lines);
  }
}

/// The columns sum_…
void read_sums(OGRFeature& row, Area& area) {
  constexpr std::string_view prefix = "sum_";
  for (int i = 0; i < row.GetFieldCount(); ++i) {
    const std::string name = row.GetFieldDefnRef(i)->GetNameRef();
    if (name.starts_with(prefix) && row.IsFieldSetAndNotNull(i))
      area.sums[name.substr(prefix.size())] = row.GetFieldAsDouble(i);
  }
}

void read_areas(const Reader& reader, PlanFile& plan) {
  OGRLayer& layer = reader.required("areas", {"code", "level", "parent", "households"});
  for (const char* name : {"code", "parent"})
    plan.codes_are_text &=
        layer.GetLayerDefn()->GetFieldDefn(layer.GetLayerDefn()->GetFieldIndex(name))->GetType() == OFTString;
  Rounding round{reader.name() + ": layer `areas`"};
  reader.each(layer, [&](OGRFeature& row) {
    Area area{text(row, "code"),   text(row, "name"),      text(row, "level"),         text(row, "parent"),
              text(row, "kind"),   text(row, "finding"),   count(row, "households"),   count(row, "persons"),
              count(row, "units"), number(row, "area_m2"), number(row, "compactness"), {}};
    if (row.GetGeometryRef()) add_polygons(*row.GetGeometryRef(), round, area.polygons);
    read_sums(row, area);
    plan.areas.push_back(std::move(area));
  });
  plan.off_lattice = round.off_lattice;
  if (std::none_of(plan.areas.begin(), plan.areas.end(), [](const Area& area) { return area.level == "micro_grid"; }))
    throw Error(Errc::unreadable, reader.name() + ": no micro-grid in the layer `areas`; split it first");
}

void read_units(const Reader& reader, PlanFile& plan) {
  OGRLayer& layer = reader.required("units", {"unit_id", "households", "micro_grid"});
  plan.codes_are_text &=
      layer.GetLayerDefn()->GetFieldDefn(layer.GetLayerDefn()->GetFieldIndex("micro_grid"))->GetType() == OFTString;
  Rounding round{reader.name() + ": layer `units`"};
  reader.each(layer, [&](OGRFeature& row) {
    Unit unit{text(row, "unit_id"), text(row, "micro_grid"), count(row, "households"), count(row, "persons"), {}, {}};
    if (const OGRGeometry* geometry = row.GetGeometryRef()) {
      if (wkbFlatten(geometry->getGeometryType()) == wkbPoint && !geometry->IsEmpty())
        unit.point = round(geometry->toPoint()->getX(), geometry->toPoint()->getY());
      else
        add_polygons(*geometry, round, unit.footprint);
    }
    for (const std::string& name : plan.columns) unit.counts.push_back(number(row, name.c_str()).value_or(0));
    plan.units.push_back(std::move(unit));
  });
}

std::optional<BarrierClass> barrier_class(const std::string& name) {
  if (name == "hard") return BarrierClass::hard;
  if (name == "soft") return BarrierClass::soft;
  if (name == "wall") return BarrierClass::wall;
  if (name == "street") return BarrierClass::street;
  return std::nullopt;
}

void read_barriers(const Reader& reader, PlanFile& plan) {
  plan.has_barriers = reader.layer("barriers") != nullptr;
  if (!plan.has_barriers) return;
  Rounding round{reader.name() + ": layer `barriers`"};
  reader.each(reader.required("barriers", {"class"}), [&](OGRFeature& row) {
    const auto barrier = barrier_class(text(row, "class"));
    if (!barrier) ++plan.without_class;
    if (!barrier || !row.GetGeometryRef()) return;
    std::vector<Line> lines;
    add_lines(*row.GetGeometryRef(), round, lines);
    for (Line& line : lines) {
      if (line.size() < 2) continue;
      plan.barriers.push_back({std::move(line), *barrier, text(row, "name"), flag(row, "bridge"), flag(row, "tunnel"),
                               static_cast<int>(count(row, "layer").value_or(0))});
    }
  });
}

void read_findings(const Reader& reader, PlanFile& plan) {
  OGRLayer* layer = reader.layer("findings");
  if (!layer) return;
  reader.each(*layer, [&](OGRFeature& row) {
    plan.findings.push_back({text(row, "kind"), text(row, "code"), text(row, "unit"), text(row, "certificate")});
  });
}

void read_revisions(const Reader& reader, PlanFile& plan) {
  OGRLayer* layer = reader.layer("changes");
  if (!layer) return;
  plan.has_hashes = layer->GetLayerDefn()->GetFieldIndex("hash") >= 0;
  reader.each(*layer, [&](OGRFeature& row) {
    plan.revisions.push_back({text(row, "revision"), text(row, "reason"), text(row, "author"), text(row, "json"),
                              text(row, "previous"), text(row, "hash")});
  });
}

}  // namespace

std::string profile_of(const std::filesystem::path& file) {
  GDALAllRegister();
  const Quiet quiet;
  const Reader reader(file);
  std::string json;
  if (OGRLayer* layer = reader.layer("profile"))
    reader.each(*layer, [&](OGRFeature& row) { json = text(row, "json"); });
  return json;
}

PlanFile read_plan(const std::filesystem::path& file, const std::vector<std::string>& columns) {
  GDALAllRegister();
  const Quiet quiet;
  const Reader reader(file);
  PlanFile plan;
  if (OGRLayer* units = reader.layer("units")) {
    for (const std::string& name : columns)
      if (units->GetLayerDefn()->GetFieldIndex(name.c_str()) >= 0) plan.columns.push_back(name);
  }
  read_areas(reader, plan);
  read_units(reader, plan);
  read_barriers(reader, plan);
  read_findings(reader, plan);
  read_revisions(reader, plan);
  return plan;
}

}  // namespace wangge::verify
