// How fast positions are looked up, against other exact ways: bench_locate --help
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "locate/boundary.hpp"
#include "locate/measure.hpp"
#include "locate/points.hpp"
#include "locate/real.hpp"
#include "locate/serve.hpp"
#include "locate/tiling.hpp"

namespace {

using namespace wangge;
using namespace wangge::bench;

struct Options {
  std::vector<std::size_t> grids{2281, 100'000};
  std::vector<std::string> points{"random", "sorted", "walk"};
  Wanted wanted;
  int rounds = 20;
  std::uint64_t seed = 1;
  unsigned threads = 2;
  std::string real;
  bool all = false, boundary = false, open = false, publish = false, json = false;
  bool only_table() const { return !boundary && !open && !publish; }
};

void print_head(const Options& options) {
  if (options.json || !options.only_table()) return;
  std::printf("%-24s %8s %-7s %10s %10s %9s %11s %9s\n", "method", "grids", "points", "ns (min)", "ns (median)",
              "build s", "bytes/grid", "wrong");
}

void print(const Row& row, const Options& options) {
  std::printf(options.json ? "{\"method\":\"%s\",\"grids\":%zu,\"points\":\"%s\",\"ns_min\":%.3f,\"ns_median\":%.3f,"
                             "\"build_s\":%.4f,\"bytes_per_grid\":%.1f,\"wrong\":%zu}\n"
                           : "%-24s %8zu %-7s %10.2f %10.2f  %9.3f %11.0f %9zu\n",
              row.method.c_str(), row.grids, row.points.c_str(), row.ns_min, row.ns_median, row.build_s,
              row.bytes_per_grid, row.wrong);
  std::fflush(stdout);
}

/// A million grids have 40 vertices each, so that all that is compared fits in memory.
double vertices_each(std::size_t grids) { return grids > 500'000 ? 40 : 98; }

void report_boundaries(const GridMap& map, const Oracle& oracle, const Options& options) {
  const BoundaryCount c = check_boundaries(map, oracle);
  std::printf(options.json ? "{\"grids\":%zu,\"junctions\":%zu,\"vertices\":%zu,\"edge_middles\":%zu,"
                             "\"lattice_points_on_edges\":%zu,\"wrong\":%zu}\n"
                           : "borders of %zu grids: %zu ends at junctions, %zu vertices, %zu edge middles, %zu lattice "
                             "points on edges, each of one owner: %zu wrong\n",
              map.size(), c.junctions, c.vertices, c.middles, c.on_edges, c.wrong);
  std::fflush(stdout);
}

void report_opening(const GridMap& map, const Options& options) {
  const OpenTimes t = time_opening(map, options.rounds);
  std::printf(options.json
                  ? "{\"grids\":%zu,\"file_mb\":%.1f,\"checked_ms_min\":%.3f,\"checked_ms_median\":%.3f,"
                    "\"trusted_ms_min\":%.3f,\"trusted_ms_median\":%.3f}\n"
                  : "%zu grids, a file of %.1f MB: open to first answer %.2f ms checked (median %.2f), %.3f ms "
                    "trusted (median %.3f)\n",
              map.size(), t.file_mb, t.checked_min, t.checked_median, t.trusted_min, t.trusted_median);
}

void report_publishing(std::span<const GridRecord> records, const BuiltMap& built, const Options& options) {
  const GridMap other = build_map(records, options.threads).map;
  const Oracle oracle(records);
  std::vector<LngLat> places;
  for (const Position p : make_points("random", oracle.box(), checked_points, options.seed))
    places.push_back(to_degrees(p));
  for (const int batch : {1, 256, 4096}) {
    const PublishTimes t = time_publishing(built.map, other, places, batch, options.rounds);
    std::printf(options.json
                    ? "{\"grids\":%zu,\"points_a_reading\":%d,\"ns_alone\":%.3f,\"ns_while_publishing\":%.3f,"
                      "\"revisions\":%d}\n"
                    : "%zu grids, %d points a reading: %.2f ns a point alone, %.2f ns while a writer publishes 10 "
                      "revisions a second (%d in all)\n",
                records.size(), t.batch, t.alone_ns, t.while_publishing_ns, t.revisions);
    std::fflush(stdout);
  }
}

void compare(std::span<const GridRecord> records, const BuiltMap& built, const Oracle& oracle, const Options& options) {
  std::vector<Contender> contenders;
  add_wangge(built, options.wanted, contenders);
  add_boost(records, options.wanted, contenders);
  add_geos(records, options.wanted, contenders);
  add_s2(records, options.wanted, contenders);
  for (const std::string& points : options.points) {
    for (const Row& row : measure(contenders, oracle, records.size(), {points, options.rounds, options.seed}))
      print(row, options);
  }
}

void run(std::span<const GridRecord> records, const Options& options) {
  const BuiltMap built = build_map(records, options.threads);
  if (options.open) return report_opening(built.map, options);
  if (options.publish) return report_publishing(records, built, options);
  const Oracle oracle(records);
  if (!options.boundary) compare(records, built, oracle, options);
  if (options.boundary || !options.json) report_boundaries(built.map, oracle, options);
}

/// Drawn by others: the peers get the outlines that wangge made of them, so that all answer for the same tiling.
void run_real(const Options& options) {
  for (const std::vector<GridRecord>& drawn : real_tilings(options.real)) run(GridMap::build(drawn).records(), options);
}

void read_options(CLI::App& app, Options& options) {
  app.add_option("--grids", options.grids, "sizes of the made-up tilings")->delimiter(',')->capture_default_str();
  app.add_option("--points", options.points, "random, sorted (along a curve), walk (10 m steps)")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--methods", options.wanted.names, "only those whose names begin so")->delimiter(',');
  app.add_option("--rounds", options.rounds, "rounds of 100,000 points")->check(CLI::Range(1, 1000000));
  app.add_option("--seed", options.seed, "of the tilings and of the points")->capture_default_str();
  app.add_option("--threads", options.threads, "threads that build a map; look-ups have one")
      ->check(CLI::Range(1, 1024));
  app.add_option("--real", options.real, "also real tilings: a folder with zones/london-oa and scotland/*");
  app.add_flag("--all", options.all, "also a million grids");
  app.add_flag("--boundary", options.boundary, "only checks positions on borders, and times nothing");
  app.add_flag("--open", options.open, "only times the opening of map files");
  app.add_flag("--publish", options.publish, "only times a reader with and without a writer");
  app.add_flag("--json", options.json, "one object a line");
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("How fast positions are looked up, against other exact ways");
  Options options;
  read_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.all) options.grids.push_back(1'000'000);
  print_head(options);
  for (const std::size_t grids : options.grids)
    run(make_tiling({grids, vertices_each(grids), 200, options.seed}), options);
  if (!options.real.empty()) run_real(options);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_locate: %s\n", error.what());
  return 1;
}
