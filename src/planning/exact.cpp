#include "planning/exact.hpp"

#include <bit>
#include <limits>

namespace wangge::planning {
namespace {

constexpr double impossible = std::numeric_limits<double>::infinity();

constexpr std::uint32_t bit(std::uint32_t i) { return std::uint32_t{1} << i; }

}  // namespace

bool ExactDivider::divide(const Piece& piece) {
  piece_ = &piece;
  describe(piece);
  const Mask all = bit(piece.size()) - 1;
  best_.assign(std::size_t{all} + 1, {0, 0});
  if (solve(all) == impossible) return false;
  label_.resize(piece.size());
  parts_ = 0;
  for (Mask open = all; open != 0; open &= ~best_[open].set, ++parts_) {
    for (Mask rest = best_[open].set; rest != 0; rest &= rest - 1) label_[std::size_t(std::countr_zero(rest))] = parts_;
  }
  return true;
}

/// Neighbours as bits, and blocks, zones and compounds as the bit of the first atom that has the same.
void ExactDivider::describe(const Piece& piece) {
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    near_[a] = 0;
    for (const Arc& arc : piece.arcs_of(a)) near_[a] |= bit(arc.to);
    foes_[a] = 0;
    for (const auto& pair : piece.foes_of(a)) foes_[a] |= bit(pair.second);
    kinds_[a] = {};
    const Atom& atom = piece.atoms[a];
    if (atom.households == 0) continue;
    for (std::uint32_t b = a + 1; b-- > 0;) {
      const Atom& other = piece.atoms[b];
      if (other.households == 0) continue;
      if (other.block == atom.block) kinds_[a].blocks = bit(b);
      if (other.zone == atom.zone) kinds_[a].zones = bit(b);
      if (other.compound == atom.compound) kinds_[a].compounds = bit(b);
    }
  }
}

/// Lowest price at which the atoms of `open` can be divided.
double ExactDivider::solve(Mask open) {
  if (open == 0) return 0;
  if (best_[open].set != 0) return best_[open].price;
  const auto first = std::uint32_t(std::countr_zero(open));
  Sums sums;
  sums.add(piece_->atoms[first]);
  Best best{impossible, bit(first)};
  const Mask others = open & ~bit(first);
  extend(bit(first), sums, kinds_[first], near_[first] & others, others, open, best);
  best_[open] = best;
  return best.price;
}

/// Tries `set` as the first part of `whole`, then with each atom of `reach`; `open` is what it may still take.
void ExactDivider::extend(Mask set, const Sums& sums, Kinds kinds, Mask reach, Mask open, Mask whole, Best& best) {
  if (sums.households > terms_.max) return;
  if (sums.households >= terms_.min) {
    double own = price_of(set, sums, kinds);
    if (own < best.price && goals_allow(set, own)) {
      const double price = own + solve(whole & ~set);
      if (price < best.price) best = {price, set};
    }
  }
  while (reach != 0) {
    const auto next = std::uint32_t(std::countr_zero(reach));
    reach &= ~bit(next);
    open &= ~bit(next);
    if ((foes_[next] & set) != 0) continue;
    Sums more = sums;
    more.add(piece_->atoms[next]);
    Kinds mixed = kinds;
    mixed.add(kinds_[next]);
    extend(set | bit(next), more, mixed, (reach | near_[next]) & open, open, whole, best);
  }
}

/// True where the further counts are within their bounds; adds what they cost.
bool ExactDivider::goals_allow(Mask set, double& price) const {
  if (piece_->goals == 0) return true;
  std::vector<double> goals(piece_->goals, 0.0);
  Sums sums;
  for (Mask rest = set; rest != 0; rest &= rest - 1) {
    const auto atom = std::uint32_t(std::countr_zero(rest));
    sums.add(piece_->atoms[atom]);
    for (std::size_t g = 0; g < goals.size(); ++g) goals[g] += piece_->goals_of(atom)[g];
  }
  price += sums.scale_m() * goals_price(goals, terms_);
  return goals_met(goals, terms_);
}

/// Price of a part with half of its cut links.
double ExactDivider::price_of(Mask set, const Sums& sums, const Kinds& kinds) const {
  double cut = 0;
  for (Mask rest = set; rest != 0; rest &= rest - 1) {
    for (const Arc& arc : piece_->arcs_of(std::uint32_t(std::countr_zero(rest)))) {
      if ((set & bit(arc.to)) == 0) cut += double(arc.cut_m);
    }
  }
  const auto count = [](Mask mask) { return std::uint32_t(std::popcount(mask)); };
  return cut / 2 + price(sums, terms_) +
         mixing_price(sums, count(kinds.blocks), count(kinds.zones), count(kinds.compounds), terms_);
}

}  // namespace wangge::planning
