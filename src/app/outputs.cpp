#include "app/outputs.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include <wangge/error.hpp>

namespace wangge::app {

void check_output(const std::filesystem::path& output, std::string_view ending,
                  std::span<const std::filesystem::path> inputs) {
  for (const std::filesystem::path& input : inputs) {
    std::error_code none;
    if (std::filesystem::equivalent(output, input, none)) {
      throw Error(Errc::not_writable, output.string() + " is an input; name another file to write");
    }
  }
  file::check_replaceable(output);
  if (!ending.empty() && output.extension() != ending)
    throw Error(Errc::unsupported, output.string() + " has to end in " + std::string(ending) +
                                       ", by which programs tell what it holds; name it so");
}

Output::Output(const std::filesystem::path& path) {
  if (path != "-") file_.emplace(path);
}

void Output::write(std::string_view text) {
  if (file_) return file_->append(std::as_bytes(std::span(text)));
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR)
      throw Error(Errc::stopped, "stopped by the user while writing; the last row may be cut");
    if (written < 0)
      throw Error(Errc::not_writable, std::string("the output cannot be written: ") + std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Output::finish() {
  if (file_) file_->commit();
}

}  // namespace wangge::app
