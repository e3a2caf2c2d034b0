#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/change_text.hpp"
#include "app/commands.hpp"
#include "app/history.hpp"
#include "app/outputs.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path plan, output;
  std::string as_of;
  bool json = false;
};

/// A number is a revision; a date the last revision of that day or before. Revisions without a time were always there.
std::uint64_t revision_at(const Plan& plan, const std::string& as_of) {
  if (as_of.empty()) return plan.map.revision();
  if (as_of.size() < 10 && std::ranges::all_of(as_of, [](char c) { return c >= '0' && c <= '9'; }))
    return std::stoull(as_of);
  const auto digit_at = [&](std::size_t i) { return as_of[i] >= '0' && as_of[i] <= '9'; };
  const bool date =
      as_of.size() >= 10 && as_of[4] == '-' && as_of[7] == '-' && digit_at(0) && digit_at(5) && digit_at(8);
  if (!date)
    throw Error(Errc::invalid_argument, "--as-of " + as_of +
                                            " is neither a revision nor a date; give 3, 2024-05-01 or "
                                            "2024-05-01T08:00:00Z");
  std::uint64_t last = 0;
  for (const ChangeSet& changes : plan.history)
    if (changes.time.substr(0, as_of.size()) <= as_of) last = changes.base_revision + 1;
  if (last == 0) throw Error(Errc::not_found, "the plan has no revision of " + as_of + " or before");
  return last;
}

void print(const Plan& plan) {
  const Assessment& a = plan.assessment;
  if (!plan.history.empty()) {
    const ChangeSet& made = plan.history.back();
    std::printf("revision %llu  %s  %s\n%s\n", static_cast<unsigned long long>(plan.map.revision()), made.time.c_str(),
                made.author.c_str(), made.reason.c_str());
    for (const std::string& line : lines(made)) std::printf("  %s\n", line.c_str());
  }
  std::printf("%u micro-grids, %u in range %u:%u; %llu of %llu households (of today) assigned; compactness %.3f\n",
              a.micro_grids, a.in_range, plan.profile.range.min, plan.profile.range.max,
              static_cast<unsigned long long>(a.households_assigned), static_cast<unsigned long long>(a.households),
              a.compactness_median);
}

void print_json(const Plan& plan) {
  const Assessment& a = plan.assessment;
  nlohmann::ordered_json out{{"revision", plan.map.revision()},
                             {"micro_grids", a.micro_grids},
                             {"in_range", a.in_range},
                             {"households", a.households},
                             {"households_assigned", a.households_assigned},
                             {"compactness_median", a.compactness_median}};
  if (!plan.history.empty()) out["changes"] = nlohmann::ordered_json::parse(to_json(plan.history.back()));
  out["areas"] = nlohmann::ordered_json::array();
  for (const AreaFigures& area : a.areas) {
    if (plan.map.level(area.id) != Level::micro_grid) continue;
    out["areas"].push_back({{"code", plan.map.code(area.id)},
                            {"households", area.households},
                            {"units", area.units},
                            {"compactness", area.compactness}});
  }
  std::printf("%s\n", out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void run(const Options& options, Session& session) {
  if (!options.output.empty()) check_output(options.output, ".gpkg", std::array{options.plan});
  const Execution execution = session.execution(0, 0);
  const Plan plan = read_plan(options.plan, execution);
  const Plan then = at_revision(plan, revision_at(plan, options.as_of));
  if (!options.output.empty()) write_plan(options.output, then, execution);
  session.clear_progress();
  options.json ? print_json(then) : print(then);
  if (!options.output.empty() && !options.json) std::printf("plan  %s\n", options.output.c_str());
}

}  // namespace

void add_show(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("show", "Show a plan as it is, or as it was");
  command->add_option("plan", options->plan, "plan.gpkg")->required();
  command->add_option("--as-of", options->as_of, "A revision, or a date such as 2024-05-01 [now]")
      ->type_name("REVISION|DATE");
  command->add_option("-o,--output", options->output,
                      "Also write the plan as it was then, with the households of today (GeoPackage)");
  command->add_flag("--json", options->json, "Figures, the last changes and micro-grids as JSON");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
