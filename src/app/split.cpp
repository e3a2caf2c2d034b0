#include "app/commands.hpp"

namespace wangge::app {

void add_split(CLI::App&, Session&) {}

}  // namespace wangge::app
