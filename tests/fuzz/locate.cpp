// Looks positions up in random maps, one by one and in batches by every path of this machine, and compares each answer
// with the slow twin's: fuzz_locate [processor seconds [seed]]
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "coverage/arrangement.hpp"
#include "coverage/noding.hpp"
#include "map/locator.hpp"
#include "planning/random.hpp"
#include <wangge/grid_map.hpp>

namespace {

using namespace wangge;
using coverage::Segment;
using planning::Random;

std::int32_t between(Random& random, std::int32_t low, std::int32_t high) {
  const std::uint32_t span = static_cast<std::uint32_t>(high) - static_cast<std::uint32_t>(low);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(low) + random.below(span + 1));
}

/// Lines of every kind that breaks a crossing test, at scales from a lattice unit to a continent.
class Drawing {
 public:
  explicit Drawing(Random& random) : random_(random), scale_(between(random, 0, 22)) {
    if (chance(3)) grid_ = between(random, 1, 14);
  }

  std::vector<Segment> run() {
    frame();
    const std::int32_t strokes = between(random_, 0, chance(8) ? 120 : 14);
    for (std::int32_t i = 0; i < strokes; ++i) stroke();
    return std::move(segments_);
  }

 private:
  bool chance(std::uint32_t one_in) { return random_.below(one_in) == 0; }
  const Segment& other() { return segments_[random_.below(static_cast<std::uint32_t>(segments_.size()))]; }

  /// On vertices of others, close to them, on the corners of cells of powers of two, or anywhere in the box.
  Position place() {
    if (!segments_.empty() && chance(5)) return other().a;
    if (!segments_.empty() && chance(6))
      return {other().b.x + between(random_, -2, 2), other().b.y + between(random_, -2, 2)};
    Position p{between(random_, box_.min.x, box_.max.x), between(random_, box_.min.y, box_.max.y)};
    if (grid_ > 0 && !chance(6)) {
      p.x = box_.min.x + ((p.x - box_.min.x) >> grid_ << grid_);
      p.y = box_.min.y + ((p.y - box_.min.y) >> grid_ << grid_);
    }
    return p;
  }

  void add(Position a, Position b) {
    if (a != b) segments_.push_back({a, b, 0});
  }

  void frame() {
    const std::int32_t width = between(random_, 4, 40) << scale_, height = between(random_, 4, 40) << scale_;
    box_.min = {between(random_, -1'700'000'000, 1'600'000'000), between(random_, -850'000'000, 700'000'000)};
    box_.max = {box_.min.x + width, box_.min.y + height};
    const Position se{box_.max.x, box_.min.y}, nw{box_.min.x, box_.max.y};
    if (chance(3)) return add(box_.min, se), add(se, nw), add(nw, box_.min);
    add(box_.min, se), add(se, box_.max), add(box_.max, nw), add(nw, box_.min);
  }

  void stroke() {
    Position a = place(), b = place();
    switch (random_.below(9)) {
      case 0:
        return add(a, {b.x, a.y});
      case 1:
        return add(a, {a.x, b.y});
      case 2:
        return rectangle(a, b);
      case 3:
        return rectangle(a, {a.x + between(random_, 1, 3), a.y + between(random_, 1, 3)});  // a tiny face
      case 4:
        return add(other().a, {other().b.x + between(random_, -1, 1), other().b.y});  // nearly parallel
      case 5:
        return wander(a);
      case 6: {  // from the middle of another line on
        const Segment from = other();
        return add({std::midpoint(from.a.x, from.b.x), std::midpoint(from.a.y, from.b.y)}, b);
      }
      case 7:
        return collinear(a);
      default:
        return add(a, b);
    }
  }

  void rectangle(Position a, Position b) {
    const Position c{b.x, a.y}, d{a.x, b.y};
    add(a, c), add(c, b), add(b, d), add(d, a);
  }

  /// A run of short edges, as real borders are.
  void wander(Position at) {
    const std::int32_t step = std::max(1, between(random_, 1, 6) << std::max(0, scale_ - between(random_, 0, 6)));
    for (std::int32_t i = between(random_, 2, 60); i > 0; --i) {
      Position next{at.x + between(random_, -step, step), at.y + between(random_, -step, step)};
      if (chance(4)) next.x = at.x;
      if (chance(4)) next.y = at.y;
      if (!box_.contains(next)) return;
      add(at, next), at = next;
    }
  }

  /// Pieces one after the other on one line.
  void collinear(Position at) {
    const std::int32_t dx = between(random_, -3, 3), dy = between(random_, -3, 3);
    for (std::int32_t i = between(random_, 2, 6); i > 0; --i) {
      const std::int32_t times = between(random_, 1, 4) << std::max(0, scale_ - 2);
      const Position next{at.x + dx * times, at.y + dy * times};
      if (!box_.contains(next)) return;
      add(at, next), at = next;
    }
  }

  Random& random_;
  std::int32_t scale_, grid_ = 0;  ///< powers of two
  Box box_;
  std::vector<Segment> segments_;
};

/// The faces that lines cut a box into, shared out to areas at random: so with holes, in parts, and some to nobody.
std::vector<GridRecord> random_areas(Random& random) {
  const auto arrangement = coverage::Arrangement::build(coverage::node(Drawing(random).run()), true);
  const std::uint32_t areas = 1 + random.below(random.below(4) ? 6 : 60);
  std::vector<std::uint32_t> label_of_face{coverage::nothing};
  while (label_of_face.size() < arrangement.face_count()) {
    const std::uint32_t label = random.below(areas + 1);
    label_of_face.push_back(label == areas ? coverage::nothing : label);
  }
  std::vector<GridRecord> records;
  for (MultiPolygon& polygons : coverage::dissolve(arrangement, label_of_face, areas)) {
    if (polygons.empty()) continue;
    records.push_back({std::to_string(records.size()), "", Level::grid, "", Kind::general, std::move(polygons)});
  }
  return records;
}

/// Vertices, junctions, middles of edges, lattice positions on edges, each with its neighbours at times; corners of
/// cells; positions anywhere and far off.
std::vector<Position> telling_positions(Random& random, const GridMap& map, const Box& box) {
  std::vector<Position> positions;
  const auto add = [&](std::int64_t x, std::int64_t y) {
    const std::int64_t near = random.below(4) ? 0 : 1;
    positions.push_back({static_cast<std::int32_t>(x + (near ? between(random, -1, 1) : 0)),
                         static_cast<std::int32_t>(y + (near ? between(random, -1, 1) : 0))});
  };
  for (std::size_t arc = 0; arc < map.arc_count(); ++arc) {
    const auto line = map.arc(arc).line;
    for (const Position p : line) add(p.x, p.y);
    for (std::size_t i = 1; i < line.size(); ++i) {
      const Position a = line[i - 1], b = line[i];
      add(std::midpoint(a.x, b.x), std::midpoint(a.y, b.y));
      const std::int64_t dx = std::int64_t{b.x} - a.x, dy = std::int64_t{b.y} - a.y, on_edge = std::gcd(dx, dy);
      if (on_edge < 2) continue;
      const std::int64_t k = 1 + random.below(static_cast<std::uint32_t>(on_edge - 1));
      positions.push_back(
          {static_cast<std::int32_t>(a.x + dx / on_edge * k), static_cast<std::int32_t>(a.y + dy / on_edge * k)});
    }
  }
  const std::int64_t width = std::int64_t{box.max.x} - box.min.x, height = std::int64_t{box.max.y} - box.min.y;
  for (int i = 0; i < 64; ++i) {
    const auto shift = random.below(27);
    const auto columns = static_cast<std::uint32_t>((width >> shift) + 2),
               rows = static_cast<std::uint32_t>((height >> shift) + 2);
    add(box.min.x + (std::int64_t{random.below(columns)} << shift),
        box.min.y + (std::int64_t{random.below(rows)} << shift));
    add(box.min.x - 2 + random.below(static_cast<std::uint32_t>(width + 5)),
        box.min.y - 2 + random.below(static_cast<std::uint32_t>(height + 5)));
  }
  for (int i = 0; i < 4; ++i)
    positions.push_back({static_cast<std::int32_t>(random.next()), static_cast<std::int32_t>(random.next())});
  return positions;
}

/// The slow twin: whose outline holds the position.
GridId owner(std::span<const GridRecord> records, std::span<const Box> boxes, Position p) {
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (boxes[i].contains(p) && contains(records[i].polygons, p)) return GridId{i};
  }
  return GridId::none;
}

/// A map, every way to ask it, and what it is held against.
class Trial {
 public:
  explicit Trial(std::uint64_t seed) : random_(seed), records_(random_areas(random_)) {
    if (records_.empty()) return;
    map_ = GridMap::build(records_, {.snap_m = 0});
    Box box;
    for (const GridRecord& record : records_) box.add(boxes_.emplace_back(bounds(record.polygons)));
    positions_ = telling_positions(random_, map_, box);
    for (const Position p : positions_) truth_.push_back(owner(records_, boxes_, p));
  }

  /// Throws where an answer is wrong; returns how many positions were asked for.
  std::size_t run() const {
    std::vector<GridId> found;
    for (const Position p : positions_) found.push_back(map_.locate(p));
    check(found, "one by one");
    map_.locate(positions_, found);
    check(found, "in a batch");
    run_places();
    run_paths();
    return positions_.size();
  }

 private:
  /// The same by degrees, where the position is on Earth.
  void run_places() const {
    std::vector<LngLat> places;
    std::vector<GridId> found(positions_.size());
    for (const Position p : positions_) places.push_back(to_degrees(p));
    map_.locate(places, found);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (!on_earth(places[i])) found[i] = truth_[i];
    }
    check(found, "in a batch of places");
  }

  void run_paths() const {
    std::vector<Position> points;
    std::vector<std::uint32_t> first{0};
    std::vector<map::Sides> sides;
    for (std::size_t i = 0; i < map_.arc_count(); ++i) {
      const GridMap::Arc arc = map_.arc(i);
      points.insert(points.end(), arc.line.begin(), arc.line.end());
      first.push_back(static_cast<std::uint32_t>(points.size()));
      sides.push_back({arc.left, arc.right});
    }
    const map::Image index = map::build_index({points, first, sides}, static_cast<std::uint32_t>(map_.size()));
    const map::Locator locator(map::bytes_of(index));
    std::vector<GridId> found(positions_.size());
    for (const auto& [path, name] :
         {std::pair(map::Path::portable, "in a portable batch"), std::pair(map::Path::avx2, "in an AVX2 batch"),
          std::pair(map::Path::avx512, "in an AVX-512 batch")}) {
      if (!map::runs_here(path)) continue;
      locator.locate(std::span<const Position>(positions_), found.data(), path);
      check(found, name);
    }
  }

  void check(std::span<const GridId> found, const char* way) const {
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] == truth_[i]) continue;
      throw std::runtime_error(std::string("wrong ") + way + " at " + std::to_string(positions_[i].x) + "," +
                               std::to_string(positions_[i].y) + ": " + name(found[i]) + " for " + name(truth_[i]));
    }
  }
  static std::string name(GridId id) {
    return id == GridId::none ? "nobody" : std::to_string(static_cast<std::uint32_t>(id));
  }

  Random random_;
  std::vector<GridRecord> records_;
  std::vector<Box> boxes_;
  GridMap map_;
  std::vector<Position> positions_;
  std::vector<GridId> truth_;
};

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 10;
  std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  std::uint64_t maps = 0, positions = 0;
  try {
    for (; double(std::clock()) < seconds * CLOCKS_PER_SEC; ++maps, ++seed) positions += Trial(seed).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fuzz_locate: seed %" PRIu64 ": %s\n", seed, error.what());
    return 1;
  }
  std::printf("%" PRIu64 " maps, %" PRIu64 " positions, each asked for in every way: 0 wrong\n", maps, positions);
}
