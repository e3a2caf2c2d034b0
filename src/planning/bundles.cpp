#include "planning/bundles.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

namespace wangge::planning {
namespace {

constexpr std::uint32_t searchable = 20, most_sets = 400;  ///< atoms of a part, sets looked at
constexpr std::size_t most_starts = 6;                     ///< places at a border
constexpr std::uint32_t most_growth = 96;                  ///< atoms of a bundle
constexpr double unknown = std::numeric_limits<double>::infinity();

constexpr std::uint64_t bit(std::uint32_t i) { return std::uint64_t{1} << i; }

double distance2(const Atom& atom, const Sums& part) {
  const double dx = double(atom.x_m) - part.x / part.mass, dy = double(atom.y_m) - part.y / part.mass;
  return dx * dx + dy * dy;
}

}  // namespace

/// What an atom's weight adds to the inertia of both parts, to first order.
double Bundler::pull_of(const Atom& atom, const Sums& giver, const Sums& taker) const {
  const double away = fresh_ ? 0 : distance2(atom, taker) / taker.pull;
  return double(atom.mass) * (away - distance2(atom, giver) / giver.pull) / double(parts_.terms().spread);
}

void Bundler::describe(std::uint32_t from, std::uint32_t to) {
  const Piece& piece = parts_.piece();
  const auto members = parts_.members(from);
  atoms_.assign(members.begin(), members.end());
  std::sort(atoms_.begin(), atoms_.end());
  for (std::uint32_t i = 0; i < atoms_.size(); ++i) place_[atoms_[i]] = i;
  const Sums &giver = parts_.sums(from), &taker = parts_.sums(to);
  fresh_ = taker.atoms == 0;
  crossing_ = giver.scale_m() * double(parts_.terms().barrier);
  households_.clear(), block_.clear(), strain_.clear(), strange_.clear(), border_.clear(), bonds_.clear();
  first_bond_.assign(1, 0);
  for (std::uint32_t i = 0; i < atoms_.size(); ++i) {
    const Atom& atom = piece.atoms[atoms_[i]];
    double strain = pull_of(atom, giver, taker);
    bool touches = fresh_;
    for (const Arc& arc : piece.arcs_of(atoms_[i])) {
      const std::uint32_t part = parts_.of(arc.to);
      if (part == from) bonds_.push_back({place_[arc.to], double(arc.cut_m)}), strain += double(arc.cut_m);
      if (part == to) touches = true, strain -= double(arc.cut_m);
    }
    const bool strange = atom.households > 0 && !fresh_ && !parts_.lives_in(to, atom.block);
    households_.push_back(atom.households);
    block_.push_back(atom.block);
    strange_.push_back(strange);
    strain_.push_back(strange ? strain + crossing_ : strain);
    first_bond_.push_back(std::uint32_t(bonds_.size()));
    if (touches) border_.push_back(i);
  }
  for (const std::uint32_t atom : atoms_) place_[atom] = Graph::none;
}

const std::vector<Bundler::Bundle>& Bundler::gather(std::uint32_t from, std::uint32_t to, std::uint32_t most) {
  describe(from, to);
  most_ = most;
  found_.clear(), pool_.clear(), set_.clear();
  least_strain_.assign(std::size_t{most} + 1, unknown);
  left_ = most_sets;
  if (atoms_.size() <= searchable) {
    std::uint64_t reach = 0, open = bit(std::uint32_t(atoms_.size())) - 1;
    for (const std::uint32_t i : border_) reach |= bit(i);
    search(0, 0, reach, open);
  }
  if (atoms_.size() > searchable || left_ == 0) {
    const std::size_t starts = std::min(border_.size(), most_starts);
    for (std::size_t i = 0; i < starts; ++i) grow(border_[i * border_.size() / starts]);
  }
  std::sort(found_.begin(), found_.end(), [](const Bundle& a, const Bundle& b) {
    return std::tie(a.households, a.strain, a.begin, a.size, a.last) <
           std::tie(b.households, b.strain, b.begin, b.size, b.last);
  });
  return found_;
}

std::vector<std::uint32_t> Bundler::atoms_of(const Bundle& bundle) const {
  std::vector<std::uint32_t> atoms;
  for (std::uint32_t i = 0; i < bundle.size; ++i) atoms.push_back(atoms_[pool_[bundle.begin + i]]);
  if (bundle.last != Graph::none) atoms.push_back(atoms_[bundle.last]);
  return atoms;
}

/// Keeps a bundle, the last `size` of the pool, that is the least strained of its sum so far; those it outdoes stay as
/// second choices.
bool Bundler::note(std::uint32_t size, std::uint32_t last, std::uint32_t sum, double strain) {
  if (sum > most_ || strain >= least_strain_[sum] || size + (last != Graph::none) >= atoms_.size()) return false;
  least_strain_[sum] = strain;
  found_.push_back({sum, strain, std::uint32_t(pool_.size()) - size, size, last});
  return true;
}

/// All sets within reach, each once: with the next atom of `reach`, or for good without it.
void Bundler::search(std::uint32_t sum, double strain, std::uint64_t reach, std::uint64_t open) {
  while (reach != 0 && left_ > 0) {
    --left_;
    const auto next = std::uint32_t(std::countr_zero(reach));
    reach &= ~bit(next);
    open &= ~bit(next);
    if (sum + households_[next] > most_) continue;
    double more = strain + strain_[next];
    std::uint64_t near = 0;
    for (std::uint32_t b = first_bond_[next]; b < first_bond_[next + 1]; ++b) {
      near |= bit(bonds_[b].to);
      if (std::find(set_.begin(), set_.end(), bonds_[b].to) != set_.end()) more -= 2 * bonds_[b].cut_m;
    }
    const auto same = [&](std::uint32_t i) { return strange_[i] != 0 && block_[i] == block_[next]; };
    if (strange_[next] != 0 && std::any_of(set_.begin(), set_.end(), same)) more -= crossing_;
    set_.push_back(next);
    pool_.insert(pool_.end(), set_.begin(), set_.end());
    if (!note(std::uint32_t(set_.size()), Graph::none, sum + households_[next], more))
      pool_.resize(pool_.size() - set_.size());
    search(sum + households_[next], more, (fresh_ && set_.size() == 1 ? near : reach | near) & open, open);
    set_.pop_back();
  }
}

/// Others of a block to which the bundle has come already do so at no further price.
void Bundler::settle_in(std::uint32_t atom) {
  if (strange_[atom] == 0 || settled_[atom] != 0) return;
  for (std::uint32_t i = 0; i < atoms_.size(); ++i) {
    if (strange_[i] == 0 || block_[i] != block_[atom]) continue;
    settled_[i] = 1;
    marginal_[i] -= crossing_;
  }
}

void Bundler::grow(std::uint32_t start) {
  enum : std::uint8_t { away, reached, taken };
  marginal_ = strain_;
  state_.assign(atoms_.size(), away);
  settled_.assign(atoms_.size(), 0);
  reach_.assign(1, start);
  state_[start] = reached;
  for (const std::uint32_t i : border_) {
    if (!fresh_ && state_[i] == away) state_[i] = reached, reach_.push_back(i);
  }
  std::uint32_t sum = 0, size = 0;
  double strain = 0;
  for (std::uint32_t next = start; size < most_growth;) {
    sum += households_[next];
    if (sum > most_) return;
    strain += marginal_[next];
    pool_.push_back(next);
    ++size;
    state_[next] = taken;
    std::erase(reach_, next);
    note(size, Graph::none, sum, strain);
    settle_in(next);
    for (std::uint32_t b = first_bond_[next]; b < first_bond_[next + 1]; ++b) {
      const auto& [other, cut_m] = bonds_[b];
      marginal_[other] -= 2 * cut_m;
      if (state_[other] == away) state_[other] = reached, reach_.push_back(other);
    }
    if (reach_.empty()) return;
    next = reach_.front();
    for (const std::uint32_t i : reach_) {
      note(size, i, sum + households_[i], strain + marginal_[i]);
      if (marginal_[i] < marginal_[next] || (marginal_[i] == marginal_[next] && i < next)) next = i;
    }
  }
}

void Bundler::round_off(std::uint32_t from, std::vector<std::uint32_t>& bundle) {
  constexpr std::uint32_t gone = Graph::none - 1;
  const Piece& piece = parts_.piece();
  const auto members = parts_.members(from);
  for (const std::uint32_t atom : bundle) place_[atom] = gone;
  std::vector<std::uint32_t> heaviest, set;
  std::uint32_t heaviest_holds = 0;
  for (std::size_t left = members.size() - bundle.size(), at = 0; left > 0; ++at) {
    if (place_[members[at]] == gone) continue;
    set.assign(1, members[at]);
    place_[members[at]] = gone;
    std::uint32_t holds = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      holds += piece.atoms[set[i]].households;
      for (const Arc& arc : piece.arcs_of(set[i])) {
        if (parts_.of(arc.to) != from || place_[arc.to] == gone) continue;
        place_[arc.to] = gone;
        set.push_back(arc.to);
      }
    }
    left -= set.size();
    if (heaviest.empty() || holds > heaviest_holds) std::swap(set, heaviest), heaviest_holds = holds;
    bundle.insert(bundle.end(), set.begin(), set.end());
  }
  for (const std::uint32_t atom : members) place_[atom] = Graph::none;
}

}  // namespace wangge::planning
