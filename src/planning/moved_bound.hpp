#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// Households that any plan moves in which every part of `wrong` has come into the range, at least. `home_of` names the
/// part of each atom in the old plan, or none for an atom that belonged to none; a household moves where its atom's
/// part is another than its home.
///
/// Why this is so. Let a plan be given in which the parts of `wrong` are legal or gone. A part that held w > max hands
/// over units of its own that hold at least w - max: so no less than the least sum of its units that is w - max or
/// more. A part that held w < min is gone, and then its w households have moved; or it has taken in units of others
/// that hold at least min - w. What it takes in hangs together with it. So either all of that lies nearer than
/// min - w, counting the households on the way to it, or a way to it holds min - w by itself: in both cases some of the
/// units as near as that have come in which hold min - w or more, and no less than the least such sum.
/// Every household that moves leaves one home for one part, so adding up what the over-full parts hand over and what
/// the others take in counts it twice only where it goes straight to an under-full part b from an over-full part a, or
/// from an under-full one that is gone. If the nearest way from b to a holds d households of neither, then one of them
/// is taken in with the way to it, which covers d of what b needs by households that do not come from a, nor from any
/// such part as far away. Hence at most need(b) - d are counted twice for such a pair, at most need(b) for b, and at
/// most what a must give for a; the sum of what all groups of such pairs can save at most is taken off.
///
/// With `all_legal` the plan is in range everywhere, and then what leaves one part has to fit where it goes. So a part
/// of a few units is looked at closely (see LocalBound) if all parts near it are in range and no other part out of
/// range counts on them: what is found counts households by the homes that they leave, and no home is counted for two
/// parts.
std::uint64_t least_moved(const Piece& piece, std::span<const std::uint32_t> home_of,
                          std::span<const std::uint32_t> wrong, const Range& range, bool all_legal);

/// The least sum of some of `counts` that is `need` or more; `need` where there is none.
std::uint32_t least_sum(std::span<const std::uint32_t> counts, std::uint32_t need);

}  // namespace wangge::planning
