#include "map/ancestors.hpp"

namespace wangge::map {

std::vector<std::uint32_t> Ancestors::build(std::span<const format::AreaRow> areas) {
  std::vector<std::uint32_t> section(1, 0);
  for (const format::AreaRow& area : areas) section[0] |= 1u << static_cast<unsigned>(area.level);
  for (unsigned level = 0; level < 8; ++level) {
    if (!(section[0] >> level & 1)) continue;
    for (std::uint32_t i = 0; i < areas.size(); ++i) {
      GridId id{i};
      while (id != GridId::none && static_cast<unsigned>(areas[row(id)].level) > level)
        id = GridId{areas[row(id)].parent};
      const bool found = id != GridId::none && static_cast<unsigned>(areas[row(id)].level) == level;
      section.push_back(found ? row(id) : row(GridId::none));
    }
  }
  return section;
}

}  // namespace wangge::map
