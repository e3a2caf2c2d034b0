#include "app/commands.hpp"

namespace wangge::app {

void add_assess(CLI::App&, Session&) {}

}  // namespace wangge::app
