#include "planning/objective.hpp"

#include <algorithm>

namespace wangge::planning {

Terms::Terms(const PartitionOptions& options)
    : min(options.range.min),
      max(options.range.max),
      target(std::clamp(options.target, options.range.min, options.range.max)),
      quarter(std::max(1.0f, float(options.range.max - options.range.min) / 4)),
      spread(float(options.weights.spread)),
      deviation(float(options.weights.deviation)),
      barrier(float(options.weights.barrier)),
      crossing(float(options.weights.crossing)),
      compound(options.keep_compounds ? std::max(3.0f, float(options.weights.compound))
                                      : float(options.weights.compound)),
      by_passage{float(options.weights.cut_open), float(options.weights.cut_street), float(options.weights.cut_wall),
                 float(options.weights.cut_soft), float(options.weights.cut_crossing)} {}

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
  square += m * (x_m * x_m + y_m * y_m);
  pull += sign * double(atom.pull);
}

void Part::add(const Atom& atom) {
  sums.add(atom);
  if (atom.households == 0) return;
  blocks.add(atom.block);
  compounds.add(atom.compound);
  zones.add(atom.zone);
}

void Part::remove(const Atom& atom) {
  sums.remove(atom);
  if (atom.households == 0) return;
  blocks.remove(atom.block);
  compounds.remove(atom.compound);
  zones.remove(atom.zone);
}

namespace {
double beyond_one(std::uint32_t kinds) { return kinds > 1 ? double(kinds - 1) : 0; }
}  // namespace

double price(const Sums& sums, const Terms& terms) {
  if (sums.atoms == 0) return 0;
  const double shape = sums.inertia_m() / terms.spread;
  return sums.towers > 0 ? shape : shape + sums.scale_m() * double(terms.size_price(sums.households));
}

double mixing_price(const Sums& sums, std::uint32_t blocks, std::uint32_t zones, std::uint32_t compounds,
                    const Terms& terms) {
  if (sums.atoms == 0) return 0;
  return sums.scale_m() * (terms.barrier * beyond_one(blocks) + terms.crossing * beyond_one(zones) +
                           terms.compound * beyond_one(compounds));
}

double price(const Part& part, const Terms& terms) {
  return price(part.sums, terms) +
         mixing_price(part.sums, part.blocks.kinds(), part.zones.kinds(), part.compounds.kinds(), terms);
}

void account(const Part& part, const Terms& terms, Objective& objective) {
  if (part.sums.atoms == 0) return;
  const double scale_m = part.sums.scale_m();
  objective.inertia += part.sums.inertia_m() / terms.spread;
  if (part.sums.towers == 0) objective.deviation += scale_m * double(terms.deviation_price(part.sums.households));
  objective.barriers +=
      scale_m * (terms.barrier * beyond_one(part.blocks.kinds()) + terms.crossing * beyond_one(part.zones.kinds()));
  objective.compounds += scale_m * (terms.compound * beyond_one(part.compounds.kinds()));
}

}  // namespace wangge::planning
