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

/// Times one round after half a round to warm up.
double round_ns(Method& method, std::span<const LngLat> places, std::size_t from, Rows& out) {
  const std::size_t warm = (from + places.size() - round_points / 2) % places.size();
  method.locate(places.subspan(warm, round_points / 2), out.data());
  const double start = thread_s();
  method.locate(places.subspan(from, round_points), out.data());
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
  for (int round = 0; round < options.rounds; ++round) {
    const std::size_t from = static_cast<std::size_t>(round) * round_points % places.size();
    for (std::size_t i = 0; i < contenders.size(); ++i)
      times[i].push_back(round_ns(*contenders[i].method, places, from, out));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::sort(times[i].begin(), times[i].end());
    rows[i].ns_min = times[i].front();
    rows[i].ns_median = times[i][times[i].size() / 2];
  }
  return rows;
}

}  // namespace wangge::bench
