#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "planning/borders.hpp"
#include "planning/shape.hpp"
#include "planning/tessellation.hpp"
#include <wangge/execution.hpp>
#include <wangge/planning.hpp>

namespace wangge::planning {

/// For each part its narrowest neck, if it has one and somebody lives in it.
std::vector<std::optional<Neck>> find_necks(const Borders& borders, std::span<const std::uint64_t> households,
                                            const Execution& execution);

/// What planners look at in the borders of a plan. Parts without a household are dedicated and count for lengths alone.
BorderFigures figures_of(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_node,
                         std::span<const std::uint64_t> households, const Borders& borders,
                         std::span<const std::optional<Neck>> necks, const Range& range);

/// Says of each neck why it stays, or who could take the lobe in.
std::vector<Finding> explain_necks(const Tessellation& tessellation, std::span<const std::uint32_t> part_of_node,
                                   std::span<const std::uint64_t> households, std::span<const std::string> codes,
                                   std::span<const std::optional<Neck>> necks, const Range& range);

}  // namespace wangge::planning
