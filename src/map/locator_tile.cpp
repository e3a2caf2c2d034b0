#include "map/locator_tile.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <iterator>

namespace wangge::map {
namespace {

using namespace layout;

/// A tile has at most so many cells for each of its edges.
constexpr std::size_t cells_an_edge = 16;

/// The length of an edge within a frame of one cell.
double length_in(const CellFrame& frame, Position a, Position b) {
  const double west = double(frame.west), south = double(frame.south), side = double(std::uint64_t{1} << frame.shift);
  const double dx = double(b.x) - a.x, dy = double(b.y) - a.y;
  double from = 0, to = 1;
  const auto clip = [&](double start, double d) {
    if (d == 0) return;
    const double enter = -start / d, leave = (side - start) / d;
    from = std::max(from, std::min(enter, leave)), to = std::min(to, std::max(enter, leave));
  };
  clip(a.x - west, dx), clip(a.y - south, dy);
  return length_of(a, b) * std::max(0.0, to - from);
}

constexpr std::uint32_t records_in(std::size_t bytes) { return static_cast<std::uint32_t>(bytes / (4 * record_words)); }

std::int16_t narrowed(std::int64_t v) { return static_cast<std::int16_t>(v); }

Point from_corner(Position p, Position corner) {
  return {narrowed(std::int64_t{p.x} - corner.x), narrowed(std::int64_t{p.y} - corner.y)};
}

std::size_t in_whole_units(std::size_t words) { return (words + unit_words - 1) / unit_words * unit_words; }

void append(std::vector<std::uint32_t>& words, const void* bytes, std::size_t count) {
  const std::size_t at = words.size();
  words.resize(at + count / 4);
  if (count > 0) std::memcpy(words.data() + at, bytes, count);
}

}  // namespace

std::uint32_t TileBuilder::build(Position corner, int tile_shift, std::uint32_t corner_code,
                                 std::span<const std::uint32_t> edges, std::vector<std::uint32_t>& words) {
  if (edges.empty()) return corner_code;
  frame_ = {corner.x, corner.y, tile_shift, 1, 1};
  const int k = choose_cells(edges, tile_shift);
  frame_ = {corner.x, corner.y, tile_shift - k, std::int64_t{1} << k, std::int64_t{1} << k};
  sort_into_cells(edges);
  find_corners(corner_code, edges);
  lines_.clear(), long_chains_.clear(), chains_.clear(), wides_.clear();
  codes_.clear();
  const std::size_t cells = std::size_t{1} << 2 * k;
  for (std::uint32_t cell = 0; cell < cells; ++cell) codes_.push_back(code_of_cell(cell));
  if (std::all_of(codes_.begin(), codes_.end(), [&](std::uint32_t c) { return c == codes_[0] && !(c & named); }))
    return codes_[0];

  // Records of a whole cache line come first; then chains, of which two share one; then the rest.
  const std::size_t block = words.size();
  append(words, codes_.data(), codes_.size() * 4);
  words.resize(block + in_whole_units(cells));
  const std::uint32_t lines_at = records_in(4 * in_whole_units(cells));
  const std::uint32_t long_chains_at = lines_at + records_in(lines_.size() * sizeof(Lines));
  const std::uint32_t chains_at = long_chains_at + records_in(long_chains_.size() * sizeof(LongChain));
  const std::uint32_t wides_at = chains_at + records_in(chains_.size() * sizeof(Chain));
  const std::uint32_t place[] = {chains_at, long_chains_at, lines_at, wides_at};
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::uint32_t& code = words[block + cell];
    if (code & named) code += place[static_cast<std::size_t>(kind_of(code))];
  }
  append(words, lines_.data(), lines_.size() * sizeof(Lines));
  append(words, long_chains_.data(), long_chains_.size() * sizeof(LongChain));
  append(words, chains_.data(), chains_.size() * sizeof(Chain));
  append(words, wides_.data(), wides_.size() * 4);
  words.resize(in_whole_units(words.size()));
  return entry_of(static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(block / unit_words));
}

/// So many times the tile is halved.
int TileBuilder::choose_cells(std::span<const std::uint32_t> edges, int tile_shift) const {
  const double side = double(std::uint64_t{1} << tile_shift);
  double length = 0, within = 0;
  for (const std::uint32_t at : edges) {
    const Position a = edges_.points[at], b = edges_.points[at + 1];
    length += length_of(a, b);
    within += length_in(frame_, a, b);
  }
  const double cell = best_cell(length / double(edges.size()), within, side * side);
  // The power of two that is nearest in ratio: squares are compared, so that there is no logarithm to round.
  int shift = 0;
  while (shift < tile_shift && cell * cell > 2.0 * double(std::uint64_t{1} << 2 * shift)) ++shift;
  const int affordable = static_cast<int>(std::bit_width(cells_an_edge * edges.size()) - 1) / 2;
  return std::min({tile_shift - shift, affordable, most_cells_shift});
}

void TileBuilder::sort_into_cells(std::span<const std::uint32_t> edges) {
  const std::size_t cells = static_cast<std::size_t>(frame_.columns * frame_.rows);
  hits_.clear();
  first_.assign(cells + 1, 0);
  for (const std::uint32_t at : edges) {
    for_each_cell(frame_, edge(at), [&](std::uint32_t column, std::uint32_t row) {
      const std::uint32_t cell = row * static_cast<std::uint32_t>(frame_.columns) + column;
      hits_.emplace_back(cell, at);
      ++first_[cell + 1];
    });
  }
  for (std::size_t cell = 0; cell < cells; ++cell) first_[cell + 1] += first_[cell];
  items_.resize(hits_.size());
  for (const auto& [cell, at] : hits_) items_[first_[cell]++] = at;
  std::rotate(first_.begin(), first_.end() - 1, first_.end());
  first_[0] = 0;
}

/// The areas at the corners of the cells: up the west side of the tile, then east along the foot of each row; whatever
/// an edge parts from the corner before differs by its change.
void TileBuilder::find_corners(std::uint32_t corner_code, std::span<const std::uint32_t> edges) {
  const std::int64_t columns = frame_.columns, rows = frame_.rows;
  corners_.assign(static_cast<std::size_t>(columns * rows), 0);
  corners_[0] = corner_code;
  for (const std::uint32_t at : edges) {
    const Sloped e = edge(at);
    if (e.west() <= frame_.west && frame_.west < e.east()) {
      const std::int64_t row = frame_.row_from(first_above(e, frame_.west));
      if (0 < row && row < rows) corners_[static_cast<std::size_t>(row * columns)] ^= edges_.change[at];
    }
    const std::int64_t last = std::min(frame_.row_from(e.high.y), rows);
    for (std::int64_t row = std::max<std::int64_t>(frame_.row_from(e.low.y), 0); row < last; ++row) {
      const std::int64_t column = frame_.column_from(first_east_of(e, frame_.corner_y(row)));
      if (0 < column && column < columns)
        corners_[static_cast<std::size_t>(row * columns + column)] ^= edges_.change[at];
    }
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto start = static_cast<std::size_t>(row * columns);
    if (row > 0) corners_[start] ^= corners_[start - static_cast<std::size_t>(columns)];
    for (std::size_t i = start + 1; i < start + static_cast<std::size_t>(columns); ++i) corners_[i] ^= corners_[i - 1];
  }
}

std::uint32_t TileBuilder::code_of_cell(std::uint32_t cell) {
  const auto k = std::bit_width(static_cast<std::uint64_t>(frame_.columns)) - 1;
  const Position corner{static_cast<std::int32_t>(frame_.west + ((cell & (frame_.columns - 1)) << frame_.shift)),
                        static_cast<std::int32_t>(frame_.south + (std::int64_t{cell >> k} << frame_.shift))};
  kept_.clear();
  bool divides = false;
  for (std::uint32_t i = first_[cell]; i < first_[cell + 1]; ++i) {
    Stepped stepped;
    if (!steps_in(items_[i], corner, stepped)) continue;
    divides |= !stepped.edge.level() || stepped.step != no_wide_step;
    kept_.push_back(stepped);
  }
  const std::uint32_t corner_code = corners_[cell];
  if (!divides) return corner_code;
  if ((std::int64_t{1} << frame_.shift) > narrow || !is_narrow(kept_, corner)) return add_wide(corner_code);
  if (join_chain<Chain>(corner)) return add_chain(chains_, Kind::chain, corner_code, corner);
  if (kept_.size() > std::size(Lines{}.from) && join_chain<LongChain>(corner))
    return add_chain(long_chains_, Kind::long_chain, corner_code, corner);
  return add_lines(corner_code, corner);
}

/// False where the edge divides nothing of the cell because it runs west of it; else `out` gets the step. Level edges
/// are kept: they are never crossed, and chains run on over them.
bool TileBuilder::steps_in(std::uint32_t at, Position corner, Stepped& out) const {
  const Sloped e = edge(at);
  out = {at, e, no_wide_step};
  if (e.east() <= corner.x) return false;
  if (e.west() > corner.x) return true;
  const bool corner_below = first_above(e, corner.x) > corner.y;
  if (corner_below) out.step = e.rises() ? e.low.y : e.high.y;
  return corner_below || e.rises();
}

/// Makes the kept edges a run that go on from each other and fit into a chain, by adding those between that leave the
/// cell and come back; false where that cannot be.
template <class AnyChain>
bool TileBuilder::join_chain(Position corner) {
  const std::uint32_t first = kept_.front().at, last = kept_.back().at;
  if (last - first + 1 >= std::size(AnyChain{}.vertex)) return false;
  joined_.clear();
  std::size_t steps = 0;
  for (std::uint32_t at = first; at <= last; ++at) {
    Stepped stepped;
    if (edges_.change[at] == 0 || !steps_in(at, corner, stepped)) return false;
    steps += stepped.step != no_wide_step;
    joined_.push_back(stepped);
  }
  if (steps > std::size(AnyChain{}.step) || !is_narrow(joined_, corner)) return false;
  kept_.swap(joined_);
  return true;
}

bool TileBuilder::is_narrow(std::span<const Stepped> edges, Position corner) {
  const auto near = [&](Position p) {
    return std::abs(std::int64_t{p.x} - corner.x) < narrow && std::abs(std::int64_t{p.y} - corner.y) < narrow;
  };
  return std::all_of(edges.begin(), edges.end(),
                     [&](const Stepped& s) { return near(s.edge.low) && near(s.edge.high); });
}

template <class AnyChain>
std::uint32_t TileBuilder::add_chain(std::vector<AnyChain>& chains, Kind kind, std::uint32_t corner_code,
                                     Position corner) {
  AnyChain chain;
  chain.corner = corner_code;
  chain.change = edges_.change[kept_[0].at];
  std::size_t steps = 0;
  for (const Stepped& s : kept_) {
    if (s.step != no_wide_step) chain.step[steps++] = narrowed(s.step - corner.y);
  }
  for (std::size_t i = 0; i < std::size(chain.vertex); ++i)
    chain.vertex[i] = from_corner(edges_.points[kept_[0].at + std::min(i, kept_.size())], corner);
  chains.push_back(chain);
  return layout::code_of(kind, records_in((chains.size() - 1) * sizeof(AnyChain)));
}

std::uint32_t TileBuilder::add_lines(std::uint32_t corner_code, Position corner) {
  std::erase_if(kept_, [](const Stepped& s) { return s.edge.level() && s.step == no_wide_step; });
  const std::size_t before = lines_.size();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (i % 4 == 0) lines_.emplace_back();
    Lines& line = lines_.back();
    const Stepped& s = kept_[i];
    line.from[i % 4] = from_corner(s.edge.low, corner);
    line.to[i % 4] = from_corner(s.edge.high, corner);
    if (s.step != no_wide_step) line.step[i % 4] = narrowed(s.step - corner.y);
    line.change[i % 4] = edges_.change[s.at];
  }
  lines_[before].corner = corner_code;
  lines_[before].more = static_cast<std::uint32_t>(lines_.size() - before - 1);
  return layout::code_of(Kind::lines, records_in(before * sizeof(Lines)));
}

std::uint32_t TileBuilder::add_wide(std::uint32_t corner_code) {
  std::erase_if(kept_, [](const Stepped& s) { return s.edge.level() && s.step == no_wide_step; });
  const std::size_t before = wides_.size();
  const Wide lead{corner_code, static_cast<std::uint32_t>(kept_.size())};
  append(wides_, &lead, sizeof lead);
  for (const Stepped& s : kept_) {
    const WideEdge wide{s.edge.low, s.edge.high, static_cast<std::int32_t>(s.step), edges_.change[s.at]};
    append(wides_, &wide, sizeof wide);
  }
  wides_.resize((wides_.size() + record_words - 1) / record_words * record_words);
  return layout::code_of(Kind::wide, records_in(4 * before));
}

}  // namespace wangge::map
