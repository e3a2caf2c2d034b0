#include "app/commands.hpp"
#include "app/outputs.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <wangge/io.hpp>
#include <wangge/town.hpp>

namespace wangge::app {
namespace {

struct Arguments {
  TownOptions town;
  std::vector<double> at;
  std::string output;
};

template <class Items, class Name>
std::string counted(const Items& items, Name name) {
  std::map<decltype(name(*items.begin())), std::size_t> counts;
  for (const auto& item : items) ++counts[name(item)];
  std::string text;
  for (const auto& [key, count] : counts) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(to_string(key));
  }
  return text;
}

void print_summary(const City& city, const std::string& output) {
  std::uint64_t persons = 0;
  for (const Unit& unit : city.units.units) persons += unit.persons.value_or(0);
  const std::string levels = counted(city.areas, [](const GridRecord& area) { return area.level; });
  const std::string classes = counted(city.barriers, [](const Barrier& barrier) { return barrier.barrier; });
  std::printf("households  %llu\npersons     %llu\nunits       %zu\n",
              static_cast<unsigned long long>(total_households(city.units.units)),
              static_cast<unsigned long long>(persons), city.units.size());
  std::printf("area        %.3f km2\nareas       %s\nbarriers    %s\nwritten to  %s\n",
              area_m2(city.areas.front().polygons) / 1e6, levels.c_str(), classes.c_str(), output.c_str());
}

}  // namespace

void add_make_town(CLI::App& program, Session& session) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = program.add_subcommand("make-town", "Make a seeded town to test and measure with");
  command->add_option("--households", arguments->town.households, "Households, exactly: 1 to 10,000,000")
      ->check(CLI::Range(1, 10'000'000).description(""))
      ->capture_default_str();
  command->add_option("--seed", arguments->town.seed, "Another seed, another town")->capture_default_str();
  command->add_option("--like", arguments->town.like, "fangzhou: 4,072 households, 4 sectors, 15 grids on 2.2 km2")
      ->check(CLI::IsMember({"fangzhou"}).description(""));
  command->add_option("--at", arguments->at, "Centre as LNG,LAT in degrees")->delimiter(',')->expected(2);
  command->add_option("--towers", arguments->town.towers, "Share (0 to 1) of compounds of towers above 100 households")
      ->check(CLI::Range(0.0, 1.0).description(""));
  command->add_flag("--stairwells", arguments->town.stairwells, "One unit a stairwell instead of one a building");
  command->add_option("-o,--output", arguments->output, "GeoPackage to write")->required();
  command->callback([arguments, &session] {
    if (arguments->at.size() == 2) arguments->town.centre = {arguments->at[0], arguments->at[1]};
    check_output(arguments->output, ".gpkg");
    const Execution execution = session.execution(1, arguments->town.seed);
    const City city = make_town(arguments->town, execution);
    session.leave_if_interrupted();
    write_city(arguments->output, city, execution);
    session.clear_progress();
    print_summary(city, arguments->output);
  });
}

}  // namespace wangge::app
