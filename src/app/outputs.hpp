#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "file/replace_file.hpp"

namespace wangge::app {

/// Throws Error{not_writable} before any work where `output` could not be written, or is one of the inputs, which a
/// command never replaces.
void check_output(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs = {});

/// What a command writes piece by piece: a file, which appears once it is whole, or stdout where it is called "-". Each
/// call throws Error{not_writable}; `write` also Error{stopped} where Ctrl-C comes while stdout takes no more.
class Output {
 public:
  explicit Output(const std::filesystem::path& path);
  void write(std::string_view text);
  void finish();

 private:
  std::optional<file::Replacement> file_;
};

}  // namespace wangge::app
