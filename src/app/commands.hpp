#pragma once

#include <CLI/CLI.hpp>

#include "app/session.hpp"

namespace wangge::app {

/// Each adds one command to the program; one file a command. The command's callback returns nothing and throws
/// `wangge::Error`, which the program prints as one line (exit 1); it sets `session.exit_code` for `--strict`.
void add_import_osm(CLI::App& program, Session& session);
void add_make_town(CLI::App& program, Session& session);
void add_split(CLI::App& program, Session& session);
void add_locate(CLI::App& program, Session& session);
void add_convert(CLI::App& program, Session& session);
void add_assess(CLI::App& program, Session& session);
void add_diff(CLI::App& program, Session& session);
void add_apply(CLI::App& program, Session& session);
void add_edit(CLI::App& program, Session& session);
void add_rebalance(CLI::App& program, Session& session);
void add_log(CLI::App& program, Session& session);
void add_show(CLI::App& program, Session& session);
void add_undo(CLI::App& program, Session& session);
void add_redo(CLI::App& program, Session& session);

}  // namespace wangge::app
