#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "planning/graph.hpp"

namespace wangge::planning {

/// A node as the search sees it, in metres from the piece's own origin.
struct Atom {
  std::uint32_t households = 0;
  float x_m = 0, y_m = 0;
  float mass = 0;    ///< what inertia weighs: households, and mildly the ground they stand on; never 0
  float pull = 0;    ///< mass × local scale in metres
  float moment = 0;  ///< of inertia about its own centre, where it stands for several
  Land<float> land;  ///< that it stands on
  std::uint32_t block = 0, compound = Graph::none;
  std::uint32_t zone = 0;  ///< nodes joined without any crossing share a zone
  bool tower = false;      ///< holds more than the maximum: a part of its own, exempt from the range
};

/// One direction of a link.
struct Arc {
  std::uint32_t to = 0;
  float cut_m = 0;  ///< price of cutting the link
  Passage passage = Passage::open;
};

/// A connected sub-graph that is divided on its own: compressed adjacency over local indices.
struct Piece {
  std::vector<Atom> atoms;
  std::vector<std::uint32_t> first;  ///< of each atom's arcs; one more at the end
  std::vector<Arc> arcs;
  std::uint32_t goals = 0;                                    ///< how many further counts each atom has
  std::vector<double> goal_values;                            ///< of the first atom, then of the second, …
  std::vector<std::pair<std::uint32_t, std::uint32_t>> foes;  ///< atoms that never share a part; both ways, ascending

  std::uint32_t size() const noexcept { return std::uint32_t(atoms.size()); }
  std::span<const Arc> arcs_of(std::uint32_t atom) const noexcept {
    return {arcs.data() + first[atom], arcs.data() + first[atom + 1]};
  }
  std::span<const double> goals_of(std::uint32_t atom) const noexcept {
    return {goal_values.data() + std::size_t{goals} * atom, goals};
  }
  std::span<const std::pair<std::uint32_t, std::uint32_t>> foes_of(std::uint32_t atom) const noexcept;
};

/// Makes `part` the sub-graph of `atoms`, which become 0, 1, … in the given order and are just those for which `inside`
/// holds. `place` is scratch of the piece's size, of which only the places of `atoms` are read and written.
template <class Inside>
void extract(const Piece& piece, std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& place, Inside inside,
             Piece& part) {
  part.atoms.clear();
  part.first.clear();
  part.arcs.clear();
  part.foes.clear();
  part.goals = piece.goals;
  part.goal_values.clear();
  for (std::uint32_t i = 0; i < atoms.size(); ++i) place[atoms[i]] = i;
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    part.atoms.push_back(piece.atoms[atoms[i]]);
    part.first.push_back(std::uint32_t(part.arcs.size()));
    for (const Arc& arc : piece.arcs_of(atoms[i])) {
      if (inside(arc.to)) part.arcs.push_back({place[arc.to], arc.cut_m, arc.passage});
    }
    for (const double value : piece.goals_of(atoms[i])) part.goal_values.push_back(value);
    for (const auto& [atom, foe] : piece.foes_of(atoms[i])) {
      if (inside(foe)) part.foes.emplace_back(i, place[foe]);
    }
  }
  part.first.push_back(std::uint32_t(part.arcs.size()));
}

/// The same where `place` is `Graph::none` all over, and is left so.
void extract(const Piece& piece, std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& place, Piece& part);

/// The connected sets of atoms for which `keep` holds, each ascending, by least atom.
template <class Keep>
std::vector<std::vector<std::uint32_t>> connected_sets(const Piece& piece, Keep keep) {
  std::vector<std::vector<std::uint32_t>> sets;
  std::vector<bool> seen(piece.size(), false);
  for (std::uint32_t start = 0; start < piece.size(); ++start) {
    if (seen[start] || !keep(start)) continue;
    std::vector<std::uint32_t> set{start};
    seen[start] = true;
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (const Arc& arc : piece.arcs_of(set[i])) {
        if (seen[arc.to] || !keep(arc.to)) continue;
        seen[arc.to] = true;
        set.push_back(arc.to);
      }
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace wangge::planning
