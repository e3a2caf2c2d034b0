#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace wangge {

/// A file or folder of the real data that stand beside the project, or an empty path where it is absent.
inline std::filesystem::path shared_data(const std::string& name) {
  for (const char* way : {"../shared/data", "../../shared/data"}) {
    const std::filesystem::path path = std::filesystem::path(WANGGE_SOURCE_DIR) / way / name;
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

}  // namespace wangge

/// The path of real data; skips the test where they are absent.
#define WANGGE_SHARED_DATA(variable, name)                          \
  const std::filesystem::path variable = wangge::shared_data(name); \
  if (variable.empty()) GTEST_SKIP() << "real data is absent: " << (name)
