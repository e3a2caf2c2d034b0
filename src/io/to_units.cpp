#include <array>
#include <limits>
#include <unordered_map>

#include "io/cells.hpp"
#include "io/features.hpp"
#include "io/privacy.hpp"
#include "io/rings.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

using namespace std::string_view_literals;

constexpr std::array id_names{"unit_id"sv, "id"sv, "building_id"sv, "osm_id"sv, "编号"sv, "单元编号"sv};
constexpr std::array households_names{"households"sv, "household"sv, "hh"sv,    "hhcount"sv,
                                      "hh_count"sv,   "户数"sv,      "总户数"sv};
constexpr std::array persons_names{"persons"sv, "population"sv, "pop"sv, "popcount"sv, "人口"sv, "人数"sv};
constexpr std::array compound_names{"compound"sv, "小区"sv, "小区名称"sv};
constexpr std::array building_names{"building"sv, "楼栋"sv, "楼号"sv};
constexpr std::array floors_names{"floors"sv, "levels"sv, "楼层"sv, "层数"sv};
constexpr std::array lng_names{"lng"sv, "lon"sv, "long"sv, "longitude"sv, "x"sv, "经度"sv};
constexpr std::array lat_names{"lat"sv, "latitude"sv, "y"sv, "纬度"sv};
// What a plan or a GIS adds by itself and would write again.
constexpr std::array derived_names{"fid"sv, "ogc_fid"sv, "micro_grid"sv};

class UnitReader {
 public:
  UnitReader(const FeatureFile& file, const Layer& layer, const ReadOptions& options, std::vector<Finding>& findings)
      : file_(file), layer_(layer), findings_(findings) {
    taken_.resize(layer.fields.size());
    id_ = required(options.id_field, id_names, "a unit id", "--id");
    households_ = required(options.households_field, households_names, "a household count", "--households");
    compound_ = options.compound_field.empty() ? take(compound_names) : named(options.compound_field, "--compound");
    persons_ = take(persons_names);
    building_ = take(building_names);
    floors_ = take(floors_names);
    if (!layer.features.empty() && layer.features[0].shape.empty()) {
      lng_ = take(lng_names);
      lat_ = take(lat_names);
    }
    for (const std::string_view& name : derived_names) take({&name, 1});
  }

  UnitTable read() {
    refuse_identity_numbers_as_ids();
    UnitTable table;
    table.units.reserve(layer_.features.size());
    for (const Feature& feature : layer_.features) table.units.push_back(unit(feature));
    add_columns(table);
    report();
    return table;
  }

 private:
  using Column = std::optional<std::size_t>;

  Column take(std::span<const std::string_view> names) {
    const Column column = find_field(layer_.fields, names);
    if (column) taken_[*column] = true;
    return column;
  }

  Column named(const std::string& field, const std::string& option) {
    const std::string_view name = field;
    if (const Column column = take({&name, 1})) return column;
    io::refuse(Errc::missing_field, place_of(file_, layer_),
               "no column is called " + field + "; there are " + list_fields(layer_.fields) + "; choose one with " +
                   option + " FIELD");
  }

  std::size_t required(const std::string& field, std::span<const std::string_view> usual, const std::string& what,
                       const std::string& option) {
    if (!field.empty()) return *named(field, option);
    if (const Column column = take(usual)) return *column;
    io::refuse(Errc::missing_field, place_of(file_, layer_),
               "no column holds " + what + " (such as " + std::string(usual[0]) + "); there are " +
                   list_fields(layer_.fields) + "; name it with " + option + " FIELD");
  }

  [[noreturn]] void refuse(const Feature& feature, const std::string& what) const {
    io::refuse(Errc::invalid_units, place_of(file_, layer_, feature), what);
  }

  Unit unit(const Feature& feature) {
    Unit unit;
    unit.id = id_of(feature);
    unit.households = households_of(feature, unit.id);
    unit.persons = persons_of(feature, unit.id);
    if (compound_) unit.compound = to_text(feature.values[*compound_]);
    if (building_) unit.building = to_text(feature.values[*building_]);
    if (floors_) unit.floors = floors_of(feature);
    place(feature, unit);
    return unit;
  }

  std::string id_of(const Feature& feature) {
    std::string id = to_text(feature.values[id_]);
    if (is_empty(feature.values[id_]))
      refuse(feature, "the unit has no id in column " + layer_.fields[id_] + "; give it one");
    const auto [first, is_new] = first_with_id_.emplace(id, feature.number);
    if (!is_new)
      refuse(feature, "unit id " + id + " is used already by " + layer_.numbered_as + " " +
                          std::to_string(first->second) + "; ids must differ");
    return id;
  }

  std::uint32_t households_of(const Feature& feature, const std::string& id) const {
    const Value& value = feature.values[households_];
    if (is_empty(value)) refuse(feature, "unit " + id + " has no household count; write 0 where nobody lives");
    const std::optional<std::uint32_t> count = to_count(value);
    if (!count)
      refuse(feature, "unit " + id + " has " + to_text(value) + " households; give a whole number, 0 or more");
    return *count;
  }

  std::optional<std::uint32_t> persons_of(const Feature& feature, const std::string& id) const {
    if (!persons_ || is_empty(feature.values[*persons_])) return std::nullopt;
    const std::optional<std::uint32_t> count = to_count(feature.values[*persons_]);
    if (!count)
      refuse(feature, "unit " + id + " has " + to_text(feature.values[*persons_]) +
                          " persons; give a whole number, 0 or more, or leave it empty");
    return count;
  }

  std::optional<double> floors_of(const Feature& feature) {
    if (is_empty(feature.values[*floors_])) return std::nullopt;
    const std::optional<double> floors = to_number(feature.values[*floors_]);
    bad_floors_ += !floors;
    return floors;
  }

  void place(const Feature& feature, Unit& unit) {
    const Shape& shape = feature.shape;
    if (!all_on_earth(shape))
      refuse(feature, "unit " + unit.id +
                          " has a coordinate that is not a longitude within ±180 and a latitude within ±90; check the "
                          "coordinate reference system");
    if (!shape.polygons.empty()) return place_by_footprint(feature, unit);
    if (shape.points.size() == 1) {
      unit.position = to_lattice(shape.points[0]);
    } else if (shape.empty()) {
      unit.position = to_lattice(written_place(feature, unit.id));
    } else {
      refuse(feature, "unit " + unit.id + (shape.lines.empty() ? " has several points" : " is a line") +
                          "; a unit is one point or a polygon");
    }
  }

  void place_by_footprint(const Feature& feature, Unit& unit) {
    const std::vector<RawPolygon>& polygons = feature.shape.polygons;
    Footprint footprint = to_footprint(polygons);
    unclosed_ += footprint.unclosed;
    degenerate_ += footprint.degenerate;
    const bool as_point = footprint.polygons.empty();
    points_instead_ += as_point;
    const std::optional<Position> position = as_point ? middle(polygons) : inner_point(footprint.polygons);
    if (!position) refuse(feature, "unit " + unit.id + " has a polygon without positions; draw it or give a point");
    unit.position = *position;
    unit.footprint = std::move(footprint.polygons);
  }

  LngLat written_place(const Feature& feature, const std::string& id) const {
    if (!lng_ || !lat_)
      refuse(feature, "unit " + id + " has no position; give a geometry or the columns lng and lat in WGS 84 degrees");
    const auto lng = to_number(feature.values[*lng_]), lat = to_number(feature.values[*lat_]);
    if (!lng || !lat || !on_earth({*lng, *lat}))
      refuse(feature, "unit " + id + " stands at \"" + to_text(feature.values[*lng_]) + "\", \"" +
                          to_text(feature.values[*lat_]) +
                          "\"; give a longitude within ±180 and a latitude within ±90");
    return {*lng, *lat};
  }

  void refuse_identity_numbers_as_ids() const {
    if (personal_data_in(layer_, id_) == Personal::identity_numbers)
      io::refuse(Errc::invalid_units, place_of(file_, layer_),
                 "column " + layer_.fields[id_] +
                     " holds what looks like identity-card numbers; units are buildings: use an opaque id");
  }

  void add_columns(UnitTable& table) {
    for (std::size_t column = 0; column < layer_.fields.size(); ++column) {
      if (taken_[column] || drop_personal_data(column)) continue;
      if (is_numeric(column))
        table.attributes.push_back({layer_.fields[column], numbers(column)});
      else
        table.labels.push_back({layer_.fields[column], texts(column)});
    }
  }

  bool drop_personal_data(std::size_t column) {
    const Personal kind = personal_data_in(layer_, column);
    if (kind == Personal::no) return false;
    findings_.push_back(input_finding("column " + layer_.fields[column] + " was left out: it holds what looks like " +
                                      (kind == Personal::phone_numbers ? "phone numbers" : "identity-card numbers")));
    return true;
  }

  /// In a file without types "007" and numbers of more than 15 digits are codes, not numbers.
  bool is_numeric(std::size_t column) const {
    bool filled = false;
    for (const Feature& feature : layer_.features) {
      const Value& value = feature.values[column];
      if (is_empty(value)) continue;
      filled = true;
      if (const auto* text = std::get_if<std::string>(&value))
        if (layer_.typed || !reads_as_number(*text)) return false;
    }
    return filled;
  }

  static bool reads_as_number(std::string_view text) {
    const bool code = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    return !code && text.size() <= 15 && parse_number(text).has_value();
  }

  std::vector<double> numbers(std::size_t column) const {
    std::vector<double> values;
    for (const Feature& feature : layer_.features)
      values.push_back(to_number(feature.values[column]).value_or(std::numeric_limits<double>::quiet_NaN()));
    return values;
  }

  std::vector<std::string> texts(std::size_t column) const {
    std::vector<std::string> values;
    for (const Feature& feature : layer_.features) values.push_back(to_text(feature.values[column]));
    return values;
  }

  void report() {
    if (unclosed_ + degenerate_ > 0)
      findings_.push_back(input_finding("rings of footprints were dropped, " + std::to_string(unclosed_) +
                                        " unclosed and " + std::to_string(degenerate_) +
                                        " degenerate; as points stand " + counted(points_instead_, "unit")));
    if (bad_floors_ > 0)
      findings_.push_back(input_finding("column " + layer_.fields[*floors_] + " has " + counted(bad_floors_, "value") +
                                        " not saying a number of floors; left out"));
    for (const std::string& remark : layer_.remarks) findings_.push_back(input_finding(remark));
  }

  const FeatureFile& file_;
  const Layer& layer_;
  std::vector<Finding>& findings_;
  std::vector<bool> taken_;  // by column: has a meaning of its own
  std::size_t id_ = 0, households_ = 0;
  Column persons_, compound_, building_, floors_, lng_, lat_;
  std::unordered_map<std::string, std::uint64_t> first_with_id_;
  std::size_t unclosed_ = 0, degenerate_ = 0, points_instead_ = 0, bad_floors_ = 0;
};

}  // namespace

UnitTable to_units(const FeatureFile& file, const Layer& layer, const ReadOptions& options,
                   std::vector<Finding>& findings) {
  return UnitReader(file, layer, options, findings).read();
}

}  // namespace wangge::io
