// How well and how fast graphs are shared out, against other partitioners: bench_split --help
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

#include "split/evaluate.hpp"
#include "split/instance.hpp"
#include "split/method.hpp"
#include "split/pipeline.hpp"
#include <wangge/town.hpp>

namespace {

using namespace wangge;
using namespace wangge::bench;

struct Options {
  std::vector<std::string> instances{"7k", "160k"}, methods;
  std::vector<unsigned> threads{1};
  std::vector<int> efforts{0, 1};
  std::filesystem::path real;
  std::string python;
  std::uint64_t seed = 1;
  bool all = false, json = false;
};

/// An instance that can be asked for by name; made when its turn comes.
struct Offer {
  std::string name;
  std::function<Instance()> make;
};

/// The first of some cities that holds nearly as many households as asked for; small ones differ a lot.
Instance city_of(const std::string& name, double households, std::uint32_t columns, std::uint32_t rows,
                 std::uint64_t seed) {
  for (;; seed += 1000) {
    Instance city = made_city(name, columns, rows, seed);
    if (std::abs(double(city.households()) - households) < 0.15 * households) return city;
  }
}

void offer_cities(std::uint64_t seed, std::vector<Offer>& offers) {
  const auto city = [&](const std::string& name, double households, std::uint32_t columns, std::uint32_t rows) {
    offers.push_back({name, [=] { return city_of(name, households, columns, rows, seed); }});
  };
  city("7k", 7e3, 2, 2);
  city("160k", 160e3, 10, 7);
  city("355k", 355e3, 13, 12);
  city("1.5M", 1.5e6, 27, 25);
  city("9M", 9e6, 64, 64);
  for (const Range& range : {Range{60, 90}, Range{70, 80}}) {
    const std::string name = "160k-" + std::to_string(range.min) + ":" + std::to_string(range.max);
    offers.push_back({name, [=] { return with_range(city_of(name, 160e3, 10, 7, seed), range, 75); }});
  }
  offers.push_back({"lumpy", [=] { return made_city("lumpy", 10, 9, seed, {36, 40, 45, 48}); }});
}

/// Through the whole way from footprints to faces.
void offer_towns(std::uint64_t seed, std::vector<Offer>& offers) {
  for (const auto& [name, households] :
       {std::pair("town-7k", 7'000u), {"town-160k", 160'000u}, {"town-355k", 355'000u}}) {
    TownOptions town;
    town.households = households, town.seed = seed;
    offers.push_back({name, [=, name = name] { return tessellated(name, make_town(town), {}, 75); }});
  }
}

void offer_real(const std::filesystem::path& data, std::vector<Offer>& offers) {
  const auto osm = data / "osm/liechtenstein-2024.osm.pbf";
  offers.push_back({"liechtenstein", [=] { return tessellated("liechtenstein", osm_city(osm), {}, 75); }});
  for (const std::string name : {"aberdeen", "dundee", "renfrewshire"}) {
    const auto file = data / "scotland" / (name + "-oa.geojson.gz");
    offers.push_back({name, [=] { return tessellated(name, census_city(file), {300, 500}, 400); }});
  }
}

std::vector<Offer> all_offers(const Options& options) {
  std::vector<Offer> offers;
  offer_cities(options.seed, offers);
  offer_towns(options.seed, offers);
  if (!options.real.empty()) offer_real(options.real, offers);
  return offers;
}

bool begins(const std::string& name, const std::vector<std::string>& wanted) {
  return wanted.empty() ||
         std::any_of(wanted.begin(), wanted.end(), [&](const std::string& w) { return name.starts_with(w); });
}

std::vector<Method> all_methods(const Options& options) {
  std::vector<Method> methods;
  for (const unsigned threads : options.threads) {
    for (const int effort : options.efforts) methods.push_back(wangge_method(effort, threads, options.seed));
  }
  for (Method& peer : metis_methods()) methods.push_back(std::move(peer));
  if (!options.python.empty()) {
    for (Method& peer : outside_methods(options.python)) methods.push_back(std::move(peer));
  }
  std::erase_if(methods, [&](const Method& method) { return !begins(method.name, options.methods); });
  return methods;
}

std::uint64_t illegal(const Worth& worth) { return worth.under + worth.over + worth.torn; }

void print_head(const Options& options) {
  if (options.json) return;
  std::printf("%-16s %2s %-12s %8s %8s %7s %7s %5s %5s %7s %6s %6s %6s %7s %6s %6s %8s %8s %7s\n", "method", "th",
              "instance", "units", "househ.", "parts", "legal%", "bad", "proof", "cross%", "near%", "block%", "long%",
              "compact", "cut m", "mixed", "cpu s", "wall s", "peak MB");
}

void print(const Method& method, const Instance& instance, const Answer& answer, const Worth& w,
           const Options& options) {
  const auto units = static_cast<unsigned long long>(instance.graph.nodes.size()),
             households = static_cast<unsigned long long>(instance.households()),
             parts = static_cast<unsigned long long>(w.parts), bad = static_cast<unsigned long long>(illegal(w)),
             mixed = static_cast<unsigned long long>(w.compounds_mixed);
  if (options.json) {
    std::printf(
        "{\"method\":\"%s\",\"instance\":\"%s\",\"units\":%llu,\"households\":%llu,\"parts\":%llu,\"legal_share\":%.6f,"
        "\"crossing_share\":%.6f,\"compactness_median\":%.4f,\"cut_m_per_part\":%.2f,\"compounds_mixed\":%llu,"
        "\"cpu_s\":%.5f,\"peak_mb\":%.1f,\"threads\":%u,\"wall_s\":%.5f,\"illegal\":%llu,\"certified\":%u,"
        "\"unproven\":%u,\"near_bounds_share\":%.4f,\"blocks_split_share\":%.4f,\"elongated_share\":%.4f}\n",
        method.name.c_str(), instance.name.c_str(), units, households, parts, w.legal_share, w.crossing_share,
        w.compactness_median, w.cut_m_per_part, mixed, answer.cpu_s, answer.peak_mb, method.threads, answer.wall_s, bad,
        answer.certified, answer.claims - answer.certified, w.near_bounds_share, w.blocks_split_share,
        w.elongated_share);
  } else {
    std::printf(
        "%-16s %2u %-12s %8llu %8llu %7llu %7.2f %5llu %5u %7.2f %6.1f %6.1f %6.2f %7.3f %6.1f %6llu %8.3f %8.3f "
        "%7.1f\n",
        method.name.c_str(), method.threads, instance.name.c_str(), units, households, parts, 100 * w.legal_share, bad,
        answer.certified, 100 * w.crossing_share, 100 * w.near_bounds_share, 100 * w.blocks_split_share,
        100 * w.elongated_share, w.compactness_median, w.cut_m_per_part, mixed, answer.cpu_s, answer.wall_s,
        answer.peak_mb);
  }
  std::fflush(stdout);
}

struct Row {
  std::string method;
  double cpu_s;
  Worth worth;
  std::vector<std::uint32_t> part_of_node;  ///< of our own search
};

/// What our search says of itself must be what the evaluator finds.
void check_claims(const Method& method, const Instance& instance, const Answer& answer, const Worth& worth) {
  if (!method.name.starts_with("wangge") || illegal(worth) == answer.claims) return;
  throw std::runtime_error(method.name + " on " + instance.name + " calls " + std::to_string(answer.claims) +
                           " parts illegal, the evaluator " + std::to_string(illegal(worth)));
}

/// Any number of threads must give the same division.
void check_threads(const Row& row, const std::vector<Row>& others) {
  for (const Row& other : others) {
    if (row.method != other.method || row.part_of_node == other.part_of_node) continue;
    throw std::runtime_error(row.method + " divides otherwise on another number of threads");
  }
}

/// Our rows beside the better of METIS's weightings, figure by figure, and beside its faster one.
void print_comparison(const std::vector<Row>& rows) {
  Row best{"", 1e300, {}, {}};
  best.worth.cut_m_per_part = best.worth.crossing_share = 1e300;
  std::uint64_t least_illegal = ~std::uint64_t{0};
  for (const Row& row : rows) {
    if (!row.method.starts_with("METIS")) continue;
    best.method = row.method;
    best.cpu_s = std::min(best.cpu_s, row.cpu_s);
    least_illegal = std::min(least_illegal, illegal(row.worth));
    best.worth.cut_m_per_part = std::min(best.worth.cut_m_per_part, row.worth.cut_m_per_part);
    best.worth.crossing_share = std::min(best.worth.crossing_share, row.worth.crossing_share);
    best.worth.compactness_median = std::max(best.worth.compactness_median, row.worth.compactness_median);
  }
  if (best.method.empty()) return;
  for (const Row& row : rows) {
    if (!row.method.starts_with("wangge")) continue;
    std::printf(
        "  %-16s beside the better METIS: %llu illegal for %llu, cut %+.1f %%, crossing %.2f %% for %.2f %%, "
        "compactness %+.3f, CPU "
        "%.2f times\n",
        row.method.c_str(), static_cast<unsigned long long>(illegal(row.worth)),
        static_cast<unsigned long long>(least_illegal),
        100 * (row.worth.cut_m_per_part / best.worth.cut_m_per_part - 1), 100 * row.worth.crossing_share,
        100 * best.worth.crossing_share, row.worth.compactness_median - best.worth.compactness_median,
        row.cpu_s / best.cpu_s);
  }
}

void run(const Instance& instance, const Options& options) {
  std::vector<Row> rows;
  for (const Method& method : all_methods(options)) {
    if (instance.graph.nodes.size() > method.most_nodes) continue;
    Answer answer = divide_apart(method, instance);
    if (!answer.failure.empty()) {
      std::fprintf(stderr, "bench_split: %s on %s: %s\n", method.name.c_str(), instance.name.c_str(),
                   answer.failure.c_str());
      continue;
    }
    const Worth worth = evaluate(instance, answer.part_of_node);
    print(method, instance, answer, worth, options);
    check_claims(method, instance, answer, worth);
    rows.push_back({method.name, answer.cpu_s, worth, std::move(answer.part_of_node)});
    check_threads(rows.back(), rows);
  }
  if (!options.json) print_comparison(rows);
}

bool is_wanted(const Offer& offer, const Options& options) {
  const auto& wanted = options.instances;
  return options.all || std::find(wanted.begin(), wanted.end(), offer.name) != wanted.end();
}

void read_options(CLI::App& app, Options& options) {
  app.add_option("--instances", options.instances,
                 "cities 7k, 160k, 355k, 1.5M, 9M, 160k-60:90, 160k-70:80, lumpy; towns through the whole pipeline "
                 "town-7k, town-160k, town-355k; with --real liechtenstein, aberdeen, dundee, renfrewshire")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--real", options.real, "a folder with osm/liechtenstein-2024.osm.pbf and scotland/*-oa.geojson.gz");
  app.add_option("--methods", options.methods, "only those whose names begin so")->delimiter(',');
  app.add_option("--threads", options.threads, "threads of our own search, a row each")->delimiter(',');
  app.add_option("--efforts", options.efforts, "of our own search, a row each: 0 (legal) to 3")->delimiter(',');
  app.add_option("--python", options.python,
                 "a Python for peers from PyPI: kahip, kaminpar, and at 7k spopt (with geopandas) and gerrychain");
  app.add_option("--seed", options.seed, "of the made-up cities and of our search")->capture_default_str();
  app.add_flag("--all", options.all, "all instances");
  app.add_flag("--json", options.json, "one object a line");
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("How well and how fast graphs are shared out, against other partitioners");
  Options options;
  read_options(app, options);
  CLI11_PARSE(app, argc, argv);
  print_head(options);
  for (const Offer& offer : all_offers(options)) {
    if (is_wanted(offer, options)) run(offer.make(), options);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_split: %s\n", error.what());
  return 1;
}
