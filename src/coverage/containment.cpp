#include <algorithm>
#include <atomic>
#include <utility>

#include "coverage/arrangement.hpp"
#include "coverage/pieces.hpp"
#include "coverage/segment_grid.hpp"

namespace wangge::coverage {
namespace {

using Windings = std::vector<std::pair<std::uint32_t, int>>;  // source, how often its rings wind round; ascending

void add(Windings& windings, std::uint32_t source, int turns) {
  const auto at = std::lower_bound(windings.begin(), windings.end(), std::pair(source, INT32_MIN));
  if (at == windings.end() || at->first != source) {
    windings.insert(at, {source, turns});
  } else if ((at->second += turns) == 0) {
    windings.erase(at);
  }
}

/// The source whose ring alone has the half-edge on its way, with its inside on the left; `nothing` where none has it,
/// `several` where more do.
constexpr std::uint32_t several = nothing - 1;
std::uint32_t only_source_on_left(const Arrangement& arrangement, std::uint32_t half,
                                  const std::function<bool(std::uint32_t)>& is_ring) {
  std::uint32_t found = nothing;
  for (const Arrangement::Use& use : arrangement.uses(half / 2)) {
    if (use.forward == (half % 2 == 0) && is_ring(use.source)) found = found == nothing ? use.source : several;
  }
  return found;
}

/// For each face the only source whose rings wind around it, or `nothing` where none does; an empty list where that
/// cannot be told from its border. It can where all half-edges around each face have the same only source on their
/// left, and none does outside: whoever crosses a border then leaves the one source and enters the other.
RawVector<std::uint32_t> only_sources(const Arrangement& arrangement, const std::function<bool(std::uint32_t)>& is_ring,
                                      const Execution& execution) {
  RawVector<std::uint32_t> of_face(arrangement.face_count());
  const auto note = [&](std::size_t, std::size_t first, std::size_t last) {
    for (auto h = static_cast<std::uint32_t>(first); h < last; ++h)
      std::atomic_ref(of_face[arrangement.left(h)])
          .store(only_source_on_left(arrangement, h, is_ring), std::memory_order_relaxed);
  };
  std::atomic<bool> agree = true;
  const auto compare = [&](std::size_t, std::size_t first, std::size_t last) {
    for (auto h = static_cast<std::uint32_t>(first); agree && h < last; ++h) {
      const std::uint32_t source = only_source_on_left(arrangement, h, is_ring);
      if (source == several || source != of_face[arrangement.left(h)]) agree = false;
    }
  };
  const std::size_t halves = 2 * std::size_t{arrangement.edge_count()};
  in_pieces(halves, execution, note);
  in_pieces(halves, execution, compare);
  if (!agree || halves == 0 || of_face[outside] != nothing) return {};
  return of_face;
}

}  // namespace

Containment::Containment(const Arrangement& arrangement, const std::function<bool(std::uint32_t)>& is_ring,
                         const Execution& execution) {
  if (const auto only = only_sources(arrangement, is_ring, execution); !only.empty()) {
    first_.reserve(only.size() + 1), sources_.reserve(only.size());
    first_.push_back(0);
    for (const std::uint32_t source : only) {
      if (source != nothing) sources_.push_back(source);
      first_.push_back(static_cast<std::uint32_t>(sources_.size()));
    }
    return;
  }
  const PackedLists borders(arrangement.face_count(), [&](const auto& put) {
    for (std::uint32_t h = 0; h < 2 * arrangement.edge_count(); ++h) put(arrangement.left(h), h);
  });
  std::vector<Windings> of_face(arrangement.face_count());
  std::vector<bool> known(arrangement.face_count(), false);
  std::vector<std::uint32_t> queue{outside};
  known[outside] = true;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const std::uint32_t half : borders[queue[i]]) {
      const std::uint32_t over = arrangement.left(half ^ 1);
      if (known[over]) continue;
      Windings there = of_face[queue[i]];
      for (const Arrangement::Use& use : arrangement.uses(half / 2)) {
        // The half-edge has this face on its left: a ring that runs along it is left behind, one against it is entered.
        if (is_ring(use.source)) add(there, use.source, use.forward == (half % 2 == 0) ? -1 : 1);
      }
      of_face[over] = std::move(there);
      known[over] = true;
      queue.push_back(over);
    }
  }
  first_.push_back(0);
  for (const Windings& windings : of_face) {
    for (const auto& [source, turns] : windings) sources_.push_back(source);
    first_.push_back(static_cast<std::uint32_t>(sources_.size()));
  }
}

}  // namespace wangge::coverage
