#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "app/change_text.hpp"
#include "app/commands.hpp"
#include "app/findings.hpp"
#include "app/history.hpp"
#include "app/new_counts.hpp"
#include "app/outputs.hpp"
#include "app/report/diff_page.hpp"
#include "app/stamp.hpp"
#include "app/traces.hpp"
#include "app/wishes.hpp"
#include "planning/assess.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>
#include <wangge/rebalance.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path plan, units, output, changes, page, lookup;
  std::string profile, range;
  std::vector<std::string> locked;
  std::optional<std::uint64_t> most_moved;
  std::uint32_t margin = 0;
  double simplify_m = 2;
  int effort = 1;
  bool keep_compounds = false, strict = false, json = false, dry_run = false;
  ReadOptions columns;
  std::uint64_t seed = 0;
  unsigned threads = 0;
  Stamp stamp;
};

/// What can be told before any work.
void check_usage(const Options& options) {
  check(options.stamp);
  if (options.output.empty() && !options.dry_run)
    throw Error(Errc::invalid_argument, "name the plan to write with -o, or give --dry-run to write none");
  const std::vector<fs::path> inputs{options.plan, options.units};
  if (!options.output.empty()) check_output(options.output, ".gpkg", inputs);
  if (!options.changes.empty()) check_output(options.changes, ".json", inputs);
  if (!options.page.empty()) check_output(options.page, ".html", inputs);
  if (!options.lookup.empty()) check_output(options.lookup, ".wgm", inputs);
}

/// The profile that the plan was made by, or the one asked for, with the range asked for.
Profile choose_profile(const Options& options, const Plan& plan) {
  const Profile profile = options.profile.empty() ? plan.profile : find_profile(options.profile);
  Profile chosen = with_range(profile, options.range);
  check(chosen);
  return chosen;
}

NewCounts count_anew(const Options& options, const Plan& plan, const Execution& execution) {
  if (options.units.empty()) return {plan.units, 0, 0};
  NewCounts counts = take_over(plan.units, read_units(options.units, options.columns, execution));
  if (counts.vanished == plan.units.size() && counts.vanished > 0)
    throw Error(Errc::not_found, options.units.string() + " and " + options.plan.string() +
                                     " have no unit in common; name the column of their ids by --id");
  return counts;
}

/// The micro-grids that the plan itself says are locked, and those asked for.
std::vector<GridId> find_locks(const Options& options, const Plan& plan) {
  std::set<GridId> locked;
  for (const Finding& finding : plan.findings)
    if (finding.kind == Finding::Kind::locked) locked.insert(plan.map.find(finding.code));
  for (const std::string& code : options.locked) {
    const GridId id = plan.map.find(code);
    if (id == GridId::none || plan.map.level(id) != Level::micro_grid)
      throw Error(Errc::not_found,
                  "--lock " + code + ": " + options.plan.string() + " has no micro-grid of that code; give one of its");
    locked.insert(id);
  }
  locked.erase(GridId::none);
  return {locked.begin(), locked.end()};
}

/// Codes that the plan has had and has no more.
std::vector<std::string> retired_codes(const Plan& plan) {
  std::set<std::string> codes;
  for (const ChangeSet& past : plan.history)
    for (const ChangeSet::Change& change : past.changes)
      for (const auto* records : {&change.before, &change.after})
        for (const GridRecord& record : *records) codes.insert(record.code);
  std::erase_if(codes, [&](const std::string& code) { return plan.map.find(code) != GridId::none; });
  return {codes.begin(), codes.end()};
}

/// A unit that stands where it stood is in the micro-grid that the plan says, of which it may be more than its
/// position.
std::vector<GridId> homes_of(const Plan& plan, const UnitTable& units) {
  std::unordered_map<std::string_view, std::size_t> row_of;
  for (std::size_t u = 0; u < plan.units.size(); ++u) row_of.emplace(plan.units.units[u].id, u);
  std::vector<GridId> homes;
  for (const Unit& unit : units.units) {
    const auto known = row_of.find(unit.id);
    const bool stays = known != row_of.end() && plan.units.units[known->second].position == unit.position;
    homes.push_back(stays ? plan.micro_grid_of_unit[known->second] : GridId::none);
  }
  return homes;
}

RebalanceOptions to_rebalance_options(const Options& options, const Plan& plan, const UnitTable& units) {
  RebalanceOptions wanted;
  wanted.profile = choose_profile(options, plan);
  wanted.columns = units.attributes;
  wanted.simplify_m = options.simplify_m;
  wanted.keep_compounds = options.keep_compounds;
  wanted.locked = find_locks(options, plan);
  wanted.most_moved = options.most_moved;
  wanted.margin = options.margin;
  wanted.effort = options.effort;
  wanted.figures = plan.assessment.areas;
  wanted.home_of_unit = homes_of(plan, units);
  wanted.retired = retired_codes(plan);
  return wanted;
}

/// Whether the finding tells of counts or of locks, all of which are looked at anew.
bool is_renewed(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::input:
    case Finding::Kind::mended:
    case Finding::Kind::overlap:
    case Finding::Kind::straddler:
    case Finding::Kind::neck:
    case Finding::Kind::annexed:
    case Finding::Kind::mixed:
    case Finding::Kind::empty_zone:
      return false;
    default:
      return true;
  }
}

/// What was found before and still holds, and what was found now.
std::vector<Finding> join_findings(const Plan& before, const Plan& next, const std::vector<Finding>& fresh) {
  std::set<std::string_view> units, concerned;
  for (const Unit& unit : next.units.units) units.insert(unit.id);
  for (const ChangeSet::Change& change : next.history.back().changes)
    for (const GridRecord& record : change.before) concerned.insert(record.code);
  const auto area_stays = [&](const Finding& finding) {
    const GridId id = next.map.find(finding.code);
    if (id == GridId::none || concerned.contains(finding.code)) return false;
    return finding.kind != Finding::Kind::empty_zone || next.assessment.areas[std::size_t(id)].households == 0;
  };
  const auto holds = [&](const Finding& finding) {
    return !is_renewed(finding) && (finding.unit.empty() || units.contains(finding.unit)) &&
           (finding.code.empty() || area_stays(finding));
  };
  std::set<std::tuple<Finding::Kind, std::string_view, std::string_view, std::string_view>> known;
  std::vector<Finding> all;
  for (const std::vector<Finding>* some : {&fresh, &before.findings})
    for (const Finding& finding : *some)
      if ((some == &fresh || holds(finding)) &&
          known.emplace(finding.kind, finding.code, finding.unit, finding.text).second)
        all.push_back(finding);
  return all;
}

/// Moves by the plan's own units. The bound takes a unit that is new, or stands elsewhere, for one that lived where it
/// stands; it holds for all others, less the households of these.
void trace_by_id(ChangeSet& changes, const Plan& before, const Plan& next) {
  trace(changes, traces_of(before, next));
  const std::vector<GridId> homes = homes_of(before, next.units);
  std::uint64_t elsewhere = 0;
  for (std::size_t u = 0; u < homes.size(); ++u)
    if (homes[u] == GridId::none) elsewhere += next.units.units[u].households;
  changes.households_moved_bound -= std::min(changes.households_moved_bound, elsewhere);
}

Plan finish(const Plan& before, UnitTable&& units, Proposal&& proposal, const Profile& profile, const Stamp& stamp) {
  Plan next;
  next.map = std::move(proposal.next);
  next.units = std::move(units);
  next.micro_grid_of_unit = std::move(proposal.area_of_unit);
  next.barriers = before.barriers;
  next.assessment = std::move(proposal.after);
  next.history = before.history;
  next.profile = profile;
  next.source = before.source;
  tell_what_changed(before.map, next.map, proposal.changes);
  trace_by_id(proposal.changes, before, next);
  put(stamp, proposal.changes);
  next.history.push_back(std::move(proposal.changes));
  next.findings = join_findings(before, next, next.assessment.findings);
  return next;
}

/// Codes of the micro-grids out of range, dedicated ones in which nobody lives apart.
std::set<std::string> out_of_range(const GridMap& map, const Assessment& assessment, const Range& range) {
  std::set<std::string> codes;
  for (const AreaFigures& figures : assessment.areas) {
    if (map.level(figures.id) != Level::micro_grid) continue;
    if (map.kind(figures.id) == Kind::dedicated && figures.households == 0) continue;
    if (figures.households < range.min || figures.households > range.max)
      codes.insert(std::string(map.code(figures.id)));
  }
  return codes;
}

/// What a planner asks first.
struct Figures {
  std::size_t violations = 0, repaired = 0, left = 0;
  std::size_t codes_kept = 0, codes_new = 0, codes_retired = 0;
  std::uint64_t households_kept = 0;       ///< in units of both plans whose micro-grid has the same code
  std::uint64_t households_known = 0;      ///< in units of both plans
  std::uint64_t households_new = 0;        ///< in units that are new
  std::uint64_t households_new_moved = 0;  ///< of them, whose micro-grid is another than the one they were built in
};

Figures figures_of(const Plan& before, const Plan& next) {
  Figures figures;
  std::vector<GridId> homes = homes_of(before, next.units);
  for (std::size_t u = 0; u < homes.size(); ++u)
    if (homes[u] == GridId::none) homes[u] = before.map.locate(next.units.units[u].position);
  const Assessment then = planning::assess_assigned(before.map, next.units.units, homes, next.profile.range);
  const std::set<std::string> violating = out_of_range(before.map, then, next.profile.range);
  const std::set<std::string> left = out_of_range(next.map, next.assessment, next.profile.range);
  figures.violations = violating.size();
  figures.left = left.size();
  for (const std::string& code : violating) figures.repaired += !left.contains(code);
  const auto count_codes = [](const GridMap& map, const GridMap& other, std::size_t& in_both, std::size_t& alone) {
    in_both = alone = 0;
    for (std::uint32_t i = 0; i < map.size(); ++i)
      if (map.level(GridId{i}) == Level::micro_grid)
        ++(other.find(map.code(GridId{i})) == GridId::none ? alone : in_both);
  };
  count_codes(before.map, next.map, figures.codes_kept, figures.codes_retired);
  count_codes(next.map, before.map, figures.codes_kept, figures.codes_new);
  const std::vector<UnitTrace> traces = traces_of(before, next);
  for (std::size_t u = 0; u < next.units.size(); ++u) {
    const UnitTrace& unit = traces[u];
    const GridId here = before.map.locate(next.units.units[u].position, Level::micro_grid);
    const bool stays = unit.to == (unit.from.empty() && here != GridId::none ? before.map.code(here) : unit.from);
    (unit.from.empty() ? figures.households_new : figures.households_known) += unit.households_after;
    if (unit.from.empty() && !stays) figures.households_new_moved += unit.households_after;
    if (!unit.from.empty() && stays) figures.households_kept += unit.households_after;
  }
  return figures;
}

void print(const Options& options, const Plan& next, const Figures& f, const NewCounts& counts) {
  const ChangeSet& made = next.history.back();
  std::printf("revision %llu: %s\n", static_cast<unsigned long long>(next.map.revision()), summary(made).c_str());
  if (!options.units.empty())
    std::printf("%zu units, %zu of them new; %zu are no longer there\n", next.units.size(), counts.fresh,
                counts.vanished);
  std::printf("%zu micro-grids out of range %u:%u: %zu repaired; %zu left\n", f.violations, next.profile.range.min,
              next.profile.range.max, f.repaired, f.left);
  std::printf("%s\n", moved(made, next.assessment.households).c_str());
  std::printf("%zu codes kept, %zu new, %zu retired; %llu of %llu households kept their code\n", f.codes_kept,
              f.codes_new, f.codes_retired, static_cast<unsigned long long>(f.households_kept),
              static_cast<unsigned long long>(f.households_known));
  if (f.households_new_moved > 0)
    std::printf("%llu of %llu households of new units joined another micro-grid than the one they stand in\n",
                static_cast<unsigned long long>(f.households_new_moved),
                static_cast<unsigned long long>(f.households_new));
  for (const std::string& line : lines(made)) std::printf("  %s\n", line.c_str());
  print_findings(next.findings);
}

void print_written(const Options& options) {
  const auto tell = [](const char* what, const fs::path& file) {
    if (!file.empty()) std::printf("%-7s %s\n", what, file.c_str());
  };
  tell("plan", options.output);
  tell("changes", options.changes);
  tell("map", options.page);
  tell("lookup", options.lookup);
}

void print_json(const Options& options, const Plan& next, const Figures& f, const NewCounts& counts) {
  using Json = nlohmann::ordered_json;
  const ChangeSet& made = next.history.back();
  const Assessment& a = next.assessment;
  Json operations = Json::object();
  for (const ChangeSet::Change& change : made.changes) {
    Json& count = operations[std::string(to_string(change.operation))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  Json out{{"revision", next.map.revision()},
           {"operations", operations},
           {"violations", f.violations},
           {"repaired", f.repaired},
           {"left", f.left},
           {"households_moved", made.households_moved},
           {"households_moved_bound", made.households_moved_bound},
           {"households", a.households},
           {"households_assigned", a.households_assigned},
           {"households_known", f.households_known},
           {"households_kept", f.households_kept},
           {"households_new", f.households_new},
           {"households_new_moved", f.households_new_moved},
           {"codes_kept", f.codes_kept},
           {"codes_new", f.codes_new},
           {"codes_retired", f.codes_retired},
           {"units", next.units.size()},
           {"units_new", counts.fresh},
           {"units_vanished", counts.vanished},
           {"micro_grids", a.micro_grids},
           {"in_range", a.in_range},
           {"compactness_median", a.compactness_median},
           {"dry_run", options.dry_run},
           {"findings", findings_to_json(next.findings)}};
  for (const auto& [name, file] : {std::pair{"plan", &options.output},
                                   {"changes", &options.changes},
                                   {"map", &options.page},
                                   {"lookup", &options.lookup}})
    if (!file->empty() && !options.dry_run) out[name] = file->string();
  std::printf("%s\n", out.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

void write(const Options& options, const Plan& before, const Plan& next) {
  const ChangeSet& made = next.history.back();
  if (!options.output.empty()) write_plan(options.output, next);
  if (!options.changes.empty()) {
    Output output(options.changes);
    output.write(to_json(made) + "\n");
    output.finish();
  }
  if (!options.page.empty()) write_diff_page(options.page, before, next, made);
  if (!options.lookup.empty()) next.map.save(options.lookup);
}

void run(const Options& options, Session& session) {
  check_usage(options);
  const Execution execution = session.execution(options.threads, options.seed);
  const Plan before = read_plan(options.plan, execution);
  NewCounts counts = count_anew(options, before, execution);
  session.leave_if_interrupted();
  const RebalanceOptions wanted = to_rebalance_options(options, before, counts.units);
  Proposal proposal = rebalance(before.map, counts.units.units, before.barriers, wanted, execution);
  const bool stopped = proposal.stopped;
  const Plan next = finish(before, std::move(counts.units), std::move(proposal), wanted.profile, options.stamp);
  const Figures figures = figures_of(before, next);
  if (!options.dry_run) write(options, before, next);
  session.clear_progress();
  if (stopped) std::fputs("wangge: stopped during the search; the plan is the best found until then\n", stderr);
  if (options.json) {
    print_json(options, next, figures, counts);
  } else {
    print(options, next, figures, counts);
    if (!options.dry_run) print_written(options);
  }
  if (options.strict && std::ranges::any_of(next.findings, leaves_a_wish)) session.exit_code = exit_findings_left;
}

}  // namespace

void add_rebalance(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "rebalance", "Bring a plan back into range after its counts have changed, moving as few households as it can");
  command->add_option("plan", options->plan, "plan.gpkg; its profile, barriers, locks and history come with it")
      ->required();
  command->add_option("-o,--output", options->output, "The next plan to write (GeoPackage)");
  command->add_option("--units", options->units,
                      "The units of today, matched by id: a GeoPackage, a CSV … [those of the plan]");
  command
      ->add_option("--lock", options->locked, "Code of a micro-grid that stays as it is; may be given more than once")
      ->allow_extra_args(false);
  command
      ->add_option("--most-moved", options->most_moved,
                   "Households that may move in all; what would need more is left, with a finding")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--margin", options->margin, "Households that a repaired micro-grid stays clear of either bound")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--keep-compounds", options->keep_compounds, "Keep compounds whole where their size allows");
  command->add_option("--profile", options->profile,
                      "Limits and weights: suqian, zhoushan, grid, output-area, or a JSON file [of the plan]");
  command->add_option("--range", options->range, "Households a micro-grid may hold, MIN:MAX [of the profile]");
  command->add_option("--effort", options->effort, "How long to search: 0 legal and no more … 3 thorough")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  command->add_option("--id", options->columns.id_field, "Column with the unit's id");
  command->add_option("--households", options->columns.households_field, "Column with the unit's households");
  command->add_option("--compound", options->columns.compound_field, "Column with the unit's compound");
  command->add_option("--simplify", options->simplify_m, "Metres that new borders off barriers may move; 0 keeps all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--changes", options->changes, "Also write the change set (JSON; docs/changes.md)");
  command->add_option("--map", options->page, "Also write a page that shows both plans and what changed between them");
  command->add_option("--lookup", options->lookup, "Also write a map file (.wgm) for wangge locate and GridMap::open");
  add_stamp(*command, options->stamp);
  command->add_option("--seed", options->seed, "Another seed, another plan; the same seed, the same bytes");
  command->add_option("--threads", options->threads, "Threads to use [one a core]");
  command->add_flag("--dry-run", options->dry_run, "Say what would come of it and write nothing");
  command->add_flag("--strict", options->strict, "Exit with 3 where a finding is left");
  command->add_flag("--json", options->json, "Print the figures and the findings as JSON");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
