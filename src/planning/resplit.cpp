#include <algorithm>

#include "planning/forest.hpp"
#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

constexpr double worth_it_m = 1e-3;
}  // namespace

/// The part and neighbours of the group so far, drawn at random.
void Resplitter::gather(std::uint32_t part, std::uint32_t size, Random& random) {
  group_.assign(1, part);
  while (group_.size() < size) {
    const std::uint32_t centre = group_[random.below(std::uint32_t(group_.size()))];
    const auto members = parts_.members(centre);
    std::uint32_t pick = Graph::none;
    for (int tries = 0; tries < 12 && pick == Graph::none; ++tries) {
      const auto arcs = parts_.piece().arcs_of(members[random.below(std::uint32_t(members.size()))]);
      if (arcs.empty()) continue;
      const std::uint32_t other = parts_.of(arcs[random.below(std::uint32_t(arcs.size()))].to);
      const bool known = std::find(group_.begin(), group_.end(), other) != group_.end();
      if (!known && parts_.sums(other).towers == 0) pick = other;
    }
    if (pick == Graph::none) break;
    group_.push_back(pick);
  }
  atoms_.clear();
  for (const std::uint32_t p : group_) {
    const auto members = parts_.members(p);
    atoms_.insert(atoms_.end(), members.begin(), members.end());
  }
}

double Resplitter::price_of(const std::vector<std::uint32_t>& label, std::uint32_t labels) {
  if (drafts_.size() < labels) drafts_.resize(labels);
  const std::span<Part> drafts(drafts_.data(), labels);
  for (Part& part : drafts) part.clear();
  double price = 0;
  for (std::uint32_t a = 0; a < piece_.size(); ++a) {
    drafts[label[a]].add(piece_, a);
    for (const Arc& arc : piece_.arcs_of(a)) {
      if (arc.to > a && label[arc.to] != label[a]) price += double(arc.cut_m);
    }
  }
  for (const auto& [a, foe] : piece_.foes) {
    if (a < foe && label[a] == label[foe]) ++drafts[label[a]].conflicts;
  }
  for (const Part& part : drafts) price += planning::price(part, parts_.terms());
  return price;
}

/// A tree's bonds at random: now ranked by class, now by lengths stretched where they cross something, now what is
/// dearest to cut first.
void Resplitter::draw_bonds(Random& random) {
  static constexpr double stretch[] = {1, 2, 2, 6, 12};
  const std::uint32_t manner = piece_.foes.empty() ? random.below(4) : 0;
  const auto key = [&](std::uint32_t a, const Arc& arc, double noise) {
    if (manner >= 2) return std::uint64_t(1e9 * noise / (1 + double(arc.cut_m)));
    const double length_cm = length_m(piece_.atoms[a], piece_.atoms[arc.to]) * noise * 100;
    return manner == 1 ? std::uint64_t(length_cm * stretch[std::size_t(arc.passage)])
                       : rank(piece_, a, arc) << 40 | std::uint64_t(length_cm);
  };
  bonds_.clear();
  for (std::uint32_t a = 0; a < piece_.size(); ++a) {
    for (const Arc& arc : piece_.arcs_of(a)) {
      if (arc.to < a) continue;
      bonds_.push_back({key(a, arc, 1 + double(random.below(1024)) / 512), a, arc.to, arc.cut_m});
    }
  }
}

/// Whether an exact division is worth its time, which doubles with each atom, less so where few fit in one part. Small
/// pieces can afford more.
bool Resplitter::handy() const {
  const std::size_t atoms = atoms_.size();
  const bool small = parts_.piece().size() <= 160;
  if (atoms <= 9) return true;
  if (atoms > (small ? 16 : 12)) return false;
  std::uint64_t households = 0;
  for (const std::uint32_t part : group_) households += parts_.households(part);
  const std::uint64_t in_a_part = small && atoms <= 14 ? 8 : 5;
  return households * in_a_part >= atoms * parts_.terms().max;
}

/// True where just these atoms have been divided exactly before: then nothing is left to gain.
bool Resplitter::settled() {
  std::uint64_t sum = 0;
  for (const std::uint32_t atom : atoms_) sum += Random(atom).next();
  return !settled_.insert(sum).second;
}

bool Resplitter::attempt(std::uint32_t part, std::uint32_t size, Random& random) {
  gather(part, size, random);
  const bool exactly = handy();
  if (exactly && settled()) return false;
  extract(parts_.piece(), atoms_, place_, piece_);
  if (exactly && exact_.divide(piece_)) return adopt(exact_.label(), exact_.parts());
  draw_bonds(random);
  const auto& label = divider_.divide(piece_.atoms, bonds_);
  return adopt(label, divider_.parts());
}

void Resplitter::shake(std::uint32_t part, std::uint32_t size, Random& random) {
  gather(part, size, random);
  extract(parts_.piece(), atoms_, place_, piece_);
  draw_bonds(random);
  const auto& label = divider_.divide(piece_.atoms, bonds_);
  parts_.replace(group_, atoms_, label, divider_.parts());
  settled_.clear();
}

bool Resplitter::adopt(const std::vector<std::uint32_t>& label, std::uint32_t labels) {
  double before = 0;
  for (std::uint32_t a = 0; a < piece_.size(); ++a) {
    for (const Arc& arc : piece_.arcs_of(a)) {
      if (arc.to > a && parts_.of(atoms_[a]) != parts_.of(atoms_[arc.to])) before += double(arc.cut_m);
    }
  }
  for (const std::uint32_t p : group_) before += parts_.price(p);
  if (price_of(label, labels) > before - worth_it_m) return false;
  parts_.replace(group_, atoms_, label, labels);
  return true;
}

bool Polisher::sweep(std::uint32_t most, Random& random) {
  constexpr std::uint32_t untiring = 3;
  const double before = parts_.price();
  const std::uint32_t count = parts_.count();
  for (std::uint32_t part = 0; part < count; ++part) {
    if (parts_.sums(part).atoms == 0 || parts_.sums(part).towers > 0) continue;
    in_vain_.resize(parts_.count(), 0);
    if (in_vain_[part] > untiring && random.below(in_vain_[part]) >= untiring) continue;
    ++in_vain_[part];
    if (!resplitter_.attempt(part, 2 + random.below(most - 1), random)) continue;
    in_vain_.resize(parts_.count(), 0);
    for (const std::uint32_t changed : resplitter_.group()) in_vain_[changed] = 0;
  }
  flip(parts_);
  return parts_.price() < before - worth_it_m;
}

void Polisher::search(std::uint32_t sweeps, Random& random, const std::function<bool()>& go_on) {
  constexpr std::uint32_t patience = 3;
  std::vector<std::uint32_t> best = parts_.part_of();
  double price = parts_.price();
  const auto keep_the_better = [&] {
    if (parts_.price() < price - worth_it_m) {
      best = parts_.part_of();
      price = parts_.price();
    } else if (best != parts_.part_of()) {
      parts_.replace_all(best, parts_.count());
    }
  };
  for (std::uint32_t done = 0, idle = 0; done < sweeps && go_on(); ++done) {
    idle = sweep(4 + done % 5, random) ? 0 : idle + 1;
    if (idle < patience) continue;
    keep_the_better();
    const std::uint32_t part = parts_.of(random.below(parts_.piece().size()));
    if (parts_.sums(part).towers == 0) resplitter_.shake(part, 2 + random.below(4), random);
    in_vain_.assign(parts_.count(), 0);
    idle = 0;
  }
  keep_the_better();
}

}  // namespace wangge::planning
