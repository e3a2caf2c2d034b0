#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "file/replace_file.hpp"

namespace wangge::app {

/// Throws Error{not_writable} before any work where `output` could not be written, or is one of the inputs, which a
/// command never replaces; Error{unsupported} where its name does not end in `ending`, by which other commands and
/// programs tell what it holds; an empty `ending` allows all.
void check_output(const std::filesystem::path& output, std::string_view ending,
                  std::span<const std::filesystem::path> inputs = {});

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
