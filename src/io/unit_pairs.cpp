#include <unordered_map>

#include "io/cells.hpp"
#include "io/features.hpp"
#include <wangge/error.hpp>
#include <wangge/io.hpp>

namespace wangge {
namespace {

std::size_t column_called(std::string_view name, const io::FeatureFile& file, const io::Layer& layer) {
  if (const auto column = io::find_field(layer.fields, {&name, 1})) return *column;
  io::refuse(Errc::missing_field, io::place_of(file, layer),
             "no column is called " + std::string(name) + "; there are " + io::list_fields(layer.fields) +
                 "; pairs of units stand in the columns unit and other");
}

}  // namespace

std::vector<UnitPair> read_unit_pairs(const std::filesystem::path& file, const UnitTable& units) {
  io::check_is_filled(file);
  const io::FeatureFile csv = io::read_csv(file);
  const io::Layer& layer = csv.layers.at(0);
  const std::size_t first = column_called("unit", csv, layer), second = column_called("other", csv, layer);
  std::unordered_map<std::string_view, std::uint32_t> rows;
  for (std::uint32_t row = 0; row < units.size(); ++row) rows.emplace(units.units[row].id, row);
  std::vector<UnitPair> pairs;
  for (const io::Feature& feature : layer.features) {
    const auto unit = [&](std::size_t column) {
      const std::string id = io::to_text(feature.values[column]);
      const auto found = rows.find(id);
      if (found == rows.end())
        io::refuse(Errc::invalid_units, io::place_of(csv, layer, feature), "there is no unit " + id);
      return UnitId{found->second};
    };
    pairs.emplace_back(unit(first), unit(second));
  }
  return pairs;
}

}  // namespace wangge
