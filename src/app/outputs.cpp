#include "app/outputs.hpp"

#include <cstdio>
#include <system_error>

#include <wangge/error.hpp>

namespace wangge::app {

void check_output(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs) {
  for (const std::filesystem::path& input : inputs) {
    std::error_code none;
    if (std::filesystem::equivalent(output, input, none)) {
      throw Error(Errc::not_writable, output.string() + " is an input; name another file to write");
    }
  }
  file::check_replaceable(output);
}

Output::Output(const std::filesystem::path& path) {
  if (path != "-") file_.emplace(path);
}

void Output::write(std::string_view text) {
  if (file_) return file_->append(std::as_bytes(std::span(text)));
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw Error(Errc::not_writable, "the output cannot be written; is the disk full?");
}

void Output::finish() {
  if (file_) return file_->commit();
  if (std::fflush(stdout) != 0) throw Error(Errc::not_writable, "the output cannot be written; is the disk full?");
}

}  // namespace wangge::app
