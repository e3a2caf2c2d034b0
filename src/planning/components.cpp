#include "planning/components.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "planning/blocks.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

/// Counting sort of 0…keys.size()-1 by key.
void bucket(const std::vector<std::uint32_t>& keys, std::size_t buckets, std::vector<std::uint32_t>& items,
            std::vector<std::size_t>& first) {
  first.assign(buckets + 1, 0);
  for (const std::uint32_t key : keys) ++first[key + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  items.resize(keys.size());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (std::uint32_t i = 0; i < keys.size(); ++i) items[next[keys[i]]++] = i;
}

/// Interleaves the lower 16 bits of x and y.
std::uint32_t morton(std::uint32_t x, std::uint32_t y) {
  const auto spread = [](std::uint32_t v) {
    v = (v | v << 8) & 0x00ff00ff;
    v = (v | v << 4) & 0x0f0f0f0f;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
  };
  return spread(x & 0xffff) | spread(y & 0xffff) << 1;
}

struct Frame {
  double x_m, y_m, extent_m;
};

Frame frame_of(const Graph& graph, std::span<const std::uint32_t> nodes) {
  double x0 = graph.nodes[nodes[0]].x_m, x1 = x0, y0 = graph.nodes[nodes[0]].y_m, y1 = y0;
  for (const std::uint32_t node : nodes) {
    const Graph::Node& n = graph.nodes[node];
    x0 = std::min(x0, n.x_m), x1 = std::max(x1, n.x_m);
    y0 = std::min(y0, n.y_m), y1 = std::max(y1, n.y_m);
  }
  return {(x0 + x1) / 2, (y0 + y1) / 2, std::max({x1 - x0, y1 - y0, 1.0})};
}

Land<float> seen_from(const Frame& frame, const Land<double>& land) {
  return {float(land.area_m2), float(land.x_m - frame.x_m), float(land.y_m - frame.y_m), float(land.xx), float(land.xy),
          float(land.yy)};
}

std::vector<std::uint32_t> along_curve(const Graph& graph, std::span<const std::uint32_t> nodes, const Frame& frame) {
  std::vector<std::uint64_t> keyed;
  keyed.reserve(nodes.size());
  const auto cell = [&](double d) { return std::uint32_t((d / frame.extent_m + 0.5) * 65535); };
  for (const std::uint32_t node : nodes) {
    const Graph::Node& n = graph.nodes[node];
    keyed.push_back(std::uint64_t{morton(cell(n.x_m - frame.x_m), cell(n.y_m - frame.y_m))} << 32 | node);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::uint32_t> sorted(keyed.size());
  std::transform(keyed.begin(), keyed.end(), sorted.begin(), [](std::uint64_t k) { return std::uint32_t(k); });
  return sorted;
}

void connect(const Graph& graph, std::span<const std::uint32_t> links, const std::vector<std::uint32_t>& place,
             const Terms& terms, Piece& piece) {
  piece.first.assign(piece.size() + 1, 0);
  for (const std::uint32_t link : links) {
    ++piece.first[place[graph.links[link].a] + 1];
    ++piece.first[place[graph.links[link].b] + 1];
  }
  std::partial_sum(piece.first.begin(), piece.first.end(), piece.first.begin());
  piece.arcs.resize(2 * links.size());
  std::vector<std::uint32_t> next(piece.first.begin(), piece.first.end() - 1);
  for (const std::uint32_t link : links) {
    const Graph::Link& l = graph.links[link];
    const float cut_m = l.border_m * terms.by_passage[std::size_t(l.passage)];
    piece.arcs[next[place[l.a]]++] = {place[l.b], cut_m, l.passage};
    piece.arcs[next[place[l.b]]++] = {place[l.a], cut_m, l.passage};
  }
}

void set_zones(Piece& piece) {
  Sets sets(piece.size());
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (arc.to > a && arc.passage != Passage::crossing) sets.join(a, arc.to);
    }
  }
  for (std::uint32_t a = 0; a < piece.size(); ++a) piece.atoms[a].zone = sets.of(a);
}

/// Ground that an inhabited atom takes up: its face, but no more than the square of the usual way to its neighbours,
/// since at the edge of a village faces run out into the fields.
double ground_m2(const Piece& piece, std::uint32_t a, double face_m2) {
  const Atom& atom = piece.atoms[a];
  std::vector<double> squares;
  for (const Arc& arc : piece.arcs_of(a)) {
    const Atom& other = piece.atoms[arc.to];
    const double dx = double(atom.x_m) - double(other.x_m), dy = double(atom.y_m) - double(other.y_m);
    if (other.households > 0) squares.push_back(dx * dx + dy * dy);
  }
  if (squares.empty()) return face_m2;
  const auto middle = squares.begin() + std::ptrdiff_t((squares.size() - 1) / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  return face_m2 > 0 ? std::min(face_m2, *middle) : *middle;
}

struct Density {
  double households = 0, ground_m2 = 0;
};

/// Adds to each atom what its neighbours hold.
std::vector<Density> spread_out(const Piece& piece, const std::vector<Density>& here) {
  std::vector<Density> sum(here);
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      sum[a].households += here[arc.to].households;
      sum[a].ground_m2 += here[arc.to].ground_m2;
    }
  }
  return sum;
}

/// Local scale: the side of the square that a target's worth of households takes up two links round; of the whole
/// piece where nobody lives near. And masses, which lean on it.
void set_masses(Piece& piece, const std::vector<double>& face_m2, const Terms& terms) {
  std::vector<Density> near(piece.size());
  Density all;
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    if (piece.atoms[a].households == 0) continue;
    near[a] = {double(piece.atoms[a].households), ground_m2(piece, a, face_m2[a])};
    all.households += near[a].households;
    all.ground_m2 += near[a].ground_m2;
  }
  near = spread_out(piece, spread_out(piece, near));
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    const Density& d = near[a].households > 0 ? near[a] : all;
    const double each_m2 = d.households > 0 ? std::max(d.ground_m2 / d.households, 0.01) : 1;
    const double worth = std::min(face_m2[a] / each_m2, terms.target / 4.0);
    piece.atoms[a].mass = float(std::max(piece.atoms[a].households + 0.2 * worth, 0.01));
    piece.atoms[a].pull = piece.atoms[a].mass * float(std::sqrt(terms.target * each_m2));
  }
}

}  // namespace

Components find_components(const Graph& graph) {
  Sets sets(graph.nodes.size());
  for (const Graph::Link& link : graph.links) sets.join(link.a, link.b);
  std::vector<std::uint32_t> component(graph.nodes.size());
  std::uint32_t count = 0;
  for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
    const std::uint32_t leader = sets.of(node);
    component[node] = leader == node ? count++ : component[leader];
  }
  Components found;
  bucket(component, count, found.nodes, found.first_node);
  std::vector<std::uint32_t> of_link(graph.links.size());
  std::transform(graph.links.begin(), graph.links.end(), of_link.begin(),
                 [&](const Graph::Link& link) { return component[link.a]; });
  bucket(of_link, count, found.links, found.first_link);
  return found;
}

Component prepare(const Graph& graph, std::span<const std::uint32_t> nodes, std::span<const std::uint32_t> links,
                  const Terms& terms, std::vector<std::uint32_t>& place) {
  Component component;
  const Frame frame = frame_of(graph, nodes);
  component.nodes = along_curve(graph, nodes, frame);
  Piece& piece = component.piece;
  std::vector<double> face_m2;
  for (std::uint32_t a = 0; a < component.nodes.size(); ++a) {
    const Graph::Node& node = graph.nodes[component.nodes[a]];
    place[component.nodes[a]] = a;
    piece.atoms.push_back({.households = node.households,
                           .x_m = float(node.x_m - frame.x_m),
                           .y_m = float(node.y_m - frame.y_m),
                           .land = seen_from(frame, node.land),
                           .block = node.block,
                           .compound = node.compound,
                           .tower = node.households > terms.max});
    face_m2.push_back(node.land.area_m2);
  }
  connect(graph, links, place, terms, piece);
  set_zones(piece);
  raise_cuts_in_blocks(piece, terms);
  set_masses(piece, face_m2, terms);
  return component;
}

}  // namespace wangge::planning
