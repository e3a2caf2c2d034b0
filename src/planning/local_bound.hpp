#pragma once

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// The least that moves about one part out of range, found by looking at everything that could become of it, nearest
/// first.
///
/// Why this is so. Let a plan be given that is in range everywhere, and count the households that it moves out of the
/// homes in H, those of part v among them. Let v live on as the set S of inhabited units: O of its own units have left
/// it and T of other homes have come. Units without a household are free: two inhabited units are called near each
/// other if they are linked, or joined by such units. Then S is in range and hangs together by nearness, O and T move,
/// and T can be put in order so that each of its units is near to one of v's own or an earlier one. So every S is found
/// by adding to O and T one by one; what is counted grows with each, by at least what v holds beyond its range or
/// lacks. Where T goes on to a home outside H, what was counted before is counted still. What follows from S moves
/// besides:
/// - O has to live somewhere: in parts near it, and then what a part c has no room for is handed over in units of c; or
///   else with a unit of another home near O, that is not in T; or in a new part of its own, if it holds enough.
/// - A part c that gave some of T is gone with all it held; or it is in range and in one piece without T,
///   though perhaps with O; or it has taken in another unit near it; or, where it is torn, given up all but one piece.
/// The search stops at the least sum found, or when it has looked at enough, at the least that is still open. That v is
/// gone counts as O being all it held.
class LocalBound {
 public:
  /// `home_of` names the home of each atom, or none. Refers to both.
  LocalBound(const Piece& piece, std::span<const std::uint32_t> home_of, const Range& range);

  /// Atoms of a home that somebody lives in, ascending.
  const std::vector<std::uint32_t>& atoms_of(std::uint32_t home) const { return atoms_of_[home]; }
  std::uint64_t held(std::uint32_t home) const { return held_[home]; }
  /// Inhabited atoms near an inhabited atom, ascending.
  const std::vector<std::uint32_t>& near(std::uint32_t atom);
  /// Homes of which a unit is near one of this home, ascending; none for units without a home.
  std::vector<std::uint32_t> homes_near(std::uint32_t home);

  /// Households that move out of the homes for which `counted` holds, at least, in a plan that is in range everywhere.
  /// All those homes but `part` are in range.
  std::uint32_t least_moved(std::uint32_t part, const std::vector<bool>& counted);

 private:
  struct State {
    std::vector<std::uint32_t> out, in;  ///< O and T
    std::uint32_t moved = 0, held = 0;   ///< households; of S
    std::uint32_t least = 0;             ///< moved in the end, at least
    std::uint64_t key = 0;
  };
  static bool later(const State& a, const State& b);  ///< in the order in which states are looked at
  void push(State&& state);
  void expand(const State& state);
  void judge(const State& state);
  std::uint32_t torn_off(const std::vector<std::uint32_t>& atoms, const std::vector<std::uint32_t>& joints);
  std::uint32_t out_of_place(const State& state);
  std::uint32_t left_behind(const State& state);
  std::uint32_t hands_over(std::uint32_t home, std::uint32_t need);

  const Piece& piece_;
  std::span<const std::uint32_t> home_of_;
  Range range_;
  std::vector<std::vector<std::uint32_t>> atoms_of_, near_, handed_over_;
  std::vector<std::uint64_t> held_;
  std::vector<bool> known_near_;
  std::vector<std::uint32_t> mark_;
  std::uint32_t round_ = 0;

  std::uint32_t part_ = 0, best_ = 0;
  std::int64_t patience_ = 0;  ///< steps that the search may yet take
  const std::vector<bool>* counted_ = nullptr;
  std::vector<State> open_;
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace wangge::planning
