#include "map/edge_index.hpp"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "coverage/pieces.hpp"
#include "geometry/segment_distance.hpp"
#include "map/locator_tile.hpp"

namespace wangge::map {
namespace {

using coverage::in_pieces;
using coverage::pieces;
using coverage::RawVector;

GridId least(const Sides& sides) { return std::min(sides.left, sides.right); }  // none is the greatest

/// Calls visit(column, row) for each tile that the edge has a position in, and perhaps one more a row.
template <class Visit>
void for_each_tile(const EdgeIndexHeader& frame, Position a, Position b, const Visit& visit) {
  const Position low = a.y <= b.y ? a : b, high = a.y <= b.y ? b : a;
  const std::int64_t dx = std::int64_t{high.x} - low.x, dy = std::int64_t{high.y} - low.y;
  const auto column = [&](std::int64_t x) { return (x - frame.west) >> frame.tile_shift; };
  const auto row = [&](std::int64_t y) { return (y - frame.south) >> frame.tile_shift; };
  const std::int64_t last = row(high.y);
  std::int64_t from = low.x;
  for (std::int64_t r = row(low.y); r <= last; ++r) {
    const std::int64_t north = frame.south + ((r + 1) << frame.tile_shift);
    const std::int64_t to = r == last ? high.x : low.x + floor_div(dx * (north - low.y), dy);
    const std::int64_t east = column(std::max(from, to));
    for (std::int64_t c = column(std::min(from, to)); c <= east; ++c)
      visit(static_cast<std::size_t>(r * frame.columns + c));
    from = to;
  }
}

class EdgeIndexBuilder {
 public:
  EdgeIndexBuilder(const ArcsView& arcs, std::size_t areas, const Execution& execution)
      : arcs_(arcs), areas_(areas), execution_(execution) {}

  RawVector<std::uint32_t> run() {
    choose_tiles();
    gather_runs();
    return assemble();
  }

 private:
  struct Run {
    std::size_t tile;
    std::uint32_t first, edges;
  };
  std::size_t tiles() const { return std::size_t{header_.columns} * header_.rows; }

  static double length_of(std::span<const Position> line) {
    double length = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const Position a = line[i - 1], b = line[i];
      length += std::max(std::abs(double(b.x) - a.x), std::abs(double(b.y) - a.y));
    }
    return length;
  }

  void choose_tiles();
  void gather_runs();
  void gather_runs(std::size_t arc, std::vector<Run>& runs) const;
  RawVector<std::uint32_t> assemble();

  ArcsView arcs_;
  std::size_t areas_;
  const Execution& execution_;
  EdgeIndexHeader header_;
  std::vector<std::vector<Run>> runs_{pieces};
};

/// The smallest tiles that cost no more than some 50 bytes an area.
void EdgeIndexBuilder::choose_tiles() {
  if (arcs_.size() == 0) return;
  std::vector<Box> boxes(pieces);
  std::vector<double> lengths(pieces);
  in_pieces(arcs_.size(), execution_, [&](std::size_t piece, std::size_t first, std::size_t last) {
    boxes[piece] = bounds(arcs_.points.subspan(arcs_.first[first], arcs_.first[last] - arcs_.first[first]));
    for (std::size_t arc = first; arc < last; ++arc) lengths[piece] += length_of(arcs_.line(arc));
  });
  Box box;
  for (const Box& of_piece : boxes) box.add(of_piece);
  const double length = std::accumulate(lengths.begin(), lengths.end(), 0.0);
  const double arcs = double(arcs_.size()), affordable = std::max(50.0 * double(areas_), 12 * arcs) + 1024;
  const std::int64_t width = std::int64_t{box.max.x} - box.min.x, height = std::int64_t{box.max.y} - box.min.y;
  header_.west = box.min.x, header_.south = box.min.y;
  for (header_.tile_shift = 2; header_.tile_shift < 32; ++header_.tile_shift) {
    const std::int64_t columns = (width >> header_.tile_shift) + 1, rows = (height >> header_.tile_shift) + 1;
    const double runs = arcs + 1.3 * length / double(std::uint64_t{1} << header_.tile_shift);
    if (6 * runs + 4 * double(columns) * double(rows) > affordable) continue;
    header_.columns = static_cast<std::uint32_t>(columns), header_.rows = static_cast<std::uint32_t>(rows);
    return;
  }
  header_.columns = header_.rows = 1;
}

void EdgeIndexBuilder::gather_runs() {
  in_pieces(arcs_.size(), execution_, [&](std::size_t piece, std::size_t first, std::size_t last) {
    for (std::size_t arc = first; arc < last; ++arc) gather_runs(arc, runs_[piece]);
  });
}

void EdgeIndexBuilder::gather_runs(std::size_t arc, std::vector<Run>& runs) const {
  constexpr std::uint32_t most_edges = UINT16_MAX;
  std::vector<std::size_t> open, still_open;  // runs that hold the edge before, or this one
  for (std::uint32_t at = arcs_.first[arc]; at + 1 < arcs_.first[arc + 1]; ++at) {
    still_open.clear();
    for_each_tile(header_, arcs_.points[at], arcs_.points[at + 1], [&](std::size_t tile) {
      const auto goes_on = [&](std::size_t run) {
        return runs[run].tile == tile && runs[run].first + runs[run].edges == at && runs[run].edges < most_edges;
      };
      const auto run = std::find_if(open.begin(), open.end(), goes_on);
      if (run != open.end()) {
        ++runs[*run].edges;
        still_open.push_back(*run);
      } else {
        still_open.push_back(runs.size());
        runs.push_back({tile, at, 1});
      }
    });
    open.swap(still_open);
  }
}

RawVector<std::uint32_t> EdgeIndexBuilder::assemble() {
  const auto each_run = [&](const auto& visit) {
    for (const std::vector<Run>& some : runs_) std::for_each(some.begin(), some.end(), visit);
  };
  for (const std::vector<Run>& some : runs_) header_.runs += static_cast<std::uint32_t>(some.size());
  constexpr std::size_t head = sizeof header_ / 4;
  RawVector<std::uint32_t> words(head + tiles() + 1 + header_.runs + (std::size_t{header_.runs} + 1) / 2);
  words.back() = 0;  // half of which the last run may leave
  std::memcpy(words.data(), &header_, sizeof header_);
  const std::span first_run = std::span(words).subspan(head, tiles() + 1);
  const std::span first_point = std::span(words).subspan(head + tiles() + 1, header_.runs);
  auto* edges = reinterpret_cast<std::byte*>(first_point.data() + first_point.size());
  std::fill(first_run.begin(), first_run.end(), 0);
  each_run([&](const Run& run) { ++first_run[run.tile + 1]; });
  for (std::size_t i = 0; i < tiles(); ++i) first_run[i + 1] += first_run[i];
  std::vector<std::uint32_t> next(first_run.begin(), first_run.end() - 1);
  each_run([&](const Run& run) {
    const std::uint32_t at = next[run.tile]++;
    const auto count = static_cast<std::uint16_t>(run.edges);
    first_point[at] = run.first;
    std::memcpy(edges + 2 * std::size_t{at}, &count, 2);
  });
  return words;
}

/// Where the parts of a section stand, in bytes.
struct Parts {
  std::uint64_t first_run, first_point, edges, end;
  explicit Parts(const EdgeIndexHeader& h)
      : first_run(sizeof h),
        first_point(first_run + 4 * (std::uint64_t{h.columns} * h.rows + 1)),
        edges(first_point + 4 * std::uint64_t{h.runs}),
        end(edges + (std::uint64_t{h.runs} + 1) / 2 * 4) {}
};

}  // namespace

RawVector<std::uint32_t> EdgeIndex::build(const ArcsView& arcs, std::size_t areas, const Execution& execution) {
  return EdgeIndexBuilder(arcs, areas, execution).run();
}

EdgeIndex::EdgeIndex(const ArcsView& arcs, std::span<const std::byte> section) noexcept : arcs_(arcs) {
  std::memcpy(&header_, section.data(), sizeof header_);
  const Parts parts(header_);
  const auto words = [&](std::uint64_t from, std::uint64_t to) {
    return std::span(reinterpret_cast<const std::uint32_t*>(section.data() + from), (to - from) / 4);
  };
  first_run_ = words(parts.first_run, parts.first_point);
  first_point_ = words(parts.first_point, parts.edges);
  edges_ = {reinterpret_cast<const std::uint16_t*>(section.data() + parts.edges), header_.runs};
}

std::string_view EdgeIndex::fault(const ArcsView& arcs, std::span<const std::byte> section) {
  constexpr std::string_view cut_off = "its edge index is cut off", astray = "its edge index points astray";
  EdgeIndexHeader header;
  if (section.size() < sizeof header) return cut_off;
  std::memcpy(&header, section.data(), sizeof header);
  const std::uint64_t tiles = std::uint64_t{header.columns} * header.rows;
  if (tiles > section.size() || Parts(header).end != section.size()) return cut_off;
  if (header.tile_shift > 32) return astray;
  const EdgeIndex index(arcs, section);
  if (index.first_run_.front() != 0 || index.first_run_.back() != header.runs ||
      !std::is_sorted(index.first_run_.begin(), index.first_run_.end()))
    return astray;
  for (std::size_t run = 0; run < header.runs; ++run) {
    const std::uint64_t last = std::uint64_t{index.first_point_[run]} + index.edges_[run];
    if (index.edges_[run] == 0 || last >= arcs.points.size()) return astray;
  }
  return {};
}

GridId EdgeIndex::touching(Position p) const noexcept {
  GridId found = GridId::none;
  for_each_edge_near({p, p}, [&](Position a, Position b, SidesOfRun& sides) {
    if (on_segment(a, b, p)) found = std::min(found, least(sides()));
  });
  return found;
}

/// To the nearest position in or on the border of a rectangle of tiles; a little less, so that rounding does no harm.
double EdgeIndex::squared_distance_to_tiles(const LocalFrame& frame, std::int64_t west, std::int64_t east,
                                            std::int64_t south, std::int64_t north) const {
  const auto beyond = [&](std::int64_t first, std::int64_t last, std::int64_t origin, std::int64_t v) {
    const std::int64_t low = origin + (first << header_.tile_shift), high = origin + ((last + 1) << header_.tile_shift);
    return double(std::max<std::int64_t>({low - v, v - high, 0}));
  };
  const double dx = beyond(west, east, header_.west, frame.origin.x) * frame.metres_per_x;
  const double dy = beyond(south, north, header_.south, frame.origin.y) * frame.metres_per_y;
  return (dx * dx + dy * dy) * (1 - 1e-9);
}

/// Visits the tiles of a rectangle that may have something within that distance; false where there are none.
template <class Visit>
bool EdgeIndex::visit_strip(const LocalFrame& frame, std::int64_t west, std::int64_t east, std::int64_t south,
                            std::int64_t north, const double& within_m2, const Visit& visit) const {
  west = std::max<std::int64_t>(west, 0), east = std::min<std::int64_t>(east, std::int64_t{header_.columns} - 1);
  south = std::max<std::int64_t>(south, 0), north = std::min<std::int64_t>(north, std::int64_t{header_.rows} - 1);
  if (west > east || south > north || squared_distance_to_tiles(frame, west, east, south, north) > within_m2)
    return false;
  for (std::int64_t r = south; r <= north; ++r) {
    for (std::int64_t c = west; c <= east; ++c) {
      if (first_run_[tile(c, r)] == first_run_[tile(c, r) + 1]) continue;
      if (squared_distance_to_tiles(frame, c, c, r, r) <= within_m2) visit(tile(c, r));
    }
  }
  return true;
}

/// Visits tiles in rings around the one that is nearest to the origin, until all of a ring is too far: then so is what
/// follows.
template <class Visit>
void EdgeIndex::visit_outward(const LocalFrame& frame, const double& within_m2, const Visit& visit) const {
  if (header_.runs == 0) return;
  const std::int64_t c = std::clamp<std::int64_t>(column(frame.origin.x), 0, std::int64_t{header_.columns} - 1);
  const std::int64_t r = std::clamp<std::int64_t>(row(frame.origin.y), 0, std::int64_t{header_.rows} - 1);
  bool more = visit_strip(frame, c, c, r, r, within_m2, visit);
  for (std::int64_t ring = 1; more; ++ring) {
    more = visit_strip(frame, c - ring, c + ring, r - ring, r - ring, within_m2, visit);
    more |= visit_strip(frame, c - ring, c + ring, r + ring, r + ring, within_m2, visit);
    more |= visit_strip(frame, c - ring, c - ring, r - ring + 1, r + ring - 1, within_m2, visit);
    more |= visit_strip(frame, c + ring, c + ring, r - ring + 1, r + ring - 1, within_m2, visit);
  }
}

EdgeIndex::Nearest EdgeIndex::nearest(Position p, double most_m) const noexcept {
  const LocalFrame frame(p);
  GridId area = GridId::none;
  bool found = false;
  double best = most_m < 0 ? -1 : most_m * most_m;
  visit_outward(frame, best, [&](std::size_t tile) {
    for_each_run(tile, [&](std::span<const Position> line, std::uint32_t first) {
      SidesOfRun sides(arcs_, first);
      auto a = frame.to_metres(line[0]);
      for (std::size_t i = 1; i < line.size(); ++i) {
        const auto b = frame.to_metres(line[i]);
        const double east = std::max(std::min(a.x, b.x), -std::max(a.x, b.x));
        const double north = std::max(std::min(a.y, b.y), -std::max(a.y, b.y));
        a = b;
        // A box around the edge tells of most that they are too far; a little more is let pass, for rounding.
        const double dx = std::max(east, 0.0), dy = std::max(north, 0.0);
        if (dx * dx + dy * dy > best * (1 + 1e-9)) continue;
        const double d = geometry::squared_distance_m2(frame, line[i - 1], line[i], best);
        if (d > best) continue;
        area = found && d == best ? std::min(area, least(sides())) : least(sides());
        best = d, found = true;
      }
    });
  });
  return {area, found ? std::sqrt(best) : std::numeric_limits<double>::infinity()};
}

}  // namespace wangge::map
