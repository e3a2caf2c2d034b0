#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/parts.hpp"

namespace wangge::planning {

/// Finds what a part could hand over at one of its borders: for each number of households the least strained bundles.
/// A part of a few large units is searched through; in one of many small ones a bundle grows from each place at the
/// border, the least strained atom first, and at every step each atom that could come next ends a bundle too, so that
/// nearly every sum is met without trying all sets.
class Bundler {
 public:
  /// Atoms that could move together; `strain` is about what that adds to the price, sizes apart.
  struct Bundle {
    std::uint32_t households = 0;
    double strain = 0;
    std::uint32_t begin = 0, size = 0, last = Graph::none;
  };

  explicit Bundler(const Parts& parts) : parts_(parts), place_(parts.piece().size(), Graph::none) {}

  /// Bundles of `from` of at most `most` households and less than all of it, ascending by households, then strain. All
  /// touch `to`; for an empty `to` they are connected in themselves. What is left of `from` may fall apart.
  const std::vector<Bundle>& gather(std::uint32_t from, std::uint32_t to, std::uint32_t most);

  /// The atoms of a bundle that was gathered last.
  std::vector<std::uint32_t> atoms_of(const Bundle& bundle) const;

  /// Adds to the bundle what else would lose touch, so that the rest of `from` is connected; the heaviest rest stays.
  void round_off(std::uint32_t from, std::vector<std::uint32_t>& bundle);

 private:
  struct Bond {
    std::uint32_t to;
    double cut_m;
  };
  void describe(std::uint32_t from, std::uint32_t to);
  double pull_of(const Atom& atom, const Sums& giver, const Sums& taker) const;
  void search(std::uint32_t sum, double strain, std::uint64_t reach, std::uint64_t open);
  void grow(std::uint32_t start);
  void settle_in(std::uint32_t atom);
  bool note(std::uint32_t size, std::uint32_t last, std::uint32_t sum, double strain);

  const Parts& parts_;
  std::vector<std::uint32_t> place_;

  // The giver, by local number.
  std::vector<std::uint32_t> atoms_, households_, block_, border_, first_bond_;
  std::vector<double> strain_;
  std::vector<Bond> bonds_;
  std::vector<std::uint8_t> strange_;  ///< lives in a block where none of the taker does
  double crossing_ = 0;                ///< price of one more block
  bool fresh_ = false;
  std::uint32_t most_ = 0, left_ = 0;  ///< households of a bundle; sets that the search may still look at

  std::vector<Bundle> found_;
  std::vector<std::uint32_t> pool_;   ///< local numbers of the bundles' atoms
  std::vector<double> least_strain_;  ///< of the bundles known, by households
  std::vector<std::uint32_t> set_, reach_;
  std::vector<double> marginal_;
  std::vector<std::uint8_t> state_, settled_;
};

}  // namespace wangge::planning
