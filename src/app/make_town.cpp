#include "app/commands.hpp"

namespace wangge::app {

void add_make_town(CLI::App&, Session&) {}

}  // namespace wangge::app
