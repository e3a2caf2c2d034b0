#pragma once

#include <vector>

#include <wangge/io.hpp>

namespace wangge::app {

/// Every unit of either plan, by its id: those of the second, then those that are no longer there. Lives as long as the
/// plans.
std::vector<UnitTrace> traces_of(const Plan& before, const Plan& after);

}  // namespace wangge::app
