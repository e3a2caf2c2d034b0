#include <algorithm>
#include <array>
#include <unordered_map>

#include "io/cells.hpp"
#include "io/certificate_json.hpp"
#include "io/features.hpp"
#include "io/ogr_history.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>
#include <wangge/same_ground.hpp>

namespace wangge {
namespace {

using namespace std::string_view_literals;

/// The cells of one layer by the names of their columns; empty where the layer has no such column.
class Table {
 public:
  Table(const io::FeatureFile& file, const io::Layer& layer) : file_(file), layer_(layer) {}

  bool has(std::string_view name) const { return io::find_field(layer_.fields, std::span(&name, 1)).has_value(); }
  std::string text(const io::Feature& row, std::string_view name) const {
    const auto at = io::find_field(layer_.fields, std::span(&name, 1));
    return at ? io::to_text(row.values[*at]) : std::string();
  }
  std::optional<double> number(const io::Feature& row, std::string_view name) const {
    const auto at = io::find_field(layer_.fields, std::span(&name, 1));
    return at ? io::to_number(row.values[*at]) : std::nullopt;
  }
  std::uint64_t count(const io::Feature& row, std::string_view name) const {
    const double value = number(row, name).value_or(0);
    if (!(value >= 0 && value < 1e15)) refuse(row, std::string(name) + " is no count");
    return static_cast<std::uint64_t>(value);
  }
  [[noreturn]] void refuse(const io::Feature& row, const std::string& what) const {
    io::refuse(Errc::unreadable, io::place_of(file_, layer_, row), what);
  }
  const std::vector<io::Feature>& rows() const { return layer_.features; }
  std::string place(const io::Feature& row) const { return io::place_of(file_, layer_, row); }

 private:
  const io::FeatureFile& file_;
  const io::Layer& layer_;
};

class PlanReader {
 public:
  explicit PlanReader(const io::FeatureFile& file) : file_(file) {}

  Plan read(const Execution& execution) {
    std::vector<Finding> none;
    const io::Layer& units = required("units");
    plan_.units = io::to_units(file_, units, {}, none);
    plan_.source = units.description;
    if (const io::Layer* barriers = find("barriers")) plan_.barriers = io::to_barriers(file_, *barriers);
    if (const io::Layer* changes = find("changes")) plan_.history = io::read_history(file_, *changes);
    if (const io::Layer* profile = find("profile")) read_profile(*profile);
    if (const io::Layer* findings = find("findings")) read_findings(*findings);
    build_map(execution);
    read_assignment(units);
    read_figures(required("areas"));
    sum_up();
    return std::move(plan_);
  }

 private:
  const io::Layer* find(std::string_view name) const {
    const auto at = std::ranges::find(file_.layers, name, &io::Layer::name);
    return at == file_.layers.end() ? nullptr : &*at;
  }
  const io::Layer& required(std::string_view name) const {
    if (const io::Layer* layer = find(name)) return *layer;
    io::refuse(Errc::unreadable, file_.path.string(),
               "no layer " + std::string(name) + "; give a plan.gpkg that wangge wrote");
  }

  void read_profile(const io::Layer& layer) {
    const Table table(file_, layer);
    for (const io::Feature& row : table.rows())
      plan_.profile = parse_profile(table.text(row, "json"), io::place_of(file_, layer));
  }

  void read_findings(const io::Layer& layer) {
    const Table table(file_, layer);
    for (const io::Feature& row : table.rows()) {
      Finding finding{parse_kind_of_finding(table, row),
                      table.text(row, "code"),
                      table.text(row, "unit"),
                      {},
                      table.text(row, "text")};
      if (!row.shape.points.empty()) finding.place = to_lattice(row.shape.points[0]);
      if (const std::string json = table.text(row, "certificate"); !json.empty())
        finding.certificate = io::parse_certificate(json, table.place(row));
      plan_.findings.push_back(std::move(finding));
    }
  }

  static Finding::Kind parse_kind_of_finding(const Table& table, const io::Feature& row) {
    const std::string name = table.text(row, "kind");
    for (int kind = 0; kind <= static_cast<int>(Finding::Kind::locked); ++kind)
      if (to_string(static_cast<Finding::Kind>(kind)) == name) return static_cast<Finding::Kind>(kind);
    table.refuse(row, "no finding is of the kind \"" + name + "\"");
  }

  void build_map(const Execution& execution) {
    BuildOptions options;
    if (!plan_.history.empty()) options.revision = plan_.history.back().base_revision + 1;
    try {
      plan_.map = GridMap::build(io::to_areas(file_, required("areas")), options, execution);
    } catch (const Error& error) {
      if (error.code() == Errc::stopped) throw;
      throw Error(error.code(), file_.path.string() + ": " + error.what());
    }
    is_hashed() ? check_last_mention() : take_areas_into_history();
  }

  bool is_hashed() const {
    constexpr std::array name{"hash"sv};
    const io::Layer* changes = find("changes");
    return changes != nullptr && io::find_field(changes->fields, name).has_value();
  }

  /// Before there were hashes, areas lacked vertices where borders from beyond end on theirs.
  void take_areas_into_history() {
    for (ChangeSet& changes : plan_.history)
      for (ChangeSet::Change& change : changes.changes)
        for (GridRecord& record : change.after)
          if (const GridId id = plan_.map.find(record.code); id != GridId::none) record = plan_.map.record(id);
  }

  /// Every area that the history names is as the last change to it left it.
  void check_last_mention() const {
    std::unordered_map<std::string_view, std::pair<std::uint64_t, const GridRecord*>> last;
    for (const ChangeSet& changes : plan_.history) {
      for (const ChangeSet::Change& change : changes.changes)
        for (const GridRecord& gone : change.before) last[gone.code] = {changes.base_revision + 1, nullptr};
      for (const ChangeSet::Change& change : changes.changes)
        for (const GridRecord& come : change.after) last[come.code] = {changes.base_revision + 1, &come};
    }
    for (std::uint32_t row = 0; row < plan_.map.size(); ++row) {
      const auto at = last.find(plan_.map.code(GridId{row}));
      if (at == last.end()) continue;
      const auto [revision, record] = at->second;
      if (record == nullptr || !is_as_left(*record, plan_.map.record(GridId{row}))) refuse_area(at->first, revision);
      last.erase(at);
    }
    for (const auto& [code, mention] : last)
      if (mention.second != nullptr) refuse_area(code, mention.first);
  }

  /// Where borders meet that were drawn at different times, rounding leaves a vertex on the older one.
  static bool is_as_left(const GridRecord& then, GridRecord now) {
    if (!same_but_for_rounding(then.polygons, now.polygons)) return false;
    now.polygons = then.polygons;
    return now == then;
  }

  [[noreturn]] void refuse_area(std::string_view code, std::uint64_t revision) const {
    io::refuse(Errc::unreadable, file_.path.string(),
               "area " + std::string(code) + " is not as revision " + std::to_string(revision) +
                   " of the plan's history left it; it was altered by hand");
  }

  void read_assignment(const io::Layer& units) {
    const Table table(file_, units);
    if (!table.has("micro_grid"))
      io::refuse(Errc::missing_field, io::place_of(file_, units),
                 "there is no column micro_grid; give a plan, or split it first");
    for (const io::Feature& row : table.rows()) {
      const std::string code = table.text(row, "micro_grid");
      const GridId id = plan_.map.find(code);
      if (!code.empty() && id == GridId::none)
        table.refuse(row, "the micro-grid " + code + " is none of the plan's areas");
      plan_.micro_grid_of_unit.push_back(id);
    }
  }

  void read_figures(const io::Layer& areas) {
    const Table table(file_, areas);
    std::uint32_t number = 0;
    for (const io::Feature& row : table.rows()) {
      AreaFigures figures;
      figures.id = GridId{number++};
      figures.households = table.count(row, "households");
      figures.persons = table.count(row, "persons");
      figures.units = static_cast<std::uint32_t>(table.count(row, "units"));
      figures.area_m2 = table.number(row, "area_m2").value_or(0);
      figures.perimeter_m = plan_.map.perimeter_m(figures.id);
      figures.compactness = table.number(row, "compactness").value_or(0);
      figures.objective = read_objective(table, row);
      figures.attributes = read_sums(table, row, figures.persons);
      plan_.assessment.areas.push_back(std::move(figures));
    }
  }

  static std::optional<Objective> read_objective(const Table& table, const io::Feature& row) {
    if (!table.number(row, "objective")) return {};
    const auto cost = [&](const char* name) { return table.number(row, name).value_or(0); };
    return Objective{cost("cost_cut"),      cost("cost_inertia"),   cost("cost_deviation"),
                     cost("cost_barriers"), cost("cost_compounds"), cost("cost_attributes")};
  }

  /// Persons have a column of their own; a row without its sums has none at all.
  std::vector<double> read_sums(const Table& table, const io::Feature& row, std::uint64_t persons) const {
    std::vector<double> sums;
    for (const AttributeGoal& goal : plan_.profile.attributes) {
      const bool is_persons = goal.attribute == "persons";
      const auto sum = is_persons ? std::optional(double(persons)) : table.number(row, "sum_" + goal.attribute);
      if (!sum) return {};
      sums.push_back(*sum);
    }
    return sums;
  }

  void sum_up() {
    Assessment& a = plan_.assessment;
    for (std::size_t u = 0; u < plan_.units.size(); ++u) {
      const std::uint32_t households = plan_.units.units[u].households;
      a.households += households;
      if (plan_.micro_grid_of_unit[u] != GridId::none) a.households_assigned += households;
    }
    std::vector<double> compactness;
    for (const AreaFigures& area : a.areas) {
      if (plan_.map.level(area.id) != Level::micro_grid || plan_.map.kind(area.id) != Kind::general) continue;
      ++a.micro_grids;
      a.in_range += area.households >= plan_.profile.range.min && area.households <= plan_.profile.range.max;
      compactness.push_back(area.compactness);
    }
    if (compactness.empty()) return;
    std::ranges::sort(compactness);
    const std::size_t half = compactness.size() / 2;
    a.compactness_median = compactness.size() % 2 ? compactness[half] : (compactness[half - 1] + compactness[half]) / 2;
  }

  const io::FeatureFile& file_;
  Plan plan_;
};

}  // namespace

Plan read_plan(const std::filesystem::path& file, const Execution& execution) {
  constexpr std::array roles{"areas"sv, "units"sv, "barriers"sv, "findings"sv, "changes"sv, "profile"sv};
  const io::FeatureFile features = io::read_features(file, roles, execution);
  return PlanReader(features).read(execution);
}

}  // namespace wangge
