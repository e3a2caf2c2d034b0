#include "planning/objective.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::planning {

Terms::Terms(const PartitionOptions& options)
    : min(options.range.min),
      max(options.range.max),
      target(std::clamp(options.target, options.range.min, options.range.max)),
      below(float(std::max(1u, target - min))),
      above(float(std::max(1u, max - target))),
      spread(float(options.weights.spread)),
      deviation(float(options.weights.deviation)),
      larger(float(options.weights.size)),
      elongation(float(options.weights.elongation)),
      barrier(float(options.weights.barrier)),
      crossing(float(options.weights.crossing)),
      compound(options.keep_compounds ? std::max(3.0f, float(options.weights.compound))
                                      : float(options.weights.compound)),
      block(float(options.weights.block)),
      by_passage{float(options.weights.cut_open), float(options.weights.cut_street), float(options.weights.cut_wall),
                 float(options.weights.cut_soft), float(options.weights.cut_crossing)} {
  for (const Goal& goal : options.goals) goals.push_back({{}, goal.min, goal.max, goal.target, goal.weight});
}

float Terms::size_price(std::uint32_t households) const noexcept {
  const float price = deviation_price(households);
  if (households < min) return price + breach * (2 - float(households) / float(min));
  if (households > max) return price + breach * (float(households) / float(max));
  return price;
}

void Tally::add(std::uint32_t label) {
  for (auto& [known, n] : counts_) {
    if (known == label) {
      ++n;
      return;
    }
  }
  counts_.emplace_back(label, 1);
}

void Tally::remove(std::uint32_t label) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i].first != label) continue;
    if (--counts_[i].second > 0) return;
    counts_[i] = counts_.back();
    counts_.pop_back();
    return;
  }
}

void Sums::change(const Atom& atom, int sign) noexcept {
  const double m = sign * double(atom.mass), x_m = atom.x_m, y_m = atom.y_m;
  households += std::uint32_t(sign) * atom.households;
  atoms += std::uint32_t(sign);
  towers += std::uint32_t(sign) * std::uint32_t(atom.tower);
  mass += m;
  x += m * x_m;
  y += m * y_m;
  square += m * (x_m * x_m + y_m * y_m) + sign * double(atom.moment);
  pull += sign * double(atom.pull);
  const Land<float>& land = atom.land;
  const double a = sign * double(land.area_m2), land_x_m = land.x_m, land_y_m = land.y_m;
  area_m2 += a, land_x += a * land_x_m, land_y += a * land_y_m;
  xx += sign * double(land.xx) + a * land_x_m * land_x_m;
  xy += sign * double(land.xy) + a * land_x_m * land_y_m;
  yy += sign * double(land.yy) + a * land_y_m * land_y_m;
}

void Part::change(const Piece& piece, std::uint32_t atom, int sign) {
  const Atom& a = piece.atoms[atom];
  sign > 0 ? sums.add(a) : sums.remove(a);
  goals.resize(piece.goals, 0.0);
  for (std::uint32_t g = 0; g < piece.goals; ++g) goals[g] += sign * piece.goals_of(atom)[g];
  if (a.households == 0) return;
  const auto count = [&](Tally& tally, std::uint32_t label) { sign > 0 ? tally.add(label) : tally.remove(label); };
  count(blocks, a.block);
  count(compounds, a.compound);
  count(zones, a.zone);
}

void Part::clear() noexcept {
  sums = {};
  blocks.clear(), compounds.clear(), zones.clear(), goals.clear();
  conflicts = 0;
}

namespace {

double beyond_one(std::uint32_t kinds) { return kinds > 1 ? double(kinds - 1) : 0; }

/// Inertia and length.
double shape_price(const Sums& sums, const Terms& terms) {
  return sums.inertia_m() / terms.spread + sums.scale_m() * terms.length_price(sums.land(), sums.scale_m());
}

}  // namespace

double price(const Sums& sums, const Terms& terms) {
  if (sums.atoms == 0) return 0;
  const double shape = shape_price(sums, terms);
  return sums.towers > 0 ? shape : shape + sums.scale_m() * double(terms.size_price(sums.households));
}

double mixing_price(const Sums& sums, std::uint32_t blocks, std::uint32_t zones, std::uint32_t compounds,
                    const Terms& terms) {
  if (sums.atoms == 0) return 0;
  return sums.scale_m() * (terms.barrier * beyond_one(blocks) + terms.crossing * beyond_one(zones) +
                           terms.compound * beyond_one(compounds));
}

namespace {

/// Share by which a sum misses its bounds. A hair is forgiven: sums of fractions carry rounding.
double miss(double sum, const Goal& goal) {
  const double under = (goal.min - sum) / std::max(std::abs(goal.min), 1e-9);
  const double over = (sum - goal.max) / std::max(std::abs(goal.max), 1e-9);
  return std::max({under, over, 0.0}) > 1e-9 ? std::max(under, over) : 0;
}

double deviation_of(double sum, const Goal& goal) {
  const double off = (sum - goal.target) / goal.target;
  return goal.weight > 0 ? goal.weight * off * off : 0;
}

}  // namespace

double goals_price(std::span<const double> sums, const Terms& terms) {
  double price = 0;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    const double missed = miss(sums[g], terms.goals[g]);
    price +=
        deviation_of(sums[g], terms.goals[g]) + (missed > 0 ? double(terms.breach) * (1 + std::min(missed, 1.0)) : 0);
  }
  return price;
}

bool goals_met(std::span<const double> sums, const Terms& terms) {
  for (std::size_t g = 0; g < sums.size(); ++g) {
    if (miss(sums[g], terms.goals[g]) > 0) return false;
  }
  return true;
}

bool breaches(const Part& part, const Terms& terms) {
  if (part.sums.atoms == 0 || part.sums.towers > 0) return false;
  return !terms.in_range(part.sums.households) || part.conflicts > 0 || !goals_met(part.goals, terms);
}

double price(const Part& part, const Terms& terms) {
  if (part.sums.atoms == 0) return 0;
  const double further = part.goals.empty() || part.sums.towers > 0 ? 0 : goals_price(part.goals, terms);
  return price(part.sums, terms) +
         mixing_price(part.sums, part.blocks.kinds(), part.zones.kinds(), part.compounds.kinds(), terms) +
         part.sums.scale_m() * (further + part.conflicts * double(terms.breach));
}

void account(const Part& part, const Terms& terms, Objective& objective) {
  if (part.sums.atoms == 0) return;
  const double scale_m = part.sums.scale_m();
  objective.inertia += shape_price(part.sums, terms);
  if (part.sums.towers == 0) objective.deviation += scale_m * double(terms.deviation_price(part.sums.households));
  objective.barriers +=
      scale_m * (terms.barrier * beyond_one(part.blocks.kinds()) + terms.crossing * beyond_one(part.zones.kinds()));
  for (std::size_t g = 0; g < part.goals.size() && part.sums.towers == 0; ++g) {
    objective.attributes += scale_m * deviation_of(part.goals[g], terms.goals[g]);
  }
  objective.compounds += scale_m * (terms.compound * beyond_one(part.compounds.kinds()));
}

}  // namespace wangge::planning
