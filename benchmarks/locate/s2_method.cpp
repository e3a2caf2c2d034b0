#include <algorithm>
#include <s2/mutable_s2shape_index.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2latlng.h>
#include <s2/s2lax_polygon_shape.h>

#include "locate/method.hpp"
#include "locate/oracle.hpp"

namespace wangge::bench {
namespace {

S2Point point(LngLat place) { return S2LatLng::FromDegrees(place.lat, place.lng).ToPoint(); }

/// Shape ids are the rows of the grids.
class S2Method : public Method {
 public:
  S2Method(std::span<const GridRecord> records, int edges_a_cell) : index_(options(edges_a_cell)) {
    for (const GridRecord& record : records) index_.Add(std::make_unique<S2LaxPolygonShape>(loops(record.polygons)));
    index_.ForceBuild();
  }

  void locate(std::span<const LngLat> places, std::uint32_t* out) override {
    auto query = MakeS2ContainsPointQuery(&index_);  // its default is SEMI_OPEN
    for (const LngLat place : places) {
      std::uint32_t found = nobody;
      query.VisitContainingShapes(point(place), [&](S2Shape* shape) {
        found = static_cast<std::uint32_t>(shape->id());
        return false;
      });
      *out++ = found;
    }
  }

 private:
  static MutableS2ShapeIndex::Options options(int edges_a_cell) {
    MutableS2ShapeIndex::Options options;
    options.set_max_edges_per_cell(edges_a_cell);
    return options;
  }
  static std::vector<S2Point> loop(const Ring& ring) {
    std::vector<S2Point> loop;
    for (const Position p : ring) loop.push_back(point(to_degrees(p)));
    return loop;
  }
  static std::vector<std::vector<S2Point>> loops(const MultiPolygon& polygons) {
    std::vector<std::vector<S2Point>> loops;
    for (const Polygon& polygon : polygons) {
      loops.push_back(loop(polygon.outer));
      for (const Ring& hole : polygon.holes) loops.push_back(loop(hole));
    }
    return loops;
  }

  MutableS2ShapeIndex index_;
};

/// Seconds to answer for each vertex of the grids' outlines.
double trial_s(std::span<const GridRecord> records, int edges_a_cell) {
  S2Method method(records, edges_a_cell);
  std::vector<LngLat> places;
  for (const GridRecord& record : records) {
    const Position middle = centroid(record.polygons);
    for (const Position p : record.polygons[0].outer)
      places.push_back(to_degrees({p.x + (middle.x - p.x) / 3, p.y + (middle.y - p.y) / 3}));
  }
  std::vector<std::uint32_t> out(places.size());
  double least = 1e9;
  for (int i = 0; i < 4; ++i) {
    const double start = thread_s();
    method.locate(places, out.data());
    least = std::min(least, thread_s() - start);
  }
  return least;
}

/// S2's usual number of edges a cell, 10, or 4, whichever is the faster for the first of the grids; 10 where 4 would
/// take too much memory.
int faster_setting(std::span<const GridRecord> records) {
  if (records.size() > 200'000) return 10;
  const auto some = records.first(std::min<std::size_t>(records.size(), 1000));
  return trial_s(some, 4) < trial_s(some, 10) ? 4 : 10;
}

}  // namespace

void add_s2(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all) {
  const std::string name = "s2 shape index";
  if (!wanted.has(name)) return;
  const int edges = faster_setting(records);
  all.push_back(contender(name + " (" + std::to_string(edges) + " edges)",
                          [&] { return std::make_unique<S2Method>(records, edges); }));
}

}  // namespace wangge::bench
