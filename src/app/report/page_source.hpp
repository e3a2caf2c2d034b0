#pragma once

#include <string_view>

namespace wangge::app {

/// The map page up to the place of the plan's data, and after it. Made by embed.cmake.
extern const std::string_view page_before_plan, page_after_plan;

}  // namespace wangge::app
