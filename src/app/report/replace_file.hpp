#pragma once

#include <filesystem>
#include <string_view>

namespace wangge::app {

/// Puts `bytes` in place of `file` atomically: a temporary file beside it is filled, flushed and renamed, so that a
/// reader sees the old file or the new one, and nothing half-written is left. Throws `not_writable`.
void replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace wangge::app
