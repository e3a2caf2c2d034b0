#pragma once

#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

namespace wangge {

/// True where both are the same ground but for the rounding of positions: where a border from beyond ends on an area's
/// border, the area has a vertex that lies up to two lattice units (2.5 cm) beside the straight line. Exact.
WANGGE_EXPORT bool same_but_for_rounding(const MultiPolygon& a, const MultiPolygon& b);

}  // namespace wangge
