// A part that holds too much gives to several neighbours at once.
#include <algorithm>

#include "planning/mender.hpp"

namespace wangge::planning {

/// What a part could hand to one neighbour: for each number of households the least strained bundle.
struct Mender::Outlet {
  std::uint32_t to = 0, most = 0;
  struct Choice {
    std::uint32_t households = 0;
    double cost = 0;
  };
  std::vector<Choice> choices;
};

/// Households that a part's neighbours on its side of main roads could take in; without those that are `closed`.
std::uint32_t Mender::room_beyond(std::uint32_t part, const std::vector<std::uint32_t>& closed) const {
  std::uint32_t room = 0;
  const std::uint32_t block = parts_.piece().atoms[parts_.members(part)[0]].block;
  for (const std::uint32_t other : parts_.neighbours(part)) {
    const std::uint32_t theirs = parts_.households(other);
    if (parts_.sums(other).towers > 0 || theirs >= bounds_[other].max || !parts_.lives_in(other, block)) continue;
    if (std::find(closed.begin(), closed.end(), other) == closed.end()) room += bounds_[other].max - theirs;
  }
  return room;
}

std::vector<Mender::Outlet> Mender::outlets_of(std::uint32_t hot, std::uint32_t excess,
                                               const std::vector<std::uint32_t>& closed) {
  std::uint32_t largest = 0;
  for (const std::uint32_t atom : parts_.members(hot))
    largest = std::max(largest, parts_.piece().atoms[atom].households);
  const std::vector<std::uint32_t> neighbours = parts_.neighbours(hot);
  std::vector<std::uint32_t> near = closed;
  near.insert(near.end(), neighbours.begin(), neighbours.end());
  std::vector<Outlet> outlets;
  for (const std::uint32_t other : neighbours) {
    if (parts_.sums(other).towers > 0 || std::find(closed.begin(), closed.end(), other) != closed.end()) continue;
    const std::uint32_t theirs = parts_.households(other);
    if (theirs > bounds_[other].max) continue;
    const std::uint32_t room = bounds_[other].max - theirs, beyond = room_beyond(other, near);
    if (room + beyond == 0) continue;
    Outlet outlet{other, std::min(room + beyond, excess + largest), {}};
    const auto& found = bundler_.gather(hot, other, outlet.most);
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i > 0 && found[i - 1].households == found[i].households) continue;
      const std::uint32_t passed = found[i].households > room ? found[i].households - room : 0;
      outlet.choices.push_back(
          {found[i].households,
           double(found[i].households + passed) + (passed > 0 ? 2 * worth : 0) + worth * found[i].strain / scale_m_});
    }
    outlets.push_back(std::move(outlet));
  }
  return outlets;
}

/// The cheapest combination, one bundle at most an outlet, that rids a part of its excess; the largest first.
std::vector<Mender::Gift> Mender::best_gifts(const std::vector<Outlet>& outlets, std::uint32_t excess) {
  constexpr double never = 1e300;
  struct Origin {
    std::uint32_t choice = Graph::none, sum = 0;
  };
  std::vector<double> best(excess + 1, never);  // by households handed over, `excess` or more being the last
  best[0] = 0;
  std::vector<std::vector<Origin>> origins;
  for (const Outlet& outlet : outlets) {
    std::vector<double> next = best;
    auto& its = origins.emplace_back(excess + 1);
    for (std::uint32_t i = 0; i < outlet.choices.size(); ++i) {
      for (std::uint32_t sum = 0; sum < excess; ++sum) {
        if (best[sum] >= never) continue;
        const std::uint32_t more = std::min(excess, sum + outlet.choices[i].households);
        const double cost = best[sum] + outlet.choices[i].cost;
        if (cost < next[more]) next[more] = cost, its[more] = {i, sum};
      }
    }
    best = std::move(next);
  }
  std::vector<Gift> gifts;
  if (best[excess] >= never) return gifts;
  for (std::size_t o = outlets.size(), sum = excess; o-- > 0;) {
    const Origin& origin = origins[o][sum];
    if (origin.choice == Graph::none) continue;
    gifts.push_back({outlets[o].to, outlets[o].choices[origin.choice].households, outlets[o].most});
    sum = origin.sum;
  }
  std::stable_sort(gifts.begin(), gifts.end(),
                   [](const Gift& a, const Gift& b) { return a.households > b.households; });
  return gifts;
}

/// The step that hands so many households over, or the next larger bundle; in force.
std::optional<std::uint32_t> Mender::give(std::uint32_t at, std::uint32_t from, const Gift& gift) {
  const auto& found = bundler_.gather(from, gift.to, gift.most);
  const auto bundle =
      std::find_if(found.begin(), found.end(), [&](const auto& b) { return b.households >= gift.households; });
  if (bundle == found.end()) return std::nullopt;
  const auto next = draft(at, from, gift.to, bundle->households, bundle->strain, bundler_.atoms_of(*bundle));
  if (!next || !verify(*next)) return std::nullopt;
  for (const std::uint32_t atom : steps_[*next].bundle) parts_.move(atom, gift.to);
  return next;
}

/// A part that holds too much gives to several neighbours at once, and they in turn what they have no room for.
void Mender::spread(std::uint32_t step, std::uint32_t hot) {
  std::uint32_t at = step;
  std::vector<std::uint32_t> closed;
  const auto over = [&]() {
    for (const auto& [part, held] : steps_[at].hot) {
      if (held > bounds_[part].max) return part;
    }
    return Graph::none;
  };
  bool going = true;
  for (std::uint32_t giver = hot; giver != Graph::none && going; giver = over()) {
    const std::uint32_t excess = parts_.households(giver) - bounds_[giver].max;
    const auto gifts = best_gifts(outlets_of(giver, excess, closed), excess);
    going = !gifts.empty() && std::find(closed.begin(), closed.end(), giver) == closed.end();
    for (const Gift& gift : gifts) {
      if (!going || parts_.households(giver) <= bounds_[giver].max) break;
      const auto next = give(at, giver, gift);
      if (next) at = *next;
      going = next.has_value();
    }
    closed.push_back(giver);
  }
  for (std::uint32_t back = at; back != step; back = steps_[back].before) {
    for (const std::uint32_t atom : steps_[back].bundle) parts_.move(atom, steps_[back].from);
  }
  if (going && at != step) push(at);
}

}  // namespace wangge::planning
