#include "planning/moved_bound.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "planning/graph.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

struct Wrong {
  std::uint32_t part = 0;
  std::vector<std::uint32_t> atoms = {};
  std::uint64_t households = 0;
  bool over = false;
  std::uint32_t need = 0;  ///< households that it hands over, or takes in, at least
};

/// An over-full part within reach of an under-full one, and the households on the nearest way between them.
struct Pair {
  std::uint32_t under, over, away;
};

class Bound {
 public:
  Bound(const Piece& piece, std::span<const std::uint32_t> home_of, std::span<const std::uint32_t> wrong,
        const Range& range)
      : piece_(piece), home_of_(home_of), range_(range), away_(piece.size(), far) {
    gather(wrong);
    for (Wrong& part : wrong_) {
      if (part.over) part.need = hand_over(part);
    }
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) {
      if (!wrong_[i].over) take_in(i);
    }
  }

  std::uint64_t sum() const {
    std::uint64_t sum = 0;
    for (const Wrong& part : wrong_) sum += part.need;
    return sum - counted_twice();
  }

 private:
  static constexpr std::uint32_t far = Graph::none;

  void gather(std::span<const std::uint32_t> wrong) {
    std::uint32_t parts = 0;
    for (const std::uint32_t home : home_of_) parts = std::max(parts, home == Graph::none ? 0 : home + 1);
    row_of_.assign(parts, Graph::none);
    for (const std::uint32_t part : wrong) {
      row_of_[part] = std::uint32_t(wrong_.size());
      wrong_.push_back({.part = part});
    }
    for (std::uint32_t atom = 0; atom < piece_.size(); ++atom) {
      if (home_of_[atom] == Graph::none || row_of_[home_of_[atom]] == Graph::none) continue;
      Wrong& part = wrong_[row_of_[home_of_[atom]]];
      part.atoms.push_back(atom);
      part.households += piece_.atoms[atom].households;
    }
    for (Wrong& part : wrong_) part.over = part.households > range_.max;
    std::erase_if(wrong_, [&](const Wrong& part) { return !part.over && part.households >= range_.min; });
    std::fill(row_of_.begin(), row_of_.end(), Graph::none);
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) row_of_[wrong_[i].part] = i;
  }

  std::uint32_t hand_over(const Wrong& part) const {
    std::vector<std::uint32_t> counts;
    for (const std::uint32_t atom : part.atoms) counts.push_back(piece_.atoms[atom].households);
    return least_sum(counts, std::uint32_t(part.households - range_.max));
  }

  /// What an under-full part takes in at least, unless giving up is cheaper; notes the over-full parts near it.
  void take_in(std::uint32_t row) {
    Wrong& part = wrong_[row];
    const auto lacking = std::uint32_t(range_.min - part.households);
    std::vector<std::uint32_t> counts;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> givers;  // over-full parts, and how far away
    using Place = std::pair<std::uint32_t, std::uint32_t>;
    std::priority_queue<Place, std::vector<Place>, std::greater<>> queue;
    std::vector<std::uint32_t> known;
    const auto reach = [&](std::uint32_t from, std::uint32_t away) {
      for (const Arc& arc : piece_.arcs_of(from)) {
        if (home_of_[arc.to] == part.part || away >= away_[arc.to]) continue;
        away_[arc.to] = away;
        known.push_back(arc.to);
        queue.push({away, arc.to});
      }
    };
    for (const std::uint32_t atom : part.atoms) reach(atom, 0);
    while (!queue.empty()) {
      const auto [away, atom] = queue.top();
      queue.pop();
      if (away > away_[atom]) continue;
      counts.push_back(piece_.atoms[atom].households);
      const std::uint32_t home = home_of_[atom], other = home == Graph::none ? Graph::none : row_of_[home];
      if (other != Graph::none && wrong_[other].over) givers.emplace_back(other, away);
      if (away + piece_.atoms[atom].households < lacking) reach(atom, away + piece_.atoms[atom].households);
    }
    for (const std::uint32_t atom : known) away_[atom] = far;
    part.need = std::min(std::uint32_t(part.households), least_sum(counts, lacking));
    std::sort(givers.begin(), givers.end());
    for (std::size_t i = 0; i < givers.size(); ++i) {
      if (i > 0 && givers[i].first == givers[i - 1].first) continue;
      if (givers[i].second < part.need) pairs_.push_back({row, givers[i].first, givers[i].second});
    }
  }

  /// At most so many households are counted for both a part that gives and one that takes: no more in a group of parts
  /// than its givers give, than its takers need, or than can pass between its pairs.
  std::uint64_t counted_twice() const {
    Sets groups(wrong_.size());
    std::vector<std::uint64_t> passes(wrong_.size(), 0);
    for (const Pair& pair : pairs_) {
      groups.join(pair.under, pair.over);
      const std::uint32_t most = std::min(wrong_[pair.over].need, wrong_[pair.under].need - pair.away);
      passes[pair.under] += most, passes[pair.over] += most;
    }
    std::vector<std::uint64_t> given(wrong_.size(), 0), taken(wrong_.size(), 0);
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) {
      (wrong_[i].over ? given : taken)[groups.of(i)] += std::min<std::uint64_t>(wrong_[i].need, passes[i]);
    }
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) sum += std::min(given[i], taken[i]);
    return sum;
  }

  const Piece& piece_;
  std::span<const std::uint32_t> home_of_;
  Range range_;
  std::vector<Wrong> wrong_;
  std::vector<std::uint32_t> row_of_;
  std::vector<std::uint32_t> away_;
  std::vector<Pair> pairs_;
};

}  // namespace

std::uint32_t least_sum(std::span<const std::uint32_t> counts, std::uint32_t need) {
  std::uint32_t largest = 0;
  std::uint64_t all = 0;
  for (const std::uint32_t count : counts) largest = std::max(largest, count), all += count;
  if (all < need) return need;
  std::vector<bool> met(std::size_t{need} + largest + 1, false);
  met[0] = true;
  std::size_t top = 0;
  for (const std::uint32_t count : counts) {
    if (count == 0) continue;
    for (std::size_t sum = std::min(top, std::size_t{need}) + 1; sum-- > 0;) {
      if (met[sum] && sum < need) met[sum + count] = true;
    }
    top = std::min(top + count, met.size() - 1);
  }
  std::size_t sum = need;
  while (sum < met.size() && !met[sum]) ++sum;
  return sum < met.size() ? std::uint32_t(sum) : need;
}

std::uint64_t least_moved(const Piece& piece, std::span<const std::uint32_t> home_of,
                          std::span<const std::uint32_t> wrong, const Range& range) {
  return Bound(piece, home_of, wrong, range).sum();
}

}  // namespace wangge::planning
