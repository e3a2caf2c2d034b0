#include "locate/measure.hpp"

#include <algorithm>

#include "locate/points.hpp"

namespace wangge::bench {
namespace {

using Rows = std::vector<std::uint32_t>;

/// Positions on a border belong to whom the rule says; peers have other rules, so there they are not held to it.
std::size_t count_wrong(const Contender& contender, std::span<const Position> points, std::span<const LngLat> places,
                        const Rows& truth, const Oracle& oracle) {
  Rows found(places.size());
  contender.method->locate(places, found.data());
  const bool ours = contender.name.starts_with("wangge");
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    wrong += found[i] != truth[i] && (ours || !oracle.on_border(points[i]));
  return wrong;
}

/// The places of one round and those to warm up with, copied so that no method is the first to touch them.
struct Round {
  Round(std::span<const LngLat> places, std::size_t round) {
    const std::size_t from = round * round_points % places.size();
    const std::size_t before = (from + places.size() - round_points / 2) % places.size();
    const auto some = [&](std::size_t first, std::size_t count) {
      const auto part = places.subspan(first, count);
      return std::vector<LngLat>(part.begin(), part.end());
    };
    warm_up = some(before, round_points / 2), timed = some(from, round_points);
  }
  std::vector<LngLat> warm_up, timed;
};

double round_ns(Method& method, const Round& round, Rows& out) {
  method.locate(round.warm_up, out.data());
  const double start = thread_s();
  method.locate(round.timed, out.data());
  return (thread_s() - start) * 1e9 / double(round_points);
}

}  // namespace

std::vector<Row> measure(std::vector<Contender>& contenders, const Oracle& oracle, std::size_t grids,
                         const MeasureOptions& options) {
  const std::vector<Position> points = make_points(options.points, oracle.box(), checked_points, options.seed);
  std::vector<LngLat> places;
  for (const Position p : points) places.push_back(to_degrees(p));
  Rows truth;
  for (const Position p : points) truth.push_back(oracle.owners(p).first);

  std::vector<Row> rows;
  for (const Contender& c : contenders) {
    rows.push_back({c.name, grids, options.points, 0, 0, c.build_s, c.bytes / double(grids), 0});
    rows.back().wrong = count_wrong(c, points, places, truth, oracle);
  }
  std::vector<std::vector<double>> times(contenders.size());
  Rows out(round_points);
  for (int i = 0; i < options.rounds; ++i) {
    const Round round(places, static_cast<std::size_t>(i));
    for (std::size_t c = 0; c < contenders.size(); ++c) times[c].push_back(round_ns(*contenders[c].method, round, out));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::sort(times[i].begin(), times[i].end());
    rows[i].ns_min = times[i].front();
    rows[i].ns_median = times[i][times[i].size() / 2];
  }
  return rows;
}

}  // namespace wangge::bench
