#include "planning/matching.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/max_cardinality_matching.hpp>

namespace wangge::planning {
namespace {

using Graph2 = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

constexpr std::uint32_t most_atoms = 50'000;  ///< beyond which a matching takes too long

bool all_heavy(const Piece& piece, const Terms& terms) {
  std::vector<std::uint32_t> inhabited;
  for (const Atom& atom : piece.atoms) {
    if (atom.tower) return false;
    if (atom.households > 0) inhabited.push_back(atom.households);
  }
  if (inhabited.size() < 3) return true;
  std::nth_element(inhabited.begin(), inhabited.begin() + 2, inhabited.end());
  return inhabited[0] + inhabited[1] + inhabited[2] > terms.max;
}

/// Inhabited atoms that touch `atom`, or that it reaches through empty ones.
std::vector<std::uint32_t> within_reach(const Piece& piece, std::uint32_t atom) {
  std::vector<std::uint32_t> seen{atom};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (i > 0 && piece.atoms[seen[i]].households > 0) continue;
    for (const Arc& arc : piece.arcs_of(seen[i])) {
      if (std::find(seen.begin(), seen.end(), arc.to) == seen.end()) seen.push_back(arc.to);
    }
  }
  std::erase_if(seen, [&](std::uint32_t a) { return a <= atom || piece.atoms[a].households == 0; });
  return seen;
}

/// Two copies of the graph of pairs in range; who may stand alone is linked to their own copy. So all are matched in
/// this graph just if all that cannot stand alone are matched in one copy.
Graph2 doubled(const Piece& piece, const Terms& terms) {
  const std::uint32_t n = piece.size();
  Graph2 graph(2 * std::size_t{n});
  for (std::uint32_t a = 0; a < n; ++a) {
    const std::uint32_t households = piece.atoms[a].households;
    if (households == 0 || terms.in_range(households)) boost::add_edge(a, n + a, graph);
    if (households == 0) continue;
    for (const std::uint32_t b : within_reach(piece, a)) {
      if (!terms.in_range(households + piece.atoms[b].households)) continue;
      boost::add_edge(a, b, graph);
      boost::add_edge(n + a, n + b, graph);
    }
  }
  return graph;
}

using Mates = std::vector<Graph2::vertex_descriptor>;
using Vertices = boost::property_map<Graph2, boost::vertex_index_t>::const_type;
using Finder = boost::edmonds_augmenting_path_finder<Graph2, Graph2::vertex_descriptor*, Vertices>;

/// The pairs of a division, in both copies; who stands alone and may is matched with their twin.
Mates mates_of(const Piece& piece, const Graph2& graph, std::span<const std::uint32_t> hint) {
  const std::uint32_t n = piece.size();
  std::vector<std::vector<std::uint32_t>> members(n + std::size_t{1});
  for (std::uint32_t a = 0; a < n; ++a) {
    if (piece.atoms[a].households > 0) members[std::min(hint[a], n)].push_back(a);
  }
  Mates mate(2 * std::size_t{n}, Graph2::null_vertex());
  const auto join = [&](std::size_t a, std::size_t b) {
    if (boost::edge(a, b, graph).second) mate[a] = b, mate[b] = a;
  };
  for (const auto& part : members) {
    if (part.size() == 1) join(part[0], n + part[0]);
    if (part.size() == 2) join(part[0], part[1]), join(n + part[0], n + part[1]);
  }
  for (std::uint32_t a = 0; a < n; ++a) {
    if (piece.atoms[a].households == 0) join(a, n + a);
  }
  return mate;
}

/// Atoms that, taken out, leave more odd components than they are (Gallai and Edmonds): the odd ones of the alternating
/// forest that the last search of `finder` left. Twins are alike.
std::vector<std::uint32_t> blockers(const Graph2& graph, Finder& finder) {
  std::vector<int> state(boost::num_vertices(graph));
  finder.get_vertex_state_map(boost::make_iterator_property_map(state.begin(), get(boost::vertex_index, graph)));
  std::vector<std::uint32_t> odd;
  for (std::uint32_t a = 0; a < state.size() / 2; ++a) {
    if (state[a] == boost::graph::detail::V_ODD) odd.push_back(a);
  }
  return odd;
}

}  // namespace

Pairing pair_up(const Piece& piece, const Terms& terms, std::span<const std::uint32_t> hint) {
  Pairing pairing;
  const std::uint32_t n = piece.size();
  pairing.applies = n <= most_atoms && all_heavy(piece, terms);
  if (!pairing.applies) return pairing;
  const Graph2 graph = doubled(piece, terms);
  Mates mate = mates_of(piece, graph, hint);
  Finder finder(graph, mate.data(), get(boost::vertex_index, graph));
  while (finder.augment_matching()) continue;
  finder.get_current_matching(mate.data());
  pairing.possible = std::none_of(mate.begin(), mate.end(), [](auto m) { return m == Graph2::null_vertex(); });
  if (!pairing.possible) pairing.blockers = blockers(graph, finder);
  const auto empty = [](const Atom& atom) { return atom.households == 0; };
  if (std::any_of(piece.atoms.begin(), piece.atoms.end(), empty)) return pairing;
  pairing.label.resize(n);
  for (std::uint32_t a = 0; a < n; ++a) {
    pairing.label[a] = mate[a] < a ? pairing.label[mate[a]] : pairing.labels++;
  }
  return pairing;
}

}  // namespace wangge::planning
