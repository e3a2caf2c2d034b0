#include "planning/blocks.hpp"

#include <algorithm>

#include "planning/exact.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

/// Which atom each atom goes with: the least of its block, or itself.
std::vector<std::uint32_t> leaders_of(const Piece& piece, const Terms& terms) {
  Sets blocks(piece.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (arc.to > a && (arc.passage == Passage::open || arc.passage == Passage::wall)) blocks.join(a, arc.to);
    }
  }
  std::vector<std::uint64_t> households(piece.size(), 0);
  for (std::uint32_t a = 0; a < piece.size(); ++a) households[blocks.of(a)] += piece.atoms[a].households;
  for (const auto& [atom, foe] : piece.foes) households[blocks.of(atom)] = terms.max + std::uint64_t{1};
  std::vector<std::uint32_t> leader(piece.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) leader[a] = households[blocks.of(a)] <= terms.max ? blocks.of(a) : a;
  return leader;
}

/// Components that are divided exactly anyway stay as they are.
void leave_small_components(const Piece& piece, std::vector<std::uint32_t>& leader) {
  Sets components(piece.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (arc.to > a) components.join(a, arc.to);
    }
  }
  std::vector<std::uint32_t> atoms(piece.size(), 0);
  for (std::uint32_t a = 0; a < piece.size(); ++a) ++atoms[components.of(a)];
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (atoms[components.of(a)] <= ExactDivider::most_atoms) leader[a] = a;
  }
}

/// Atoms by the coarse atom they go into.
struct Groups {
  std::vector<std::uint32_t> atoms, first;

  Groups(const std::vector<std::uint32_t>& group_of, std::uint32_t groups)
      : atoms(group_of.size()), first(groups + std::size_t{1}, 0) {
    for (const std::uint32_t group : group_of) ++first[group + 1];
    for (std::uint32_t g = 0; g < groups; ++g) first[g + 1] += first[g];
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (std::uint32_t a = 0; a < group_of.size(); ++a) atoms[next[group_of[a]]++] = a;
  }
  std::span<const std::uint32_t> of(std::uint32_t group) const {
    return {atoms.data() + first[group], atoms.data() + first[group + 1]};
  }
};

/// Sums, with the moment about the common centre; labels of the atom with the most households.
Atom merge(const Piece& piece, std::span<const std::uint32_t> atoms) {
  const auto fewer = [&](std::uint32_t a, std::uint32_t b) {
    return piece.atoms[a].households < piece.atoms[b].households;
  };
  Atom merged = piece.atoms[*std::max_element(atoms.begin(), atoms.end(), fewer)];
  if (atoms.size() == 1) return merged;
  Sums sums;
  for (const std::uint32_t a : atoms) sums.add(piece.atoms[a]);
  const double x_m = sums.x / sums.mass, y_m = sums.y / sums.mass;
  double moment = 0;
  merged.land = {};
  for (const std::uint32_t a : atoms) {
    const Atom& atom = piece.atoms[a];
    const double dx = double(atom.x_m) - x_m, dy = double(atom.y_m) - y_m;
    moment += double(atom.mass) * (dx * dx + dy * dy) + double(atom.moment);
    merged.land.add(atom.land);
  }
  merged.households = sums.households;
  merged.mass = float(sums.mass), merged.pull = float(sums.pull);
  merged.x_m = float(x_m), merged.y_m = float(y_m), merged.moment = float(moment);
  return merged;
}

/// The arcs that leave a group, one for each other group.
void append_arcs(const Piece& piece, std::span<const std::uint32_t> atoms, std::uint32_t self,
                 const std::vector<std::uint32_t>& group_of, std::vector<Arc>& arcs) {
  const std::size_t begin = arcs.size();
  for (const std::uint32_t a : atoms) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (group_of[arc.to] != self) arcs.push_back({group_of[arc.to], arc.cut_m, arc.passage});
    }
  }
  std::stable_sort(arcs.begin() + std::ptrdiff_t(begin), arcs.end(),
                   [](const Arc& p, const Arc& q) { return p.to < q.to; });
  std::size_t kept = begin;
  for (std::size_t i = begin; i < arcs.size(); ++i) {
    if (kept > begin && arcs[kept - 1].to == arcs[i].to) {
      arcs[kept - 1].cut_m += arcs[i].cut_m;
      arcs[kept - 1].passage = std::min(arcs[kept - 1].passage, arcs[i].passage);
    } else {
      arcs[kept++] = arcs[i];
    }
  }
  arcs.resize(kept);
}

}  // namespace

void raise_cuts_in_blocks(Piece& piece, const Terms& terms) {
  const std::vector<std::uint32_t> leader = leaders_of(piece, terms);
  std::vector<float> households(piece.size(), 0);
  for (std::uint32_t a = 0; a < piece.size(); ++a) households[leader[a]] += float(piece.atoms[a].households);
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (std::uint32_t i = piece.first[a]; i < piece.first[a + 1]; ++i) {
      if (leader[a] != leader[piece.arcs[i].to]) continue;
      piece.arcs[i].cut_m *= 1 + terms.block * households[leader[a]] / float(terms.max);
    }
  }
}

std::optional<Coarse> coarsen(const Piece& piece, const Terms& terms) {
  Coarse coarse;
  coarse.atom_of = leaders_of(piece, terms);
  leave_small_components(piece, coarse.atom_of);
  std::uint32_t count = 0;
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    const std::uint32_t leader = coarse.atom_of[a];
    coarse.atom_of[a] = leader == a ? count++ : coarse.atom_of[leader];
  }
  if (count >= piece.size() * 3 / 4) return std::nullopt;
  const Groups groups(coarse.atom_of, count);
  coarse.piece.goals = piece.goals;
  for (std::uint32_t g = 0; g < count; ++g) {
    const auto atoms = groups.of(g);
    coarse.piece.atoms.push_back(merge(piece, atoms));
    coarse.piece.first.push_back(std::uint32_t(coarse.piece.arcs.size()));
    append_arcs(piece, atoms, g, coarse.atom_of, coarse.piece.arcs);
    for (std::uint32_t goal = 0; goal < piece.goals; ++goal) {
      double sum = 0;
      for (const std::uint32_t a : atoms) sum += piece.goals_of(a)[goal];
      coarse.piece.goal_values.push_back(sum);
    }
  }
  coarse.piece.first.push_back(std::uint32_t(coarse.piece.arcs.size()));
  for (const auto& [a, foe] : piece.foes) coarse.piece.foes.emplace_back(coarse.atom_of[a], coarse.atom_of[foe]);
  std::sort(coarse.piece.foes.begin(), coarse.piece.foes.end());
  return coarse;
}

}  // namespace wangge::planning
