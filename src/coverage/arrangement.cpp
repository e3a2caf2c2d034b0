#include "coverage/arrangement.hpp"

#include <algorithm>
#include <tuple>

#include "coverage/face_locator.hpp"

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
  result.sort_around_vertices();
  std::vector<std::uint32_t> cycle_of_half = result.trace();
  if (drop_dangles) {
    result.drop_dangles(cycle_of_half);
    result.sort_around_vertices();
    cycle_of_half = result.trace();
  }
  result.number_faces(cycle_of_half);
  return result;
}

std::uint32_t Arrangement::find(Position p) const {
  const auto at = std::lower_bound(vertices_.begin(), vertices_.end(), p);
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
}

void Arrangement::sort_around_vertices() {
  first_leaving_.assign(vertices_.size() + 1, 0);
  for (const std::uint32_t v : ends_) ++first_leaving_[v + 1];
  for (std::size_t v = 0; v < vertices_.size(); ++v) first_leaving_[v + 1] += first_leaving_[v];
  leaving_.resize(ends_.size());
  std::vector<std::uint32_t> next(first_leaving_.begin(), first_leaving_.end() - 1);
  for (std::uint32_t h = 0; h < ends_.size(); ++h) leaving_[next[ends_[h]]++] = h;
  for (std::size_t v = 0; v < vertices_.size(); ++v) {
    std::sort(leaving_.begin() + first_leaving_[v], leaving_.begin() + first_leaving_[v + 1],
              [&](std::uint32_t g, std::uint32_t h) { return before_around(vertices_[v], to(g), to(h)); });
  }
}

std::vector<std::uint32_t> Arrangement::trace() {
  next_.assign(ends_.size(), nothing);
  for (std::uint32_t v = 0; v < vertices_.size(); ++v) {
    const auto round = leaving(v);
    for (std::size_t i = 0; i < round.size(); ++i) {
      next_[round[i] ^ 1] = round[(i + round.size() - 1) % round.size()];  // the sharpest turn to the left
    }
  }
  std::vector<std::uint32_t> cycle_of_half(ends_.size(), nothing);
  for (std::uint32_t start = 0; start < ends_.size(); ++start) {
    for (std::uint32_t h = start; cycle_of_half[h] == nothing; h = next_[h]) cycle_of_half[h] = start;
  }
  return cycle_of_half;
}

void Arrangement::drop_dangles(std::span<const std::uint32_t> cycle_of_half) {
  std::vector<std::uint32_t> ends, first_use;
  std::vector<Use> kept_uses;
  for (std::uint32_t e = 0; e < edge_count(); ++e) {
    if (cycle_of_half[2 * e] == cycle_of_half[2 * e + 1]) continue;
    ends.push_back(ends_[2 * e]), ends.push_back(ends_[2 * e + 1]);
    first_use.push_back(static_cast<std::uint32_t>(kept_uses.size()));
    kept_uses.insert(kept_uses.end(), uses(e).begin(), uses(e).end());
  }
  first_use.push_back(static_cast<std::uint32_t>(kept_uses.size()));
  ends_ = std::move(ends);
  first_use_ = std::move(first_use);
  uses_ = std::move(kept_uses);
}

void Arrangement::number_faces(std::span<const std::uint32_t> cycle_of_half) {
  std::vector<std::uint32_t> face_of_cycle(ends_.size(), nothing);
  std::vector<std::uint32_t>
      islands;  // for each cycle that runs round a component, its half-edge from the least vertex
  face_count_ = 1;
  for (std::uint32_t start = 0; start < ends_.size(); ++start) {
    if (cycle_of_half[start] != start) continue;
    Int128 doubled = 0;
    std::uint32_t least = start, h = start;
    do {
      doubled += Int128{from(h).x} * to(h).y - Int128{from(h).y} * to(h).x;
      if (ends_[h] < ends_[least]) least = h;
      h = next_[h];
    } while (h != start);
    if (doubled > 0)
      face_of_cycle[start] = face_count_++;
    else
      islands.push_back(least);
  }
  // Vertices are sorted by x: whatever an island's ray meets starts further west and is settled before.
  std::sort(islands.begin(), islands.end(),
            [&](std::uint32_t g, std::uint32_t h) { return std::pair(ends_[g], g) < std::pair(ends_[h], h); });
  const FaceLocator locator(*this);
  for (const std::uint32_t island : islands) {
    const std::uint32_t hit = locator.half_edge_west_of(from(island));
    face_of_cycle[cycle_of_half[island]] = hit == nothing ? outside : face_of_cycle[cycle_of_half[hit]];
  }
  left_.resize(ends_.size());
  for (std::uint32_t h = 0; h < ends_.size(); ++h) left_[h] = face_of_cycle[cycle_of_half[h]];
}

}  // namespace wangge::coverage
