#pragma once

#include <filesystem>

#include <wangge/io.hpp>

namespace wangge::app {

/// Writes what leads from one plan to another as one HTML page of the manner of `write_page`: the later plan with its
/// changed micro-grids coloured by their coding, borders that are gone dashed, buildings that moved in the colour of
/// where they went, and a table of who gives households to whom. `changes` is the `diff` of both with its units traced.
/// Replaces `file` atomically; throws `not_writable`.
void write_diff_page(const std::filesystem::path& file, const Plan& before, const Plan& after,
                     const ChangeSet& changes);

}  // namespace wangge::app
