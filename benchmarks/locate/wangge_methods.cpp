#include <algorithm>
#include <atomic>
#include <thread>

#include "locate/method.hpp"
#include "locate/oracle.hpp"
#include "map/locator.hpp"

namespace wangge::bench {
namespace {

static_assert(sizeof(GridId) == sizeof(std::uint32_t) && static_cast<std::uint32_t>(GridId::none) == nobody);

Execution on_threads(unsigned threads) {
  Execution execution;
  execution.parallel_for = [threads](std::size_t count, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i; (i = next++) < count;) body(i);
    };
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  };
  return execution;
}

GridId* ids(std::uint32_t* rows) { return reinterpret_cast<GridId*>(rows); }

class OneByOne : public Method {
 public:
  explicit OneByOne(const GridMap& map) : map_(map) {}
  void locate(std::span<const LngLat> places, std::uint32_t* out) override {
    for (const LngLat place : places) *out++ = static_cast<std::uint32_t>(map_.locate(place));
  }

 private:
  GridMap map_;
};

class InBatches : public Method {
 public:
  explicit InBatches(const GridMap& map) : map_(map) {}
  void locate(std::span<const LngLat> places, std::uint32_t* out) override {
    map_.locate(places, std::span(ids(out), places.size()));
  }

 private:
  GridMap map_;
};

/// Takes one path of the lookup, whether or not it is the fastest here.
class ByPath : public Method {
 public:
  ByPath(std::shared_ptr<const map::Image> index, map::Path path)
      : index_(std::move(index)), locator_(map::bytes_of(*index_)), path_(path) {}
  void locate(std::span<const LngLat> places, std::uint32_t* out) override { locator_.locate(places, ids(out), path_); }

 private:
  std::shared_ptr<const map::Image> index_;
  map::Locator locator_;
  map::Path path_;
};

/// The lookup index alone, from the arcs of a finished map.
std::shared_ptr<const map::Image> index_of(const GridMap& map, const Execution& execution) {
  std::vector<Position> points;
  std::vector<std::uint32_t> first{0};
  std::vector<map::Sides> sides;
  for (std::size_t i = 0; i < map.arc_count(); ++i) {
    const GridMap::Arc arc = map.arc(i);
    points.insert(points.end(), arc.line.begin(), arc.line.end());
    first.push_back(static_cast<std::uint32_t>(points.size()));
    sides.push_back({arc.left, arc.right});
  }
  return std::make_shared<const map::Image>(
      map::build_index({points, first, sides}, static_cast<std::uint32_t>(map.size()), execution));
}

}  // namespace

void add_wangge(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all) {
  const std::string one = "wangge one by one", batch = "wangge batch";
  const std::pair<std::string, map::Path> paths[] = {{batch + " portable", map::Path::portable},
                                                     {batch + " avx2", map::Path::avx2},
                                                     {batch + " avx512", map::Path::avx512}};
  if (!wanted.has(one) && !wanted.has(batch) && !wanted.has(paths[0].first) && !wanted.has(paths[1].first)) return;
  const Execution execution = on_threads(wanted.threads);
  const double start = wall_s();
  const GridMap map = GridMap::build(records, {}, execution);
  const double build_s = wall_s() - start;
  const auto index = index_of(map, execution);
  const auto bytes = double(map::bytes_of(*index).size());
  if (wanted.has(one)) all.push_back({one, std::make_unique<OneByOne>(map), build_s, bytes});
  if (wanted.has(batch)) all.push_back({batch, std::make_unique<InBatches>(map), build_s, bytes});
  for (const auto& [name, path] : paths) {
    if (wanted.has(name) && map::runs_here(path))
      all.push_back({name, std::make_unique<ByPath>(index, path), build_s, bytes});
  }
}

}  // namespace wangge::bench
