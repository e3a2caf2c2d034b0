#include "planning/certificate.hpp"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace wangge::planning {
namespace {

using Mask = std::uint64_t;

constexpr Mask bit(std::uint32_t i) { return Mask{1} << i; }

/// Up to 64 atoms about a part, in the order of a breadth-first search.
struct Ring {
  std::vector<std::uint32_t> atoms;
  std::vector<Mask> links;
  std::vector<std::uint32_t> households;
  Mask inhabited = 0;
  Mask free = 0;  ///< atoms with a neighbour outside, or a tower for one
  bool whole = true;
};

Ring ring_about(const Parts& parts, std::uint32_t part, std::size_t most) {
  const Piece& piece = parts.piece();
  Ring ring;
  const auto members = parts.members(part);
  ring.atoms.assign(members.begin(), members.end());
  std::sort(ring.atoms.begin(), ring.atoms.end());
  if (ring.atoms.size() > most) ring.atoms.resize(most);
  const auto place = [&](std::uint32_t atom) {
    return std::uint32_t(std::find(ring.atoms.begin(), ring.atoms.end(), atom) - ring.atoms.begin());
  };
  for (std::size_t i = 0; i < ring.atoms.size(); ++i) {
    for (const Arc& arc : piece.arcs_of(ring.atoms[i])) {
      if (ring.atoms.size() == most) break;
      if (!piece.atoms[arc.to].tower && place(arc.to) == ring.atoms.size()) ring.atoms.push_back(arc.to);
    }
  }
  ring.links.assign(ring.atoms.size(), 0);
  for (std::uint32_t i = 0; i < ring.atoms.size(); ++i) {
    ring.households.push_back(piece.atoms[ring.atoms[i]].households);
    if (ring.households[i] > 0) ring.inhabited |= bit(i);
    for (const Arc& arc : piece.arcs_of(ring.atoms[i])) {
      const std::uint32_t j = place(arc.to);
      if (j < ring.atoms.size())
        ring.links[i] |= bit(j);
      else
        ring.free |= bit(i), ring.whole = false;
    }
  }
  return ring;
}

/// Covers the inhabited atoms of a ring by disjoint sets, trying all.
class Cover {
 public:
  Cover(const Ring& ring, const Terms& terms, std::uint64_t limit) : ring_(ring), terms_(terms), left_(limit) {}

  bool search() {
    const Mask all = ring_.atoms.size() == 64 ? ~Mask{0} : bit(std::uint32_t(ring_.atoms.size())) - 1;
    return cover(all);
  }
  bool gave_up() const { return left_ == 0; }
  const std::vector<Mask>& sets() const { return sets_; }

 private:
  bool cover(Mask open) {
    if ((open & ring_.inhabited) == 0) return true;
    if (failed_.contains(open)) return false;
    const auto first = std::uint32_t(std::countr_zero(open & ring_.inhabited));
    if (extend(bit(first), ring_.households[first], ring_.links[first] & open, open & ~bit(first))) return true;
    if (!gave_up()) failed_.insert(open);
    return false;
  }

  /// Tries `set` as a part, then with each atom of `reach`; `open` holds what may still be taken besides the set,
  /// `spare` what was decided against.
  bool extend(Mask set, std::uint32_t holds, Mask reach, Mask open, Mask spare = 0) {
    if (holds > terms_.max || left_ == 0) return false;
    --left_;
    if (holds >= terms_.min || (set & ring_.free) != 0) {
      sets_.push_back(set);
      if (cover((open | spare) & ~set)) return true;
      sets_.pop_back();
    }
    while (reach != 0) {
      const auto next = std::uint32_t(std::countr_zero(reach));
      reach &= ~bit(next);
      open &= ~bit(next);
      if (extend(set | bit(next), holds + ring_.households[next], (reach | ring_.links[next]) & open, open, spare))
        return true;
      spare |= bit(next);
    }
    return false;
  }

  const Ring& ring_;
  const Terms& terms_;
  std::uint64_t left_;
  std::vector<Mask> sets_;
  std::unordered_set<Mask> failed_;
};

/// Makes the sets the parts of the whole piece; atoms left over join a neighbour.
void adopt(Parts& parts, const Ring& ring, const std::vector<Mask>& sets) {
  constexpr std::uint32_t none = Graph::none;
  std::vector<std::uint32_t> label(ring.atoms.size(), none), group;
  for (std::uint32_t s = 0; s < sets.size(); ++s) {
    for (Mask rest = sets[s]; rest != 0; rest &= rest - 1) label[std::size_t(std::countr_zero(rest))] = s;
  }
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < label.size(); ++i) {
      for (Mask near = ring.links[i]; near != 0 && label[i] == none; near &= near - 1) {
        label[i] = label[std::size_t(std::countr_zero(near))];
      }
      more |= label[i] == none;
    }
  }
  for (const std::uint32_t atom : ring.atoms) group.push_back(parts.of(atom));
  std::sort(group.begin(), group.end());
  group.erase(std::unique(group.begin(), group.end()), group.end());
  parts.replace(group, ring.atoms, label, std::uint32_t(sets.size()));
}

constexpr std::uint64_t search_limit = 100'000;

}  // namespace

Certificate examine(Parts& parts, std::uint32_t part) {
  Certificate shown;
  for (const std::size_t most : {8, 16, 32, 64}) {
    const Ring ring = ring_about(parts, part, most);
    Cover cover(ring, parts.terms(), search_limit);
    const bool covered = cover.search();
    if (covered && ring.whole && parts.piece().goals == 0 && parts.piece().foes.empty())
      adopt(parts, ring, cover.sets());
    if (!cover.gave_up()) shown.searched = std::uint32_t(ring.atoms.size());
    if (covered && ring.whole) break;
    if (covered || cover.gave_up()) continue;
    shown.verdict = Verdict::lumpy;
    shown.proof = Proof::ring;
    shown.nodes = ring.atoms;
    break;
  }
  return shown;
}

}  // namespace wangge::planning
