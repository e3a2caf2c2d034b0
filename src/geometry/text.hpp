#pragma once

#include <string>

#include <wangge/geometry.hpp>

namespace wangge::geometry {

/// "104.043512,30.674201", whatever the locale.
std::string to_text(Position position);

/// "31 m²", or "0.42 m²" below ten.
std::string area_text(double area_m2);

}  // namespace wangge::geometry
