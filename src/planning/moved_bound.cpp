#include "planning/moved_bound.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "planning/graph.hpp"
#include "planning/local_bound.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr std::size_t most_units = 24;  ///< of a part that is looked at closely

struct Wrong {
  std::uint32_t part = 0;
  std::vector<std::uint32_t> atoms = {};
  std::uint64_t households = 0;
  bool over = false;
  std::uint32_t need = 0;                 ///< households that it hands over, or takes in, at least
  std::vector<std::uint32_t> reach = {};  ///< homes from which an under-full one may take
};

/// A part out of range within reach of an under-full one, and the households on the nearest way between them.
struct Pair {
  std::uint32_t taker, giver, away;
};

/// Which part out of range counts what moves out of which homes: each home is counted once. A part stands alone where
/// all about it are in range and nobody else's; the others keep the homes from which they may take.
class Claims {
 public:
  Claims(LocalBound& local, std::span<const Wrong> wrong, std::span<const std::uint64_t> held, const Range& range)
      : local_(local), wrong_(wrong), owner_(held.size(), Graph::none), alone_(wrong.size(), false) {
    for (const std::uint64_t households : held) legal_.push_back(households >= range.min && households <= range.max);
    std::vector<std::uint32_t> reached(held.size(), 0);
    for (const Wrong& part : wrong) {
      for (const std::uint32_t home : part.reach) {
        if (home != Graph::none) ++reached[home];
      }
    }
    const auto shares = [&](std::uint32_t home) { return home == Graph::none || reached[home] > 1; };
    std::vector<std::uint32_t> lonely;
    for (std::uint32_t row = 0; row < wrong.size(); ++row) {
      if (wrong[row].over) continue;
      if (std::any_of(wrong[row].reach.begin(), wrong[row].reach.end(), shares))
        take(row, wrong[row].reach);
      else
        lonely.push_back(row);
    }
    for (const std::uint32_t row : lonely) stand_alone(row);
    for (std::uint32_t row = 0; row < wrong.size(); ++row) {
      if (wrong[row].over) stand_alone(row);
    }
  }

  bool alone(std::uint32_t row) const { return alone_[row]; }

  /// Takes the homes near those it has that are free yet.
  void reach_out(std::uint32_t row) {
    const std::vector<bool> inner = homes_of(row);
    for (std::uint32_t home = 0; home < inner.size(); ++home) {
      if (inner[home]) take(row, local_.homes_near(home));
    }
  }

  std::vector<bool> homes_of(std::uint32_t row) const {
    std::vector<bool> homes(owner_.size());
    for (std::size_t home = 0; home < homes.size(); ++home) homes[home] = owner_[home] == row;
    return homes;
  }

 private:
  bool free(std::uint32_t home) const { return home != Graph::none && legal_[home] && owner_[home] == Graph::none; }
  void take(std::uint32_t row, const std::vector<std::uint32_t>& homes) {
    for (const std::uint32_t home : homes) {
      if (free(home)) owner_[home] = row;
    }
  }
  void stand_alone(std::uint32_t row) {
    const Wrong& part = wrong_[row];
    std::vector<std::uint32_t> homes = local_.homes_near(part.part);
    homes.insert(homes.end(), part.reach.begin(), part.reach.end());
    alone_[row] = local_.atoms_of(part.part).size() <= most_units && owner_[part.part] == Graph::none &&
                  std::all_of(homes.begin(), homes.end(), [&](std::uint32_t home) { return free(home); });
    take(row, alone_[row] ? homes : part.reach);
  }

  LocalBound& local_;
  std::span<const Wrong> wrong_;
  std::vector<bool> legal_;
  std::vector<std::uint32_t> owner_;  ///< of each home: a row of `wrong`, or none
  std::vector<bool> alone_;
};

class Bound {
 public:
  Bound(const Piece& piece, std::span<const std::uint32_t> home_of, std::span<const std::uint32_t> wrong,
        const Range& range, bool all_legal)
      : piece_(piece), home_of_(home_of), range_(range), away_(piece.size(), far) {
    gather(wrong);
    for (Wrong& part : wrong_) {
      if (part.over) part.need = hand_over(part);
    }
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) {
      if (!wrong_[i].over) take_in(i);
    }
    if (all_legal) look_closer();
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
    held_.assign(parts, 0);
    for (const std::uint32_t part : wrong) {
      row_of_[part] = std::uint32_t(wrong_.size());
      wrong_.push_back({.part = part});
    }
    for (std::uint32_t atom = 0; atom < piece_.size(); ++atom) {
      if (home_of_[atom] == Graph::none) continue;
      held_[home_of_[atom]] += piece_.atoms[atom].households;
      if (row_of_[home_of_[atom]] == Graph::none) continue;
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

  /// Households that move where the atom does; nobody counts what has no home.
  std::uint32_t moved_with(std::uint32_t atom) const {
    return home_of_[atom] == Graph::none ? 0 : piece_.atoms[atom].households;
  }

  /// Visits the atoms of others to which the way from a part holds fewer than `limit` households, at least those next
  /// to it, with the households on the way, nearest first.
  template <class Visit>
  void each_near(const Wrong& part, std::uint32_t limit, const Visit& visit) {
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
      visit(atom, away);
      const std::uint32_t beyond = away + moved_with(atom);
      if (beyond == 0 || beyond < limit) reach(atom, beyond);
    }
    for (const std::uint32_t atom : known) away_[atom] = far;
  }

  /// What an under-full part takes in at least, unless giving up is cheaper; notes the over-full parts near it.
  void take_in(std::uint32_t row) {
    Wrong& part = wrong_[row];
    const auto lacking = std::uint32_t(range_.min - part.households);
    std::uint32_t free = 0;
    std::vector<std::uint32_t> counts;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> givers;  // parts out of range, and how far away
    each_near(part, lacking, [&](std::uint32_t atom, std::uint32_t away) {
      counts.push_back(moved_with(atom));
      free += piece_.atoms[atom].households - moved_with(atom);
      const std::uint32_t home = home_of_[atom], other = home == Graph::none ? Graph::none : row_of_[home];
      if (other != Graph::none) givers.emplace_back(other, away);
      part.reach.push_back(home);
    });
    part.need = std::min(std::uint32_t(part.households), lacking > free ? least_sum(counts, lacking - free) : 0);
    std::sort(part.reach.begin(), part.reach.end());
    part.reach.erase(std::unique(part.reach.begin(), part.reach.end()), part.reach.end());
    std::sort(givers.begin(), givers.end());
    for (std::size_t i = 0; i < givers.size(); ++i) {
      if (i > 0 && givers[i].first == givers[i - 1].first) continue;
      if (givers[i].second < part.need) pairs_.push_back({row, givers[i].first, givers[i].second});
    }
  }

  /// At most so many households are counted both for a part that gives and for one that takes. In a group of parts
  /// near each other that is no more than its givers give, than its takers need, or than can pass between its pairs.
  /// Under-full parts may be givers too, by giving up, but not all of them.
  std::uint64_t counted_twice() const {
    struct Group {
      std::uint64_t given = 0, taken = 0, least = Graph::none, takers = 0;
    };
    Sets sets(wrong_.size());
    std::vector<std::uint64_t> passes(wrong_.size(), 0);
    for (const Pair& pair : pairs_) {
      sets.join(pair.taker, pair.giver);
      const std::uint32_t most = std::min(wrong_[pair.giver].need, wrong_[pair.taker].need - pair.away);
      passes[pair.taker] += most, passes[pair.giver] += most;
    }
    std::vector<Group> groups(wrong_.size());
    for (std::uint32_t i = 0; i < wrong_.size(); ++i) {
      Group& group = groups[sets.of(i)];
      const std::uint64_t most = std::min<std::uint64_t>(wrong_[i].need, passes[i]);
      (wrong_[i].over ? group.given : group.taken) += most;
      if (!wrong_[i].over) group.least = std::min(group.least, most), ++group.takers;
    }
    std::uint64_t sum = 0;
    for (const Group& group : groups) {
      std::uint64_t twice = std::min(group.given, group.taken);
      if (group.takers > 1) {
        const std::uint64_t half = (group.given + group.taken) / 2;
        twice = std::max(twice, std::min(half, group.taken - group.least));
      }
      sum += twice;
    }
    return sum;
  }

  /// Looks closer at parts that have their surroundings for themselves.
  void look_closer() {
    LocalBound local(piece_, home_of_, range_);
    Claims claims(local, wrong_, held_, range_);
    for (std::uint32_t row = 0; row < wrong_.size(); ++row) {
      if (!claims.alone(row)) continue;
      claims.reach_out(row);
      wrong_[row].need = std::max(wrong_[row].need, local.least_moved(wrong_[row].part, claims.homes_of(row)));
    }
  }

  const Piece& piece_;
  std::span<const std::uint32_t> home_of_;
  Range range_;
  std::vector<Wrong> wrong_;
  std::vector<std::uint64_t> held_;  ///< by every part
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
                          std::span<const std::uint32_t> wrong, const Range& range, bool all_legal) {
  return Bound(piece, home_of, wrong, range, all_legal).sum();
}

}  // namespace wangge::planning
