#pragma once

#include <filesystem>
#include <span>

namespace wangge::app {

/// Throws Error{not_writable} before any work where `output` could not be written, or is one of the inputs, which a
/// command never replaces.
void check_output(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs = {});

}  // namespace wangge::app
