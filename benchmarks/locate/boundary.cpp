#include "locate/boundary.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace wangge::bench {
namespace {

class BoundaryCheck {
 public:
  BoundaryCheck(const GridMap& map, const Oracle& oracle) : map_(map), oracle_(oracle) {
    for (std::size_t i = 0; i < map.arc_count(); ++i) {
      const GridMap::Arc arc = map.arc(i);
      if (is_outer(arc)) outer_ends_.push_back(arc.line.front()), outer_ends_.push_back(arc.line.back());
    }
    std::sort(outer_ends_.begin(), outer_ends_.end());
  }

  BoundaryCount run() {
    for (std::size_t i = 0; i < map_.arc_count(); ++i) {
      ask_along(map_.arc(i));
      if (asked_.size() > 50'000) settle();
    }
    settle();
    return count_;
  }

 private:
  static bool is_outer(const GridMap::Arc& arc) { return arc.left == GridId::none || arc.right == GridId::none; }

  void ask(Position p, bool outer, std::size_t& counter) {
    asked_.push_back(p);
    may_be_nobodys_.push_back(outer);
    ++counter;
  }

  void ask_along(const GridMap::Arc& arc) {
    const bool outer = is_outer(arc);
    for (const Position p : {arc.line.front(), arc.line.back()})
      ask(p, std::binary_search(outer_ends_.begin(), outer_ends_.end(), p), count_.junctions);
    for (std::size_t i = 1; i < arc.line.size(); ++i) {
      if (i + 1 < arc.line.size()) ask(arc.line[i], outer, count_.vertices);
      ask_on_edge(arc.line[i - 1], arc.line[i], outer);
    }
  }

  void ask_on_edge(Position a, Position b, bool outer) {
    ask({std::midpoint(a.x, b.x), std::midpoint(a.y, b.y)}, outer, count_.middles);
    const std::int32_t dx = b.x - a.x, dy = b.y - a.y, pieces = std::gcd(dx, dy);
    std::int32_t last = 0;
    for (const std::int32_t k : {1, pieces / 3, pieces - 1}) {
      if (k <= last || k >= pieces) continue;
      ask({a.x + dx / pieces * k, a.y + dy / pieces * k}, outer, count_.on_edges);
      last = k;
    }
  }

  void settle() {
    std::vector<GridId> found(asked_.size());
    map_.locate(asked_, found);
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const Oracle::Owners owners = oracle_.owners(asked_[i]);
      const bool right = found[i] == GridId{owners.first} && map_.locate(asked_[i]) == found[i] &&
                         (owners.count == 1 || (owners.count == 0 && may_be_nobodys_[i]));
      count_.wrong += !right;
    }
    asked_.clear();
    may_be_nobodys_.clear();
  }

  const GridMap& map_;
  const Oracle& oracle_;
  std::vector<Position> outer_ends_, asked_;
  std::vector<bool> may_be_nobodys_;
  BoundaryCount count_;
};

}  // namespace

BoundaryCount check_boundaries(const GridMap& map, const Oracle& oracle) { return BoundaryCheck(map, oracle).run(); }

}  // namespace wangge::bench
