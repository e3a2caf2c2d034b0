#pragma once

#include "planning/districts.hpp"

namespace wangge::planning {

/// Divides a piece, which need not be connected, as well as `effort` (0 legal only … 3) allows: a first division along
/// a spanning forest, then rounds of local work. Towers get parts of their own, into which others may merge. When the
/// caller stops, polishing ends and the best division so far comes back. The same for any number of threads.
Division search(const Piece& piece, const Terms& terms, int effort, Crew& crew);

}  // namespace wangge::planning
