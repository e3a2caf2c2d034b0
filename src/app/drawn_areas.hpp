#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "verify/plan_file.hpp"
#include <wangge/io.hpp>

namespace wangge::app {

/// Areas that others have drawn, each with its count of households, as a plan to assess: each is a micro-grid of one
/// unit, and together they should fill their common outline. Throws what `read_units` throws, and `invalid_units` where
/// one is a point.
verify::PlanFile read_drawn_areas(const std::filesystem::path& file, const ReadOptions& columns,
                                  const Execution& execution);

}  // namespace wangge::app
