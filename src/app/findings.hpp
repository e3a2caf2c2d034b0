#pragma once

#include <span>

#include <nlohmann/json.hpp>

#include <wangge/planning.hpp>

namespace wangge::app {

/// What a command with `--strict` exits with where a wish is left.
constexpr int exit_findings_left = 3;

/// Whether the finding is a wish that was not met; overlaps, mends and remarks on the input are but news.
bool leaves_a_wish(const Finding& finding);

/// How many of each kind, and every remark on the input in full.
void print_findings(std::span<const Finding> findings);

/// Each with its place in degrees and its certificate.
nlohmann::ordered_json findings_to_json(std::span<const Finding> findings);

}  // namespace wangge::app
