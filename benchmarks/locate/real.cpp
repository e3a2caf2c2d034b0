#include "locate/real.hpp"

#include <cstdio>
#include <utility>

#ifdef WANGGE_GDAL
#include "support/ogr_areas.hpp"
#endif

namespace wangge::bench {

std::vector<std::vector<GridRecord>> real_tilings([[maybe_unused]] const std::filesystem::path& folder) {
  std::vector<std::vector<GridRecord>> tilings;
#ifdef WANGGE_GDAL
  for (const auto& [name, column] :
       {std::pair("zones/london-oa.geojson.gz", "OA11CD"), std::pair("scotland/aberdeen-oa.geojson.gz", "code"),
        std::pair("scotland/dundee-oa.geojson.gz", "code"), std::pair("scotland/renfrewshire-oa.geojson.gz", "code")}) {
    if (std::filesystem::exists(folder / name))
      tilings.push_back(test::areas_from(folder / name, column));
    else
      std::fprintf(stderr, "bench_locate: %s is absent: skipped\n", (folder / name).c_str());
  }
#else
  std::fprintf(stderr, "bench_locate: built without GDAL: real tilings are skipped\n");
#endif
  return tilings;
}

}  // namespace wangge::bench
