#pragma once

/// All of wangge's public headers.
#include <wangge/change_set.hpp>
#include <wangge/crs.hpp>
#include <wangge/error.hpp>
#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>
#include <wangge/grid_map.hpp>
#include <wangge/io.hpp>
#include <wangge/planning.hpp>
#include <wangge/publisher.hpp>
#include <wangge/rebalance.hpp>
#include <wangge/same_ground.hpp>
#include <wangge/town.hpp>
#include <wangge/units.hpp>
