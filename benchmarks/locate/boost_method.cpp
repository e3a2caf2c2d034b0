#define BOOST_ALLOW_DEPRECATED_HEADERS
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/geometry/index/rtree.hpp>

#include "locate/method.hpp"
#include "locate/oracle.hpp"

namespace wangge::bench {
namespace {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Shape = bg::model::polygon<Point, false, false>;  // counter-clockwise, not closed: as ours
using Entry = std::pair<bg::model::box<Point>, std::uint32_t>;
using Tree = bg::index::rtree<Entry, bg::index::rstar<16>>;

class BoostMethod : public Method {
 public:
  explicit BoostMethod(std::span<const GridRecord> records) {
    std::vector<Entry> entries;
    for (std::uint32_t i = 0; i < records.size(); ++i) {
      for (const Polygon& polygon : records[i].polygons) {
        shapes_.push_back(shape(polygon));
        entries.emplace_back(bg::return_envelope<bg::model::box<Point>>(shapes_.back()), grids_.size());
        grids_.push_back(i);
      }
    }
    tree_ = Tree(entries);
  }

  void locate(std::span<const LngLat> places, std::uint32_t* out) override {
    for (const LngLat place : places) *out++ = locate(Point(place.lng, place.lat));
  }

 private:
  static void copy(const Ring& from, Shape::ring_type& to) {
    to.reserve(from.size());
    for (const Position p : from) to.emplace_back(to_degrees(p).lng, to_degrees(p).lat);
  }
  static Shape shape(const Polygon& polygon) {
    Shape shape;
    copy(polygon.outer, shape.outer());
    shape.inners().resize(polygon.holes.size());
    for (std::size_t i = 0; i < polygon.holes.size(); ++i) copy(polygon.holes[i], shape.inners()[i]);
    return shape;
  }
  std::uint32_t locate(Point p) const {
    for (auto at = tree_.qbegin(bg::index::intersects(p)); at != tree_.qend(); ++at) {
      if (bg::covered_by(p, shapes_[at->second])) return grids_[at->second];
    }
    return nobody;
  }

  std::vector<Shape> shapes_;
  std::vector<std::uint32_t> grids_;  ///< by shape
  Tree tree_;
};

}  // namespace

void add_boost(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all) {
  const std::string name = "boost rtree covered_by";
  if (wanted.has(name)) all.push_back(contender(name, [&] { return std::make_unique<BoostMethod>(records); }));
}

}  // namespace wangge::bench
