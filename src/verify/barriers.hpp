#pragma once

#include <vector>

#include "verify/plan.hpp"

namespace wangge::verify {

/// What separates: hard barriers on the ground. An end that meets no other hard barrier is drawn on to an outline
/// within 50 m, because data that was cut off at an outline often stops short of it.
std::vector<Line> separating_lines(const Plan& plan);

/// Where hard barriers can be crossed: bridges, underpasses, level crossings, fords. Only a road leads across: a wall
/// does not, nor does a railway bridge over a river.
std::vector<Vertex> crossings_of(const std::vector<Barrier>& barriers);

}  // namespace wangge::verify
