#include "app/commands.hpp"

namespace wangge::app {

void add_import_osm(CLI::App&, Session&) {}

}  // namespace wangge::app
