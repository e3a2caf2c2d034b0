#include "planning/piece.hpp"

namespace wangge::planning {

void extract(const Piece& piece, std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& place, Piece& part) {
  part.atoms.clear();
  part.first.clear();
  part.arcs.clear();
  for (std::uint32_t i = 0; i < atoms.size(); ++i) {
    place[atoms[i]] = i;
    part.atoms.push_back(piece.atoms[atoms[i]]);
  }
  for (const std::uint32_t atom : atoms) {
    part.first.push_back(std::uint32_t(part.arcs.size()));
    for (const Arc& arc : piece.arcs_of(atom)) {
      if (place[arc.to] != Graph::none) part.arcs.push_back({place[arc.to], arc.cut_m, arc.passage});
    }
  }
  part.first.push_back(std::uint32_t(part.arcs.size()));
  for (const std::uint32_t atom : atoms) place[atom] = Graph::none;
}

}  // namespace wangge::planning
