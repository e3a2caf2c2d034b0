#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace wangge::test {

/// The folder of real data that stands beside the project, or an empty path where there is none.
inline std::filesystem::path shared_data() {
  for (const char* way : {"../shared/data", "../../shared/data"}) {
    const std::filesystem::path folder = std::filesystem::path(WANGGE_SOURCE_DIR) / way;
    if (std::filesystem::exists(folder)) return folder;
  }
  return {};
}

}  // namespace wangge::test

/// The path of a file of real data; skips the test where it is absent.
#define WANGGE_SHARED_DATA(variable, name)                                     \
  const std::filesystem::path variable = wangge::test::shared_data() / (name); \
  if (!std::filesystem::exists(variable)) GTEST_SKIP() << "real data is absent: " << (name)
