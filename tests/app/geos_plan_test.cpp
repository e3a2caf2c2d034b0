#include <geos_c.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/scratch.hpp"
#include "support/shared_data.hpp"

namespace {

namespace fs = std::filesystem;

/// The arbiter of this test is GEOS alone, on what the program wrote: nothing of wangge takes part.
class PlansBeforeGeos : public ::testing::Test {
 protected:
  void SetUp() override { GDALAllRegister(); }
  void TearDown() override {
    shapes_.clear();
    GEOS_finish_r(geos_);
  }

  void make_plan(const fs::path& extract) {
    run("import-osm " + quoted(extract) + " -o " + quoted(folder_ / "city.gpkg"));
    run("split " + quoted(folder_ / "city.gpkg") + " -o " + quoted(folder_ / "plan.gpkg"));
    read_areas();
  }

  void expect_valid() {
    for (const auto& [code, shape] : shapes_) EXPECT_EQ(GEOSisValid_r(geos_, shape.get()), 1) << code;
  }

  void expect_tiling() {
    std::map<std::string, std::vector<std::string>> families;
    for (const auto& [code, level] : levels_)
      if (level == "micro_grid") families[parents_[code]].push_back(code);
    ASSERT_FALSE(families.empty());
    for (const auto& [parent, children] : families) expect_family(parent, children);
  }

  void expect_assessed_clean() {
    const std::string command = std::string(WANGGE_PROGRAM) + " assess " + quoted(folder_ / "plan.gpkg");
    EXPECT_EQ(std::system((command + " --strict > " + quoted(folder_ / "assessment.txt")).c_str()), 0);
    if (HasFailure()) std::system(("cat " + quoted(folder_ / "assessment.txt")).c_str());
  }

 private:
  struct Free {
    GEOSContextHandle_t geos;
    void operator()(GEOSGeometry* shape) const { GEOSGeom_destroy_r(geos, shape); }
  };
  using Shape = std::unique_ptr<GEOSGeometry, Free>;

  static std::string quoted(const fs::path& file) {
    std::string text = "'";
    return text.append(file.string()).append("'");
  }

  void run(const std::string& arguments) const {
    ASSERT_EQ(std::system((std::string(WANGGE_PROGRAM) + " " + arguments + " > /dev/null").c_str()), 0) << arguments;
  }

  Shape own(GEOSGeometry* shape) const { return Shape(shape, Free{geos_}); }

  /// In lattice units, so that every coordinate is a whole number.
  Shape to_shape(OGRGeometry& geometry) const {
    struct ToLattice : OGRDefaultGeometryVisitor {
      using OGRDefaultGeometryVisitor::visit;
      void visit(OGRPoint* p) override {
        p->setX(std::nearbyint(p->getX() * 1e7)), p->setY(std::nearbyint(p->getY() * 1e7));
      }
    } to_lattice;
    geometry.accept(&to_lattice);
    std::vector<unsigned char> bytes(geometry.WkbSize());
    geometry.exportToWkb(wkbNDR, bytes.data());
    return own(GEOSGeomFromWKB_buf_r(geos_, bytes.data(), bytes.size()));
  }

  void read_areas() {
    const GDALDatasetUniquePtr set(GDALDataset::Open((folder_ / "plan.gpkg").c_str(), GDAL_OF_VECTOR));
    ASSERT_TRUE(set);
    for (auto& area : *set->GetLayerByName("areas")) {
      const std::string code = area->GetFieldAsString("code");
      levels_[code] = area->GetFieldAsString("level");
      parents_[code] = area->GetFieldAsString("parent");
      shapes_[code] = to_shape(*area->GetGeometryRef());
    }
  }

  double area_of(const GEOSGeometry* shape) const {
    double area = -1;
    GEOSArea_r(geos_, shape, &area);
    return area;
  }

  void expect_family(const std::string& parent, const std::vector<std::string>& children) {
    std::vector<GEOSGeometry*> copies;
    double sum = 0;
    for (const std::string& code : children) {
      copies.push_back(GEOSGeom_clone_r(geos_, shapes_[code].get()));
      sum += area_of(copies.back());
    }
    const Shape all = own(GEOSGeom_createCollection_r(geos_, GEOS_GEOMETRYCOLLECTION, copies.data(),
                                                      static_cast<unsigned>(copies.size())));
    const Shape together = own(GEOSUnaryUnion_r(geos_, all.get()));
    const GEOSGeometry* outline = shapes_[parent].get();
    EXPECT_EQ(GEOSEquals_r(geos_, together.get(), outline), 1) << parent;
    // GEOS adds areas up in doubles; the least gap that a lattice polygon can leave is half a square unit.
    EXPECT_NEAR(sum, area_of(outline), 0.25) << parent;
    EXPECT_NEAR(area_of(together.get()), area_of(outline), 0.25) << parent;
  }

  GEOSContextHandle_t geos_ = GEOS_init_r();
  wangge::Scratch folder_;
  std::map<std::string, std::string> levels_, parents_;
  std::map<std::string, Shape> shapes_;
};

TEST_F(PlansBeforeGeos, OfTheShippedExtractTileExactly) {
  make_plan(fs::path(WANGGE_SOURCE_DIR) / "examples/helsinki/helsinki-centre.osm.pbf");
  expect_valid();
  expect_tiling();
  expect_assessed_clean();
}

TEST_F(PlansBeforeGeos, OfACountryTileExactly) {
  WANGGE_SHARED_DATA(extract, "osm/liechtenstein-2024.osm.pbf");
  make_plan(extract);
  expect_valid();
  expect_tiling();
  expect_assessed_clean();
}

}  // namespace
