#include <cstdio>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/outputs.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string in, out;
  ImportOptions options;
  bool json = false;
};

struct Figures {
  std::uint64_t units = 0, households = 0;
};

/// What a person wants to know of an import, ready to print.
struct Summary {
  Figures all;
  std::map<std::string, Figures> by_source;      // flats, addresses, estimate, none
  std::map<BarrierClass, std::size_t> barriers;  // by class
  std::vector<Figures> areas;                    // one an area, those of its parts included
};

void add(Figures& figures, const Unit& unit) {
  ++figures.units;
  figures.households += unit.households;
}

const std::vector<std::string>& sources_of(const City& city) {
  for (const UnitLabel& label : city.units.labels)
    if (label.name == "households_from") return label.values;
  throw Error(Errc::missing_field, "the import says not where its households come from");
}

Summary summarize(const City& city) {
  const std::vector<std::string>& sources = sources_of(city);
  const GridMap map = GridMap::build(city.areas);
  Summary summary;
  summary.areas.resize(city.areas.size());
  for (std::size_t i = 0; i < city.units.size(); ++i) {
    const Unit& unit = city.units.units[i];
    add(summary.all, unit);
    add(summary.by_source[sources[i]], unit);
    for (GridId id = map.locate(unit.position); id != GridId::none; id = map.parent(id))
      add(summary.areas[static_cast<std::uint32_t>(id)], unit);
  }
  for (const Barrier& barrier : city.barriers) ++summary.barriers[barrier.barrier];
  return summary;
}

Json to_json(const Figures& figures) { return {{"units", figures.units}, {"households", figures.households}}; }

void print_json(const City& city, const Summary& summary) {
  Json json = to_json(summary.all);
  for (const auto& [source, figures] : summary.by_source) json["households_from"][source] = to_json(figures);
  for (const auto& [kind, count] : summary.barriers) json["barriers"][std::string(to_string(kind))] = count;
  json["areas"] = Json::array();
  for (std::size_t i = 0; i < city.areas.size(); ++i) {
    const GridRecord& area = city.areas[i];
    Json row{{"code", area.code}, {"name", area.name}, {"level", to_string(area.level)}, {"parent", area.parent}};
    row.update(to_json(summary.areas[i]));
    json["areas"].push_back(std::move(row));
  }
  json["findings"] = Json::array();
  for (const Finding& finding : city.findings)
    json["findings"].push_back({{"kind", to_string(finding.kind)}, {"text", finding.text}});
  std::printf("%s\n", json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

void print_table(const City& city, const Summary& summary) {
  std::printf("%llu units, %llu households\n", static_cast<unsigned long long>(summary.all.units),
              static_cast<unsigned long long>(summary.all.households));
  for (const auto& [source, figures] : summary.by_source)
    std::printf("  from %-10s %8llu units %8llu households\n", source.c_str(),
                static_cast<unsigned long long>(figures.units), static_cast<unsigned long long>(figures.households));
  std::printf("%zu barriers:", city.barriers.size());
  for (const auto& [kind, count] : summary.barriers)
    std::printf(" %zu %s", count, std::string(to_string(kind)).c_str());
  std::printf("\n%zu areas\n", city.areas.size());
  for (std::size_t i = 0; i < city.areas.size(); ++i)
    std::printf("  %-12s %-10s %8llu households  %s\n", city.areas[i].code.c_str(),
                std::string(to_string(city.areas[i].level)).c_str(),
                static_cast<unsigned long long>(summary.areas[i].households), city.areas[i].name.c_str());
  for (const Finding& finding : city.findings) std::printf("note: %s\n", finding.text.c_str());
}

void run(const Arguments& arguments, Session& session) {
  check_output(arguments.out, ".gpkg", {{arguments.in}});
  const Execution execution = session.execution(1, 0);
  const City city = import_osm(arguments.in, arguments.options, execution);
  const Summary summary = summarize(city);
  session.leave_if_interrupted();
  write_city(arguments.out, city, execution);
  session.clear_progress();
  arguments.json ? print_json(city, summary) : print_table(city, summary);
}

}  // namespace

void add_import_osm(CLI::App& program, Session& session) {
  CLI::App* command = program.add_subcommand(
      "import-osm", "Turn an OpenStreetMap extract into a city to split: units with households, barriers and areas");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("extract", arguments->in, "the extract, .osm.pbf or .osm")->required()->type_name("IN");
  command->add_option("-o,--output", arguments->out, "the GeoPackage to write")->required()->type_name("CITY.gpkg");
  const std::map<std::string, ImportOptions::Estimate> estimates{{"none", ImportOptions::Estimate::none},
                                                                 {"residential", ImportOptions::Estimate::residential},
                                                                 {"all", ImportOptions::Estimate::all}};
  command
      ->add_option("--estimate", arguments->options.estimate,
                   "estimate households of buildings without flats and addresses: none, residential or all")
      ->transform(CLI::CheckedTransformer(estimates).description(""))
      ->option_text("none|residential|all [residential]");
  command
      ->add_option("--address-reach", arguments->options.address_reach_m,
                   "an address outside every building goes to the nearest one within so many metres")
      ->type_name("M")
      ->capture_default_str();
  command
      ->add_option("--area-level", arguments->options.area_level,
                   "OSM admin_level of the areas to split; 0: the finest that covers the units")
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "print the summary as JSON");
  command->callback([arguments, &session] { run(*arguments, session); });
}

}  // namespace wangge::app
