#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/area_columns.hpp"
#include "app/commands.hpp"
#include "app/geojson_areas.hpp"
#include "app/open_map.hpp"
#include "app/outputs.hpp"
#include "verify/plan_file.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

std::vector<GridRecord> areas_of(const fs::path& file, const Execution& execution) {
  return is_map_file(file) ? GridMap::open(file).records() : read_areas(file, execution);
}

/// Which unit is in which micro-grid, as the plan says.
std::string equivalence_of(const fs::path& file) {
  if (is_map_file(file))
    throw Error(Errc::unsupported, file.string() + " is a map file, which holds no units; give the plan.gpkg");
  std::string text = "unit,code\n";
  for (const verify::Unit& unit : verify::read_plan(file).units) {
    append_csv_cell(text, unit.id);
    text += ',';
    append_csv_cell(text, unit.micro_grid);
    text += '\n';
  }
  return text;
}

void write_text(const fs::path& file, const std::string& text) {
  Output output(file);
  output.write(text);
  output.finish();
}

/// Reads `from`; what it returns writes `to`.
std::function<void()> conversion(const fs::path& from, const fs::path& to, const Execution& execution) {
  const std::string format = to.extension().string();
  if (format == ".wgm") return [to, map = open_map(from, {}, execution)] { map.save(to); };
  if (format == ".geojson" || format == ".json")
    return [to, text = to_geojson(areas_of(from, execution))] { write_text(to, text); };
  if (format == ".csv") return [to, text = equivalence_of(from)] { write_text(to, text); };
  if (format == ".gpkg") {
    City city;
    city.areas = areas_of(from, execution);
    return [to, city = std::move(city), &execution] { write_city(to, city, execution); };
  }
  throw Error(Errc::unsupported,
              to.string() + " has none of the endings .wgm, .geojson, .gpkg or .csv, which say what to write");
}

}  // namespace

void add_convert(CLI::App& program, Session& session) {
  struct Files {
    fs::path from, to;
  };
  auto files = std::make_shared<Files>();
  CLI::App* command = program.add_subcommand("convert", "Write the areas of a plan or a map in another format");
  command->add_option("in", files->from, "plan.gpkg, map file (.wgm), GeoJSON or whatever OGR reads")->required();
  command
      ->add_option("out", files->to,
                   "What to write, by its ending: .wgm map file, .geojson or .gpkg areas, .csv the units and the codes "
                   "of their micro-grids")
      ->required();
  command->callback([files, &session] {
    check_output(files->to, "", std::array{files->from});
    const Execution execution = session.execution(0, 0);
    const auto write = conversion(files->from, files->to, execution);
    session.leave_if_interrupted();
    write();
    session.clear_progress();
    std::printf("written to  %s\n", files->to.c_str());
  });
}

}  // namespace wangge::app
