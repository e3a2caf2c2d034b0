#include <cstdio>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "verify/report.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

constexpr int findings_left = 3;

struct AssessArguments {
  std::string plan, range = "50:100";
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

void run(const AssessArguments& arguments, Session& session) {
  const Execution execution = session.execution(1, 0);
  const verify::Options options{parse_range(arguments.range), execution.progress};
  const verify::Report report = verify::verify_plan(verify::read_plan(arguments.plan), options);
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
  command->add_option("plan", arguments->plan, "plan.gpkg")->required();
  command->add_option("--range", arguments->range, "households a micro-grid may hold, MIN:MAX")->capture_default_str();
  command->add_flag("--json", arguments->json, "one JSON object: figures, errors, warnings");
  command->add_flag("--strict", arguments->strict, "exit 3 when an error or an unexplained household count is left");
  command->callback([arguments, &session] { run(*arguments, session); });
}

}  // namespace wangge::app
