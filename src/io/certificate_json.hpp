#pragma once

#include <string>

#include <wangge/planning.hpp>

namespace wangge::io {

/// Reads what `to_json` wrote. Throws `unreadable` naming `place` for anything else.
Certificate parse_certificate(const std::string& json, const std::string& place);

}  // namespace wangge::io
