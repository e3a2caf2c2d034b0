#include "planning/judge.hpp"

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
/// atoms can form; `Proof::none` where neither tells. Where pairing finds a division, it becomes the parts.
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
  Pairing pairing = pair_up(piece, terms);
  if (pairing.labels > 0) {
    std::vector<std::uint32_t> all_parts(parts.count());
    std::iota(all_parts.begin(), all_parts.end(), 0u);
    parts.replace(all_parts, all_atoms(piece), pairing.label, pairing.labels);
  } else if (pairing.applies && !pairing.possible) {
    shown.proof = Proof::matching;
    shown.nodes = std::move(pairing.blockers);
  }
  return shown;
}

Certificate tower_in(const Parts& parts, std::uint32_t part) {
  Certificate certificate{.verdict = Verdict::tower, .proof = Proof::unit};
  for (const std::uint32_t atom : parts.members(part)) {
    if (parts.piece().atoms[atom].tower) certificate.nodes.push_back(atom);
  }
  return certificate;
}

/// What shows that the parts out of range must be so, part by part.
std::vector<Certificate> certify(Parts& parts) {
  std::vector<Certificate> shown(parts.count());
  if (parts.breaches() == 0) return shown;
  const Certificate general = hopeless(parts);
  shown.assign(parts.count(), general);
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (general.proof == Proof::none && parts.breaches(part)) shown[part] = examine(parts, part);
  }
  return shown;
}

}  // namespace

Judgement judge(Parts& parts) {
  std::vector<Certificate> shown = certify(parts);
  shown.resize(parts.count());
  Judgement judgement;
  for (std::uint32_t part = 0; part < parts.count(); ++part) {
    if (parts.sums(part).towers > 0) shown[part] = tower_in(parts, part);
    const bool legal = parts.sums(part).towers == 0 && !parts.breaches(part);
    judgement.verdicts.push_back(legal ? Verdict::legal : shown[part].verdict);
    if (legal) continue;
    shown[part].part = part;
    shown[part].households = parts.households(part);
    judgement.certificates.push_back(std::move(shown[part]));
  }
  return judgement;
}

}  // namespace wangge::planning
