#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace wangge::verify {
namespace {

/// A verifier that shared the splitter's geometry would share its mistakes.
bool allowed(const std::string& line) {
  return line.starts_with("#include \"verify/") || line == "#include <wangge/error.hpp>" ||
         (line.starts_with("#include <") && line.find("wangge") == std::string::npos);
}

TEST(Independence, TheVerifierIncludesNothingOfTheRest) {
  std::size_t seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(WANGGE_SOURCE_DIR "/src/verify")) {
    std::ifstream text(file.path());
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("#include")) continue;
      ++seen;
      EXPECT_TRUE(allowed(line)) << file.path() << ": " << line;
    }
  }
  EXPECT_GT(seen, 20u);
}

}  // namespace
}  // namespace wangge::verify
