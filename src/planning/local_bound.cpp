#include "planning/local_bound.hpp"

#include <algorithm>
#include <utility>

#include "planning/graph.hpp"
#include "planning/moved_bound.hpp"
#include "planning/random.hpp"

namespace wangge::planning {
namespace {

constexpr std::uint32_t none = Graph::none;
constexpr std::int64_t most_work = 20'000;
constexpr std::size_t most_homeless = 5;  ///< units that are given a place in every way

bool holds(const std::vector<std::uint32_t>& set, std::uint32_t value) {
  return std::find(set.begin(), set.end(), value) != set.end();
}

void sort_out(std::vector<std::uint32_t>& set) {
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

}  // namespace

LocalBound::LocalBound(const Piece& piece, std::span<const std::uint32_t> home_of, const Range& range)
    : piece_(piece),
      home_of_(home_of),
      range_(range),
      near_(piece.size()),
      known_near_(piece.size(), false),
      mark_(piece.size(), 0) {
  for (std::uint32_t atom = 0; atom < piece.size(); ++atom) {
    const std::uint32_t home = home_of[atom];
    if (home == none) continue;
    if (home >= atoms_of_.size()) atoms_of_.resize(home + 1), held_.resize(home + 1, 0);
    if (piece.atoms[atom].households == 0) continue;
    atoms_of_[home].push_back(atom);
    held_[home] += piece.atoms[atom].households;
  }
  handed_over_.resize(atoms_of_.size());
}

const std::vector<std::uint32_t>& LocalBound::near(std::uint32_t atom) {
  if (known_near_[atom]) return near_[atom];
  known_near_[atom] = true;
  std::vector<std::uint32_t> through{atom};
  ++round_;
  mark_[atom] = round_;
  for (std::size_t i = 0; i < through.size(); ++i) {
    for (const Arc& arc : piece_.arcs_of(through[i])) {
      if (mark_[arc.to] == round_) continue;
      mark_[arc.to] = round_;
      (piece_.atoms[arc.to].households > 0 ? near_[atom] : through).push_back(arc.to);
    }
  }
  std::sort(near_[atom].begin(), near_[atom].end());
  return near_[atom];
}

std::vector<std::uint32_t> LocalBound::homes_near(std::uint32_t home) {
  std::vector<std::uint32_t> homes;
  for (const std::uint32_t atom : atoms_of_[home]) {
    for (const std::uint32_t other : near(atom)) {
      if (home_of_[other] != home) homes.push_back(home_of_[other]);
    }
  }
  sort_out(homes);
  return homes;
}

bool LocalBound::later(const State& a, const State& b) { return std::pair(a.least, a.key) > std::pair(b.least, b.key); }

std::uint32_t LocalBound::least_moved(std::uint32_t part, const std::vector<bool>& counted) {
  part_ = part, counted_ = &counted;
  best_ = std::uint32_t(held_[part]);
  open_.clear(), seen_.clear();
  patience_ = most_work;
  State start;
  start.held = std::uint32_t(held_[part]);
  push(std::move(start));
  while (!open_.empty()) {
    std::pop_heap(open_.begin(), open_.end(), later);
    const State state = std::move(open_.back());
    open_.pop_back();
    if (state.least >= best_) break;
    if (patience_ < 0) return state.least;
    judge(state);
    expand(state);
  }
  return best_;
}

void LocalBound::push(State&& state) {
  state.least = state.moved;
  if (state.held > range_.max) state.least += state.held - range_.max;
  if (state.held < range_.min) state.least += range_.min - state.held;
  if (state.least >= best_ || !seen_.insert(state.key).second) return;
  open_.push_back(std::move(state));
  std::push_heap(open_.begin(), open_.end(), later);
}

/// With each unit of its own that could leave, and each that could come.
void LocalBound::expand(const State& state) {
  const auto changed = [&](std::uint32_t atom, bool comes) {
    --patience_;
    State next = state;
    const std::uint32_t households = piece_.atoms[atom].households;
    (comes ? next.in : next.out).push_back(atom);
    next.held = comes ? next.held + households : next.held - households;
    next.moved += households;
    next.key += Random(atom).next();
    push(std::move(next));
  };
  const auto& own = atoms_of_[part_];
  for (const std::uint32_t atom : own) {
    if (!holds(state.out, atom)) changed(atom, false);
  }
  std::vector<std::uint32_t> coming;
  for (const auto* set : {&own, &state.in}) {
    for (const std::uint32_t atom : *set) {
      for (const std::uint32_t other : near(atom)) {
        if (home_of_[other] != part_ && !holds(state.in, other)) coming.push_back(other);
      }
    }
  }
  sort_out(coming);
  for (const std::uint32_t atom : coming) {
    const std::uint32_t home = home_of_[atom];
    if (home != none && (*counted_)[home]) {
      changed(atom, true);
      continue;
    }
    const bool over = state.held > range_.max && piece_.atoms[atom].households <= range_.max;
    best_ = std::min(best_, state.moved + (over ? state.held - range_.max : 0));
  }
}

/// Notes what moves in all if the part becomes this.
void LocalBound::judge(const State& state) {
  if (state.held < range_.min || state.held > range_.max) return;
  std::vector<std::uint32_t> set = state.in;
  for (const std::uint32_t atom : atoms_of_[part_]) {
    if (!holds(state.out, atom)) set.push_back(atom);
  }
  if (torn_off(set, {}) > 0) return;
  best_ = std::min(best_, state.moved + std::max(out_of_place(state), left_behind(state)));
}

/// Households of all pieces of a set but the heaviest, where the pieces may be joined by `joints` too.
std::uint32_t LocalBound::torn_off(const std::vector<std::uint32_t>& atoms, const std::vector<std::uint32_t>& joints) {
  patience_ -= std::int64_t(atoms.size() + joints.size());
  for (const auto* set : {&atoms, &joints}) {
    for (const std::uint32_t atom : *set) near(atom);  // which marks atoms too
  }
  const std::uint32_t open = ++round_, done = ++round_;
  for (const std::uint32_t atom : atoms) mark_[atom] = open;
  for (const std::uint32_t atom : joints) mark_[atom] = open;
  std::uint32_t heaviest = 0, all = 0;
  std::vector<std::uint32_t> piece;
  for (const std::uint32_t start : atoms) {
    if (mark_[start] != open) continue;
    piece.assign(1, start);
    mark_[start] = done;
    std::uint32_t households = 0;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      if (!holds(joints, piece[i])) households += piece_.atoms[piece[i]].households;
      for (const std::uint32_t other : near_[piece[i]]) {
        if (mark_[other] != open) continue;
        mark_[other] = done;
        piece.push_back(other);
      }
    }
    heaviest = std::max(heaviest, households);
    all += households;
  }
  return all - heaviest;
}

/// What a part hands over at least, in whole units of its own, to be rid of so many households.
std::uint32_t LocalBound::hands_over(std::uint32_t home, std::uint32_t need) {
  auto& known = handed_over_[home];
  if (need >= known.size()) known.resize(need + 1, none);
  if (known[need] == none) {
    std::vector<std::uint32_t> counts;
    for (const std::uint32_t atom : atoms_of_[home]) counts.push_back(piece_.atoms[atom].households);
    known[need] = least_sum(counts, need);
  }
  return known[need];
}

/// What moves besides, at least, so that all that leave the part have a place.
std::uint32_t LocalBound::out_of_place(const State& state) {
  if (state.out.empty()) return 0;
  std::uint32_t least = none, leaving = 0;
  std::vector<std::uint32_t> hosts;
  for (const std::uint32_t atom : state.out) {
    leaving += piece_.atoms[atom].households;
    for (const std::uint32_t other : near(atom)) {
      const std::uint32_t home = home_of_[other];
      if (home == part_) continue;
      if (home == none || !(*counted_)[home]) return 0;
      hosts.push_back(home);
      if (!holds(state.in, other)) least = std::min(least, piece_.atoms[other].households);
    }
  }
  if (leaving >= range_.min || state.out.size() > most_homeless) return 0;
  sort_out(hosts);
  std::vector<std::uint32_t> taken(hosts.size(), 0);
  for (const std::uint32_t atom : state.in) {
    const auto at = std::lower_bound(hosts.begin(), hosts.end(), home_of_[atom]);
    if (at != hosts.end() && *at == home_of_[atom]) taken[std::size_t(at - hosts.begin())] = none;
  }
  // Every way to share out those that leave among the parts near them; a part that gives too is taken to have room.
  const auto more_with = [&](std::size_t host, std::uint32_t households) {
    const std::uint64_t held = held_[hosts[host]] + households;
    return held > range_.max ? hands_over(hosts[host], std::uint32_t(held - range_.max)) : 0;
  };
  const auto place = [&](const auto& self, std::size_t i, std::uint32_t more) -> void {
    --patience_;
    if (more >= least) return;
    if (i == state.out.size()) {
      least = more;
      return;
    }
    for (std::size_t host = 0; host < hosts.size(); ++host) {
      const std::uint32_t before = taken[host], households = piece_.atoms[state.out[i]].households;
      if (before == none) {
        self(self, i + 1, more);
        continue;
      }
      taken[host] += households;
      self(self, i + 1, more - more_with(host, before) + more_with(host, before + households));
      taken[host] = before;
    }
  };
  place(place, 0, 0);
  return least == none ? 0 : least;
}

/// What moves besides, at least, so that all that gave to the part are as they should be.
std::uint32_t LocalBound::left_behind(const State& state) {
  std::vector<std::uint32_t> givers;
  for (const std::uint32_t atom : state.in) givers.push_back(home_of_[atom]);
  sort_out(givers);
  std::uint32_t leaving = 0, most = 0;
  for (const std::uint32_t atom : state.out) leaving += piece_.atoms[atom].households;
  for (const std::uint32_t giver : givers) {
    std::vector<std::uint32_t> rest;
    std::uint32_t left = 0, nearest = none;
    const auto look_round = [&](std::uint32_t atom) {
      for (const std::uint32_t other : near(atom)) {
        const std::uint32_t home = home_of_[other];
        if (home == giver || home == part_ || holds(state.in, other)) continue;
        nearest = std::min(nearest, home != none && (*counted_)[home] ? piece_.atoms[other].households : 0);
      }
    };
    for (const std::uint32_t atom : state.out) look_round(atom);
    for (const std::uint32_t atom : atoms_of_[giver]) {
      if (holds(state.in, atom)) continue;
      rest.push_back(atom);
      left += piece_.atoms[atom].households;
      look_round(atom);
    }
    std::uint32_t more = 0;
    if (left > 0 && left + leaving < range_.min) more = std::min(left, nearest);
    const std::uint32_t loose = torn_off(rest, state.out);
    if (loose > 0) more = std::max(more, std::min(loose, nearest));
    most = std::max(most, more);
  }
  return most;
}

}  // namespace wangge::planning
