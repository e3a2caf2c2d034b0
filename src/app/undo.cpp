#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/change_text.hpp"
#include "app/commands.hpp"
#include "app/history.hpp"
#include "app/outputs.hpp"
#include "app/stamp.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path plan, output;
  Stamp stamp;
};

/// Takes the revision back by a further one; nothing of the history goes.
Plan take_back(const Plan& plan, std::uint64_t revision, bool redo, const Stamp& stamp) {
  const ChangeSet& taken = changes_of(plan, revision);
  ChangeSet back = taken.inverse();
  back.base_revision = plan.map.revision();
  back.undoes = revision;
  const ChangeSet& named = redo ? changes_of(plan, taken.undoes) : taken;
  back.reason = (redo ? "redo revision " : "undo revision ") + std::to_string(named.base_revision + 1) +
                (named.reason.empty() ? "" : ": " + named.reason);
  back.author.clear();
  back.households_moved_bound = 0;
  put(stamp, back);
  return follow(plan, std::move(back));
}

void run(const Options& options, bool redo, Session& session) {
  check(options.stamp);
  check_output(options.output, ".gpkg", std::array{options.plan});
  const Execution execution = session.execution(0, 0);
  const Plan plan = read_plan(options.plan, execution);
  const auto revision = redo ? next_to_redo(plan.history) : next_to_undo(plan.history);
  if (!revision)
    throw Error(Errc::not_found, options.plan.string() + (redo ? " has nothing to redo: nothing was undone last"
                                                               : " has nothing to undo: it is as it began"));
  const Plan next = take_back(plan, *revision, redo, options.stamp);
  write_plan(options.output, next, execution);
  session.clear_progress();
  const ChangeSet& made = next.history.back();
  std::printf("revision %llu: %s\n%s; %s\nplan  %s\n", static_cast<unsigned long long>(next.map.revision()),
              made.reason.c_str(), summary(made).c_str(), moved(made, next.assessment.households).c_str(),
              options.output.c_str());
}

void add(CLI::App& program, Session& session, bool redo) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      program.add_subcommand(redo ? "redo" : "undo", redo ? "Bring back what was undone last"
                                                          : "Take the last change of a plan back; its history stays");
  command->add_option("plan", options->plan, "plan.gpkg")->required();
  command->add_option("-o,--output", options->output, "The plan to write (GeoPackage)")->required();
  add_stamp(*command, options->stamp);
  command->callback([options, redo, &session] { run(*options, redo, session); });
}

}  // namespace

void add_undo(CLI::App& program, Session& session) { add(program, session, false); }
void add_redo(CLI::App& program, Session& session) { add(program, session, true); }

}  // namespace wangge::app
