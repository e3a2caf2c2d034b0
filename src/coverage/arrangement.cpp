#include "coverage/arrangement.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>

#include "coverage/face_locator.hpp"
#include "coverage/pieces.hpp"
#include "coverage/sort.hpp"

namespace wangge::coverage {
namespace {

/// Order of the directions a→b and a→c, counter-clockwise from the east; exact.
bool before_around(Position a, Position b, Position c) {
  const auto upper = [&](Position p) { return p.y > a.y || (p.y == a.y && p.x > a.x); };
  if (upper(b) != upper(c)) return upper(b);
  return orientation(a, b, c) > 0;
}

}  // namespace

Arrangement Arrangement::build(std::vector<Segment> noded, bool drop_dangles) {
  Arrangement result;
  result.take_edges(std::move(noded));
  result.find_faces(drop_dangles, {});
  return result;
}

Arrangement Arrangement::build(const Chains& chains, const Execution& execution) {
  Arrangement result;
  result.take_chains(chains, execution);
  result.find_faces(true, execution);
  return result;
}

void Arrangement::find_faces(bool without_dangles, const Execution& execution) {
  sort_around_vertices(execution);
  RawVector<std::uint32_t> cycle_of_half = trace(execution);
  if (without_dangles && has_dangles(cycle_of_half)) {
    drop_dangles(cycle_of_half);
    gather_leaving();
    sort_around_vertices(execution);
    cycle_of_half = trace(execution);
  }
  number_faces(cycle_of_half, execution);
}

bool Arrangement::vertex_before(Position a, Position b) const {
  return by_place_ ? place_order(a) < place_order(b) : a < b;
}

std::uint32_t Arrangement::find(Position p) const {
  const auto at = std::lower_bound(vertices_.begin(), vertices_.end(), p,
                                   [this](Position a, Position b) { return vertex_before(a, b); });
  return at != vertices_.end() && *at == p ? static_cast<std::uint32_t>(at - vertices_.begin()) : nothing;
}

void Arrangement::take_edges(std::vector<Segment> noded) {
  for (const Segment& s : noded) vertices_.push_back(s.a), vertices_.push_back(s.b);
  std::sort(vertices_.begin(), vertices_.end());
  vertices_.erase(std::unique(vertices_.begin(), vertices_.end()), vertices_.end());

  const auto key = [](const Segment& s) {
    return std::tuple(std::min(s.a, s.b), std::max(s.a, s.b), s.source, s.a < s.b);
  };
  std::sort(noded.begin(), noded.end(), [&](const Segment& s, const Segment& t) { return key(s) < key(t); });
  const Segment* previous = nullptr;
  for (const Segment& s : noded) {
    const bool forward = s.a < s.b;
    const Position low = forward ? s.a : s.b, high = forward ? s.b : s.a;
    if (!previous || std::min(previous->a, previous->b) != low || std::max(previous->a, previous->b) != high) {
      ends_.push_back(find(low)), ends_.push_back(find(high));
      first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));
    }
    uses_.push_back({s.source, forward});
    previous = &s;
  }
  first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));
  gather_leaving();
}

void Arrangement::take_chains(const Chains& chains, const Execution& execution) {
  const auto& uses = chains.uses;
  std::vector<const ChainUse*> first_of_edge;
  uses_.reserve(uses.size()), first_use_.reserve(uses.size() / 2), first_inner_.reserve(uses.size() / 2);
  first_of_edge.reserve(uses.size() / 2);
  first_inner_.push_back(0);
  for (const ChainUse& use : uses) {
    if (first_of_edge.empty() || first_of_edge.back()->start != use.start || first_of_edge.back()->next != use.next) {
      first_of_edge.push_back(&use);
      first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));
      first_inner_.push_back(first_inner_.back() + use.last - use.from - 1);
    }
    uses_.push_back({use.source, use.forward});
  }
  first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));

  inner_.resize(first_inner_.back());
  RawVector<Position> starts(2 * first_of_edge.size());
  in_pieces(first_of_edge.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t e = first; e < last; ++e) {
      const ChainUse& use = *first_of_edge[e];
      starts[2 * e] = use.start;
      starts[2 * e + 1] = chains.points[use.forward ? use.last : use.from];
      const auto from = chains.points.begin() + use.from + 1, to = chains.points.begin() + use.last;
      const auto inner = std::copy(from, to, inner_.begin() + first_inner_[e]);
      if (!use.forward) std::reverse(inner_.begin() + first_inner_[e], inner);
    }
  });
  take_vertices(starts, execution);
}

void Arrangement::take_vertices(std::span<const Position> starts_of_halves, const Execution& execution) {
  by_place_ = true;
  struct Start {
    std::uint64_t place;
    std::uint32_t half;
  };
  RawVector<Start> starts(starts_of_halves.size());
  in_pieces(starts.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      starts[i] = {place_order(starts_of_halves[i]), static_cast<std::uint32_t>(i)};
  });
  sort_all(
      starts, [](const Start& s, const Start& t) { return std::tie(s.place, s.half) < std::tie(t.place, t.half); },
      execution);
  const auto is_new = [&](std::size_t i) { return i == 0 || starts[i].place != starts[i - 1].place; };
  std::vector<std::uint32_t> next(pieces);  // vertex of each piece
  in_pieces(starts.size(), execution, [&](std::size_t piece, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) next[piece] += is_new(i);
  });
  std::uint32_t count = 0;
  for (std::uint32_t& of_piece : next) count += std::exchange(of_piece, count);
  vertices_.resize(count), first_leaving_.resize(count + 1);
  ends_.resize(starts.size()), leaving_.resize(starts.size());
  first_leaving_[count] = static_cast<std::uint32_t>(starts.size());
  in_pieces(starts.size(), execution, [&](std::size_t piece, std::size_t first, std::size_t last) {
    std::uint32_t vertex = next[piece];
    for (std::size_t i = first; i < last; ++i) {
      const std::uint32_t half = starts[i].half;
      if (is_new(i)) {
        vertices_[vertex] = starts_of_halves[half];
        first_leaving_[vertex++] = static_cast<std::uint32_t>(i);
      }
      ends_[half] = vertex - 1;
      leaving_[i] = half;
    }
  });
}

/// Lists the half-edges that leave each vertex, in any order.
void Arrangement::gather_leaving() {
  first_leaving_.assign(vertices_.size() + 1, 0);
  for (const std::uint32_t v : ends_) ++first_leaving_[v + 1];
  for (std::size_t v = 0; v < vertices_.size(); ++v) first_leaving_[v + 1] += first_leaving_[v];
  leaving_.resize(ends_.size());
  std::vector<std::uint32_t> next(first_leaving_.begin(), first_leaving_.end() - 1);
  for (std::uint32_t h = 0; h < ends_.size(); ++h) leaving_[next[ends_[h]]++] = h;
}

void Arrangement::sort_around_vertices(const Execution& execution) {
  in_pieces(vertices_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t v = first; v < last; ++v) {
      std::sort(leaving_.begin() + first_leaving_[v], leaving_.begin() + first_leaving_[v + 1],
                [&](std::uint32_t g, std::uint32_t h) { return before_around(vertices_[v], toward(g), toward(h)); });
    }
  });
}

void Arrangement::link_around_faces(const Execution& execution) {
  next_.resize(ends_.size());
  in_pieces(vertices_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t v = first; v < last; ++v) {
      const auto round = leaving(static_cast<std::uint32_t>(v));
      for (std::size_t i = 0; i < round.size(); ++i)
        next_[round[i] ^ 1] = round[i > 0 ? i - 1 : round.size() - 1];  // the sharpest turn to the left
    }
  });
}

/// For each half-edge the least one of the cycle that it is on.
RawVector<std::uint32_t> Arrangement::trace(const Execution& execution) {
  link_around_faces(execution);
  constexpr int short_way = 64;
  RawVector<std::uint32_t> cycle_of_half(ends_.size());
  // Short cycles on all threads: each is written by who finds its least half-edge, and by nobody else.
  std::fill(cycle_of_half.begin(), cycle_of_half.end(), nothing);
  in_pieces(ends_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (auto start = static_cast<std::uint32_t>(first); start < last; ++start) {
      int steps = 1;
      std::uint32_t h = next_[start];
      for (; h > start && steps < short_way; ++steps) h = next_[h];
      if (h != start) continue;
      for (cycle_of_half[start] = start; next_[h] != start; h = next_[h]) cycle_of_half[next_[h]] = start;
    }
  });
  for (std::uint32_t start = 0; start < ends_.size(); ++start) {
    for (std::uint32_t h = start; cycle_of_half[h] == nothing; h = next_[h]) cycle_of_half[h] = start;
  }
  return cycle_of_half;
}

bool Arrangement::has_dangles(std::span<const std::uint32_t> cycle_of_half) const {
  for (std::uint32_t h = 0; h < ends_.size(); h += 2) {
    if (cycle_of_half[h] == cycle_of_half[h + 1]) return true;
  }
  return false;
}

void Arrangement::drop_dangles(std::span<const std::uint32_t> cycle_of_half) {
  std::vector<std::uint32_t> first_use, first_inner;
  RawVector<std::uint32_t> ends;
  RawVector<Position> inner;
  std::vector<Use> kept_uses;
  for (std::uint32_t e = 0; e < edge_count(); ++e) {
    if (cycle_of_half[2 * e] == cycle_of_half[2 * e + 1]) continue;
    ends.push_back(ends_[2 * e]), ends.push_back(ends_[2 * e + 1]);
    first_use.push_back(static_cast<std::uint32_t>(kept_uses.size()));
    kept_uses.insert(kept_uses.end(), uses(e).begin(), uses(e).end());
    if (first_inner_.empty()) continue;
    first_inner.push_back(static_cast<std::uint32_t>(inner.size()));
    inner.insert(inner.end(), between(e).begin(), between(e).end());
  }
  first_use.push_back(static_cast<std::uint32_t>(kept_uses.size()));
  if (!first_inner_.empty()) first_inner.push_back(static_cast<std::uint32_t>(inner.size()));
  first_inner_ = std::move(first_inner);
  inner_ = std::move(inner);
  ends_ = std::move(ends);
  first_use_ = std::move(first_use);
  uses_ = std::move(kept_uses);
}

Int128 Arrangement::doubled_area_of_cycle(std::uint32_t start) const {
  Int128 doubled = 0;
  Position last = from(start);
  const auto go_to = [&](Position p) {
    doubled += Int128{last.x} * p.y - Int128{last.y} * p.x;
    last = p;
  };
  std::uint32_t h = start;
  do {
    for_each_position(h, go_to);
    h = next_[h];
  } while (h != start);
  go_to(from(start));
  return doubled;
}

/// The least position on the way round, and the half-edge that it is on; at a vertex the first that leaves it.
std::pair<Position, std::uint32_t> Arrangement::least_of_cycle(std::uint32_t start) const {
  std::pair least(from(start), start);
  std::uint32_t h = start;
  do {
    for_each_position(h, [&](Position p) {
      if (p < least.first) least = {p, h};
    });
    h = next_[h];
  } while (h != start);
  return least;
}

void Arrangement::number_faces(std::span<const std::uint32_t> cycle_of_half, const Execution& execution) {
  RawVector<std::uint8_t> bounds_face(ends_.size());  // by the first half-edge of a cycle
  in_pieces(ends_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (auto start = static_cast<std::uint32_t>(first); start < last; ++start) {
      if (cycle_of_half[start] == start) bounds_face[start] = doubled_area_of_cycle(start) > 0;
    }
  });
  RawVector<std::uint32_t> face_of_cycle(ends_.size());     // the same
  std::vector<std::pair<Position, std::uint32_t>> islands;  // of cycles that run round a component
  face_count_ = 1;
  for (std::uint32_t start = 0; start < ends_.size(); ++start) {
    if (cycle_of_half[start] != start) continue;
    if (bounds_face[start])
      face_of_cycle[start] = face_count_++;
    else
      islands.push_back(least_of_cycle(start));
  }
  // From west to east: whatever an island's ray meets starts further west and is settled before.
  std::sort(islands.begin(), islands.end());
  std::optional<FaceLocator> locator;
  for (const auto& [place, island] : islands) {
    const bool westernmost = place.x == islands.front().first.x;
    if (!westernmost && !locator) locator.emplace(*this);
    const std::uint32_t hit = westernmost ? nothing : locator->half_edge_west_of(place);
    face_of_cycle[cycle_of_half[island]] = hit == nothing ? outside : face_of_cycle[cycle_of_half[hit]];
  }
  left_.resize(ends_.size());
  in_pieces(ends_.size(), execution, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t h = first; h < last; ++h) left_[h] = face_of_cycle[cycle_of_half[h]];
  });
}

}  // namespace wangge::coverage
