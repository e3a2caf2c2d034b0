#include "planning/forest.hpp"

#include <algorithm>
#include <cmath>

#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr std::uint32_t none = Graph::none;
constexpr std::uint32_t chunk_atoms = 1 << 14;  ///< whose links are thinned out together
constexpr std::uint32_t grove_atoms = 1 << 12;  ///< from which on a grove ends at a main road
constexpr std::uint32_t thick_grove = 1 << 14;  ///< from which on it ends anywhere
constexpr std::uint32_t grove_parts = 16;       ///< full ones that a grove should be good for
constexpr int rank_shift = 40;

bool before(const Bond& p, const Bond& q) {
  return p.key != q.key ? p.key < q.key : p.a != q.a ? p.a < q.a : p.b < q.b;
}

/// Sorts bonds between `base` and `base + count` and keeps those of the least spanning forest.
void thin_out(std::vector<Bond>& bonds, std::uint32_t base, std::uint32_t count) {
  std::sort(bonds.begin(), bonds.end(), before);
  Sets sets(count);
  std::erase_if(bonds, [&](const Bond& bond) {
    const std::uint32_t a = sets.of(bond.a - base), b = sets.of(bond.b - base);
    if (a != b) sets.join(a, b);
    return a == b;
  });
}

/// The forest, rooted: each atom's way to its parent, parents first.
struct Rooted {
  std::vector<std::uint32_t> order, parent;
  std::vector<std::uint8_t> rank;  ///< of the bond to the parent
};

Rooted root(const Piece& piece, std::span<const Bond> forest) {
  std::vector<std::uint32_t> first(piece.size() + 1, 0);
  for (const Bond& bond : forest) ++first[bond.a], ++first[bond.b];
  std::uint32_t sum = 0;
  for (std::uint32_t& f : first) f = sum += f;
  std::vector<std::uint32_t> bond_at(2 * forest.size());
  for (std::uint32_t i = 0; i < forest.size(); ++i) bond_at[--first[forest[i].a]] = bond_at[--first[forest[i].b]] = i;
  Rooted rooted{{}, std::vector<std::uint32_t>(piece.size(), none), std::vector<std::uint8_t>(piece.size(), 0)};
  rooted.order.reserve(piece.size());
  std::vector<bool> seen(piece.size(), false);
  for (std::uint32_t start = 0; start < piece.size(); ++start) {
    if (seen[start]) continue;
    seen[start] = true;
    rooted.order.push_back(start);
    for (std::size_t i = rooted.order.size() - 1; i < rooted.order.size(); ++i) {
      const std::uint32_t atom = rooted.order[i];
      for (std::uint32_t k = first[atom]; k < first[atom + 1]; ++k) {
        const Bond& bond = forest[bond_at[k]];
        const std::uint32_t other = bond.a == atom ? bond.b : bond.a;
        if (seen[other]) continue;
        seen[other] = true;
        rooted.parent[other] = atom;
        rooted.rank[other] = std::uint8_t(bond.key >> rank_shift);
        rooted.order.push_back(other);
      }
    }
  }
  return rooted;
}

/// Atoms at whose bond to the parent a grove ends.
std::vector<bool> find_cuts(const Piece& piece, const Terms& terms, const Rooted& rooted) {
  constexpr auto main_road = std::uint8_t(1 + std::uint8_t(Passage::soft));
  std::vector<std::uint32_t> atoms(piece.size(), 1), households(piece.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) households[a] = piece.atoms[a].households;
  std::vector<bool> cut(piece.size(), false);
  for (std::size_t i = piece.size(); i-- > 0;) {
    const std::uint32_t a = rooted.order[i], parent = rooted.parent[a];
    const std::uint32_t enough = rooted.rank[a] >= main_road ? grove_atoms : thick_grove;
    cut[a] = parent == none || (atoms[a] >= enough && households[a] >= grove_parts * terms.max);
    if (cut[a]) continue;
    atoms[parent] += atoms[a];
    households[parent] += households[a];
  }
  return cut;
}

}  // namespace

double length_m(const Atom& a, const Atom& b) {
  const double dx = double(a.x_m) - double(b.x_m), dy = double(a.y_m) - double(b.y_m);
  return std::sqrt(dx * dx + dy * dy);
}

std::uint64_t rank(const Piece& piece, std::uint32_t atom, const Arc& arc) {
  const Atom &a = piece.atoms[atom], &b = piece.atoms[arc.to];
  for (const auto& pair : piece.foes_of(atom)) {
    if (pair.second == arc.to) return 2 + std::uint64_t(Passage::crossing);
  }
  Passage passage = arc.passage;
  if (passage == Passage::open && a.compound == b.compound && a.compound != none) return 0;
  if (passage < Passage::wall && a.compound != b.compound) passage = Passage::wall;
  return 1 + std::uint64_t(passage);
}

std::vector<Bond> spanning_forest(const Piece& piece, Crew& crew) {
  const std::uint32_t chunks = (piece.size() + chunk_atoms - 1) / chunk_atoms;
  std::vector<std::vector<Bond>> inner(chunks), outer(chunks);
  crew.for_each(chunks, [&](std::size_t chunk) {
    const std::uint32_t base = std::uint32_t(chunk) * chunk_atoms, end = std::min(piece.size(), base + chunk_atoms);
    for (std::uint32_t a = base; a < end; ++a) {
      for (const Arc& arc : piece.arcs_of(a)) {
        const Atom &p = piece.atoms[a], &q = piece.atoms[arc.to];
        if (arc.to < a || p.tower || q.tower) continue;
        const std::uint64_t key = rank(piece, a, arc) << rank_shift | std::uint64_t(length_m(p, q) * 100);
        (arc.to < end ? inner : outer)[chunk].push_back({key, a, arc.to, arc.cut_m});
      }
    }
    thin_out(inner[chunk], base, end - base);
  });
  std::vector<Bond> forest;
  for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
    forest.insert(forest.end(), inner[chunk].begin(), inner[chunk].end());
    forest.insert(forest.end(), outer[chunk].begin(), outer[chunk].end());
    inner[chunk] = {}, outer[chunk] = {};
  }
  thin_out(forest, 0, piece.size());
  return forest;
}

Groves cut_groves(const Piece& piece, const Terms& terms, std::span<const Bond> forest) {
  const Rooted rooted = root(piece, forest);
  const std::vector<bool> cut = find_cuts(piece, terms, rooted);
  Groves groves;
  std::vector<std::uint32_t> grove(piece.size(), none);
  for (const std::uint32_t a : rooted.order) {
    if (piece.atoms[a].tower) continue;
    if (cut[a]) groves.whole.push_back(rooted.parent[a] == none);
    grove[a] = cut[a] ? std::uint32_t(groves.whole.size() - 1) : grove[rooted.parent[a]];
    if (cut[a] && rooted.parent[a] != none) groves.whole[grove[rooted.parent[a]]] = false;
  }
  std::vector<std::size_t> atoms(groves.count() + 1, 0), bonds(groves.count() + 1, 0);
  const auto inside = [&](const Bond& bond) { return grove[bond.a] == grove[bond.b]; };
  for (const std::uint32_t g : grove) {
    if (g != none) ++atoms[g + 1];
  }
  for (const Bond& bond : forest) bonds[grove[bond.a] + 1] += inside(bond);
  for (std::size_t g = 0; g < groves.count(); ++g) atoms[g + 1] += atoms[g], bonds[g + 1] += bonds[g];
  groves.first_atom = atoms, groves.first_bond = bonds;
  groves.atoms.resize(atoms.back());
  groves.bonds.resize(bonds.back());
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (grove[a] != none) groves.atoms[atoms[grove[a]]++] = a;
  }
  for (const Bond& bond : forest) {
    if (inside(bond)) groves.bonds[bonds[grove[bond.a]]++] = bond;
  }
  return groves;
}

}  // namespace wangge::planning
