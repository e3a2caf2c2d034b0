#include "planning/adjacency.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <tuple>

#include "coverage/segment_grid.hpp"
#include "planning/barrier_lines.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::CellGrid;
using coverage::nothing;
using coverage::PackedLists;

constexpr auto hard = static_cast<std::uint8_t>(BarrierClass::hard);

Passage passage_over(std::uint8_t barrier) {
  switch (barrier) {
    case no_barrier:
      return Passage::open;
    case static_cast<std::uint8_t>(BarrierClass::street):
      return Passage::street;
    case static_cast<std::uint8_t>(BarrierClass::wall):
      return Passage::wall;
    default:
      return Passage::soft;
  }
}

class GraphBuilder {
 public:
  GraphBuilder(const Arrangement& arrangement, const Ground& ground, const Labels& labels,
               std::span<const std::uint8_t> barrier_of_edge, Units units)
      : a_(arrangement),
        ground_(ground),
        labels_(labels),
        barrier_(barrier_of_edge),
        units_(units),
        frame_(bounds_centre(arrangement)) {}

  Graph build(std::span<const Barrier> barriers) {
    make_nodes();
    fill_units();
    measure_faces();
    number_blocks();
    link_neighbours();
    link_crossings(barriers);
    finish_links();
    drop_narrow_links();
    return std::move(graph_);
  }

 private:
  static Position bounds_centre(const Arrangement& a) {
    Box box;
    for (std::uint32_t h = 0; h < 2 * a.edge_count(); ++h) box.add(a.from(h));
    return box.empty() ? Position{} : Position{box.min.x / 2 + box.max.x / 2, box.min.y / 2 + box.max.y / 2};
  }

  std::uint32_t owner(std::uint32_t face) const { return labels_.owner_of_face[face]; }

  void make_nodes() {
    graph_.nodes.resize(labels_.owners);
    for (std::uint32_t i = 0; i < labels_.owners; ++i) {
      graph_.nodes[i].area = ground_.area_of_enclosure[labels_.enclosure_of_owner[i]];
    }
  }

  /// A stack stands where its unit with the most households does.
  void fill_units() {
    std::map<std::string_view, std::uint32_t> compounds;
    std::vector<bool> placed(labels_.owners, false);
    for (std::uint32_t u = 0; u < units_.size(); ++u) {
      const std::uint32_t stack = labels_.owner_of_unit[u];
      if (stack == nothing) continue;
      Graph::Node& node = graph_.nodes[stack];
      const Unit& unit = units_[u];
      node.households += unit.households;
      if (!placed[stack] || unit.households > node.largest_unit) {
        node.place = unit.position;
        placed[stack] = true;
      }
      node.largest_unit = std::max(node.largest_unit, unit.households);
      if (!unit.compound.empty() && node.compound == Graph::none) {
        node.compound = compounds.emplace(unit.compound, static_cast<std::uint32_t>(compounds.size())).first->second;
      }
    }
    for (std::size_t i = 0; i < labels_.stacks; ++i)
      set_centre(graph_.nodes[i], frame_.to_metres(graph_.nodes[i].place));
  }

  static void set_centre(Graph::Node& node, LocalFrame::Metres centre) { node.x_m = centre.x, node.y_m = centre.y; }

  /// Areas for all, and centres for those without a unit.
  void measure_faces() {
    std::vector<LandSum> sums(labels_.owners);
    for (std::uint32_t h = 0; h < 2 * a_.edge_count(); ++h) {
      const std::uint32_t i = owner(a_.left(h));
      if (i == nothing) continue;
      const auto p = frame_.to_metres(a_.from(h)), q = frame_.to_metres(a_.to(h));
      sums[i].add_edge(p.x, p.y, q.x, q.y);
    }
    for (std::size_t i = 0; i < labels_.owners; ++i) {
      const Land<double>& land = graph_.nodes[i].land = sums[i].land();
      if (i < labels_.stacks || !(land.area_m2 > 0)) continue;
      set_centre(graph_.nodes[i], {land.x_m, land.y_m});
      graph_.nodes[i].place = frame_.to_position({graph_.nodes[i].x_m, graph_.nodes[i].y_m});
    }
  }

  /// Blocks are the enclosures between main roads and hard barriers; a node is in the block of its own enclosure.
  void number_blocks() {
    Sets blocks(ground_.area_of_enclosure.size());
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      const std::uint32_t f = labels_.enclosure_of_face[a_.left(2 * e)],
                          g = labels_.enclosure_of_face[a_.left(2 * e + 1)];
      if (f == nothing || g == nothing || ground_.area_of_enclosure[f] != ground_.area_of_enclosure[g]) continue;
      if (passage_over(barrier_[e]) < Passage::soft) blocks.join(f, g);
    }
    for (std::uint32_t i = 0; i < labels_.owners; ++i) graph_.nodes[i].block = blocks.of(labels_.enclosure_of_owner[i]);
  }

  /// The strongest barrier that runs through the land of each owner, because a house stands on it.
  std::vector<Passage> straddled() const {
    std::vector<Passage> most(labels_.owners, Passage::open);
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      const std::uint32_t i = owner(a_.left(2 * e));
      if (i != nothing && i == owner(a_.left(2 * e + 1)) && barrier_[e] != hard) {
        most[i] = std::max(most[i], passage_over(barrier_[e]));
      }
    }
    return most;
  }

  void link_neighbours() {
    const std::vector<Passage> own = straddled();
    const auto foreign = [&](std::uint32_t e, std::uint32_t face) {
      const std::uint32_t i = owner(face), enclosure = labels_.enclosure_of_face[face];
      const bool verge = barrier_[e] != no_barrier && !ground_.heirs_of_enclosure[enclosure].empty();
      return enclosure == labels_.enclosure_of_owner[i] || verge ? Passage::open : own[i];
    };
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      const std::uint32_t f = a_.left(2 * e), g = a_.left(2 * e + 1), i = owner(f), j = owner(g);
      if (i == nothing || j == nothing || i == j || graph_.nodes[i].area != graph_.nodes[j].area) continue;
      if (barrier_[e] == hard) continue;
      const Passage passage = std::max({passage_over(barrier_[e]), foreign(e, f), foreign(e, g)});
      const auto p = frame_.to_metres(a_.from(2 * e)), q = frame_.to_metres(a_.to(2 * e));
      pieces_.push_back({std::min(i, j), std::max(i, j), passage, std::hypot(p.x - q.x, p.y - q.y)});
    }
  }

  /// A crossing joins the owners on either side of the hard edges that run by it.
  void link_crossings(std::span<const Barrier> barriers) {
    std::vector<std::uint32_t> hard_edges;
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      if (barrier_[e] == hard) hard_edges.push_back(e);
    }
    const CellGrid grid(hard_edges.size(), 2000);
    const PackedLists cells(grid.buckets(), [&](const auto& add) {
      for (const std::uint32_t e : hard_edges) {
        grid.along(a_.from(2 * e), a_.to(2 * e), [&](std::size_t bucket) { add(bucket, e); });
      }
    });
    constexpr int reach = 3;  // lattice units; noding moves a vertex less far
    for (const Crossing& crossing : find_crossings(barriers)) {
      const Position p = crossing.place;
      grid.along({p.x - reach, p.y - reach}, {p.x + reach, p.y + reach}, [&](std::size_t bucket) {
        for (const std::uint32_t e : cells[bucket]) {
          if (runs_by(e, p, reach)) link_across(e);
        }
      });
    }
  }

  bool runs_by(std::uint32_t e, Position p, double reach) const {
    const Position a = a_.from(2 * e), b = a_.to(2 * e);
    const double dx = double(b.x) - a.x, dy = double(b.y) - a.y;
    const double t = std::clamp(((double(p.x) - a.x) * dx + (double(p.y) - a.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
    return std::hypot(a.x + t * dx - p.x, a.y + t * dy - p.y) <= reach;
  }

  void link_across(std::uint32_t e) {
    constexpr double width_m = 5;
    const std::uint32_t i = owner(a_.left(2 * e)), j = owner(a_.left(2 * e + 1));
    if (i == nothing || j == nothing || i == j || graph_.nodes[i].area != graph_.nodes[j].area) return;
    pieces_.push_back({std::min(i, j), std::max(i, j), Passage::crossing, width_m});
  }

  /// One link a pair: the easiest passage of some length, and all the border that can be crossed.
  void finish_links() {
    constexpr double some_m = 0.5;
    std::ranges::sort(pieces_, {}, [](const Piece& p) { return std::tuple(p.a, p.b, p.passage, p.length); });
    for (std::size_t i = 0; i < pieces_.size();) {
      const std::size_t first = i;
      double all = 0, longest = -1;
      Passage easiest = Passage::crossing;
      bool found = false;
      while (i < pieces_.size() && pieces_[i].a == pieces_[first].a && pieces_[i].b == pieces_[first].b) {
        const Passage passage = pieces_[i].passage;
        double length = 0;
        for (; i < pieces_.size() && pieces_[i].a == pieces_[first].a && pieces_[i].b == pieces_[first].b &&
               pieces_[i].passage == passage;
             ++i) {
          length += pieces_[i].length;
        }
        if (!found && length > longest) longest = length, easiest = passage;
        found = found || length >= some_m;
        if (passage != Passage::crossing || all == 0) all += length;
      }
      graph_.links.push_back({pieces_[first].a, pieces_[first].b, easiest, static_cast<float>(all)});
    }
  }

  std::vector<double> perimeters() const {
    std::vector<double> around(labels_.owners, 0);
    for (std::uint32_t h = 0; h < 2 * a_.edge_count(); ++h) {
      const std::uint32_t i = owner(a_.left(h));
      if (i == nothing || i == owner(a_.left(h ^ 1))) continue;
      const auto p = frame_.to_metres(a_.from(h)), q = frame_.to_metres(a_.to(h));
      around[i] += std::hypot(p.x - q.x, p.y - q.y);
    }
    return around;
  }

  /// A border shorter than a twentieth of the smaller node's perimeter is a neck to hang a lobe on: it links no longer
  /// where both nodes have a wider border with a third, so that whatever was connected still is.
  void drop_narrow_links() {
    const std::vector<double> around = perimeters();
    const auto narrow = [&](const Graph::Link& l) {
      return l.passage != Passage::crossing && double(l.border_m) < 0.05 * std::min(around[l.a], around[l.b]);
    };
    const PackedLists wide(graph_.nodes.size(), [&](const auto& add) {  // ascending, as the links are
      for (const Graph::Link& l : graph_.links) {
        if (!narrow(l) && l.passage != Passage::crossing) add(l.a, l.b), add(l.b, l.a);
      }
    });
    std::erase_if(graph_.links, [&](const Graph::Link& l) {
      std::vector<std::uint32_t> third;
      if (narrow(l)) std::ranges::set_intersection(wide[l.a], wide[l.b], std::back_inserter(third));
      return !third.empty();
    });
  }

  struct Piece {
    std::uint32_t a, b;
    Passage passage;
    double length;
  };

  const Arrangement& a_;
  const Ground& ground_;
  const Labels& labels_;
  std::span<const std::uint8_t> barrier_;
  Units units_;
  LocalFrame frame_;
  std::vector<Piece> pieces_;
  Graph graph_;
};

}  // namespace

Graph build_graph(const Arrangement& arrangement, const Ground& ground, const Labels& labels,
                  std::span<const std::uint8_t> barrier_of_edge, Units units, std::span<const Barrier> barriers) {
  return GraphBuilder(arrangement, ground, labels, barrier_of_edge, units).build(barriers);
}

}  // namespace wangge::planning
