#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/change_text.hpp"
#include "app/commands.hpp"
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

struct Options {
  std::filesystem::path plan;
  bool json = false;
};

nlohmann::ordered_json to_row(const ChangeSet& changes) {
  nlohmann::ordered_json row{{"revision", changes.base_revision + 1},
                             {"time", changes.time},
                             {"author", changes.author},
                             {"reason", changes.reason},
                             {"changes", summary(changes)},
                             {"units_moved", changes.moves.size()},
                             {"households_moved", changes.households_moved}};
  if (changes.undoes != 0) row["undoes"] = changes.undoes;
  return row;
}

void print(const std::vector<ChangeSet>& history) {
  std::printf("%-8s  %-20s  %-12s  %-30s  %10s  %s\n", "revision", "time", "author", "changes", "households", "reason");
  for (auto changes = history.rbegin(); changes != history.rend(); ++changes)
    std::printf("%8llu  %-20s  %-12s  %-30s  %10llu  %s\n", static_cast<unsigned long long>(changes->base_revision + 1),
                changes->time.c_str(), changes->author.c_str(), summary(*changes).c_str(),
                static_cast<unsigned long long>(changes->households_moved), changes->reason.c_str());
}

void run(const Options& options, Session& session) {
  const Plan plan = read_plan(options.plan, session.execution(0, 0));
  session.clear_progress();
  if (!options.json) return print(plan.history);
  auto rows = nlohmann::ordered_json::array();
  for (const ChangeSet& changes : plan.history) rows.push_back(to_row(changes));
  std::printf("%s\n", rows.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

}  // namespace

void add_log(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("log", "List the history of a plan, the last revision first");
  command->add_option("plan", options->plan, "plan.gpkg")->required();
  command->add_flag("--json", options->json, "A list of JSON objects, the first revision first");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
