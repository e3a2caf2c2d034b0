#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/ogr_geopackage.hpp"
#include <wangge/planning.hpp>
#include <wangge/units.hpp>

namespace wangge::io {

/// Layer `units`; with `micro_grids`, one code a unit, the column micro_grid at the end.
void write_units(GeoPackage& package, const UnitTable& units, const std::string& source,
                 const std::vector<std::string>* micro_grids = nullptr);
void write_barriers(GeoPackage& package, std::span<const Barrier> barriers);

}  // namespace wangge::io
