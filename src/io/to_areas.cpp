#include <array>

#include "io/cells.hpp"
#include "io/features.hpp"
#include "io/rings.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

using namespace std::string_view_literals;

constexpr std::array code_names{"code"sv, "area_code"sv, "id"sv, "编码"sv, "代码"sv};
constexpr std::array name_names{"name"sv, "名称"sv};
constexpr std::array level_names{"level"sv, "层级"sv, "级别"sv};
constexpr std::array parent_names{"parent"sv, "parent_code"sv, "上级"sv, "上级编码"sv};
constexpr std::array kind_names{"kind"sv, "类型"sv};
constexpr std::array class_names{"class"sv, "barrier"sv, "类别"sv};
constexpr std::array bridge_names{"bridge"sv, "桥"sv};
constexpr std::array tunnel_names{"tunnel"sv, "隧道"sv};
constexpr std::array layer_names{"layer"sv};

/// The text of one cell of a feature, empty where the layer has no such column.
class Cells {
 public:
  Cells(const FeatureFile& file, const Layer& layer) : file_(file), layer_(layer) {}

  std::optional<std::size_t> column(std::span<const std::string_view> names) const {
    return find_field(layer_.fields, names);
  }

  std::size_t required(std::span<const std::string_view> names) const {
    if (const auto found = column(names)) return *found;
    io::refuse(
        Errc::missing_field, place_of(file_, layer_),
        "no column is called " + std::string(names[0]) + "; there are " + list_fields(layer_.fields) + "; rename one");
  }

  static std::string text(const Feature& feature, std::optional<std::size_t> column) {
    return column ? to_text(feature.values[*column]) : std::string();
  }

  /// Runs `parse` and says in its errors where the text stands.
  template <class Parse>
  auto parsed(const Feature& feature, const std::string& text, Parse parse) const {
    try {
      return parse(text);
    } catch (const Error& error) {
      io::refuse(Errc::unreadable, place_of(file_, layer_, feature), error.what());
    }
  }

  [[noreturn]] void refuse(Errc code, const Feature& feature, const std::string& what) const {
    io::refuse(code, place_of(file_, layer_, feature), what);
  }

 private:
  const FeatureFile& file_;
  const Layer& layer_;
};

const char* words_for(RingFault fault) {
  switch (fault) {
    case RingFault::none:
      return "";
    case RingFault::off_earth:
      return "has a coordinate outside ±180, ±90; check the coordinate reference system";
    case RingFault::unclosed:
      return "has a ring that is not closed; repeat its first position at its end";
    case RingFault::degenerate:
      return "has a ring without area; redraw it or take it out";
  }
  return "";
}

MultiPolygon outline(const Cells& cells, const Feature& feature, const std::string& code) {
  if (!feature.shape.points.empty() || !feature.shape.lines.empty())
    cells.refuse(Errc::invalid_geometry, feature, "area " + code + " is not a polygon");
  for (const RawPolygon& polygon : feature.shape.polygons)
    for (const RawLine& ring : polygon)
      if (const RingFault fault = to_ring(ring).fault; fault != RingFault::none)
        cells.refuse(Errc::invalid_geometry, feature, "area " + code + " " + words_for(fault));
  return to_footprint(feature.shape.polygons).polygons;
}

bool is_yes(const std::string& text) { return !text.empty() && text != "0" && text != "no" && text != "false"; }

std::vector<RawLine> lines_of(const Shape& shape) {
  std::vector<RawLine> lines = shape.lines;
  for (const RawPolygon& polygon : shape.polygons) lines.insert(lines.end(), polygon.begin(), polygon.end());
  return lines;
}

int to_layer(const Cells& cells, const Feature& feature, std::optional<std::size_t> column) {
  if (!column || is_empty(feature.values[*column])) return 0;
  const std::optional<double> number = to_number(feature.values[*column]);
  if (!number || *number < -100 || *number > 100)
    cells.refuse(Errc::unreadable, feature, "layer is not a number from -100 to 100");
  return static_cast<int>(*number);
}

}  // namespace

std::vector<GridRecord> to_areas(const FeatureFile& file, const Layer& layer) {
  const Cells cells(file, layer);
  const std::size_t code = cells.required(code_names);
  const auto name = cells.column(name_names), level = cells.column(level_names), parent = cells.column(parent_names),
             kind = cells.column(kind_names);
  std::vector<GridRecord> areas;
  for (const Feature& feature : layer.features) {
    GridRecord area;
    area.code = cells.text(feature, code);
    if (is_empty(feature.values[code])) cells.refuse(Errc::missing_field, feature, "the area has no code; give it one");
    area.name = cells.text(feature, name);
    area.parent = cells.text(feature, parent);
    if (const std::string text = cells.text(feature, level); !text.empty())
      area.level = cells.parsed(feature, text, parse_level);
    if (const std::string text = cells.text(feature, kind); !text.empty())
      area.kind = cells.parsed(feature, text, parse_kind);
    area.polygons = outline(cells, feature, area.code);
    areas.push_back(std::move(area));
  }
  return areas;
}

std::vector<Barrier> to_barriers(const FeatureFile& file, const Layer& layer) {
  const Cells cells(file, layer);
  const std::size_t barrier_class = cells.required(class_names);
  const auto name = cells.column(name_names), bridge = cells.column(bridge_names), tunnel = cells.column(tunnel_names),
             level = cells.column(layer_names);
  std::vector<Barrier> barriers;
  for (const Feature& feature : layer.features) {
    if (!all_on_earth(feature.shape))
      cells.refuse(Errc::invalid_geometry, feature,
                   "the barrier has a coordinate outside ±180, ±90; check the coordinate reference system");
    if (!feature.shape.points.empty())
      cells.refuse(Errc::invalid_geometry, feature, "the barrier is a point; barriers are lines");
    Barrier barrier;
    barrier.barrier = cells.parsed(feature, cells.text(feature, barrier_class), parse_barrier_class);
    barrier.name = cells.text(feature, name);
    barrier.bridge = is_yes(cells.text(feature, bridge));
    barrier.tunnel = is_yes(cells.text(feature, tunnel));
    barrier.layer = to_layer(cells, feature, level);
    for (const RawLine& raw : lines_of(feature.shape)) {
      barrier.line = to_line(raw);
      if (barrier.line.size() >= 2) barriers.push_back(barrier);
    }
  }
  return barriers;
}

}  // namespace wangge::io
