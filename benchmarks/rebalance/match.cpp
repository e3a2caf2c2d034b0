#include "rebalance/match.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <vector>

namespace wangge::bench {
namespace {

constexpr std::uint32_t none = planning::Graph::none;

struct Overlap {
  std::uint32_t old;
  std::int64_t households;
};

/// Successive shortest paths with potentials (Kuhn and Munkres on a sparse table). Each part may also go nameless.
class Assignment {
 public:
  Assignment(std::vector<std::vector<Overlap>> rows, std::uint32_t olds)
      : rows_(std::move(rows)),
        row_of_(olds, none),
        old_of_(rows_.size(), none),
        row_price_(rows_.size()),
        old_price_(olds, 0) {
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      for (const Overlap& o : rows_[row]) row_price_[row] = std::max(row_price_[row], o.households + old_price_[o.old]);
      add(row);
    }
  }

  std::int64_t overlap() const {
    std::int64_t sum = 0;
    for (std::uint32_t row = 0; row < rows_.size(); ++row) {
      for (const Overlap& o : rows_[row]) sum += o.old == old_of_[row] ? o.households : 0;
    }
    return sum;
  }

 private:
  /// Finds the cheapest way to give `start` a name, be it that another part goes nameless.
  void add(std::uint32_t start) {
    std::map<std::uint32_t, std::int64_t> away{{start, 0}}, olds;
    std::map<std::uint32_t, std::uint32_t> from;  // old name -> row it was reached from
    using Place = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Place, std::vector<Place>, std::greater<>> queue;
    queue.push({0, start});
    std::int64_t best = row_price_[start];
    std::uint32_t last_row = start, last_old = none;
    std::vector<std::uint32_t> done;
    while (!queue.empty() && queue.top().first < best) {
      const auto [far, row] = queue.top();
      queue.pop();
      if (far > away[row]) continue;
      done.push_back(row);
      if (far + row_price_[row] < best) best = far + row_price_[row], last_row = row, last_old = none;
      for (const Overlap& o : rows_[row]) {
        if (o.old == old_of_[row]) continue;
        const std::int64_t there = far + row_price_[row] - o.households - old_price_[o.old];
        if (const auto known = olds.find(o.old); known != olds.end() && known->second <= there) continue;
        olds[o.old] = there, from[o.old] = row;
        const std::uint32_t holder = row_of_[o.old];
        if (holder == none && there < best) best = there, last_row = row, last_old = o.old;
        if (holder != none) away[holder] = there, queue.push({there, holder});
      }
    }
    for (const std::uint32_t row : done) row_price_[row] -= std::max<std::int64_t>(0, best - away[row]);
    for (const auto& [old, far] : olds) old_price_[old] -= std::max<std::int64_t>(0, best - far);
    for (std::uint32_t row = last_row, old = last_old;;) {
      const std::uint32_t before = old_of_[row];
      old_of_[row] = old;
      if (old != none) row_of_[old] = row;
      if (row == start) return;
      old = before;
      row = from[old];
    }
  }

  std::vector<std::vector<Overlap>> rows_;
  std::vector<std::uint32_t> row_of_, old_of_;
  std::vector<std::int64_t> row_price_, old_price_;
};

}  // namespace

std::uint64_t least_renamed(const Instance& instance, std::span<const std::uint32_t> before,
                            std::span<const std::uint32_t> after) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> overlaps;
  for (std::size_t i = 0; i < before.size(); ++i) {
    overlaps[{after[i], before[i]}] += instance.graph.nodes[i].households;
  }
  std::vector<std::vector<Overlap>> rows(*std::max_element(after.begin(), after.end()) + std::size_t{1});
  for (const auto& [pair, households] : overlaps) rows[pair.first].push_back({pair.second, households});
  const Assignment assignment(std::move(rows), *std::max_element(before.begin(), before.end()) + 1);
  return instance.households() - std::uint64_t(assignment.overlap());
}

}  // namespace wangge::bench
