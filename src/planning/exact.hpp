#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// Divides a few atoms into parts in range at the lowest price, by trying every connected set once for each rest it
/// leaves. Keeps its memory between calls.
class ExactDivider {
 public:
  static constexpr std::uint32_t most_atoms = 20;

  explicit ExactDivider(const Terms& terms) : terms_(terms) {}

  /// True where the piece, of at most `most_atoms`, none a tower, can be divided; then `label()` says how.
  bool divide(const Piece& piece);

  const std::vector<std::uint32_t>& label() const noexcept { return label_; }
  std::uint32_t parts() const noexcept { return parts_; }

 private:
  using Mask = std::uint32_t;
  struct Kinds {
    Mask blocks = 0, zones = 0, compounds = 0;
    void add(const Kinds& other) noexcept {
      blocks |= other.blocks, zones |= other.zones, compounds |= other.compounds;
    }
  };
  struct Best {
    double price;
    Mask set;  ///< of the first part; 0 while unknown
  };

  void describe(const Piece& piece);
  double solve(Mask open);
  void extend(Mask set, const Sums& sums, Kinds kinds, Mask reach, Mask open, Mask whole, Best& best);
  bool goals_allow(Mask set, double& price) const;
  double price_of(Mask set, const Sums& sums, const Kinds& kinds) const;

  const Terms& terms_;
  const Piece* piece_ = nullptr;
  std::array<Mask, most_atoms> near_{}, foes_{};
  std::array<Kinds, most_atoms> kinds_{};
  std::vector<Best> best_;
  std::vector<std::uint32_t> label_;
  std::uint32_t parts_ = 0;
};

}  // namespace wangge::planning
