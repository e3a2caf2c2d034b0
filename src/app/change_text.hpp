#pragma once

#include <string>
#include <vector>

#include <wangge/io.hpp>

namespace wangge::app {

/// "1 move, 2 splits", or "nothing".
std::string summary(const ChangeSet& changes);

/// "split 001004 -> 001004, 001017": one line a change, in the order of the set.
std::vector<std::string> lines(const ChangeSet& changes);

/// "12 units with 410 households moved (0.4 % of 102000; at least 380 had to)".
std::string moved(const ChangeSet& changes, std::uint64_t households);

}  // namespace wangge::app
