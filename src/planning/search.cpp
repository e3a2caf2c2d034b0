#include "planning/search.hpp"

#include <algorithm>
#include <optional>

#include "planning/blocks.hpp"
#include "planning/exact.hpp"
#include "planning/forest.hpp"
#include "planning/matching.hpp"
#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

/// How much polishing an effort stands for.
struct Budget {
  std::uint32_t rounds;            ///< over all districts
  std::uint32_t sweeps, if_small;  ///< in each, over the parts; and of a small piece
};

Budget budget_of(int effort) {
  static constexpr Budget budgets[] = {{0, 0, 0}, {2, 3, 80}, {4, 8, 150}, {8, 16, 400}};
  return budgets[std::clamp(effort, 0, 3)];
}

constexpr std::size_t task_atoms = 1 << 13;

/// Ranges of groves that are divided in one task.
std::vector<std::size_t> batch(const Groves& groves) {
  std::vector<std::size_t> ends;
  for (std::size_t g = 0, begin = 0; g < groves.count(); ++g) {
    if (groves.first_atom[g + 1] - groves.first_atom[begin] < task_atoms && g + 1 < groves.count()) continue;
    ends.push_back(g + 1);
    begin = g + 1;
  }
  return ends;
}

/// Divides groves: small whole trees exactly, all others along their tree.
class GroveDivider {
 public:
  GroveDivider(const Piece& piece, const Terms& terms, const Groves& groves)
      : piece_(piece), terms_(terms), groves_(groves), place_(piece.size(), Graph::none), label_(piece.size()) {}

  /// Labels the atoms of a grove from the place of its first atom in the groves' list on.
  void divide(std::size_t grove, TreeDivider& trees, ExactDivider& exact) {
    if (groves_.whole[grove] && divide_exactly(grove, exact)) return;
    const auto atoms = groves_.atoms_of(grove);
    std::vector<Atom> local;
    for (std::uint32_t i = 0; i < atoms.size(); ++i) {
      place_[atoms[i]] = i;
      local.push_back(piece_.atoms[atoms[i]]);
    }
    std::vector<Bond> bonds(groves_.bonds_of(grove).begin(), groves_.bonds_of(grove).end());
    for (Bond& bond : bonds) bond.a = place_[bond.a], bond.b = place_[bond.b];
    for (const std::uint32_t atom : atoms) place_[atom] = Graph::none;
    label(grove, trees.divide(local, bonds));
  }

  std::vector<std::uint32_t> take_labels() { return std::move(label_); }

 private:
  bool divide_exactly(std::size_t grove, ExactDivider& exact) {
    if (!handy(groves_.atoms_of(grove))) return false;
    Piece local;
    extract(piece_, groves_.atoms_of(grove), place_, local);
    if (!exact.divide(local)) return false;
    label(grove, exact.label());
    return true;
  }

  /// Whether an exact division is quick: up to 16 atoms always, a few more where at most four fit in a part.
  bool handy(std::span<const std::uint32_t> atoms) const {
    if (atoms.size() > ExactDivider::most_atoms) return false;
    std::uint64_t households = 0;
    for (const std::uint32_t atom : atoms) households += piece_.atoms[atom].households;
    return atoms.size() <= 16 || 4 * households >= atoms.size() * terms_.max;
  }

  void label(std::size_t grove, const std::vector<std::uint32_t>& labels) {
    const auto atoms = groves_.atoms_of(grove);
    for (std::uint32_t i = 0; i < atoms.size(); ++i) {
      label_[atoms[i]] = std::uint32_t(groves_.first_atom[grove]) + labels[i];
    }
  }

  const Piece& piece_;
  const Terms& terms_;
  const Groves& groves_;
  std::vector<std::uint32_t> place_, label_;
};

Division divide_first(const Piece& piece, const Terms& terms, Crew& crew) {
  Groves groves;
  {
    const std::vector<Bond> forest = spanning_forest(piece, crew);
    groves = cut_groves(piece, terms, forest);
  }
  const std::vector<std::size_t> ends = batch(groves);
  GroveDivider divider(piece, terms, groves);
  crew.for_each(ends.size(), [&](std::size_t task) {
    TreeDivider trees(terms);
    ExactDivider exact(terms);
    for (std::size_t g = task == 0 ? 0 : ends[task - 1]; g < ends[task]; ++g) divider.divide(g, trees, exact);
  });
  Division division{divider.take_labels(), 0};
  std::uint32_t next = std::uint32_t(groves.atoms.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (piece.atoms[a].tower) division.part_of[a] = next++;
  }
  renumber(division);
  return division;
}

void mend(Parts& parts, Random& random) {
  flip(parts);
  if (parts.breaches() == 0) return;
  repair(parts, random);
  flip(parts);
}

/// True if the pairs that heavy atoms can form are better than the parts there are; then they are the parts.
bool pair_heavy(Parts& parts) {
  const Pairing pairing = pair_up(parts.piece(), parts.terms(), parts.part_of());
  if (pairing.labels == 0) return false;
  const Parts paired(parts.piece(), parts.terms(), pairing.label, pairing.labels);
  if (paired.breaches() < parts.breaches()) parts.replace_all(pairing.label, pairing.labels);
  return true;
}

/// The last resort of a component: pairing, or chains and re-splits without borders of districts.
void mend_all(Parts& parts, Random& random) {
  if (!pair_heavy(parts)) repair(parts, random);
}

/// Brings parts into range, in districts at first.
void make_legal(const Piece& piece, const Terms& terms, Division& division, Crew& crew, double share) {
  work_by_districts(piece, terms, division, {.round = 0}, crew, mend);
  crew.go_on(share);
  std::vector<bool> wanted = breaching(piece, terms, division);
  if (wanted.empty()) return;
  if (piece.size() > 6000) {
    work_by_districts(piece, terms, division, {.round = 1, .wanted = wanted}, crew, mend);
    wanted = breaching(piece, terms, division);
  }
  work_by_components(piece, terms, division, wanted, crew, mend_all);
}

/// Local re-splitting in one district: of a small one with many sweeps, else until several in a row gain nothing.
void polish_district(Parts& parts, const Budget& budget, Random& random, Crew& crew, double share) {
  constexpr std::uint32_t small = 160, patience = 4;  // atoms, sweeps
  Polisher polisher(parts);
  if (parts.piece().size() <= small && budget.if_small > 0) {
    return polisher.search(budget.if_small, random, [&] { return crew.go_on(share / budget.if_small); });
  }
  std::uint32_t idle = 0, done = 0;
  for (; done < budget.sweeps && idle < patience && crew.go_on(share / budget.sweeps); ++done) {
    idle = polisher.sweep(4 + done % 5, random) ? 0 : idle + 1;
  }
  if (parts.breaches() > 0) repair(parts, random);
  crew.go_on(share * (budget.sweeps - done) / budget.sweeps);
}

/// All rounds, each of fewer sweeps than the one before and worth `step` of the progress; districts lie as in rounds
/// `first`, `first` + 1, …
void polish(const Piece& piece, const Terms& terms, Division& division, Budget budget, std::uint32_t first, Crew& crew,
            double step) {
  for (std::uint32_t round = 0; round < budget.rounds && !crew.stopped(); ++round, --budget.sweeps) {
    work_by_districts(piece, terms, division, {.round = first + round}, crew, [&](Parts& parts, Random& random) {
      polish_district(parts, budget, random, crew, step * parts.piece().size() / piece.size());
    });
  }
}

/// Divides with blocks left whole, which is quick and finds which of them go together; makes the best of it.
Division divide_blocks(const Coarse& coarse, const Terms& terms, const Budget& budget, Crew& crew, double step) {
  Division division = divide_first(coarse.piece, terms, crew);
  work_by_districts(coarse.piece, terms, division, {.round = 32}, crew, mend);
  polish(coarse.piece, terms, division, {budget.rounds, budget.sweeps, 0}, 40, crew, step);
  Division fine{{}, division.count};
  for (const std::uint32_t atom : coarse.atom_of) fine.part_of.push_back(division.part_of[atom]);
  renumber(fine);
  return fine;
}

}  // namespace

Division search(const Piece& piece, const Terms& terms, int effort, Crew& crew) {
  Budget budget = budget_of(effort);
  const std::optional<Coarse> coarse = coarsen(piece, terms);
  const double step = 0.95 / (2 + 3 * budget.rounds + (coarse ? budget.rounds : 0));
  Division division = coarse ? divide_blocks(*coarse, terms, budget, crew, step) : divide_first(piece, terms, crew);
  crew.go_on(step);
  make_legal(piece, terms, division, crew, step);
  if (coarse) budget.rounds = (budget.rounds + 1) / 2;
  polish(piece, terms, division, budget, 8, crew, (coarse ? 6 : 3) * step);
  return division;
}

}  // namespace wangge::planning
