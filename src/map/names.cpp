#include <wangge/grid_map.hpp>

#include <array>

#include <wangge/error.hpp>

namespace wangge {
namespace {

using namespace std::string_view_literals;

constexpr std::array level_names{"province"sv,  "city"sv,   "county"sv, "town"sv,
                                 "community"sv, "sector"sv, "grid"sv,   "micro_grid"sv};

struct ChineseLevel {
  std::string_view name;
  Level level;
};
constexpr std::array chinese_levels{
    ChineseLevel{"省", Level::province},  ChineseLevel{"市", Level::city},
    ChineseLevel{"县", Level::county},    ChineseLevel{"区", Level::county},
    ChineseLevel{"镇", Level::town},      ChineseLevel{"乡", Level::town},
    ChineseLevel{"街道", Level::town},    ChineseLevel{"社区", Level::community},
    ChineseLevel{"村", Level::community}, ChineseLevel{"片区", Level::sector},
    ChineseLevel{"网格", Level::grid},    ChineseLevel{"微网格", Level::micro_grid},
};

}  // namespace

std::string_view to_string(Level level) noexcept { return level_names[static_cast<std::size_t>(level)]; }

Level parse_level(std::string_view name) {
  for (std::size_t i = 0; i < level_names.size(); ++i)
    if (name == level_names[i]) return static_cast<Level>(i);
  for (const ChineseLevel& chinese : chinese_levels)
    if (name == chinese.name) return chinese.level;
  throw Error(Errc::invalid_argument, "level \"" + std::string(name) +
                                          "\" is unknown; use province, city, county, town, community, sector, grid "
                                          "or micro_grid");
}

std::string_view to_string(Kind kind) noexcept { return kind == Kind::general ? "general" : "dedicated"; }

Kind parse_kind(std::string_view name) {
  if (name == "general" || name == "综合") return Kind::general;
  if (name == "dedicated" || name == "专属") return Kind::dedicated;
  throw Error(Errc::invalid_argument, "kind \"" + std::string(name) + "\" is unknown; use general or dedicated");
}

}  // namespace wangge
