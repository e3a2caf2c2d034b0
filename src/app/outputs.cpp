#include "app/outputs.hpp"

#include <system_error>

#include "file/replace_file.hpp"
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

}  // namespace wangge::app
