#include "planning/judge.hpp"

#include <algorithm>
#include <numeric>

#include "planning/certificate.hpp"
#include "planning/matching.hpp"

namespace wangge::planning {
namespace {

std::vector<std::uint32_t> all_atoms(const Piece& piece) {
  std::vector<std::uint32_t> atoms(piece.size());
  std::iota(atoms.begin(), atoms.end(), 0u);
  return atoms;
}

/// What shows that the piece has no division with all parts in range, by the number of parts or by the pairs that heavy
/// atoms can form; `Proof::none` where neither tells.
Certificate hopeless(Parts& parts) {
  const Terms& terms = parts.terms();
  const Piece& piece = parts.piece();
  Certificate shown{.verdict = Verdict::lumpy};
  std::uint64_t households = 0;
  for (const Atom& atom : piece.atoms) {
    if (atom.tower) return shown;
    households += atom.households;
  }
  shown.searched = piece.size();
  if ((households + terms.max - 1) / terms.max > households / terms.min) {
    shown.proof = Proof::component;
    shown.nodes = all_atoms(piece);
    return shown;
  }
  Pairing pairing = pair_up(piece, terms, parts.part_of());
  if (pairing.applies && !pairing.possible) {
    shown.proof = Proof::matching;
    shown.nodes = std::move(pairing.blockers);
  }
  return shown;
}

/// What shows that the parts of a connected piece that are out of range must be so, part by part.
std::vector<Certificate> certify(Parts& parts, bool thorough) {
  const Certificate general = hopeless(parts);
  std::vector<Certificate> shown(parts.count(), general);
  if (general.proof != Proof::none) return shown;
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    Certificate its = thorough && parts.breaches(part) ? examine(parts, part) : Certificate{};
    shown.resize(parts.count());  // a division that the search found may have more parts
    shown[part] = std::move(its);
  }
  shown.resize(parts.count());
  return shown;
}

/// Certificates for the parts of all components in which some part is out of range.
std::vector<Certificate> certify_components(const Piece& piece, const Terms& terms, bool thorough, Division& division) {
  std::vector<Certificate> shown(division.count);
  const std::vector<bool> wrong = breaching(piece, terms, division);
  if (wrong.empty()) return shown;
  std::vector<std::uint32_t> place(piece.size(), Graph::none);
  for (auto& atoms : components_of(piece, division, wrong)) {
    Excerpt excerpt(piece, terms, division, std::move(atoms), place);
    std::vector<Certificate> found = certify(excerpt.parts(), thorough);
    const std::vector<std::uint32_t> number = excerpt.put_back(division);
    shown.resize(division.count);
    for (std::uint32_t part = 0; part < number.size(); ++part) {
      for (std::uint32_t& node : found[part].nodes) node = excerpt.atom(node);
      shown[number[part]] = std::move(found[part]);
    }
  }
  return shown;
}

}  // namespace

Judgement judge(const Piece& piece, const Terms& terms, Division& division, bool thorough) {
  std::vector<Certificate> shown = certify_components(piece, terms, thorough, division);
  const std::vector<Part> parts = sum_up(piece, division);
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (!piece.atoms[a].tower) continue;
    Certificate& tower = shown[division.part_of[a]];
    if (tower.verdict != Verdict::tower) tower = {.verdict = Verdict::tower, .proof = Proof::unit};
    tower.nodes.push_back(a);
  }
  Judgement judgement;
  for (std::uint32_t part = 0; part < division.count; ++part) {
    const bool legal = parts[part].sums.towers == 0 && !breaches(parts[part], terms);
    judgement.verdicts.push_back(legal ? Verdict::legal : shown[part].verdict);
    if (legal) continue;
    shown[part].part = part;
    shown[part].households = parts[part].sums.households;
    judgement.certificates.push_back(std::move(shown[part]));
  }
  return judgement;
}

}  // namespace wangge::planning
