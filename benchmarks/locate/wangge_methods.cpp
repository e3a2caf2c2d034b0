#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>

#include "locate/method.hpp"
#include "locate/oracle.hpp"
#include "map/locator.hpp"
#include "map/map_image.hpp"
#include "map/mapped_file.hpp"

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

/// A lookup index that stands by itself: that of a map saved to a file for a moment.
class IndexFile {
 public:
  explicit IndexFile(const GridMap& map) {
    const auto name = "bench_locate." + std::to_string(getpid()) + ".wgm";
    const auto path = std::filesystem::temp_directory_path() / name;
    map.save(path);
    file_.emplace(path);
    std::filesystem::remove(path);
    index_ = map::view_image(file_->bytes(), true, name).index;
  }
  std::span<const std::byte> index() const { return index_; }

 private:
  std::optional<map::MappedFile> file_;
  std::span<const std::byte> index_;
};

/// Takes one path of the lookup, whether or not it is the fastest here.
class ByPath : public Method {
 public:
  ByPath(std::shared_ptr<const IndexFile> file, map::Path path)
      : file_(std::move(file)), locator_(file_->index()), path_(path) {}
  void locate(std::span<const LngLat> places, std::uint32_t* out) override { locator_.locate(places, ids(out), path_); }

 private:
  std::shared_ptr<const IndexFile> file_;
  map::Locator locator_;
  map::Path path_;
};

}  // namespace

BuiltMap build_map(std::span<const GridRecord> records, unsigned threads) {
  const double start = wall_s();
  BuiltMap built{GridMap::build(records, {}, on_threads(threads)), 0};
  built.build_s = wall_s() - start;
  return built;
}

void add_wangge(const BuiltMap& built, const Wanted& wanted, std::vector<Contender>& all) {
  const auto file = std::make_shared<const IndexFile>(built.map);
  const auto add = [&](const std::string& name, std::unique_ptr<Method> method) {
    if (wanted.has(name)) all.push_back({name, std::move(method), built.build_s, double(file->index().size())});
  };
  add("wangge one by one", std::make_unique<OneByOne>(built.map));
  add("wangge batch", std::make_unique<InBatches>(built.map));
  for (const auto& [name, path] :
       {std::pair("wangge batch portable", map::Path::portable), std::pair("wangge batch avx2", map::Path::avx2),
        std::pair("wangge batch avx512", map::Path::avx512)}) {
    if (map::runs_here(path)) add(name, std::make_unique<ByPath>(file, path));
  }
}

}  // namespace wangge::bench
