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
  fs::path plan, changes, output;
  Stamp stamp;
  bool inverse = false, merge = false;
};

ChangeSet read_set(const Options& options) {
  ChangeSet changes = read_changes(options.changes);
  if (!options.inverse) return changes;
  changes = changes.inverse();
  changes.undoes = changes.base_revision;
  return changes;
}

[[noreturn]] void refuse(const Options& options, const CarriedOver& carried, const ChangeSet& changes,
                         std::uint64_t revision) {
  const std::string file = options.changes.string(), plan = options.plan.string();
  std::string text = changes.base_revision == revision
                         ? file + " does not fit " + plan
                         : file + " was made for revision " + std::to_string(changes.base_revision) + ", " + plan +
                               " is at revision " + std::to_string(revision);
  const std::size_t collisions = carried.collisions.size(), all = changes.changes.size();
  text += "; " + std::to_string(collisions) + " of " + std::to_string(all) + " changes collide: ";
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < std::min(most, collisions); ++i) text += (i ? "; " : "") + carried.collisions[i];
  if (collisions > most) text += "; and " + std::to_string(collisions - most) + " more";
  throw Error(Errc::stale_change, text + (collisions < all ? "; --merge applies the others" : ""));
}

void run(const Options& options, Session& session) {
  check(options.stamp);
  check_output(options.output, ".gpkg", std::array{options.plan, options.changes});
  const Execution execution = session.execution(0, 0);
  const Plan plan = read_plan(options.plan, execution);
  const ChangeSet changes = read_set(options);
  CarriedOver carried = carry_over(plan, changes);
  const bool nothing_left = carried.changes.changes.empty();
  if (!carried.collisions.empty() && (!options.merge || nothing_left))
    refuse(options, carried, changes, plan.map.revision());
  put(options.stamp, carried.changes);
  const Plan next = follow(plan, std::move(carried.changes));
  write_plan(options.output, next, execution);
  session.clear_progress();
  for (const std::string& line : carried.collisions) std::printf("left out: %s\n", line.c_str());
  const ChangeSet& made = next.history.back();
  std::printf("revision %llu: %s; %s\nplan  %s\n", static_cast<unsigned long long>(next.map.revision()),
              summary(made).c_str(), moved(made, next.assessment.households).c_str(), options.output.c_str());
}

}  // namespace

void add_apply(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("apply", "Make the changes of a file to a plan");
  command->add_option("plan", options->plan, "plan.gpkg")->required();
  command
      ->add_option("changes", options->changes,
                   "Change set (JSON; docs/changes.md), such as `wangge diff --json` prints. Made for an earlier "
                   "revision, it is carried over where its areas are still as they were")
      ->required();
  command->add_option("-o,--output", options->output, "The plan to write (GeoPackage)")->required();
  command->add_flag("--inverse", options->inverse, "Take the changes back");
  command->add_flag("--merge", options->merge, "Leave out changes that collide with later ones, and make the others");
  add_stamp(*command, options->stamp);
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
