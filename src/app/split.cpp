#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/findings.hpp"
#include "app/outputs.hpp"
#include "app/report/page.hpp"
#include "app/wishes.hpp"
#include "planning/micro_grids.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>
#include <wangge/planning.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path city, areas, units, output, page, lookup;
  std::vector<fs::path> barriers;
  std::string profile = "suqian", range;
  std::uint32_t target = 0;
  double simplify_m = 2;
  int effort = 1;
  std::vector<std::string> together, apart, locked;
  bool keep_compounds = false, annex = false, strict = false, json = false;
  ReadOptions columns;
  std::uint64_t seed = 0;
  unsigned threads = 0;
};

/// The profile with what the command line says otherwise.
Profile choose_profile(const Options& options) {
  Profile profile = with_range(find_profile(options.profile), options.range);
  if (options.target != 0) profile.target = options.target;
  check(profile);
  return profile;
}

/// What can be told before any work.
void check_outputs(const Options& options) {
  std::vector<fs::path> inputs{options.city, options.areas, options.units};
  inputs.insert(inputs.end(), options.barriers.begin(), options.barriers.end());
  check_output(options.output, ".gpkg", inputs);
  if (!options.page.empty()) check_output(options.page, ".html", inputs);
  if (!options.lookup.empty()) check_output(options.lookup, ".wgm", inputs);
}

City gather(const Options& options, const Execution& execution) {
  City city = read_city(options.city, options.columns, execution);
  if (!options.units.empty()) city.units = read_units(options.units, options.columns, execution);
  if (!options.areas.empty()) city.areas = read_areas(options.areas, execution);
  for (const fs::path& file : options.barriers) {
    std::vector<Barrier> more = read_barriers(file, execution);
    std::ranges::move(more, std::back_inserter(city.barriers));
  }
  if (city.units.units.empty()) {
    const fs::path& file = options.units.empty() ? options.city : options.units;
    throw Error(Errc::invalid_units, file.string() + " holds no unit; give a file with one a building");
  }
  return city;
}

void check_locks(const City& city, const Options& options) {
  for (const std::string& code : options.locked) {
    const auto is_it = [&](const GridRecord& area) { return area.code == code && area.level == Level::micro_grid; };
    if (std::ranges::any_of(city.areas, is_it)) continue;
    throw Error(Errc::not_found, "--lock " + code + ": " +
                                     (options.areas.empty() ? options.city : options.areas).string() +
                                     " has no micro-grid of that code; give an earlier plan");
  }
}

/// A position with half of the units to each side of it.
Position median_place(Units units) {
  std::vector<std::int32_t> xs, ys;
  for (const Unit& unit : units) xs.push_back(unit.position.x), ys.push_back(unit.position.y);
  const auto half = static_cast<std::ptrdiff_t>(units.size() / 2);
  std::ranges::nth_element(xs, xs.begin() + half);
  std::ranges::nth_element(ys, ys.begin() + half);
  return {xs[units.size() / 2], ys[units.size() / 2]};
}

/// Refuses units so far apart that some must be misplaced: an area round all would reach across a country.
void check_is_one_place(const City& city, const Options& options) {
  constexpr double farthest_m = 200'000;
  const Position middle = median_place(city.units.units);
  for (const Unit& unit : city.units.units) {
    const double distance_m = length_m(middle, unit.position);
    if (distance_m <= farthest_m) continue;
    throw Error(Errc::invalid_units, (options.units.empty() ? options.city : options.units).string() + ": unit " +
                                         unit.id + " stands " + std::to_string(std::lround(distance_m / 1000)) +
                                         " km from the middle of all units; check its position, or give --areas");
  }
}

/// What is split are areas above the micro-grid; micro-grids of an earlier plan make room, but for those locked.
void prepare_areas(City& city, const Options& options) {
  check_locks(city, options);
  std::erase_if(city.areas, [&](const GridRecord& area) {
    return area.level == Level::micro_grid && std::ranges::find(options.locked, area.code) == options.locked.end();
  });
  if (!city.areas.empty()) return;
  check_is_one_place(city, options);
  city.areas.push_back({"001", "", Level::grid, "", Kind::general, area_around(city.units.units)});
  city.findings.push_back({Finding::Kind::input, "001", "", inner_point(city.areas[0].polygons),
                           "the input has no areas; one was drawn round all units"});
}

/// The map of the areas; what is wrong with them is said of the file they come from.
GridMap build_map(const City& city, const Options& options, const Execution& execution) {
  try {
    return GridMap::build(city.areas, {}, execution);
  } catch (const Error& error) {
    if (error.code() == Errc::stopped) throw;
    throw Error(error.code(), (options.areas.empty() ? options.city : options.areas).string() + ": " + error.what());
  }
}

SplitOptions to_split_options(const Options& options, Profile profile, const City& city, const GridMap& map) {
  SplitOptions split;
  split.profile = std::move(profile);
  split.columns = city.units.attributes;
  split.simplify_m = options.simplify_m;
  split.keep_compounds = options.keep_compounds;
  split.annex = options.annex;
  split.effort = options.effort;
  split.together = find_pairs("--must-link", options.together, city.units);
  split.apart = find_pairs("--cannot-link", options.apart, city.units);
  for (const std::string& code : options.locked) split.locked.push_back(map.find(code));
  return split;
}

void note_mends(const GridMap& map, std::vector<Finding>& findings) {
  for (const WeldReport::Mend& mend : map.weld_report().mends) {
    char size[32];
    std::snprintf(size, sizeof size, "%.2f m2", mend.area_m2);
    const std::string between = mend.b.empty() ? " beside " + mend.a : " between " + mend.a + " and " + mend.b;
    findings.push_back({Finding::Kind::mended, mend.a, "", mend.place,
                        (mend.overlap ? "an overlap of " : "a gap of ") + std::string(size) + between + " was closed"});
  }
}

Plan finish(City&& city, Proposal&& proposal, const GridMap& before, const Profile& profile) {
  Plan plan;
  plan.map = proposal.next;
  plan.units = std::move(city.units);
  plan.micro_grid_of_unit = std::move(proposal.area_of_unit);
  plan.barriers = std::move(city.barriers);
  plan.findings = std::move(city.findings);
  note_mends(before, plan.findings);
  std::ranges::move(proposal.after.findings, std::back_inserter(plan.findings));
  plan.assessment = std::move(proposal.after);
  plan.history.push_back(std::move(proposal.changes));
  plan.profile = profile;
  plan.source = city.source;
  return plan;
}

void print_summary(const Plan& plan, const Proposal& proposal, const Options& options) {
  const Assessment& a = plan.assessment;
  std::printf("%u micro-grids, %u in range %u:%u; %llu of %llu households assigned\n", a.micro_grids, a.in_range,
              plan.profile.range.min, plan.profile.range.max, static_cast<unsigned long long>(a.households_assigned),
              static_cast<unsigned long long>(a.households));
  std::printf("compactness %.3f (median Polsby-Popper); %.0f %% of the inner border on barrier lines\n",
              a.compactness_median, 100 * proposal.borders.on_barriers);
  print_findings(plan.findings);
  std::printf("plan   %s\n", options.output.c_str());
  if (!options.page.empty()) std::printf("map    %s\n", options.page.c_str());
  if (!options.lookup.empty()) std::printf("lookup %s\n", options.lookup.c_str());
}

nlohmann::ordered_json objective_to_json(const Objective& o) {
  return {{"total", o.total()},        {"cut", o.cut},           {"inertia", o.inertia},
          {"deviation", o.deviation},  {"barriers", o.barriers}, {"compounds", o.compounds},
          {"attributes", o.attributes}};
}

nlohmann::ordered_json cut_to_json(const CutLength& cut) {
  return {{"open", cut.open_m},
          {"street", cut.street_m},
          {"wall", cut.wall_m},
          {"soft", cut.soft_m},
          {"crossing", cut.crossing_m}};
}

/// Every micro-grid with what it holds and what it costs.
nlohmann::ordered_json areas_to_json(const Plan& plan) {
  auto areas = nlohmann::ordered_json::array();
  for (const AreaFigures& figures : plan.assessment.areas) {
    if (plan.map.level(figures.id) != Level::micro_grid) continue;
    nlohmann::ordered_json area{{"code", plan.map.code(figures.id)},
                                {"households", figures.households},
                                {"persons", figures.persons},
                                {"units", figures.units},
                                {"compactness", figures.compactness}};
    for (std::size_t k = 0; k < figures.attributes.size(); ++k)
      area["attributes"][plan.profile.attributes[k].attribute] = figures.attributes[k];
    if (figures.objective) area["objective"] = objective_to_json(*figures.objective);
    areas.push_back(std::move(area));
  }
  return areas;
}

void print_json(const Plan& plan, const Proposal& proposal, const Options& options) {
  const Assessment& a = plan.assessment;
  const BorderFigures& b = proposal.borders;
  nlohmann::ordered_json out{{"micro_grids", a.micro_grids},
                             {"in_range", a.in_range},
                             {"households", a.households},
                             {"households_assigned", a.households_assigned},
                             {"compactness_median", a.compactness_median},
                             {"inner_border_m", b.inner_m},
                             {"border_on_barriers", b.on_barriers},
                             {"border_vertices_per_km", b.vertices_per_km},
                             {"elongated", b.elongated},
                             {"necked", b.necked},
                             {"near_bounds", b.near_bounds},
                             {"blocks", b.blocks},
                             {"blocks_split", b.blocks_split},
                             {"partition_cpu_s", proposal.partition_cpu_s},
                             {"profile", nlohmann::ordered_json::parse(to_json(plan.profile))},
                             {"objective", objective_to_json(proposal.objective)},
                             {"cut_m", cut_to_json(proposal.cut)},
                             {"stopped", proposal.stopped},
                             {"plan", options.output.string()}};
  if (!options.page.empty()) out["map"] = options.page.string();
  if (!options.lookup.empty()) out["lookup"] = options.lookup.string();
  out["findings"] = findings_to_json(plan.findings);
  out["areas"] = areas_to_json(plan);
  std::printf("%s\n", out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void run(const Options& options, Session& session) {
  const Profile profile = choose_profile(options);
  check_outputs(options);
  const Execution execution = session.execution(options.threads, options.seed);
  City city = gather(options, execution);
  session.leave_if_interrupted();
  prepare_areas(city, options);
  const GridMap map = build_map(city, options, execution);
  Proposal proposal = split(map, planning::areas_to_split(map), city.units.units, city.barriers,
                            to_split_options(options, profile, city, map), execution);
  const Plan plan = finish(std::move(city), std::move(proposal), map, profile);
  write_plan(options.output, plan);
  if (!options.page.empty()) write_page(options.page, plan);
  if (!options.lookup.empty()) plan.map.save(options.lookup);
  session.clear_progress();
  if (proposal.stopped)
    std::fputs("wangge: stopped during the search; the plan is the best found until then\n", stderr);
  if (options.json)
    print_json(plan, proposal, options);
  else
    print_summary(plan, proposal, options);
  if (options.strict && std::ranges::any_of(plan.findings, leaves_a_wish)) session.exit_code = exit_findings_left;
}

}  // namespace

void add_split(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("split", "Split every area of a map into micro-grids");
  command
      ->add_option("city", options->city, "Areas, units and barriers: GeoPackage or whatever OGR reads; CSV of units")
      ->required();
  command->add_option("-o,--output", options->output, "The plan to write (GeoPackage)")->required();
  command->add_option("--units", options->units, "Take the units from this file");
  command->add_option("--areas", options->areas, "Take the areas from this file");
  command->add_option("--barriers", options->barriers, "Further barriers; may be given more than once");
  command
      ->add_option("--profile", options->profile,
                   "Limits and weights: suqian, zhoushan, grid, output-area, or a JSON file (docs/profiles.md)")
      ->capture_default_str();
  command->add_option("--range", options->range, "Households a micro-grid may hold, MIN:MAX [of the profile]");
  command->add_option("--target", options->target, "Households a micro-grid should hold [of the profile]");
  command->add_option("--effort", options->effort, "How long to search: 0 legal and no more … 3 thorough")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  const auto pairs = [command](const char* name, std::vector<std::string>& to, const char* meaning) {
    command->add_option(name, to, meaning)->type_name("UNIT,UNIT|CSV")->allow_extra_args(false);
  };
  pairs("--must-link", options->together, "Two units that share a micro-grid; may be given more than once");
  pairs("--cannot-link", options->apart, "Two units that never share one; may be given more than once");
  command
      ->add_option("--lock", options->locked,
                   "Code of a micro-grid of the plan that stays as it is; the rest is split anew")
      ->allow_extra_args(false);
  command->add_flag("--annex", options->annex,
                    "Give each hamlet to the neighbour over the barrier that can take it in");
  command->add_option("--id", options->columns.id_field, "Column with the unit's id");
  command->add_option("--households", options->columns.households_field, "Column with the unit's households");
  command->add_option("--compound", options->columns.compound_field,
                      "Column with the unit's compound; compounds then stay whole, and to themselves, where they can");
  command
      ->add_option("--simplify", options->simplify_m, "Metres that borders off barriers may move; 0 keeps every vertex")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--lookup", options->lookup, "Also write a map file (.wgm) for wangge locate and GridMap::open");
  command->add_option("--map", options->page, "Also write a page to look at, which opens in any browser");
  command->add_option("--seed", options->seed, "Another seed, another plan; the same seed, the same bytes");
  command->add_option("--threads", options->threads, "Threads to use [one a core]");
  command->add_flag("--strict", options->strict, "Exit with 3 where a finding is left");
  command->add_flag("--json", options->json, "Print the summary and the findings as JSON");
  command->callback([options, &session] {
    options->keep_compounds = !options->columns.compound_field.empty();
    run(*options, session);
  });
}

}  // namespace wangge::app
