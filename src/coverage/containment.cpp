#include <algorithm>
#include <utility>

#include "coverage/arrangement.hpp"
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

}  // namespace

Containment::Containment(const Arrangement& arrangement, const std::function<bool(std::uint32_t)>& is_ring) {
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
