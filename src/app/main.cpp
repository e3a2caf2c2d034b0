#include <cstdio>
#include <exception>

#include "app/commands.hpp"
#include <wangge/error.hpp>

namespace {

constexpr int refused = 1, usage = 2;

/// Whether all that was printed has arrived; a full disk may show only now.
bool printed() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace

int main(int argc, char** argv) {
  wangge::app::Session session;
  CLI::App program{
      "wangge (网格): split areas into micro-grids, check, change and compare plans, look at them on a map", "wangge"};
  program.require_subcommand(1);
  program.set_version_flag("--version", "wangge " WANGGE_VERSION);
  wangge::app::add_import_osm(program, session);
  wangge::app::add_make_town(program, session);
  wangge::app::add_split(program, session);
  wangge::app::add_locate(program, session);
  wangge::app::add_convert(program, session);
  wangge::app::add_assess(program, session);
  wangge::app::add_diff(program, session);
  wangge::app::add_apply(program, session);
  wangge::app::add_rebalance(program, session);
  wangge::app::add_edit(program, session);
  wangge::app::add_log(program, session);
  wangge::app::add_show(program, session);
  wangge::app::add_undo(program, session);
  wangge::app::add_redo(program, session);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? 0 : usage;
  } catch (const wangge::Error& error) {
    session.clear_progress();
    std::fprintf(stderr, "wangge: %s\n", error.what());
    return error.code() == wangge::Errc::invalid_argument ? usage : refused;
  } catch (const std::exception& error) {
    session.clear_progress();
    std::fprintf(stderr, "wangge: %s\n", error.what());
    return refused;
  }
  if (!printed()) {
    std::fprintf(stderr, "wangge: the output cannot be written; is the disk full?\n");
    return refused;
  }
  return session.exit_code;
}
