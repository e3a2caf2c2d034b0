#pragma once

#include <string_view>

namespace wangge::app {

/// A page up to the place of its data, from there to the place of Leaflet's script, and the rest. Made by embed.cmake.
struct PageShell {
  std::string_view before_data, before_leaflet, after_leaflet;
};

extern const PageShell plan_shell, diff_shell;
extern const std::string_view leaflet_script;

}  // namespace wangge::app
