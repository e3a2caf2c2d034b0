#include "planning/wishes.hpp"

#include <algorithm>
#include <queue>
#include <string>

#include "planning/components.hpp"
#include "planning/neighbours.hpp"
#include "planning/sets.hpp"
#include <wangge/error.hpp>

namespace wangge::planning {
namespace {

using coverage::nothing;

constexpr char must[] = "must-link ", cannot[] = "cannot-link ";

class WishReader {
 public:
  WishReader(const GridMap& map, const Tessellation& t, Units units, std::span<const GridId> lock_of_unit,
             const SplitOptions& options)
      : map_(map),
        t_(t),
        units_(units),
        lock_of_unit_(lock_of_unit),
        options_(options),
        neighbours_(t.graph),
        sets_(t.graph.nodes.size()),
        forbidden_(t.graph.nodes.size(), false) {
    for (const Graph::Node& node : t.graph.nodes) households_.push_back(node.households);
  }

  Wishes read() {
    for (const UnitPair& pair : options_.apart) keep_apart(pair);
    for (const UnitPair& pair : options_.together) keep_together(pair);
    for (std::size_t i = 0; i < wishes_.apart.size(); ++i) {
      if (sets_.of(wishes_.apart[i].first) == sets_.of(wishes_.apart[i].second))
        refuse(cannot, apart_[i], "other must-links keep them together; drop one of the wishes");
    }
    return std::move(wishes_);
  }

 private:
  const Unit& unit(UnitId id) const { return units_[static_cast<std::uint32_t>(id)]; }
  GridId lock(UnitId id) const { return lock_of_unit_[static_cast<std::uint32_t>(id)]; }

  [[noreturn]] void refuse(const char* wish, const UnitPair& pair, const std::string& why) const {
    throw Error(Errc::contradiction, wish + unit(pair.first).id + "," + unit(pair.second).id + ": " + why);
  }

  std::uint32_t node(const char* wish, const UnitPair& pair, UnitId id) const {
    const std::uint32_t node = t_.node_of_unit[static_cast<std::uint32_t>(id)];
    if (node == nothing)
      refuse(wish, pair, "unit " + unit(id).id + " lies outside every area that is split; drop the wish");
    return node;
  }

  void keep_apart(const UnitPair& pair) {
    const GridId a = lock(pair.first), b = lock(pair.second);
    if (pair.first == pair.second) refuse(cannot, pair, "the unit cannot be apart from itself");
    if (a != GridId::none && a == b)
      refuse(cannot, pair, "both lie in the locked micro-grid " + std::string(map_.code(a)) + "; drop the lock");
    if (a != GridId::none || b != GridId::none) return;
    const std::uint32_t i = node(cannot, pair, pair.first), j = node(cannot, pair, pair.second);
    if (i == j) refuse(cannot, pair, "they stand on one ground, which is never cut");
    wishes_.apart.emplace_back(i, j);
    apart_.push_back(pair);
  }

  void keep_together(const UnitPair& pair) {
    const GridId a = lock(pair.first), b = lock(pair.second);
    if (a != GridId::none || b != GridId::none) {
      if (a == b) return;
      refuse(must, pair,
             "unit " + unit(a != GridId::none ? pair.first : pair.second).id + " lies in the locked micro-grid " +
                 std::string(map_.code(a != GridId::none ? a : b)) + " and the other does not; drop the lock");
    }
    const std::uint32_t i = node(must, pair, pair.first), j = node(must, pair, pair.second);
    if (sets_.of(i) == sets_.of(j)) return;
    refuse_if_apart(pair, i, j);
    refuse_if_separated(pair, i, j);
    forbid_for(i, j);
    const std::vector<std::uint32_t> way = way_between(i, j);
    for (const std::uint32_t node : marked_) forbidden_[node] = false;
    if (way.empty())
      refuse(must, pair, "every way between them leads past a unit that is to be apart from one of them");
    for (std::size_t k = 1; k < way.size(); ++k) {
      if (sets_.of(way[k - 1]) == sets_.of(way[k])) continue;
      join(way[k - 1], way[k]);
    }
    const std::uint64_t sum = households_[sets_.of(i)];
    if (sum > options_.profile.range.max)
      refuse(must, pair,
             "with all that is linked to them, or lies between, they hold " + std::to_string(sum) +
                 " households, above the maximum of " + std::to_string(options_.profile.range.max));
  }

  void join(std::uint32_t i, std::uint32_t j) {
    wishes_.together.emplace_back(std::min(i, j), std::max(i, j));
    const std::uint64_t sum = households_[sets_.of(i)] + households_[sets_.of(j)];
    sets_.join(i, j);
    households_[sets_.of(i)] = sum;
  }

  void refuse_if_apart(const UnitPair& pair, std::uint32_t i, std::uint32_t j) {
    for (std::size_t k = 0; k < wishes_.apart.size(); ++k) {
      const auto sides = std::minmax({sets_.of(wishes_.apart[k].first), sets_.of(wishes_.apart[k].second)});
      if (sides != std::minmax({sets_.of(i), sets_.of(j)})) continue;
      refuse(must, pair,
             "cannot-link " + unit(apart_[k].first).id + "," + unit(apart_[k].second).id +
                 " wants the opposite; drop one of the wishes");
    }
  }

  void refuse_if_separated(const UnitPair& pair, std::uint32_t i, std::uint32_t j) {
    const auto& nodes = t_.graph.nodes;
    if (nodes[i].area != nodes[j].area) refuse(must, pair, "they lie in different areas; a micro-grid never does");
    if (component_.empty()) component_ = component_of_nodes(t_.graph);
    if (component_[i] != component_[j])
      refuse(must, pair, "a hard barrier lies between them and nothing leads across; drop the wish");
  }

  /// Marks the nodes that must stay apart from those already tied to i or j.
  void forbid_for(std::uint32_t i, std::uint32_t j) {
    marked_.clear();
    const auto tied = [&](std::uint32_t node) {
      return sets_.of(node) == sets_.of(i) || sets_.of(node) == sets_.of(j);
    };
    for (const auto& [a, b] : wishes_.apart) {
      if (tied(a)) marked_.push_back(b);
      if (tied(b)) marked_.push_back(a);
    }
    for (const std::uint32_t node : marked_) forbidden_[node] = true;
  }

  /// The way from i to j past the fewest households, then the fewest nodes; empty where there is none.
  std::vector<std::uint32_t> way_between(std::uint32_t i, std::uint32_t j) {
    constexpr std::uint64_t far = ~std::uint64_t{0};
    constexpr int household = 24;  // bits: a household counts more than any number of nodes
    std::vector<std::uint64_t> price(t_.graph.nodes.size(), far);
    std::vector<std::uint32_t> before(t_.graph.nodes.size(), nothing);
    using Stop = std::pair<std::uint64_t, std::uint32_t>;
    std::priority_queue<Stop, std::vector<Stop>, std::greater<>> queue;
    price[i] = 0;
    queue.emplace(0, i);
    while (!queue.empty() && queue.top().second != j) {
      const auto [so_far, here] = queue.top();
      queue.pop();
      if (so_far > price[here]) continue;
      for (const std::uint32_t next : neighbours_[here]) {
        if (forbidden_[next]) continue;
        const bool tied = sets_.of(next) == sets_.of(i) || sets_.of(next) == sets_.of(j);
        const std::uint64_t households = tied ? 0 : t_.graph.nodes[next].households;
        const std::uint64_t total = so_far + (households << household) + 1;
        if (total >= price[next]) continue;
        price[next] = total, before[next] = here;
        queue.emplace(total, next);
      }
    }
    std::vector<std::uint32_t> way;
    if (queue.empty()) return way;
    for (std::uint32_t node = j; node != nothing; node = before[node]) way.push_back(node);
    return way;
  }

  const GridMap& map_;
  const Tessellation& t_;
  Units units_;
  std::span<const GridId> lock_of_unit_;
  const SplitOptions& options_;
  const Neighbours neighbours_;
  Sets sets_;                              ///< of nodes that stay together
  std::vector<std::uint64_t> households_;  ///< of a set, by its name
  std::vector<bool> forbidden_;
  std::vector<std::uint32_t> marked_, component_;
  std::vector<UnitPair> apart_;  ///< where each of `wishes_.apart` comes from
  Wishes wishes_;
};

}  // namespace

Wishes gather_wishes(const GridMap& map, const Tessellation& tessellation, Units units,
                     std::span<const GridId> lock_of_unit, const SplitOptions& options) {
  if (options.together.empty() && options.apart.empty()) return {};
  return WishReader(map, tessellation, units, lock_of_unit, options).read();
}

}  // namespace wangge::planning
