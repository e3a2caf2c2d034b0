#pragma once

#include "io/features.hpp"
#include "io/ogr_session.hpp"

namespace wangge::io {

/// Takes a geometry apart; curves become straight pieces. With `swap` the file keeps northing (latitude) first.
void add_geometry(Shape& shape, const OGRGeometry& geometry, bool swap = false);

}  // namespace wangge::io
