#pragma once

#include "coverage/sets.hpp"

namespace wangge::planning {

using coverage::Sets;

}  // namespace wangge::planning
