#include <gtest/gtest.h>

#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include "support/scratch.hpp"
#include "support/shared_data.hpp"
#include "io/verdict.hpp"
#include <wangge/io.hpp>

namespace wangge {
namespace {

/// A vector file made for one test.
class Made {
 public:
  Made(const std::filesystem::path& path, const char* driver) {
    GDALAllRegister();
    dataset_.reset(
        GetGDALDriverManager()->GetDriverByName(driver)->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  }

  struct Field {
    const char* name;
    OGRFieldType type;
  };

  /// `crs` empty: none.
  OGRLayer* layer(const char* name, const std::string& crs, OGRwkbGeometryType type, std::vector<Field> fields,
                  std::vector<const char*> options = {}) {
    OGRSpatialReference reference;
    if (!crs.empty()) reference.SetFromUserInput(crs.c_str());
    reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    options.push_back(nullptr);
    OGRLayer* made =
        dataset_->CreateLayer(name, crs.empty() ? nullptr : &reference, type, const_cast<char**>(options.data()));
    for (const Field& field : fields) {
      OGRFieldDefn definition(field.name, field.type);
      made->CreateField(&definition);
    }
    return made;
  }

  /// Cells as text, NULL where nullptr.
  static void add(OGRLayer* layer, const char* wkt, std::vector<const char*> cells) {
    OGRFeature feature(layer->GetLayerDefn());
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i]) feature.SetField(static_cast<int>(i), cells[i]);
    OGRGeometry* geometry = nullptr;
    if (wkt) OGRGeometryFactory::createFromWkt(wkt, nullptr, &geometry);
    feature.SetGeometryDirectly(geometry);
    ASSERT_EQ(layer->CreateFeature(&feature), OGRERR_NONE);
  }

 private:
  struct Close {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
  };
  std::unique_ptr<GDALDataset, Close> dataset_;
};

const std::vector<Made::Field> unit_fields{{"unit_id", OFTString}, {"households", OFTInteger}};

TEST(OgrRead, BringsAGaussKruegerSheetToDegrees) {
  const Scratch scratch;
  {
    Made file(scratch / "sheet.gpkg", "GPKG");
    OGRLayer* layer = file.layer("buildings", "EPSG:4548", wkbPoint, unit_fields);
    Made::add(layer, "POINT(617910.037275 3760290.716687)", {"a", "3"});
  }
  const UnitTable units = read_units(scratch / "sheet.gpkg");
  EXPECT_EQ(units.units.at(0).position, to_lattice({118.2757, 33.963}));
}

TEST(OgrRead, RefusesALayerWithoutACoordinateReferenceSystem) {
  const Scratch scratch;
  for (const char* crs : {"", "LOCAL_CS[\"drawing\",UNIT[\"metre\",1]]"}) {
    const auto path = scratch / (std::string("drawing") + (*crs ? "1" : "2") + ".gpkg");
    {
      Made file(path, "GPKG");
      Made::add(file.layer("units", crs, wkbPoint, unit_fields), "POINT(617910 3760290)", {"a", "3"});
    }
    const Refusal refusal = refusal_of([&] { read_units(path); });
    EXPECT_TRUE(refusal.code == Errc::missing_crs || refusal.code == Errc::unsupported) << refusal.text;
    EXPECT_TRUE(refusal.mentions("layer units") && refusal.mentions("coordinate reference system")) << refusal.text;
  }
}

TEST(OgrRead, ReadsAShapefileInGbkWhetherItSaysSoOrNot) {
  const Scratch scratch;
  for (const char* encoding : {"GBK", "UTF-8", "silent"}) {
    const bool silent = std::string(encoding) == "silent";
    const auto path = scratch / (std::string(encoding) + ".shp");
    {
      Made file(path, "ESRI Shapefile");
      OGRLayer* layer = file.layer(encoding, "EPSG:4490", wkbPolygon,
                                   {{"编号", OFTString}, {"户数", OFTInteger}, {"小区", OFTString}},
                                   {silent ? "ENCODING=GBK" : (*encoding == 'G' ? "ENCODING=GBK" : "ENCODING=UTF-8")});
      Made::add(layer, "POLYGON((118 33,118 33.01,118.01 33.01,118 33))", {"一号", "12", "花园小区"});
    }
    if (silent) {  // as many programs leave it: no .cpg, no code page in the table
      std::filesystem::remove(scratch / "silent.cpg");
      std::fstream table(scratch / "silent.dbf", std::ios::in | std::ios::out | std::ios::binary);
      table.seekp(29);
      table.put('\0');
    }
    const City city = read_city(path);
    ASSERT_EQ(city.units.size(), 1u) << encoding;
    EXPECT_EQ(city.units.units[0].id, "一号") << encoding;
    EXPECT_EQ(city.units.units[0].households, 12u) << encoding;
    EXPECT_EQ(city.units.units[0].compound, "花园小区") << encoding;
    EXPECT_EQ(city.findings.size(), silent ? 1u : 0u) << encoding;
  }
}

TEST(OgrRead, ReadsCurvesCollectionsAndNumbersOfAnyType) {
  const Scratch scratch;
  {
    Made file(scratch / "mixed.gpkg", "GPKG");
    OGRLayer* layer =
        file.layer("units", "EPSG:4326", wkbUnknown,
                   {{"id", OFTInteger64}, {"households", OFTReal}, {"floors", OFTString}, {"built", OFTDate}});
    Made::add(layer, "CURVEPOLYGON(CIRCULARSTRING(118 33,118.01 33.01,118.02 33,118.01 32.99,118 33))",
              {"123456789012345678", "12", "6", "2001/02/03"});
    Made::add(layer, "GEOMETRYCOLLECTION(POLYGON((118 33,118.01 33,118.01 33.01,118 33)),POINT(118 33))",
              {"2", "3", "ground", nullptr});
    Made::add(layer, "MULTIPOINT((118 33))", {"3", "0", nullptr, nullptr});
  }
  const City city = read_city(scratch / "mixed.gpkg");
  ASSERT_EQ(city.units.size(), 3u);
  EXPECT_EQ(city.units.units[0].id, "123456789012345678");
  EXPECT_GT(city.units.units[0].footprint.at(0).outer.size(), 20u);
  EXPECT_EQ(city.units.units[0].floors, 6.0);
  EXPECT_FALSE(city.units.units[1].floors.has_value());
  EXPECT_EQ(city.units.units[1].footprint.size(), 1u);
  ASSERT_EQ(city.findings.size(), 1u);
  EXPECT_EQ(city.findings[0].text, "column floors has 1 value not saying a number of floors; left out");
  ASSERT_EQ(city.units.labels.size(), 1u);
  EXPECT_EQ(city.units.labels[0].name, "built");
}

TEST(OgrRead, ReadsASpreadsheet) {
  const Scratch scratch;
  {
    Made file(scratch / "units.xlsx", "XLSX");
    OGRLayer* sheet = file.layer("Sheet1", "", wkbNone,
                                 {{"编号", OFTString}, {"经度", OFTReal}, {"纬度", OFTReal}, {"户数", OFTInteger}});
    Made::add(sheet, nullptr, {"9号楼1单元", "118.3", "33.9", "12"});
    Made::add(sheet, nullptr, {"9号楼2单元", "118.3", "33.9", "10"});
  }
  const UnitTable units = read_units(scratch / "units.xlsx");
  ASSERT_EQ(units.size(), 2u);
  EXPECT_EQ(units.units[1].id, "9号楼2单元");
  EXPECT_EQ(units.units[1].position, to_lattice({118.3, 33.9}));
  EXPECT_EQ(total_households(units.units), 22u);
}

TEST(OgrRead, RefusesUnitsWithoutAPlaceOrACount) {
  const Scratch scratch;
  const auto refusal_for = [&](const char* wkt, const char* households) {
    const auto path = scratch / "bad.gpkg";
    std::filesystem::remove(path);
    {
      Made file(path, "GPKG");
      OGRLayer* layer = file.layer("units", "EPSG:4326", wkbUnknown, {{"id", OFTString}, {"households", OFTReal}});
      Made::add(layer, "POINT(118 33)", {"ok", "1"});
      Made::add(layer, wkt, {"bad", households});
    }
    const Refusal refusal = refusal_of([&] { read_units(path); });
    EXPECT_TRUE(refusal.mentions("bad.gpkg, layer units, feature 2") && refusal.mentions("unit bad")) << refusal.text;
    return refusal.code;
  };
  EXPECT_EQ(refusal_for("POINT(118 33)", "2.5"), Errc::invalid_units);
  EXPECT_EQ(refusal_for("POINT(118 33)", "-1"), Errc::invalid_units);
  EXPECT_EQ(refusal_for("POINT(118 33)", nullptr), Errc::invalid_units);
  EXPECT_EQ(refusal_for("POINT(118 330)", "1"), Errc::invalid_units);
  EXPECT_EQ(refusal_for("POINT(nan 33)", "1"), Errc::invalid_units);
  EXPECT_EQ(refusal_for("LINESTRING(118 33,119 33)", "1"), Errc::invalid_units);
  EXPECT_EQ(refusal_for("MULTIPOINT((118 33),(119 33))", "1"), Errc::invalid_units);
  EXPECT_EQ(refusal_for(nullptr, "1"), Errc::invalid_units);
}

TEST(OgrRead, FindsLayersByNameAndSaysWhichThereAre) {
  const Scratch scratch;
  {
    Made file(scratch / "layers.gpkg", "GPKG");
    Made::add(file.layer("houses", "EPSG:4326", wkbPoint, unit_fields), "POINT(118 33)", {"a", "3"});
    Made::add(file.layer("areas", "EPSG:4326", wkbPolygon, {{"code", OFTString}, {"level", OFTString}}),
              "POLYGON((118 33,119 33,119 34,118 33))", {"320", "镇"});
    Made::add(file.layer("roads", "EPSG:4326", wkbLineString, {{"class", OFTString}}), "LINESTRING(118 33,119 34)",
              {"soft"});
  }
  EXPECT_EQ(read_areas(scratch / "layers.gpkg").at(0).level, Level::town);
  const Refusal units = refusal_of([&] { read_units(scratch / "layers.gpkg"); });
  EXPECT_EQ(units.code, Errc::not_found);
  EXPECT_TRUE(units.mentions("houses, areas, roads") && units.mentions("units")) << units.text;
  EXPECT_EQ(refusal_of([&] { read_city(scratch / "layers.gpkg"); }).code, Errc::not_found);
  EXPECT_EQ(refusal_of([&] { read_barriers(scratch / "layers.gpkg"); }).code, Errc::not_found);
}

TEST(OgrRead, RefusesBadAreas) {
  const Scratch scratch;
  const auto refusal_for = [&](const char* wkt, const char* code, const char* level) {
    const auto path = scratch / "areas.gpkg";
    std::filesystem::remove(path);
    {
      Made file(path, "GPKG");
      Made::add(file.layer("areas", "EPSG:4326", wkbUnknown, {{"code", OFTString}, {"level", OFTString}}), wkt,
                {code, level});
    }
    const Refusal refusal = refusal_of([&] { read_areas(path); });
    EXPECT_TRUE(refusal.mentions("areas.gpkg, layer areas, feature 1")) << refusal.text;
    return refusal.code;
  };
  const char* fine = "POLYGON((118 33,119 33,119 34,118 33))";
  EXPECT_EQ(refusal_for(fine, nullptr, nullptr), Errc::missing_field);
  EXPECT_EQ(refusal_for(fine, "a", "planet"), Errc::unreadable);
  EXPECT_EQ(refusal_for("POLYGON((118 33,119 33,119 34,118 34))", "a", "town"), Errc::invalid_geometry);
  EXPECT_EQ(refusal_for("POLYGON((118 33,119 33,118 33,118 33))", "a", "town"), Errc::invalid_geometry);
  EXPECT_EQ(refusal_for("POLYGON((118 33,119 33,119 340,118 33))", "a", "town"), Errc::invalid_geometry);
  EXPECT_EQ(refusal_for("LINESTRING(118 33,119 33)", "a", "town"), Errc::invalid_geometry);
}

TEST(OgrRead, DefaultsTheLevelOfAnAreaToGridAndTurnsItsRings) {
  const Scratch scratch;
  {
    Made file(scratch / "areas.gpkg", "GPKG");
    Made::add(file.layer("parts", "EPSG:4326", wkbPolygon, {{"CODE", OFTInteger64}}),
              "POLYGON((118 33,118 34,119 34,118 33),(118.2 33.5,118.3 33.6,118.2 33.6,118.2 33.5))",
              {"320001001001001001"});
  }
  const GridRecord area = read_areas(scratch / "areas.gpkg").at(0);
  EXPECT_EQ(area.code, "320001001001001001");
  EXPECT_EQ(area.level, Level::grid);
  EXPECT_GT(doubled_area(area.polygons[0].outer), 0);
  EXPECT_LT(doubled_area(area.polygons[0].holes.at(0)), 0);
}

TEST(OgrRead, RefusesBadBarriers) {
  const Scratch scratch;
  {
    Made file(scratch / "roads.gpkg", "GPKG");
    Made::add(file.layer("roads", "EPSG:4326", wkbLineString, {{"class", OFTString}}), "LINESTRING(118 33,119 34)",
              {"motorway"});
  }
  const Refusal refusal = refusal_of([&] { read_barriers(scratch / "roads.gpkg"); });
  EXPECT_EQ(refusal.code, Errc::unreadable);
  EXPECT_TRUE(refusal.mentions("roads.gpkg, layer roads, feature 1") && refusal.mentions("hard, soft, wall or street"))
      << refusal.text;
}

TEST(OgrRead, RefusesFilesThatAreNotThereOrNotVectorFiles) {
  const Scratch scratch;
  EXPECT_EQ(refusal_of([&] { read_city(scratch / "absent.gpkg"); }).code, Errc::not_found);
  EXPECT_EQ(refusal_of([&] { read_city(scratch.file("empty.gpkg", "")); }).code, Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_city(scratch.file("empty.geojson", "")); }).code, Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_city(scratch.file("text.gpkg", "not a database")); }).code, Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_city(scratch.file("noise.bin", std::string(4096, '\x07'))); }).code,
            Errc::unreadable);
  EXPECT_EQ(refusal_of([&] { read_city(scratch.folder()); }).code, Errc::unreadable);
}

TEST(OgrRead, RefusesADamagedGeoPackage) {
  const Scratch scratch;
  City city;
  for (int i = 0; i < 3000; ++i)
    city.units.units.push_back({std::to_string(i), {i * 100, i * 50}, {}, 1, {}, "", "", {}});
  write_city(scratch / "whole.gpkg", city);
  const std::string bytes = bytes_of(scratch / "whole.gpkg");
  for (const double share : {0.02, 0.3, 0.6, 0.9}) {
    const auto cut = static_cast<std::size_t>(double(bytes.size()) * share);
    const Refusal refusal = refusal_of([&] { read_city(scratch.file("cut.gpkg", bytes.substr(0, cut))); });
    EXPECT_EQ(refusal.code, Errc::unreadable) << refusal.text;
  }
}

TEST(OgrRead, StopsWhenAsked) {
  const Scratch scratch;
  City city;
  city.units.units.push_back({"a", {0, 0}, {}, 1, {}, "", "", {}});
  write_city(scratch / "city.gpkg", city);
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  EXPECT_EQ(refusal_of([&] { read_city(scratch / "city.gpkg", {}, execution); }).code, Errc::stopped);
}

TEST(OgrRead, ReadsTheRealFilesAtHand) {
  WANGGE_SHARED_DATA(file, "zones/taxi_zones.shp");
  const Refusal refusal = refusal_of([&] { read_areas(file); });
  EXPECT_EQ(refusal.code, Errc::missing_field);
  EXPECT_TRUE(refusal.mentions("LocationID")) << refusal.text;
  const UnitTable units = read_units(file, {"OBJECTID", "LocationID", ""});
  EXPECT_EQ(units.size(), 263u);
  EXPECT_NEAR(to_degrees(units.units[0].position).lng, -74.17, 0.05);  // Newark airport, from feet
  EXPECT_NEAR(to_degrees(units.units[0].position).lat, 40.69, 0.05);
}

}  // namespace
}  // namespace wangge
