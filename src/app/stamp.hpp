#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include <wangge/change_set.hpp>

namespace wangge::app {

/// Who makes a change, why and when, as the command line says it.
struct Stamp {
  std::string reason, author;
  std::string time;  ///< RFC 3339 in UTC, such as 2024-05-01T08:00:00Z; empty: now
};

/// Adds --reason, --author and --time.
void add_stamp(CLI::App& command, Stamp& stamp);

/// Throws `invalid_argument` where --time is no time.
void check(const Stamp& stamp);

/// Writes it into the changes; a reason or an author that is not given leaves theirs.
void put(const Stamp& stamp, ChangeSet& changes);

}  // namespace wangge::app
