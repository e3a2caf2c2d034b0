#include "locate/tiling.hpp"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <string>

#include "planning/random.hpp"

namespace wangge::bench {
namespace {

using Diagram = boost::polygon::voronoi_diagram<double>;
using Metres = LocalFrame::Metres;

/// Sites on the plane that the Voronoi diagram is made in, in centimetres.
using Site = boost::polygon::point_data<std::int32_t>;

double distance(Metres a, Metres b) { return std::hypot(b.x - a.x, b.y - a.y); }

/// The angle at `a` between the ways to `b` and to `c`.
double angle(Metres a, Metres b, Metres c) {
  const double dot = (b.x - a.x) * (c.x - a.x) + (b.y - a.y) * (c.y - a.y);
  const double cross = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  return std::abs(std::atan2(cross, dot));
}

class TilingMaker {
 public:
  explicit TilingMaker(const TilingOptions& options)
      : options_(options),
        random_(options.seed),
        columns_(static_cast<std::size_t>(std::ceil(std::sqrt(double(options.grids))))),
        rows_((options.grids + columns_ - 1) / columns_) {}

  std::vector<GridRecord> run() {
    place_sites();
    boost::polygon::construct_voronoi(sites_.begin(), sites_.end(), &diagram_);
    merge_close_vertices();
    find_density();
    draw_borders();
    return records();
  }

 private:
  using Cell = Diagram::cell_type;
  using Edge = Diagram::edge_type;

  double uniform() { return double(random_.next() >> 11) * 0x1p-53; }
  std::size_t border_of(const Edge& e) const { return static_cast<std::size_t>(&e - diagram_.edges().data()) / 2; }
  bool leads(const Edge& e) const { return (&e - diagram_.edges().data()) % 2 == 0; }
  Metres corner(const Diagram::vertex_type* v) const {
    return corners_[static_cast<std::size_t>(v - diagram_.vertices().data())];
  }
  Metres site(const Cell& cell) const {
    const Site& s = sites_[cell.source_index()];
    return {s.x() / 100.0, s.y() / 100.0};
  }

  /// With two more rows and columns on each side, so that all grids are closed and like those within.
  static constexpr std::size_t margin = 2;
  bool is_grid(std::size_t site, std::size_t& grid) const {
    const std::size_t column = site % (columns_ + 2 * margin), row = site / (columns_ + 2 * margin);
    if (column < margin || column >= columns_ + margin || row < margin) return false;
    grid = (row - margin) * columns_ + column - margin;
    return grid < options_.grids;
  }
  bool is_grid(const Cell& cell) const {
    std::size_t grid;
    return is_grid(cell.source_index(), grid);
  }

  void place_sites();
  void merge_close_vertices();
  void find_density();
  void draw_borders();
  void draw(const Edge& edge);
  void bend(Metres a, Metres b, double room, std::size_t pieces);
  std::vector<GridRecord> records() const;
  Ring ring(const Cell& cell) const;

  TilingOptions options_;
  planning::Random random_;
  std::size_t columns_, rows_;
  std::vector<Site> sites_;
  Diagram diagram_;
  std::vector<Metres> corners_;   ///< of the Voronoi diagram
  double pieces_a_metre_ = 0;     ///< of border
  std::vector<Position> points_;  ///< of all borders, one after the other
  std::vector<std::uint32_t> first_{0};
  const LocalFrame frame_{Position{1040000000, 306000000}};
};

void TilingMaker::place_sites() {
  constexpr double jitter = 0.75;
  for (std::size_t row = 0; row < rows_ + 2 * margin; ++row) {
    for (std::size_t column = 0; column < columns_ + 2 * margin; ++column) {
      const double x = double(column) + jitter * (uniform() - 0.5), y = double(row) + jitter * (uniform() - 0.5);
      sites_.emplace_back(static_cast<std::int32_t>(x * options_.across_m * 100),
                          static_cast<std::int32_t>(y * options_.across_m * 100));
    }
  }
}

/// Junctions less than a metre apart become one.
void TilingMaker::merge_close_vertices() {
  for (const auto& v : diagram_.vertices()) corners_.push_back({v.x() / 100, v.y() / 100});
  for (const Edge& e : diagram_.edges()) {
    if (!leads(e) || !e.is_finite() || distance(corner(e.vertex0()), corner(e.vertex1())) >= 1) continue;
    corners_[static_cast<std::size_t>(e.vertex1() - diagram_.vertices().data())] = corner(e.vertex0());
  }
}

void TilingMaker::find_density() {
  double around_m = 0;
  for (const Edge& e : diagram_.edges()) {
    if (e.is_finite() && is_grid(*e.cell())) around_m += distance(corner(e.vertex0()), corner(e.vertex1()));
  }
  pieces_a_metre_ = options_.vertices_each * double(options_.grids) / around_m;
}

void TilingMaker::draw_borders() {
  for (const Edge& e : diagram_.edges()) {
    if (!leads(e)) continue;
    if (e.is_finite() && (is_grid(*e.cell()) || is_grid(*e.twin()->cell()))) draw(e);
    first_.push_back(static_cast<std::uint32_t>(points_.size()));
  }
}

/// A border keeps within the two triangles that it makes with the sites on its sides, and these never overlap.
void TilingMaker::draw(const Edge& edge) {
  const Metres a = corner(edge.vertex0()), b = corner(edge.vertex1());
  double room = 0.7;
  for (const Metres s : {site(*edge.cell()), site(*edge.twin()->cell())})
    room = std::min({room, 0.8 * angle(a, b, s), 0.8 * angle(b, a, s)});
  points_.push_back(frame_.to_position(a));
  bend(a, b, room, static_cast<std::size_t>(std::max(1.0, std::round(distance(a, b) * pieces_a_metre_))));
}

/// Adds the rest of a line of so many pieces that at either end leaves the straight one by less than `room` radians.
void TilingMaker::bend(Metres a, Metres b, double room, std::size_t pieces) {
  if (pieces == 1) return points_.push_back(frame_.to_position(b));
  const std::size_t left = pieces / 2;
  const double share = double(left) / double(pieces), turn = 0.9 * room * (uniform() - 0.5);
  const double aside = std::tan(turn) * share;
  const Metres middle{a.x + share * (b.x - a.x) - aside * (b.y - a.y), a.y + share * (b.y - a.y) + aside * (b.x - a.x)};
  bend(a, middle, room - std::abs(turn), left);
  bend(middle, b, room - std::abs(turn), pieces - left);
}

std::vector<GridRecord> TilingMaker::records() const {
  std::vector<GridRecord> grids(options_.grids);
  for (const Cell& cell : diagram_.cells()) {
    std::size_t grid;
    if (!is_grid(cell.source_index(), grid)) continue;
    grids[grid].code = std::to_string(grid);
    grids[grid].level = Level::micro_grid;
    grids[grid].polygons = {{ring(cell), {}}};
  }
  return grids;
}

Ring TilingMaker::ring(const Cell& cell) const {
  Ring ring;
  const Edge* e = cell.incident_edge();
  do {
    const auto line =
        std::span(points_).subspan(first_[border_of(*e)], first_[border_of(*e) + 1] - first_[border_of(*e)]);
    const auto add = [&](Position p) {
      if (ring.empty() || ring.back() != p) ring.push_back(p);
    };
    for (std::size_t i = 0; i + 1 < line.size(); ++i) add(leads(*e) ? line[i] : line[line.size() - 1 - i]);
  } while ((e = e->next()) != cell.incident_edge());
  while (ring.front() == ring.back()) ring.pop_back();
  ring.shrink_to_fit();
  return ring;
}

}  // namespace

std::vector<GridRecord> make_tiling(const TilingOptions& options) { return TilingMaker(options).run(); }

}  // namespace wangge::bench
