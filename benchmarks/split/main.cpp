// How well and how fast graphs are shared out, against other partitioners: bench_split --help
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "split/evaluate.hpp"
#include "split/instance.hpp"
#include "split/method.hpp"

namespace {

using namespace wangge;
using namespace wangge::bench;

struct Options {
  std::vector<std::string> instances{"7k", "160k"}, methods;
  std::vector<unsigned> threads{1};
  std::vector<int> efforts{0, 1};
  std::uint64_t seed = 1;
  bool all = false, json = false;
};

/// An instance that can be asked for by name; made when its turn comes.
struct Offer {
  std::string name;
  std::function<Instance()> make;
};

std::vector<Offer> all_offers(std::uint64_t seed) {
  std::vector<Offer> offers;
  const auto town = [&](const std::string& name, std::uint32_t columns, std::uint32_t rows) {
    offers.push_back({name, [=] { return made_city(name, columns, rows, seed); }});
  };
  town("7k", 2, 2);
  town("160k", 10, 7);
  town("355k", 13, 12);
  town("1.5M", 27, 25);
  town("9M", 64, 64);
  const auto ranged = [&](std::uint32_t min, std::uint32_t max) {
    const std::string name = "160k-" + std::to_string(min) + ":" + std::to_string(max);
    offers.push_back({name, [=] { return with_range(made_city(name, 10, 7, seed), {min, max}, (min + max) / 2); }});
  };
  ranged(60, 90);
  ranged(70, 80);
  offers.push_back({"lumpy", [=] { return made_city("lumpy", 10, 9, seed, {36, 40, 45, 48}); }});
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
  std::erase_if(methods, [&](const Method& method) { return !begins(method.name, options.methods); });
  return methods;
}

void print_head(const Options& options) {
  if (options.json) return;
  std::printf("%-16s %2s %-12s %8s %8s %7s %7s %5s %5s %7s %6s %6s %7s %6s %6s %8s %8s %7s\n", "method", "th",
              "instance", "units", "househ.", "parts", "legal%", "bad", "proof", "cross%", "near%", "long%", "compact",
              "cut m", "mixed", "cpu s", "wall s", "peak MB");
}

void print(const Method& method, const Instance& instance, const Answer& answer, const Worth& w,
           const Options& options) {
  const auto units = static_cast<unsigned long long>(instance.graph.nodes.size()),
             households = static_cast<unsigned long long>(instance.households()),
             parts = static_cast<unsigned long long>(w.parts),
             illegal = static_cast<unsigned long long>(w.under + w.over + w.torn),
             mixed = static_cast<unsigned long long>(w.compounds_mixed);
  if (options.json) {
    std::printf(
        "{\"method\":\"%s\",\"instance\":\"%s\",\"units\":%llu,\"households\":%llu,\"parts\":%llu,\"legal_share\":%.6f,"
        "\"crossing_share\":%.6f,\"compactness_median\":%.4f,\"cut_m_per_part\":%.2f,\"compounds_mixed\":%llu,"
        "\"cpu_s\":%.5f,\"peak_mb\":%.1f,\"threads\":%u,\"wall_s\":%.5f,\"illegal\":%llu,\"certified\":%u,"
        "\"unproven\":%u,\"near_bounds_share\":%.4f,\"elongated_share\":%.4f}\n",
        method.name.c_str(), instance.name.c_str(), units, households, parts, w.legal_share, w.crossing_share,
        w.compactness_median, w.cut_m_per_part, mixed, answer.cpu_s, answer.peak_mb, method.threads, answer.wall_s,
        illegal, answer.certified, answer.claims - answer.certified, w.near_bounds_share, w.elongated_share);
  } else {
    std::printf(
        "%-16s %2u %-12s %8llu %8llu %7llu %7.2f %5llu %5u %7.2f %6.1f %6.2f %7.3f %6.1f %6llu %8.3f %8.3f %7.1f\n",
        method.name.c_str(), method.threads, instance.name.c_str(), units, households, parts, 100 * w.legal_share,
        illegal, answer.certified, 100 * w.crossing_share, 100 * w.near_bounds_share, 100 * w.elongated_share,
        w.compactness_median, w.cut_m_per_part, mixed, answer.cpu_s, answer.wall_s, answer.peak_mb);
  }
  std::fflush(stdout);
}

void run(const Instance& instance, const Options& options) {
  for (const Method& method : all_methods(options)) {
    const Answer answer = divide_apart(method, instance);
    if (!answer.failure.empty()) {
      std::fprintf(stderr, "bench_split: %s on %s: %s\n", method.name.c_str(), instance.name.c_str(),
                   answer.failure.c_str());
      continue;
    }
    print(method, instance, answer, evaluate(instance, answer.part_of_node), options);
  }
}

void read_options(CLI::App& app, Options& options, const std::vector<Offer>& offers) {
  std::string names;
  for (const Offer& offer : offers) names += (names.empty() ? "" : ", ") + offer.name;
  app.add_option("--instances", options.instances, names)->delimiter(',')->capture_default_str();
  app.add_option("--methods", options.methods, "only those whose names begin so")->delimiter(',');
  app.add_option("--threads", options.threads, "threads of our own search, a row each")->delimiter(',');
  app.add_option("--efforts", options.efforts, "of our own search, a row each: 0 (legal) to 3")->delimiter(',');
  app.add_option("--seed", options.seed, "of the made-up cities and of our search")->capture_default_str();
  app.add_flag("--all", options.all, "all instances");
  app.add_flag("--json", options.json, "one object a line");
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("How well and how fast graphs are shared out, against other partitioners");
  Options options;
  read_options(app, options, all_offers(1));
  CLI11_PARSE(app, argc, argv);
  print_head(options);
  for (const Offer& offer : all_offers(options.seed)) {
    const auto& wanted = options.instances;
    if (options.all || std::find(wanted.begin(), wanted.end(), offer.name) != wanted.end()) run(offer.make(), options);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_split: %s\n", error.what());
  return 1;
}
