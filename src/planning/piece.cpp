#include "planning/piece.hpp"

#include <algorithm>

namespace wangge::planning {

std::span<const std::pair<std::uint32_t, std::uint32_t>> Piece::foes_of(std::uint32_t atom) const noexcept {
  if (foes.empty()) return {};
  const auto less = [](const auto& pair, std::uint32_t a) { return pair.first < a; };
  const auto begin = std::lower_bound(foes.begin(), foes.end(), atom, less);
  return {begin, std::lower_bound(begin, foes.end(), atom + 1, less)};
}

void extract(const Piece& piece, std::span<const std::uint32_t> atoms, std::vector<std::uint32_t>& place, Piece& part) {
  for (const std::uint32_t atom : atoms) place[atom] = 0;
  extract(
      piece, atoms, place, [&](std::uint32_t atom) { return place[atom] != Graph::none; }, part);
  for (const std::uint32_t atom : atoms) place[atom] = Graph::none;
}

}  // namespace wangge::planning
