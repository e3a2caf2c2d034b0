#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "planning/components.hpp"
#include "planning/partition.hpp"

namespace wangge::planning {

/// Judges divisions of a small connected graph by trying all there are. It has the search's masses and local scales,
/// and nothing else of it: connectivity, ranges and prices are its own, by the definition and not by running sums.
class Referee {
 public:
  using Set = std::vector<std::uint32_t>;  ///< atoms, ascending
  struct Column {
    Set set;
    double price;
  };

  Referee(const Graph& graph, const PartitionOptions& options) : terms_(options) {
    const Components components = find_components(graph);
    std::vector<std::uint32_t> place(graph.nodes.size());
    component_ = prepare(graph, components.nodes_of(0), components.links_of(0), terms_, place);
  }

  const Piece& piece() const { return component_.piece; }
  /// Every connected set in range, once.
  std::vector<Column> columns() const {
    std::vector<Column> found;
    std::vector<bool> barred(piece().size(), false);
    for (std::uint32_t a = 0; a < piece().size(); ++a) {
      Set set{a};
      barred[a] = true;
      extend(set, piece().atoms[a].households, fresh(a, barred), barred, found);
    }
    return found;
  }

  /// Price of a set as a part: half of what its border costs, inertia, what its size costs, and what it mixes.
  double price(const Set& set) const {
    if (set.empty()) return 0;
    const std::set<std::uint32_t> inside(set.begin(), set.end());
    std::set<std::uint32_t> blocks, compounds, zones;
    double households = 0, mass = 0, pull = 0, x = 0, y = 0, cut_m = 0;
    for (const std::uint32_t i : set) {
      const Atom& atom = piece().atoms[i];
      households += atom.households, mass += double(atom.mass), pull += double(atom.pull);
      x += double(atom.mass) * double(atom.x_m), y += double(atom.mass) * double(atom.y_m);
      for (const Arc& arc : piece().arcs_of(i)) cut_m += inside.count(arc.to) ? 0 : double(arc.cut_m) / 2;
      if (atom.households == 0) continue;
      blocks.insert(atom.block), compounds.insert(atom.compound), zones.insert(atom.zone);
    }
    double inertia = 0;
    for (const std::uint32_t i : set) {
      const Atom& atom = piece().atoms[i];
      inertia += double(atom.mass) *
                 (std::pow(double(atom.x_m) - x / mass, 2) + std::pow(double(atom.y_m) - y / mass, 2)) / pull;
    }
    const double off = households - terms_.target, share = off / double(off < 0 ? terms_.below : terms_.above);
    const double knee = std::pow(0.8, 32), near = std::pow(share, 32);
    const double size = double(terms_.deviation) * (1 + knee) * near / (near + knee) +
                        double(terms_.larger) * (households - terms_.min) / terms_.target;
    const double scale_m = pull / mass;
    return cut_m + inertia / double(terms_.spread) +
           scale_m * (size + length_price(set, scale_m) + double(terms_.barrier) * beyond_one(blocks) +
                      double(terms_.crossing) * beyond_one(zones) + double(terms_.compound) * beyond_one(compounds));
  }

  /// By the axes of the ellipse that has the second moments of the land.
  double length_price(const Set& set, double scale_m) const {
    double area_m2 = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (const std::uint32_t i : set) {
      const Land<float>& land = piece().atoms[i].land;
      area_m2 += double(land.area_m2);
      x += double(land.area_m2) * double(land.x_m), y += double(land.area_m2) * double(land.y_m);
    }
    for (const std::uint32_t i : set) {
      const Land<float>& land = piece().atoms[i].land;
      const double dx = double(land.x_m) - x / area_m2, dy = double(land.y_m) - y / area_m2;
      xx += double(land.xx) + double(land.area_m2) * dx * dx;
      xy += double(land.xy) + double(land.area_m2) * dx * dy;
      yy += double(land.yy) + double(land.area_m2) * dy * dy;
    }
    const double root = std::hypot(xx - yy, 2 * xy), ratio = std::sqrt((xx + yy + root) / (xx + yy - root));
    return double(terms_.elongation) * std::pow(std::clamp(ratio - 2.3, 0.0, 1.0), 2) *
           std::min(1.0, scale_m * scale_m / area_m2);
  }

  /// Price of a whole plan by the referee's own measure.
  double price(const Partition& plan) const {
    std::vector<Set> sets(plan.verdicts.size());
    for (std::uint32_t a = 0; a < piece().size(); ++a) sets[plan.part_of_node[component_.nodes[a]]].push_back(a);
    return std::accumulate(sets.begin(), sets.end(), 0.0, [&](double sum, const Set& set) { return sum + price(set); });
  }

 private:
  static double beyond_one(const std::set<std::uint32_t>& labels) {
    return labels.size() > 1 ? double(labels.size() - 1) : 0;
  }

  /// Neighbours of an atom that no set may still be started from or extended by.
  Set fresh(std::uint32_t atom, std::vector<bool>& barred) const {
    Set found;
    for (const Arc& arc : piece().arcs_of(atom)) {
      if (barred[arc.to]) continue;
      barred[arc.to] = true;
      found.push_back(arc.to);
    }
    for (const std::uint32_t other : found) barred[other] = false;
    return found;
  }

  /// Adds all connected sets that hold `set` and else only atoms not barred; `choices` are those next to it.
  void extend(Set& set, std::uint32_t households, const Set& choices, std::vector<bool>& barred,
              std::vector<Column>& found) const {
    if (households > terms_.max) return;
    if (households >= terms_.min) {
      Set sorted = set;
      std::sort(sorted.begin(), sorted.end());
      const double sorted_price = price(sorted);
      found.push_back({std::move(sorted), sorted_price});
    }
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::uint32_t next = choices[i];
      barred[next] = true;
      Set more(choices.begin() + std::ptrdiff_t(i) + 1, choices.end());
      for (const std::uint32_t atom : fresh(next, barred)) {
        if (std::find(more.begin(), more.end(), atom) == more.end()) more.push_back(atom);
      }
      set.push_back(next);
      extend(set, households + piece().atoms[next].households, more, barred, found);
      set.pop_back();
    }
    for (const std::uint32_t choice : choices) barred[choice] = false;
  }

  Terms terms_;
  Component component_;
};

/// Price of the best division into sets of `columns`, by dynamic programming over all subsets of up to 20 atoms; none
/// where there is no division.
inline std::optional<double> best_price(const std::vector<Referee::Column>& columns, std::uint32_t atoms) {
  struct Masked {
    std::uint32_t set;
    double price;
  };
  std::vector<std::vector<Masked>> starting(atoms);
  for (const auto& column : columns) {
    std::uint32_t mask = 0;
    for (const std::uint32_t atom : column.set) mask |= 1u << atom;
    starting[column.set.front()].push_back({mask, column.price});
  }
  constexpr double impossible = std::numeric_limits<double>::infinity();
  const std::uint32_t all = (1u << atoms) - 1;
  std::vector<double> best(std::size_t{all} + 1, impossible);
  best[0] = 0;
  for (std::uint32_t done = 0; done < all; ++done) {
    if (best[done] == impossible) continue;
    for (const Masked& next : starting[std::size_t(std::countr_one(done))]) {
      if ((next.set & done) == 0) best[done | next.set] = std::min(best[done | next.set], best[done] + next.price);
    }
  }
  return best[all] == impossible ? std::nullopt : std::optional(best[all]);
}

}  // namespace wangge::planning
