#pragma once

#include <vector>

#include "planning/districts.hpp"

namespace wangge::planning {

/// Verdicts on the parts of a piece, and what shows them; nodes and parts are atoms and parts of the piece.
struct Judgement {
  std::vector<Verdict> verdicts;
  std::vector<Certificate> certificates;
};

/// Judges each part, by number, by matching or, if `thorough`, by a search round it. A search that happens on a legal
/// division of a whole component makes it the parts.
Judgement judge(const Piece& piece, const Terms& terms, Division& division, bool thorough);

}  // namespace wangge::planning
