#include <cstdio>

#include <geos/algorithm/locate/IndexedPointInAreaLocator.h>
#include <geos/geom/Coordinate.h>
#include <geos/geom/CoordinateArraySequence.h>
#include <geos/geom/GeometryFactory.h>
#include <geos/geom/LinearRing.h>
#include <geos/geom/Location.h>
#include <geos/geom/Point.h>
#include <geos/geom/Polygon.h>
#include <geos/geom/prep/PreparedGeometryFactory.h>
#include <geos/index/strtree/TemplateSTRtree.h>

#include "locate/method.hpp"
#include "locate/oracle.hpp"

namespace wangge::bench {
namespace {

namespace geom = geos::geom;

std::unique_ptr<geom::LinearRing> to_geos(const Ring& ring) {
  std::vector<geom::Coordinate> coordinates;
  for (const Position p : ring) coordinates.emplace_back(to_degrees(p).lng, to_degrees(p).lat);
  coordinates.push_back(coordinates.front());
  const auto* factory = geom::GeometryFactory::getDefaultInstance();
  return factory->createLinearRing(std::make_unique<geom::CoordinateArraySequence>(std::move(coordinates)));
}

std::unique_ptr<geom::Polygon> to_geos(const Polygon& polygon) {
  std::vector<std::unique_ptr<geom::LinearRing>> holes;
  for (const Ring& hole : polygon.holes) holes.push_back(to_geos(hole));
  return geom::GeometryFactory::getDefaultInstance()->createPolygon(to_geos(polygon.outer), std::move(holes));
}

/// What covers a position; `Test` is one of the two ways that GEOS has to test a polygon often.
template <class Test>
class GeosMethod : public Method {
 public:
  explicit GeosMethod(std::span<const GridRecord> records) {
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      for (const Polygon& polygon : records[i].polygons) {
        tests_.push_back(std::make_unique<Test>(to_geos(polygon)));
        const LngLat corner = to_degrees(polygon.outer[0]);
        tests_.back()->covers({corner.lng, corner.lat});  // makes it build its own index
        grids_.push_back(i);
      }
    }
    for (std::size_t i = 0; i < tests_.size(); ++i) tree_.insert(tests_[i]->envelope(), i);
    tree_.build();
  }

  void locate(std::span<const LngLat> places, std::uint32_t* out) override {
    for (const LngLat place : places) {
      const geom::Coordinate c(place.lng, place.lat);
      std::uint32_t found = nobody;
      tree_.query(geom::Envelope(c), [&](std::size_t i) {
        if (tests_[i]->covers(c)) found = grids_[i];
        return found == nobody;
      });
      *out++ = found;
    }
  }

 private:
  std::vector<std::unique_ptr<Test>> tests_;
  std::vector<std::uint32_t> grids_;  ///< by test
  geos::index::strtree::TemplateSTRtree<std::size_t> tree_;
};

class Prepared {
 public:
  explicit Prepared(std::unique_ptr<geom::Polygon> polygon)
      : polygon_(std::move(polygon)), prepared_(geom::prep::PreparedGeometryFactory::prepare(polygon_.get())) {}
  const geom::Envelope& envelope() const { return *polygon_->getEnvelopeInternal(); }
  bool covers(const geom::Coordinate& c) const {
    const std::unique_ptr<geom::Point> point(geom::GeometryFactory::getDefaultInstance()->createPoint(c));
    return prepared_->covers(point.get());
  }

 private:
  std::unique_ptr<geom::Polygon> polygon_;
  std::unique_ptr<geom::prep::PreparedGeometry> prepared_;
};

class Indexed {
 public:
  explicit Indexed(std::unique_ptr<geom::Polygon> polygon) : polygon_(std::move(polygon)), locator_(*polygon_) {}
  const geom::Envelope& envelope() const { return *polygon_->getEnvelopeInternal(); }
  bool covers(const geom::Coordinate& c) { return locator_.locate(&c) != geom::Location::EXTERIOR; }

 private:
  std::unique_ptr<geom::Polygon> polygon_;
  geos::algorithm::locate::IndexedPointInAreaLocator locator_;
};

}  // namespace

void add_geos(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all) {
  const std::string prepared = "geos strtree prepared", indexed = "geos strtree indexed";
  if (wanted.names.empty() && records.size() > 200'000) {
    std::fprintf(stderr, "bench_locate: GEOS takes too much memory for %zu grids: left out unless named by --methods\n",
                 records.size());
    return;
  }
  if (wanted.has(prepared))
    all.push_back(contender(prepared, [&] { return std::make_unique<GeosMethod<Prepared>>(records); }));
  if (wanted.has(indexed))
    all.push_back(contender(indexed, [&] { return std::make_unique<GeosMethod<Indexed>>(records); }));
}

}  // namespace wangge::bench
