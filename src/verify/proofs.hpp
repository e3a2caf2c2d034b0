#pragma once

#include <cstdint>
#include <span>

#include "verify/neighbourhood.hpp"
#include "verify/report.hpp"

namespace wangge::verify {

/// Whether no disjoint connected sets cover the inhabited among `members`, with the empty grounds about them, such that
/// each set is in range or borders somebody else. False also where that is too much to search.
bool cannot_be_covered(const Neighbourhood& neighbourhood, std::span<const std::uint32_t> members, const Range& range);

/// Whether only pairs fit in a micro-grid, and too few of them: after `blockers` are taken out of the graph of pairs in
/// range about `member`, more odd components in which nobody can stand alone are left than there are blockers (Tutte
/// and Berge); or, of few members, no cover at all is found.
bool cannot_be_paired(const Neighbourhood& neighbourhood, std::uint32_t member, std::span<const std::uint32_t> blockers,
                      const Range& range);

}  // namespace wangge::verify
