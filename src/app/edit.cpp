#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "app/change_text.hpp"
#include "app/commands.hpp"
#include "app/edit_plan.hpp"
#include "app/outputs.hpp"
#include "app/stamp.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path plan, output;
  std::vector<std::string> move, merge, lock, unlock;
  std::string to, split;
  double simplify_m = 2;
  bool force = false, dry_run = false, json = false;
  Stamp stamp;
};

void check_usage(const Options& options) {
  const auto given = {!options.move.empty(), !options.merge.empty(), !options.split.empty(), !options.lock.empty(),
                      !options.unlock.empty()};
  if (std::count(given.begin(), given.end(), true) != 1)
    throw Error(Errc::invalid_argument, "give one of --move, --merge, --split, --lock and --unlock");
  if (options.move.empty() != options.to.empty())
    throw Error(Errc::invalid_argument, "--move UNIT… and --to CODE belong together");
  if (options.merge.size() == 1) throw Error(Errc::invalid_argument, "--merge needs two codes or more");
  if (options.output.empty() && !options.dry_run)
    throw Error(Errc::invalid_argument, "name the plan to write with -o, or give --dry-run to write none");
  check(options.stamp);
}

Edited make(const Options& options, const Plan& plan, const Execution& execution) {
  if (!options.move.empty()) return move_units(plan, options.move, options.to, options.simplify_m, execution);
  if (!options.merge.empty()) return merge_micro_grids(plan, options.merge, execution);
  if (!options.split.empty()) return split_micro_grid(plan, options.split, options.simplify_m, execution);
  return lock_micro_grids(plan, options.lock.empty() ? options.unlock : options.lock, !options.lock.empty());
}

/// The micro-grids that the edit names, before or after.
std::set<std::string> codes_of(const ChangeSet& changes) {
  std::set<std::string> codes;
  for (const ChangeSet::Change& change : changes.changes)
    for (const auto* records : {&change.before, &change.after})
      for (const GridRecord& record : *records) codes.insert(record.code);
  for (const ChangeSet::UnitMove& move : changes.moves) codes.insert({move.from, move.to});
  codes.erase("");
  return codes;
}

const AreaFigures* figures_of(const Plan& plan, const std::string& code) {
  const GridId id = plan.map.find(code);
  return id == GridId::none ? nullptr : &plan.assessment.areas.at(static_cast<std::uint32_t>(id));
}

void print(const Plan& before, const Edited& edited) {
  const ChangeSet& made = edited.plan.history.back();
  std::printf("%s: %s; %s\n", made.reason.c_str(), summary(made).c_str(),
              moved(made, edited.plan.assessment.households).c_str());
  const std::set<std::string> codes = codes_of(made);
  if (!codes.empty()) std::printf("  %-16s %23s %23s %23s\n", "micro-grid", "households", "units", "compactness");
  for (const std::string& code : codes) {
    const AreaFigures *old = figures_of(before, code), *now = figures_of(edited.plan, code);
    const auto change = [](const std::string& a, const std::string& b) { return a + " -> " + b; };
    const auto whole = [](const AreaFigures* f, auto member) { return f ? std::to_string(f->*member) : "-"; };
    const auto share = [](const AreaFigures* f) { return f ? std::to_string(f->compactness).substr(0, 5) : "-"; };
    std::printf("  %-16s %23s %23s %23s\n", code.c_str(),
                change(whole(old, &AreaFigures::households), whole(now, &AreaFigures::households)).c_str(),
                change(whole(old, &AreaFigures::units), whole(now, &AreaFigures::units)).c_str(),
                change(share(old), share(now)).c_str());
  }
  for (const std::string& line : edited.breaks) std::printf("  breaks %s\n", line.c_str());
}

void print_json(const Plan& before, const Edited& edited) {
  using Json = nlohmann::ordered_json;
  const auto side = [](const Plan& plan, const std::string& code) -> Json {
    const AreaFigures* figures = figures_of(plan, code);
    if (figures == nullptr) return nullptr;
    return {{"households", figures->households}, {"units", figures->units}, {"compactness", figures->compactness}};
  };
  Json out{{"breaks", edited.breaks}, {"areas", Json::array()}};
  for (const std::string& code : codes_of(edited.plan.history.back()))
    out["areas"].push_back({{"code", code}, {"before", side(before, code)}, {"after", side(edited.plan, code)}});
  out["changes"] = Json::parse(to_json(edited.plan.history.back()));
  std::printf("%s\n", out.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

void run(const Options& options, Session& session) {
  check_usage(options);
  if (!options.output.empty()) check_output(options.output, ".gpkg", std::array{options.plan});
  const Execution execution = session.execution(0, 0);
  const Plan plan = read_plan(options.plan, execution);
  Edited edited = make(options, plan, execution);
  ChangeSet& made = edited.plan.history.back();
  put(options.stamp, made);
  if (!edited.breaks.empty() && options.force) made.reason += " (forced: " + joined(edited.breaks) + ")";
  session.clear_progress();
  options.json ? print_json(plan, edited) : print(plan, edited);
  std::fflush(stdout);
  if (options.dry_run) return;
  if (!edited.breaks.empty() && !options.force)
    throw Error(Errc::contradiction, "refused: " + joined(edited.breaks) + "; --force makes the edit all the same");
  write_plan(options.output, edited.plan, execution);
  session.clear_progress();
  if (!options.json) std::printf("plan  %s\n", options.output.c_str());
}

}  // namespace

void add_edit(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "edit", "Change a plan by hand; says what comes of it and what it breaks before anything is written");
  command->add_option("plan", options->plan, "plan.gpkg")->required();
  command->add_option("-o,--output", options->output, "The plan to write (GeoPackage)");
  command->add_option("--move", options->move, "Units to move")->type_name("UNIT…");
  command->add_option("--to", options->to, "The micro-grid that they move to")->type_name("CODE");
  command->add_option("--merge", options->merge, "Micro-grids of one area that become one")->type_name("CODE…");
  command->add_option("--split", options->split, "A micro-grid to divide by the plan's profile")->type_name("CODE");
  command->add_option("--lock", options->lock, "Micro-grids that stay as they are from now on")->type_name("CODE…");
  command->add_option("--unlock", options->unlock, "Micro-grids that need not any more")->type_name("CODE…");
  command
      ->add_option("--simplify", options->simplify_m, "Metres that borders off barriers may move; 0 keeps every vertex")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--force", options->force, "Make the edit though it breaks a rule; the history says so");
  command->add_flag("--dry-run", options->dry_run, "Say what would come of it and write nothing");
  command->add_flag("--json", options->json, "Figures, what it breaks and the change set as JSON");
  add_stamp(*command, options->stamp);
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
