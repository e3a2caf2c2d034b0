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
  std::string level, outside;
  std::optional<double> near_m;  ///< how far from an area a position may lie and yet be told it
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

/// The metres of "nearest:50m".
double parse_outside(const std::string& text) {
  constexpr std::string_view word = "nearest:";
  double metres = 0;
  if (text.starts_with(word)) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + word.size(), end, metres);
    const bool whole = rest == end || std::string_view(rest, end) == "m";
    if (error == std::errc{} && whole && metres >= 0 && metres < 1e7) return metres;
  }
  throw Error(Errc::invalid_argument,
              "--outside " + text + " is not nearest:METRES; for example --outside nearest:50m");
}

/// The area that a position is told, and how far it is: its own or, where asked for, the nearest within reach.
GridMap::Nearest area_told(const GridMap& map, GridId owner, LngLat place, const std::optional<double>& near_m) {
  return owner != GridId::none || !near_m ? GridMap::Nearest{owner, 0} : map.nearest(place, *near_m);
}

/// To the decimetre.
std::string metres(double distance) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", distance);
  return text;
}

/// The areas of each position from the command line.
class Places {
 public:
  Places(const GridMap& map, const AreaColumns& columns, const Options& options)
      : map_(map), columns_(columns), options_(options) {}

  void tell(const std::string& at) const {
    const LngLat place = parse_place(at);
    const GridMap::Nearest told = area_told(map_, map_.locate(place), place, options_.near_m);
    Answer answer{{}, told.distance_m};
    for (const AreaColumns::Column& column : columns_.columns()) {
      const GridId id = map_.ancestor(told.id, column.level);
      if (id != GridId::none) answer.areas.push_back(id);
    }
    options_.json ? tell_json(place, answer) : tell_text(at, answer);
  }

 private:
  struct Answer {
    std::vector<GridId> areas;
    double distance_m;
  };

  void tell_text(const std::string& at, const Answer& answer) const {
    std::string text = options_.at.size() > 1 ? at + "\n" : "";
    for (const GridId id : answer.areas) {
      text += std::string(to_string(map_.level(id))) + "\t" + std::string(map_.code(id)) + "\t" +
              std::string(map_.name(id)) + "\n";
    }
    if (answer.areas.empty()) text += "outside\n";
    if (!answer.areas.empty() && options_.near_m) text += "distance\t" + metres(answer.distance_m) + " m\n";
    std::fwrite(text.data(), 1, text.size(), stdout);
  }

  void tell_json(LngLat place, const Answer& answer) const {
    nlohmann::ordered_json chain = nlohmann::ordered_json::array();
    for (const GridId id : answer.areas)
      chain.push_back({{"level", to_string(map_.level(id))}, {"code", map_.code(id)}, {"name", map_.name(id)}});
    nlohmann::ordered_json line{{"lng", place.lng}, {"lat", place.lat}, {"areas", std::move(chain)}};
    if (!answer.areas.empty() && options_.near_m) line["distance_m"] = answer.distance_m;
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }

  const GridMap& map_;
  const AreaColumns& columns_;
  const Options& options_;
};

struct Counts {
  std::size_t rows = 0, inside = 0, near = 0, unreadable = 0;
};

constexpr std::string_view distance_title = "distance_m";

std::string header_of(const CsvPoints& points, const AreaColumns& columns, bool with_distance) {
  std::string header(points.header());
  std::vector<std::string> titles = columns.titles();
  if (with_distance) titles.emplace_back(distance_title);
  for (const std::string& title : titles) {
    points.refuse_column(title);
    header += ',';
    header += title;
  }
  header += points.line_end();
  return header;
}

/// Adds the cells of the position's area or else of the nearest within reach; true where it was that one.
bool append_nearest(std::string& text, const GridMap& map, const AreaColumns& columns, GridId area, LngLat place,
                    double near_m) {
  const bool outside = area == GridId::none;
  const GridMap::Nearest told = area_told(map, area, place, near_m);
  text += columns.cells(told.id);
  text += ',';
  if (told.id != GridId::none) text += outside ? metres(told.distance_m) : "0";
  return outside && told.id != GridId::none;
}

[[noreturn]] void stop(const Options& options, const Counts& counts) {
  throw Error(Errc::stopped, options.output == "-"
                                 ? "stopped by the user after " + std::to_string(counts.rows) + " positions"
                                 : "stopped by the user; no file was written");
}

/// Copies the rows and adds the areas to each.
Counts locate_rows(const GridMap& map, const AreaColumns& columns, const Options& options, const Execution& execution,
                   const Session& session) {
  CsvPoints points(options.points, options.skip_bad, session);
  std::string text = header_of(points, columns, options.near_m.has_value());
  Output output(options.output);
  Counts counts;
  CsvPoints::Rows rows;
  std::vector<GridId> areas;
  while (points.next(rows)) {
    areas.resize(rows.places.size());
    map.locate(rows.places, areas);
    for (std::size_t i = 0; i < areas.size(); ++i) {
      text += rows.texts[i];
      counts.inside += areas[i] != GridId::none;
      if (options.near_m)
        counts.near += append_nearest(text, map, columns, areas[i], rows.places[i], *options.near_m);
      else
        text += columns.cells(areas[i]);
      text += points.line_end();
    }
    counts.rows += areas.size();
    counts.unreadable += rows.unreadable;
    output.write(text);
    text.clear();
    if (!execution.go_on("looking positions up", points.share())) stop(options, counts);
  }
  output.write(text);
  output.finish();
  return counts;
}

void print_counts(const Counts& counts, std::FILE* to) {
  std::fprintf(to, "%zu positions: %zu in an area, %zu outside", counts.rows, counts.inside,
               counts.rows - counts.inside - counts.unreadable);
  if (counts.near > 0) std::fprintf(to, " (%zu near one)", counts.near);
  if (counts.unreadable > 0) std::fprintf(to, ", %zu without a position on Earth", counts.unreadable);
  std::fprintf(to, "\n");
}

void run(Options& options, Session& session) {
  if (!options.outside.empty()) options.near_m = parse_outside(options.outside);
  if (options.at.empty() == options.points.empty())
    throw Error(Errc::invalid_argument, "give either --at LNG,LAT or --points IN.csv");
  if (options.output != "-") check_output(options.output, "", std::array{options.map, options.points});
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
  const Counts counts = locate_rows(map, columns, options, execution, session);
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
  command->add_option("--outside", options->outside,
                      "nearest:50m tells a position outside every area the nearest one within 50 m, and how far it is");
  command->add_flag("--skip-bad", options->skip_bad,
                    "Leave the answer empty where a row has no position on Earth [refuse the file]");
  command->add_flag("--trusted", options->trusted, "Skip checking the map file, which was written here");
  command->add_flag("--json", options->json, "Answer each --at with a line of JSON");
  command->callback([options, &session] { run(*options, session); });
}

}  // namespace wangge::app
