#include "locate/serve.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

#include "locate/method.hpp"
#include <wangge/publisher.hpp>

namespace wangge::bench {
namespace {

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

double least(const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); }

/// Looks up all places, `batch` in a reading; nanoseconds a place.
double read_all(Publisher::Reader& reader, std::span<const LngLat> places, std::size_t batch) {
  std::vector<GridId> out(batch);
  const double start = thread_s();
  for (std::size_t from = 0; from + batch <= places.size(); from += batch) {
    const auto map = reader.read();
    if (batch == 1)
      out[0] = map->locate(places[from]);
    else
      map->locate(places.subspan(from, batch), out);
  }
  return (thread_s() - start) * 1e9 / double(places.size());
}

/// Publishes ten times a second until it goes out of scope.
class Writer {
 public:
  Writer(Publisher& publisher, const GridMap& one, const GridMap& other)
      : thread_([&publisher, one, other, this](const std::stop_token& stop) {
          for (int i = 0; !stop.stop_requested(); ++i) {
            publisher.publish(i % 2 ? one : other);
            ++revisions_;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
          }
        }) {}
  int revisions() const { return revisions_; }

 private:
  std::atomic<int> revisions_ = 0;
  std::jthread thread_;
};

}  // namespace

OpenTimes time_opening(const GridMap& map, int rounds) {
  const auto file = std::filesystem::temp_directory_path() / ("bench_locate." + std::to_string(getpid()) + ".open.wgm");
  map.save(file);
  const Position somewhere = map.arc_count() > 0 ? map.arc(0).line[0] : Position{};
  std::vector<double> checked, trusted;
  bool same = true;
  for (int round = 0; round < rounds; ++round) {
    for (const bool trust : {false, true}) {
      const double start = wall_s();
      const GridMap opened = GridMap::open(file, {.trusted = trust});
      same &= opened.locate(somewhere) == map.locate(somewhere);
      (trust ? trusted : checked).push_back((wall_s() - start) * 1e3);
    }
  }
  const double mb = double(std::filesystem::file_size(file)) / 1e6;
  std::filesystem::remove(file);
  if (!same) throw std::runtime_error("an opened map answers otherwise than the one that was saved");
  return {mb, least(checked), median(checked), least(trusted), median(trusted)};
}

PublishTimes time_publishing(const GridMap& map, const GridMap& other, const std::vector<LngLat>& places, int batch,
                             int rounds) {
  Publisher publisher(map);
  Publisher::Reader reader = publisher.reader();
  const auto size = static_cast<std::size_t>(batch);
  PublishTimes times{batch, 0, 0, 0};
  std::vector<double> alone, publishing;
  for (int round = 0; round < rounds; ++round) {
    alone.push_back(read_all(reader, places, size));
    const Writer writer(publisher, map, other);
    for (const double start = wall_s(); wall_s() - start < 0.5;) publishing.push_back(read_all(reader, places, size));
    times.revisions += writer.revisions();
  }
  times.alone_ns = median(alone), times.while_publishing_ns = median(publishing);
  return times;
}

}  // namespace wangge::bench
