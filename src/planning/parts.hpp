#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// A division of a piece under change, with its price kept up to date. Parts may become empty; their numbers are
/// used again.
class Parts {
 public:
  Parts(const Piece& piece, const Terms& terms, std::span<const std::uint32_t> part_of, std::uint32_t count);

  const Piece& piece() const noexcept { return piece_; }
  const Terms& terms() const noexcept { return terms_; }
  std::uint32_t count() const noexcept { return std::uint32_t(parts_.size()); }  ///< empty ones included
  std::uint32_t of(std::uint32_t atom) const noexcept { return part_of_[atom]; }
  const std::vector<std::uint32_t>& part_of() const noexcept { return part_of_; }
  std::span<const std::uint32_t> members(std::uint32_t part) const noexcept { return members_[part]; }
  const Sums& sums(std::uint32_t part) const noexcept { return parts_[part].sums; }
  std::uint32_t households(std::uint32_t part) const noexcept { return parts_[part].sums.households; }
  /// True where somebody in the part lives in the block.
  bool lives_in(std::uint32_t part, std::uint32_t block) const { return parts_[part].blocks.count(block) > 0; }
  /// True where no two foes share the part and its further counts are within their bounds.
  bool wishes_met(std::uint32_t part) const {
    return parts_[part].conflicts == 0 && goals_met(parts_[part].goals, terms_);
  }
  /// True for a part that should be legal and is not. A part that holds a tower is exempt.
  bool breaches(std::uint32_t part) const { return planning::breaches(parts_[part], terms_); }
  std::uint32_t breaches() const noexcept { return breaches_; }  ///< how many parts do
  /// Price of a part but for its cut links.
  double price(std::uint32_t part) const noexcept { return prices_[part]; }
  /// Adds a part's terms to `objective`, its cut links apart.
  void account(std::uint32_t part, Objective& objective) const { planning::account(parts_[part], terms_, objective); }
  /// Price of the whole division.
  double price() const noexcept { return price_; }

  struct Move {
    std::uint32_t to = Graph::none;
    double change = 0;  ///< of the price
  };
  /// The move of a border atom to a neighbouring part that lowers the price most, within the maximum; or none.
  Move best_move(std::uint32_t atom) const;
  void move(std::uint32_t atom, std::uint32_t to);

  /// True where the atom's part stays connected, or becomes empty, without it. Exact.
  bool may_leave(std::uint32_t atom);

  /// Parts that border a part, ascending.
  std::vector<std::uint32_t> neighbours(std::uint32_t part) const;

  /// Gives all atoms of the parts in `group` new parts: `label[i]` in 0…labels-1 for the i-th of `atoms`.
  void replace(std::span<const std::uint32_t> group, std::span<const std::uint32_t> atoms,
               std::span<const std::uint32_t> label, std::uint32_t labels);

  /// Gives every atom a new part.
  void replace_all(std::span<const std::uint32_t> label, std::uint32_t labels);

 private:
  double price_without(std::uint32_t atom, std::uint32_t part) const;
  double price_with(std::uint32_t atom, std::uint32_t part) const;
  double further_price(std::uint32_t atom, std::uint32_t part, int sign, double scale_m) const;
  std::uint32_t foes_in(std::uint32_t atom, std::uint32_t part) const;
  double cut_change(std::uint32_t atom, std::uint32_t to) const;
  double half_cut(std::span<const std::uint32_t> atoms) const;
  void note_empty(std::uint32_t part);
  std::uint32_t fresh_part();

  const Piece& piece_;
  const Terms& terms_;
  std::vector<std::uint32_t> part_of_, slot_;
  std::vector<Part> parts_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::vector<double> prices_;
  double price_ = 0;
  std::uint32_t breaches_ = 0;
  std::vector<std::uint32_t> empty_;
  std::vector<std::uint32_t> seen_, queue_;
  std::uint32_t round_ = 0;
};

}  // namespace wangge::planning
