#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/drawn_areas.hpp"
#include "app/wishes.hpp"
#include "verify/report.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

constexpr int findings_left = 3;

struct AssessArguments {
  std::string plan, range, profile;
  ReadOptions columns;
  bool json = false, strict = false;
};

/// "50:100" as a range.
verify::Range parse_range(const std::string& text) {
  verify::Range range;
  int end = 0;
  const bool whole = std::sscanf(text.c_str(), "%9ld:%9ld%n", &range.min, &range.max, &end) == 2 &&
                     end == static_cast<int>(text.size());
  if (!whole || range.min < 1 || range.max < range.min)
    throw Error(Errc::invalid_argument, "--range " + text + ": give MIN:MAX, two whole numbers with 1 <= MIN <= MAX");
  return range;
}

/// Whether the file holds areas that others have drawn, with counts, rather than a plan.
bool is_drawn_by_others(const AssessArguments& arguments) {
  const ReadOptions& columns = arguments.columns;
  const std::filesystem::path file = arguments.plan;
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return !columns.id_field.empty() || !columns.households_field.empty() || (!extension.empty() && extension != ".gpkg");
}

/// The profile asked for, or else the one that the plan was made by, or else the usual one.
Profile choose_profile(const AssessArguments& arguments) {
  if (!arguments.profile.empty()) return find_profile(arguments.profile);
  if (is_drawn_by_others(arguments)) return {};
  const std::string json = verify::profile_of(arguments.plan);
  return json.empty() ? Profile{} : parse_profile(json, arguments.plan + ", table profile");
}

verify::Attribute to_attribute(const AttributeGoal& goal, const Workload& workload) {
  constexpr double minutes_an_hour = 60;
  verify::Attribute attribute{goal.attribute, {}, goal.min, goal.max};
  if (goal.attribute == "workload") {
    if (!workload.column.empty()) attribute.columns.emplace_back(workload.column, 1);
    for (const Workload::Group& group : workload.groups)
      attribute.columns.emplace_back(group.column, group.visits * group.minutes / minutes_an_hour);
  }
  if (attribute.columns.empty()) attribute.columns.emplace_back(goal.attribute, 1);
  return attribute;
}

void run(const AssessArguments& arguments, Session& session) {
  const Execution execution = session.execution(1, 0);
  verify::Options options;
  options.progress = execution.progress;
  if (!arguments.range.empty()) options.range = parse_range(arguments.range);
  const Profile profile = choose_profile(arguments);
  if (arguments.range.empty()) options.range = {profile.range.min, profile.range.max};
  std::vector<std::string> columns;
  for (const AttributeGoal& goal : profile.attributes) {
    options.attributes.push_back(to_attribute(goal, profile.workload));
    for (const auto& [column, factor] : options.attributes.back().columns) columns.push_back(column);
  }
  const verify::PlanFile plan = is_drawn_by_others(arguments)
                                    ? read_drawn_areas(arguments.plan, arguments.columns, execution)
                                    : verify::read_plan(arguments.plan, columns);
  const verify::Report report = verify::verify_plan(plan, options);
  session.clear_progress();
  const std::string text =
      arguments.json ? verify::to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
                     : verify::to_table(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (arguments.strict && !report.clean()) session.exit_code = findings_left;
}

}  // namespace

void add_assess(CLI::App& program, Session& session) {
  const auto arguments = std::make_shared<AssessArguments>();
  CLI::App* command = program.add_subcommand(
      "assess",
      "Check a plan independently: everything is recomputed from the geometry and the households of the units");
  command
      ->add_option("plan", arguments->plan,
                   "plan.gpkg; or areas that others have drawn, each with its households, in whatever OGR reads")
      ->required();
  command->add_option("--range", arguments->range, "households a micro-grid may hold, MIN:MAX [of the profile]");
  command->add_option("--profile", arguments->profile, "limits to check by, ready-made or a JSON file [of the plan]");
  command->add_option("--id", arguments->columns.id_field, "of areas that others have drawn: column with the code");
  command->add_option("--households", arguments->columns.households_field, "of such areas: column with the households");
  command->add_flag("--json", arguments->json, "one JSON object: figures, errors, warnings");
  command->add_flag("--strict", arguments->strict, "exit 3 when an error or an unexplained household count is left");
  command->callback([arguments, &session] { run(*arguments, session); });
}

}  // namespace wangge::app
