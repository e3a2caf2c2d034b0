#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "app/area_columns.hpp"
#include "app/change_text.hpp"
#include "app/commands.hpp"
#include "app/outputs.hpp"
#include "app/report/diff_page.hpp"
#include "app/traces.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path before, after, concordance, page;
  bool json = false;
};

/// old_code, new_code, households, share_of_old, share_of_new: what each pair of micro-grids has in common. Households
/// are those of the second plan, and of the first where a unit is no longer there.
std::string concordance_of(const std::vector<UnitTrace>& traces) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> common;
  std::map<std::string_view, std::uint64_t> of_old, of_new;
  for (const UnitTrace& unit : traces) {
    const std::uint32_t households = unit.to.empty() ? unit.households_before : unit.households_after;
    common[{unit.from, unit.to}] += households;
    of_old[unit.from] += households;
    of_new[unit.to] += households;
  }
  std::string text = "old_code,new_code,households,share_of_old,share_of_new\n";
  for (const auto& [pair, households] : common) {
    if (pair.first.empty() && pair.second.empty()) continue;
    append_csv_cell(text, pair.first);
    text += ',';
    append_csv_cell(text, pair.second);
    const auto share = [part = double(households)](std::uint64_t whole) {
      return whole == 0 ? 0 : part / double(whole);
    };
    char figures[96];
    std::snprintf(figures, sizeof figures, ",%llu,%.6f,%.6f\n", static_cast<unsigned long long>(households),
                  pair.first.empty() ? 0 : share(of_old[pair.first]),
                  pair.second.empty() ? 0 : share(of_new[pair.second]));
    text += figures;
  }
  return text;
}

void print(const ChangeSet& changes, const Plan& before, const Plan& after) {
  std::printf("revision %llu -> %llu: %s\n", static_cast<unsigned long long>(before.map.revision()),
              static_cast<unsigned long long>(after.map.revision()), summary(changes).c_str());
  std::printf("%s\n", moved(changes, after.assessment.households).c_str());
  for (const std::string& line : lines(changes)) std::printf("  %s\n", line.c_str());
}

void run(const Options& options, Session& session) {
  const std::array inputs{options.before, options.after};
  if (!options.concordance.empty()) check_output(options.concordance, ".csv", inputs);
  if (!options.page.empty()) check_output(options.page, ".html", inputs);
  const Execution execution = session.execution(0, 0);
  const Plan before = read_plan(options.before, execution), after = read_plan(options.after, execution);
  const std::vector<UnitTrace> traces = traces_of(before, after);
  ChangeSet changes = diff(before.map, after.map);
  trace(changes, traces);
  if (!options.concordance.empty()) {
    Output output(options.concordance);
    output.write(concordance_of(traces));
    output.finish();
  }
  if (!options.page.empty()) write_diff_page(options.page, before, after, changes);
  session.clear_progress();
  if (options.json)
    std::printf("%s\n", to_json(changes).c_str());
  else
    print(changes, before, after);
}

}  // namespace

void add_diff(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("diff", "Say what leads from one plan to another");
  command->add_option("a", options->before, "plan.gpkg")->required();
  command->add_option("b", options->after, "The other plan.gpkg")->required();
  command->add_option("--concordance", options->concordance,
                      "Also write a CSV: old code, new code, households in common and their share of either");
  command->add_option("--map", options->page, "Also write a page that shows both plans and what changed between them");
  command->add_flag("--json", options->json, "Print the change set as JSON, which `wangge apply` takes");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
