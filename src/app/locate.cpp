#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/area_columns.hpp"
#include "app/commands.hpp"
#include "app/csv_points.hpp"
#include "app/open_map.hpp"
#include "app/outputs.hpp"
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

namespace wangge::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path map, points, output = "-";
  std::vector<std::string> at;
  std::string level;
  bool trusted = false, skip_bad = false, json = false;
};

LngLat parse_place(const std::string& text) {
  LngLat place;
  const char* const end = text.data() + text.size();
  const auto [comma, first] = std::from_chars(text.data(), end, place.lng);
  if (first == std::errc{} && comma != end && *comma == ',') {
    const auto [rest, second] = std::from_chars(comma + 1, end, place.lat);
    if (second == std::errc{} && rest == end && on_earth(place)) return place;
  }
  throw Error(Errc::invalid_argument, "--at " + text + " is not LNG,LAT in degrees; for example --at 116.3913,39.9075");
}

/// The areas of each position from the command line.
class Places {
 public:
  Places(const GridMap& map, const AreaColumns& columns, const Options& options)
      : map_(map), columns_(columns), options_(options) {}

  void tell(const std::string& at) const {
    const LngLat place = parse_place(at);
    const GridId finest = map_.locate(place);
    std::vector<GridId> areas;
    for (const AreaColumns::Column& column : columns_.columns()) {
      const GridId id = finest == GridId::none ? GridId::none : map_.ancestor(finest, column.level);
      if (id != GridId::none) areas.push_back(id);
    }
    options_.json ? tell_json(place, areas) : tell_text(at, areas);
  }

 private:
  void tell_text(const std::string& at, const std::vector<GridId>& areas) const {
    std::string text = options_.at.size() > 1 ? at + "\n" : "";
    for (const GridId id : areas) {
      text += std::string(to_string(map_.level(id))) + "\t" + std::string(map_.code(id)) + "\t" +
              std::string(map_.name(id)) + "\n";
    }
    if (areas.empty()) text += "outside\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
  }

  void tell_json(LngLat place, const std::vector<GridId>& areas) const {
    nlohmann::ordered_json chain = nlohmann::ordered_json::array();
    for (const GridId id : areas)
      chain.push_back({{"level", to_string(map_.level(id))}, {"code", map_.code(id)}, {"name", map_.name(id)}});
    const nlohmann::ordered_json line{{"lng", place.lng}, {"lat", place.lat}, {"areas", std::move(chain)}};
    std::printf("%s\n", line.dump().c_str());
  }

  const GridMap& map_;
  const AreaColumns& columns_;
  const Options& options_;
};

struct Counts {
  std::size_t rows = 0, inside = 0, unreadable = 0;
};

std::string header_of(const CsvPoints& points, const AreaColumns& columns) {
  std::string header(points.header());
  for (const std::string& title : columns.titles()) {
    points.refuse_column(title);
    header += ',';
    header += title;
  }
  header += points.line_end();
  return header;
}

/// Copies the rows and adds the areas to each.
Counts locate_rows(const GridMap& map, const AreaColumns& columns, const Options& options, const Execution& execution) {
  CsvPoints points(options.points, options.skip_bad);
  std::string text = header_of(points, columns);
  Output output(options.output);
  Counts counts;
  CsvPoints::Rows rows;
  std::vector<GridId> areas;
  while (points.next(rows)) {
    areas.resize(rows.places.size());
    map.locate(rows.places, areas);
    for (std::size_t i = 0; i < areas.size(); ++i) {
      text += rows.texts[i];
      text += columns.cells(areas[i]);
      text += points.line_end();
      counts.inside += areas[i] != GridId::none;
    }
    counts.rows += areas.size();
    counts.unreadable += rows.unreadable;
    output.write(text);
    text.clear();
    if (!execution.go_on("looking positions up", points.share()))
      throw Error(Errc::stopped, "stopped by the user; no file was written");
  }
  output.write(text);
  output.finish();
  return counts;
}

void print_counts(const Counts& counts, std::FILE* to) {
  std::fprintf(to, "%zu positions: %zu in an area, %zu outside", counts.rows, counts.inside,
               counts.rows - counts.inside - counts.unreadable);
  if (counts.unreadable > 0) std::fprintf(to, ", %zu without a position on Earth", counts.unreadable);
  std::fprintf(to, "\n");
}

void run(const Options& options, Session& session) {
  if (options.at.empty() == options.points.empty())
    throw Error(Errc::invalid_argument, "give either --at LNG,LAT or --points IN.csv");
  if (options.output != "-") check_output(options.output, std::array{options.map, options.points});
  for (const std::string& at : options.at) parse_place(at);
  const Execution execution = session.execution(0, 0);
  const GridMap map = open_map(options.map, {.trusted = options.trusted}, execution);
  const AreaColumns columns(map, options.level);
  session.leave_if_interrupted();
  if (options.points.empty()) {
    session.clear_progress();
    const Places places(map, columns, options);
    for (const std::string& at : options.at) places.tell(at);
    return;
  }
  const Counts counts = locate_rows(map, columns, options, execution);
  session.clear_progress();
  print_counts(counts, options.output == "-" ? stderr : stdout);
}

}  // namespace

void add_locate(CLI::App& program, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("locate", "Say which areas positions are in");
  command
      ->add_option("map", options->map,
                   "Map file (.wgm) that split --lookup or convert wrote; or a plan.gpkg, GeoJSON …")
      ->required();
  command->add_option("--at", options->at, "A position, LNG,LAT in WGS 84 degrees; may be given more than once")
      ->allow_extra_args(false);
  command->add_option("--points", options->points,
                      "CSV of positions with the columns lng and lat, of any size; - for stdin");
  command
      ->add_option("-o,--output", options->output,
                   "CSV to write: the rows of --points and the code and name of the area of each level; - for stdout")
      ->capture_default_str();
  command->add_option("--level", options->level, "Tell the area of this level only: town, community, grid …");
  command->add_flag("--skip-bad", options->skip_bad,
                    "Leave the answer empty where a row has no position on Earth [refuse the file]");
  command->add_flag("--trusted", options->trusted, "Skip checking the map file, which was written here");
  command->add_flag("--json", options->json, "Answer each --at with a line of JSON");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
