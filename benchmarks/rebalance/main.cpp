// How few households a drifted plan has to move to be legal again: bench_rebalance --help
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "planning/repair_parts.hpp"
#include "rebalance/building.hpp"
#include "rebalance/drift.hpp"
#include "rebalance/match.hpp"
#include "split/evaluate.hpp"
#include "split/method.hpp"
#include "split/pipeline.hpp"

namespace {

using namespace wangge;
using namespace wangge::bench;

struct Options {
  std::vector<std::string> towns{"slab", "mixed", "one"}, sizes{"7k", "160k"}, methods;
  std::vector<double> shares{0.05, 0.15, 0.30};
  std::vector<std::uint64_t> seeds{1};
  std::filesystem::path real;
  std::uint32_t margin = 0;
  int effort = 1;
  std::size_t buildings = 0;
  bool all = false, json = false;
};

/// The figures of a row.
struct Row {
  std::string method, instance;
  std::uint64_t violations = 0, left = 0, moved = 0, households = 0, bound = 0;
  std::uint32_t certified = 0;
  double ms = 0;
  Worth before, after;

  double ratio() const { return bound > 0 ? double(moved) / double(bound) : moved == 0 ? 1 : 0; }
  double ms_per_violation() const { return ms / double(std::max<std::uint64_t>(violations, 1)); }
};

std::vector<std::uint32_t> lumps_of(const std::string& town) {
  if (town == "slab") return {10, 11, 12, 20, 22, 24, 30, 33, 36, 40, 44, 48, 50, 55, 60};
  if (town == "one") return {1};
  return {};
}

/// A made-up town of about so many households: as broad as high, and the first of some that is near enough.
Instance town_of(const std::string& name, const std::string& town, double households, std::uint64_t seed) {
  const double each = town == "slab" ? 7000 : town == "one" ? 206 : 2280;  // households of a superblock, about
  for (auto columns = std::uint32_t(std::max(1.0, std::sqrt(households / each)));; seed += 1000) {
    const auto rows = std::uint32_t(std::max(2.0, std::round(households / each / columns)));
    Instance instance = made_city(name, columns, rows, seed, lumps_of(town));
    if (std::abs(double(instance.households()) - households) < 0.15 * households) return instance;
  }
}

std::vector<std::uint32_t> first_plan(const Instance& instance) {
  planning::PartitionOptions options;
  options.range = instance.range, options.target = instance.target;
  return planning::partition(instance.graph, options).part_of_node;
}

std::uint64_t illegal(const Worth& worth) { return worth.under + worth.over + worth.torn; }

Row row_of(const std::string& method, const Instance& drifted, const Worth& before,
           std::span<const std::uint32_t> plan) {
  Row row{.method = method, .instance = drifted.name, .households = drifted.households(), .before = before};
  row.after = evaluate(drifted, plan);
  row.left = illegal(row.after);
  return row;
}

/// Ours: the plan kept, and mended.
Row mend(const Instance& drifted, const std::vector<std::uint32_t>& plan, const Worth& before, const Options& options) {
  planning::RepairOptions repair;
  repair.wanted.range = drifted.range, repair.wanted.target = drifted.target, repair.wanted.effort = options.effort;
  repair.margin = options.margin;
  const auto parts = *std::max_element(plan.begin(), plan.end()) + 1;
  planning::RepairedPlan mended;
  double ms = 1e300;
  for (int i = 0; i < 3; ++i) {
    mended = planning::repair_parts(drifted.graph, plan, parts, repair);
    ms = std::min(ms, 1000 * mended.cpu_s);
  }
  Row row = row_of("wangge", drifted, before, mended.part_of_node);
  row.ms = ms, row.violations = mended.violations, row.moved = mended.moved, row.bound = mended.bound;
  for (const auto& certificate : mended.certificates) row.certified += certificate.verdict == planning::Verdict::lumpy;
  if (row.left != mended.left)
    throw std::logic_error("wangge leaves " + std::to_string(row.left) + " violations and owns to " +
                           std::to_string(mended.left));
  return row;
}

/// A peer: the town divided afresh, and labels matched as well as possible.
Row divide(const Method& method, const Instance& drifted, const std::vector<std::uint32_t>& plan, const Row& ours) {
  const Answer answer = divide_apart(method, drifted);
  if (!answer.failure.empty()) throw std::runtime_error(method.name + ": " + answer.failure);
  Row row = row_of(method.name, drifted, ours.before, answer.part_of_node);
  row.violations = ours.violations, row.bound = ours.bound, row.ms = 1000 * answer.cpu_s;
  row.moved = least_renamed(drifted, plan, answer.part_of_node);
  return row;
}

void print_head(const Options& options) {
  if (options.json) return;
  std::printf("%-14s %-20s %6s %5s %7s %7s %7s %7s %7s %8s %15s %15s\n", "method", "instance", "viol.", "left", "moved",
              "moved%", "bound", "ratio", "ms/v.", "ms", "compactness", "crossing%");
}

void print(const Row& row, const Options& options) {
  const double share = double(row.moved) / double(std::max<std::uint64_t>(row.households, 1));
  const auto n = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  if (options.json) {
    std::printf(
        "{\"method\":\"%s\",\"instance\":\"%s\",\"households\":%llu,\"violations\":%llu,\"left\":%llu,\"certified\":%u,"
        "\"moved\":%llu,\"moved_share\":%.6f,\"lower_bound\":%llu,\"ratio\":%.4f,\"ms_per_violation\":%.4f,"
        "\"compactness_before\":%.4f,\"compactness_after\":%.4f,\"crossing_before\":%.6f,\"crossing_after\":%.6f}\n",
        row.method.c_str(), row.instance.c_str(), n(row.households), n(row.violations), n(row.left), row.certified,
        n(row.moved), share, n(row.bound), row.ratio(), row.ms_per_violation(), row.before.compactness_median,
        row.after.compactness_median, row.before.crossing_share, row.after.crossing_share);
  } else {
    std::printf("%-14s %-20s %6llu %5llu %7llu %7.2f %7llu %7.3f %7.3f %8.1f %7.4f %7.4f %7.3f %7.3f\n",
                row.method.c_str(), row.instance.c_str(), n(row.violations), n(row.left), n(row.moved), 100 * share,
                n(row.bound), row.ratio(), row.ms_per_violation(), row.ms, row.before.compactness_median,
                row.after.compactness_median, 100 * row.before.crossing_share, 100 * row.after.crossing_share);
  }
  std::fflush(stdout);
}

/// Means over all rows of ours.
struct Summary {
  double ratios = 0;
  std::uint64_t rows = 0, violations = 0, left = 0, moved = 0, bound = 0;
  void add(const Row& row) {
    ++rows, violations += row.violations, left += row.left, moved += row.moved, bound += row.bound;
    ratios += row.ratio();
  }
};

bool begins(const std::string& name, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& w) { return name.starts_with(w); });
}

void run(const Instance& town, const std::vector<std::uint32_t>& plan, double share, std::uint64_t seed,
         const Options& options, Summary& summary) {
  Instance drifted = drift(town, share, seed);
  char name[64];
  std::snprintf(name, sizeof name, "%s p=%.2f s=%llu", town.name.c_str(), share, static_cast<unsigned long long>(seed));
  drifted.name = name;
  const Worth before = evaluate(town, plan);
  const Row ours = mend(drifted, plan, before, options);
  if (begins("wangge", options.methods)) print(ours, options), summary.add(ours);
  if (!begins("METIS unit", options.methods)) return;
  std::vector<Method> peers{wangge_method(1, 1, 1)};
  peers[0].name = "wangge afresh";
  for (Method& peer : metis_methods()) peers.push_back(std::move(peer));
  for (const Method& peer : peers) {
    if (begins(peer.name, options.methods)) print(divide(peer, drifted, plan, ours), options);
  }
}

double size_of(const std::string& name) {
  const double number = std::stod(name);
  return name.back() == 'k' ? 1000 * number : number;
}

void read_options(CLI::App& app, Options& options) {
  app.add_option("--towns", options.towns, "slab, mixed, one (one-household houses)")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--sizes", options.sizes, "households of the towns, such as 7k, 160k, 355k")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--drift", options.shares, "shares of the houses that change")->delimiter(',')->capture_default_str();
  app.add_option("--seeds", options.seeds, "of the towns and of the drift")->delimiter(',')->capture_default_str();
  app.add_option("--methods", options.methods, "only those whose names begin so")->delimiter(',');
  app.add_option("--real", options.real, "a folder with osm/liechtenstein-2024.osm.pbf, which is drifted too");
  app.add_option("--margin", options.margin, "households by which repaired parts stay clear of the bounds");
  app.add_option("--effort", options.effort, "of the repair, 0 to 3")->capture_default_str();
  app.add_option("--buildings", options.buildings,
                 "instead: so many times a single building of a plan of 2,300 micro-grids has changed");
  app.add_flag("--all", options.all, "all sizes and seeds 1 to 5");
  app.add_flag("--json", options.json, "one object a line");
}

void run_buildings(const Options& options) {
  const OneBuilding one = change_one_building(175'000, options.buildings, options.seeds.front());
  if (options.json) {
    std::printf(
        "{\"method\":\"wangge\",\"instance\":\"one building of town-175k\",\"micro_grids\":%zu,\"asked\":%zu,"
        "\"mended\":%zu,\"moved\":%llu,\"lower_bound\":%llu,\"median_ms\":%.2f,\"p90_ms\":%.2f}\n",
        one.micro_grids, one.asked, one.mended, static_cast<unsigned long long>(one.moved),
        static_cast<unsigned long long>(one.bound), one.median_ms, one.tenth_longest_ms);
    return;
  }
  std::printf(
      "one building of %zu households in %zu micro-grids, %zu times: %zu mended, %llu moved for a bound of %llu;"
      " median %.1f ms, nine in ten within %.1f ms\n",
      one.households, one.micro_grids, one.asked, one.mended, static_cast<unsigned long long>(one.moved),
      static_cast<unsigned long long>(one.bound), one.median_ms, one.tenth_longest_ms);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("How few households a drifted plan has to move to be legal again");
  Options options;
  read_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.buildings > 0) return run_buildings(options), 0;
  if (options.all) options.sizes = {"7k", "160k", "355k"}, options.seeds = {1, 2, 3, 4, 5};
  print_head(options);
  Summary summary;
  const auto run_all = [&](const Instance& town, std::uint64_t seed) {
    const std::vector<std::uint32_t> plan = first_plan(town);
    for (const double share : options.shares) run(town, plan, share, seed, options, summary);
  };
  for (const std::string& town : options.towns) {
    for (const std::string& size : options.sizes) {
      for (const std::uint64_t seed : options.seeds)
        run_all(town_of(town + "-" + size, town, size_of(size), seed), seed);
    }
  }
  if (!options.real.empty()) {
    const Instance real =
        tessellated("liechtenstein", osm_city(options.real / "osm/liechtenstein-2024.osm.pbf"), {}, 75);
    for (const std::uint64_t seed : options.seeds) run_all(real, seed);
  }
  if (!options.json && summary.rows > 0) {
    std::printf("%llu plans: %llu violations, %llu left, moved %llu for a bound of %llu: %.3f, mean of ratios %.3f\n",
                static_cast<unsigned long long>(summary.rows), static_cast<unsigned long long>(summary.violations),
                static_cast<unsigned long long>(summary.left), static_cast<unsigned long long>(summary.moved),
                static_cast<unsigned long long>(summary.bound), double(summary.moved) / double(summary.bound),
                summary.ratios / double(summary.rows));
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_rebalance: %s\n", error.what());
  return 1;
}
