#include <algorithm>
#include <array>
#include <cmath>

#include "io/osm.hpp"

namespace wangge::io {
namespace {

using namespace std::string_view_literals;

constexpr std::array hard_roads{"motorway"sv, "motorway_link"sv, "trunk"sv, "trunk_link"sv};
constexpr std::array soft_roads{"primary"sv,        "primary_link"sv, "secondary"sv,
                                "secondary_link"sv, "tertiary"sv,     "tertiary_link"sv};
constexpr std::array streets{"residential"sv, "unclassified"sv, "living_street"sv, "pedestrian"sv, "road"sv};
constexpr std::array tracks{"rail"sv, "light_rail"sv, "subway"sv, "narrow_gauge"sv};
constexpr std::array waters{"river"sv, "canal"sv};
constexpr std::array walls{"wall"sv, "city_wall"sv};

constexpr std::array one_home{"house"sv, "detached"sv, "semidetached_house"sv, "bungalow"sv, "villa"sv, "farm"sv};
struct ManyHomes {
  std::string_view type;
  double usual_floors;
};
constexpr std::array many_homes{ManyHomes{"apartments", 3}, ManyHomes{"residential", 1}, ManyHomes{"dormitory", 3},
                                ManyHomes{"terrace", 2}, ManyHomes{"block", 3}};
constexpr std::array unknown_use{"yes"sv, "mixed"sv, "mixed_use"sv};
constexpr double m2_a_home = 100, m2_a_home_unknown = 200, smallest_unknown_m2 = 40;

template <class List>
bool is_one_of(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::uint32_t homes(double floors, double m2, double m2_each) {
  return static_cast<std::uint32_t>(std::max(1.0, std::round(std::max(1.0, floors) * m2 / m2_each)));
}

}  // namespace

std::optional<BarrierClass> barrier_class(const std::string& highway, const std::string& railway,
                                          const std::string& waterway, const std::string& barrier) {
  if (is_one_of(hard_roads, highway) || is_one_of(tracks, railway) || is_one_of(waters, waterway))
    return BarrierClass::hard;
  if (is_one_of(soft_roads, highway)) return BarrierClass::soft;
  if (is_one_of(walls, barrier)) return BarrierClass::wall;
  if (is_one_of(streets, highway)) return BarrierClass::street;
  return std::nullopt;
}

std::uint32_t estimated_households(const OsmBuilding& building, ImportOptions::Estimate estimate) {
  if (estimate == ImportOptions::Estimate::none) return 0;
  if (is_one_of(one_home, building.type)) return 1;
  for (const ManyHomes& many : many_homes)
    if (building.type == many.type)
      return homes(building.floors.value_or(many.usual_floors), area_m2(building.footprint), m2_a_home);
  if (estimate != ImportOptions::Estimate::all || !is_one_of(unknown_use, building.type) || building.other_use)
    return 0;
  const double m2 = area_m2(building.footprint);
  return m2 < smallest_unknown_m2 ? 0 : homes(building.floors.value_or(1), m2, m2_a_home_unknown);
}

Level level_of_admin(int admin_level) noexcept {
  if (admin_level <= 4) return Level::province;
  if (admin_level == 5) return Level::city;
  if (admin_level <= 7) return Level::county;
  if (admin_level == 8) return Level::town;
  return admin_level <= 10 ? Level::community : Level::sector;
}

}  // namespace wangge::io
