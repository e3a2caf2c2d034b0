#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "planning/crew.hpp"
#include "planning/parts.hpp"
#include "planning/random.hpp"

namespace wangge::planning {

/// A division of a piece: part of each atom, below `count`; some parts may be empty.
struct Division {
  std::vector<std::uint32_t> part_of;
  std::uint32_t count = 0;
};

/// Numbers the parts in the order of their first atoms.
void renumber(Division& division);

/// Sums of every part.
std::vector<Part> sum_up(const Piece& piece, const Division& division);

/// Which parts should be legal and are not; empty where all are.
std::vector<bool> breaching(const Piece& piece, const Terms& terms, const Division& division);

/// What is done to the parts of one district. The random numbers depend on the seed, the round and the district alone.
using Work = std::function<void(Parts& parts, Random& random)>;

struct Round {
  std::uint32_t round = 0;        ///< districts lie elsewhere in each
  std::uint32_t atoms = 3000;     ///< of a district, about
  std::vector<bool> wanted = {};  ///< parts for whose districts alone there is work; empty: all
};

/// Groups the parts into districts of a few hundred neighbours and works on each by itself, on all threads; parts stay
/// within their district. From round to round the districts lie elsewhere, so that in time all borders are worked on.
/// The same for any number of threads.
void work_by_districts(const Piece& piece, const Terms& terms, Division& division, const Round& round, Crew& crew,
                       const Work& work);

/// Works on each connected component that has a wanted part.
void work_by_components(const Piece& piece, const Terms& terms, Division& division, const std::vector<bool>& wanted,
                        Crew& crew, const Work& work);

/// A sub-graph with its division, which others may change before it is put back.
class Excerpt {
 public:
  /// `atoms` ascend and hold whole parts; `place` is as for `extract`.
  Excerpt(const Piece& piece, const Terms& terms, const Division& division, std::vector<std::uint32_t> atoms,
          std::vector<std::uint32_t>& place);

  Parts& parts() noexcept { return parts_; }
  std::uint32_t atom(std::uint32_t i) const noexcept { return atoms_[i]; }
  /// Writes the parts back; returns for each of them its number in `division`.
  std::vector<std::uint32_t> put_back(Division& division);

 private:
  std::vector<std::uint32_t> atoms_, known_;
  Piece piece_;
  Parts parts_;
};

/// The connected components that have a wanted part, each ascending.
std::vector<std::vector<std::uint32_t>> components_of(const Piece& piece, const Division& division,
                                                      const std::vector<bool>& wanted);

}  // namespace wangge::planning
