#include "planning/mender.hpp"

#include <algorithm>
#include <utility>

#include "planning/random.hpp"

namespace wangge::planning {
namespace {

/// Above 1: the search leans to what is nearly done.
constexpr double haste = 1.1;

/// Bundles tried at a border: of sums that mend, that lead on, and that help.
constexpr std::size_t most_mending = 4, most_leading = 2, most_helping = 2;
constexpr std::size_t few_atoms = 12;  ///< of a part whose every bundle is tried

std::uint64_t place_of(std::uint32_t atom, std::uint32_t part) {
  return Random(std::uint64_t{atom} << 32 | part).next();
}

}  // namespace

bool Mender::fits(std::uint32_t part) const {
  const Sums& sums = parts_.sums(part);
  if (sums.atoms == 0 || sums.towers > 0) return true;
  return sums.households >= bounds_[part].min && sums.households <= bounds_[part].max;
}

/// What has to move yet: excess moves out and deficits are filled, and a household can do both at once.
double Mender::rest_of(const std::vector<Step::Hot>& hot) const {
  std::uint64_t over = 0, under = 0;
  for (const auto& [part, held] : hot) {
    if (held > bounds_[part].max) over += held - bounds_[part].max;
    if (held < bounds_[part].min) under += std::min(held, bounds_[part].min - held);
  }
  return double(std::max(over, under));
}

double Mender::hope_of(const Step& step) const {
  return double(step.moved) + haste * rest_of(step.hot) + worth * step.price / scale_m_;
}

/// What a part's size costs: of one that is yet to be mended, at the bound it will come to.
double Mender::size_price(std::uint32_t part, std::uint32_t households) const {
  const auto& [min, max] = bounds_[part];
  return scale_m_ * double(parts_.terms().size_price(std::clamp(households, min, max)));
}

double Mender::breach_price(std::uint32_t part, std::uint32_t households) const {
  return parts_.sums(part).scale_m() * double(parts_.terms().size_price(households)) - size_price(part, households);
}

std::uint32_t Mender::fresh_part() const {
  for (std::uint32_t part = parts_.count(); part-- > 0;) {
    if (parts_.sums(part).atoms > 0) return part + 1 < parts_.count() ? part + 1 : Graph::none;
  }
  return Graph::none;
}

void Mender::push(std::uint32_t step) {
  open_.push_back(step);
  std::push_heap(open_.begin(), open_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(steps_[a].hope, a) > std::pair(steps_[b].hope, b);
  });
}

bool Mender::mend(std::span<const std::uint32_t> cluster, std::uint32_t steps, std::uint64_t limit) {
  steps_.assign(1, Step{});
  steps_[0].tried = true;
  price_ = parts_.price();
  for (const std::uint32_t part : cluster) {
    steps_[0].hot.push_back({part, parts_.households(part)});
    price_ -= breach_price(part, parts_.households(part));
  }
  scale_m_ = parts_.sums(cluster[0]).scale_m();
  limit_ = std::int64_t(limit);
  seen_.clear();
  seen_.insert(0);
  open_.clear();
  push(0);
  while (!open_.empty()) {
    std::pop_heap(open_.begin(), open_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(steps_[a].hope, a) > std::pair(steps_[b].hope, b);
    });
    const std::uint32_t at = open_.back();
    open_.pop_back();
    if (steps == 0 && !steps_[at].hot.empty()) continue;
    enter(steps_[at].before);
    if (!steps_[at].tried) {
      if (verify(at)) push(at);
      leave(steps_[at].before);
      continue;
    }
    for (const std::uint32_t atom : steps_[at].bundle) parts_.move(atom, steps_[at].to);
    if (steps_[at].hot.empty()) {
      moved_ = steps_[at].moved;
      return true;
    }
    --steps;
    expand(at);
    leave(at);
  }
  return false;
}

void Mender::enter(std::uint32_t step) {
  if (step == 0) return;
  enter(steps_[step].before);
  for (const std::uint32_t atom : steps_[step].bundle) parts_.move(atom, steps_[step].to);
}

void Mender::leave(std::uint32_t step) {
  for (; step != 0; step = steps_[step].before) {
    for (const std::uint32_t atom : steps_[step].bundle) parts_.move(atom, steps_[step].from);
  }
}

/// Finds out what a step that looked good really does; false where it cannot be done. The steps before it are in force.
bool Mender::verify(std::uint32_t at) {
  Step& step = steps_[at];
  const std::size_t wanted = step.bundle.size();
  if (wanted < parts_.members(step.from).size()) bundler_.round_off(step.from, step.bundle);
  std::uint32_t households = 0;
  for (const std::uint32_t atom : step.bundle) households += parts_.piece().atoms[atom].households;
  if (step.bundle.size() > wanted) {
    step.hot = steps_[step.before].hot;
    describe(step, parts_.households(step.from) - households, parts_.households(step.to) + households);
    if (step.moved > limit_ || !seen_.insert(step.key).second) return false;
  }
  for (const std::uint32_t atom : step.bundle) parts_.move(atom, step.to);
  step.price = parts_.price() - price_;
  for (const auto& [part, held] : step.hot) step.price -= breach_price(part, held);
  const bool sound = (parts_.sums(step.to).towers > 0 || parts_.wishes_met(step.to)) && parts_.wishes_met(step.from);
  for (const std::uint32_t atom : step.bundle) parts_.move(atom, step.from);
  step.hope = hope_of(step);
  step.tried = true;
  return sound;
}

void Mender::expand(std::uint32_t step) {
  const auto off = [&](const Step::Hot& hot) {
    const auto& [min, max] = bounds_[hot.part];
    return hot.households > max ? hot.households - max : min - hot.households;
  };
  const auto& hot = steps_[step].hot;
  const Step::Hot hottest =
      *std::max_element(hot.begin(), hot.end(), [&](const auto& a, const auto& b) { return off(a) < off(b); });
  if (hottest.households > bounds_[hottest.part].max)
    relieve(step, hottest.part);
  else
    feed(step, hottest.part);
}

/// A part that holds too much gives to its neighbours, or becomes two.
void Mender::relieve(std::uint32_t step, std::uint32_t hot) {
  const std::uint32_t held = parts_.households(hot), excess = held - bounds_[hot].max;
  const std::uint32_t spare = held - bounds_[hot].min;
  if (parts_.members(hot).size() > few_atoms) spread(step, hot);
  for (const std::uint32_t other : parts_.neighbours(hot)) {
    const std::uint32_t theirs = parts_.households(other);
    if (parts_.sums(other).towers > 0 || theirs > bounds_[other].max) continue;
    hand_over(step, hot, other, excess, bounds_[other].max - theirs, spare);
  }
  const std::uint32_t fresh = fresh_part();
  if (fresh == Graph::none) return;
  hand_over(step, hot, fresh, std::min(held, std::max(excess, bounds_[fresh].min)), bounds_[fresh].max, spare);
}

/// A part that holds too little takes from its neighbours, joins one of them, or gives itself away in pieces.
void Mender::feed(std::uint32_t step, std::uint32_t hot) {
  const std::uint32_t held = parts_.households(hot), lacking = bounds_[hot].min - held;
  for (const std::uint32_t other : parts_.neighbours(hot)) {
    const std::uint32_t theirs = parts_.households(other);
    const auto members = parts_.members(hot);
    offer(step, hot, other, held, 0, {members.begin(), members.end()});
    if (parts_.sums(other).towers > 0) continue;
    if (theirs > 0) {
      const std::uint32_t spare = theirs > bounds_[other].min ? theirs - bounds_[other].min : 0;
      hand_over(step, other, hot, lacking, bounds_[hot].max - held, spare);
    }
    if (held > 0 && theirs < bounds_[other].max) hand_over(step, hot, other, held, bounds_[other].max - theirs, held);
  }
}

/// Offers what `from` could give to `to`: bundles of `least` or more that `to` can hold (`fitting`) and `from` can
/// spare; such that one of them becomes out of bounds, and so leads on; and smaller ones, which help.
void Mender::hand_over(std::uint32_t step, std::uint32_t from, std::uint32_t to, std::uint32_t least,
                       std::uint32_t fitting, std::uint32_t spare) {
  std::uint32_t largest = 0;
  for (const std::uint32_t atom : parts_.members(from))
    largest = std::max(largest, parts_.piece().atoms[atom].households);
  const bool all = parts_.members(from).size() <= few_atoms;
  const auto& found = bundler_.gather(from, to, std::min(least + largest, parts_.households(from)));
  const auto give = [&](const Bundler::Bundle& bundle) {
    return offer(step, from, to, bundle.households, bundle.strain, bundler_.atoms_of(bundle));
  };
  std::size_t mending = 0, leading = 0, helping = 0;
  for (const auto& bundle : found) {
    if (bundle.households < least) continue;
    const bool fits = bundle.households <= std::min(fitting, spare);
    if (!all && (fits ? mending >= most_mending : leading >= most_leading)) continue;
    if (give(bundle)) ++(fits ? mending : leading);
  }
  for (std::size_t i = found.size(); i-- > 0 && (all || helping < most_helping);) {
    const std::uint32_t households = found[i].households;
    if (households >= least || households > fitting || households == 0) continue;
    if (i == 0 || found[i - 1].households != households) helping += give(found[i]);
  }
}

/// What a transfer leaves behind, from what its two parts hold after it: who is out of bounds, and how many have moved.
void Mender::describe(Step& step, std::uint32_t gives, std::uint32_t takes) const {
  std::erase_if(step.hot, [&](const Step::Hot& hot) { return hot.part == step.from || hot.part == step.to; });
  const auto check = [&](std::uint32_t part, std::uint32_t held) {
    if (parts_.sums(part).towers > 0 || (held >= bounds_[part].min && held <= bounds_[part].max)) return;
    step.hot.push_back({part, held});
  };
  if (step.bundle.size() < parts_.members(step.from).size()) check(step.from, gives);
  check(step.to, takes);
  step.moved = steps_[step.before].moved;
  step.key = steps_[step.before].key;
  for (const std::uint32_t atom : step.bundle) {
    const std::int64_t households = parts_.piece().atoms[atom].households;
    step.key += place_of(atom, step.to) - place_of(atom, step.from);
    if (home_of_[atom] == Graph::none) continue;
    if (home_of_[atom] == step.from) step.moved += households;
    if (home_of_[atom] == step.to) step.moved -= households;
  }
}

/// Adds a step that hands the bundle over, at a price that is estimated; false where it leads nowhere new.
bool Mender::offer(std::uint32_t at, std::uint32_t from, std::uint32_t to, std::uint32_t households, double strain,
                   std::vector<std::uint32_t> bundle) {
  const auto next = draft(at, from, to, households, strain, std::move(bundle));
  if (next) push(*next);
  return next.has_value();
}

std::optional<std::uint32_t> Mender::draft(std::uint32_t at, std::uint32_t from, std::uint32_t to,
                                           std::uint32_t households, double strain, std::vector<std::uint32_t> bundle) {
  Step next;
  next.before = at, next.from = from, next.to = to, next.bundle = std::move(bundle), next.hot = steps_[at].hot;
  const std::uint32_t gives = parts_.households(from) - households, takes = parts_.households(to) + households;
  describe(next, gives, takes);
  if (next.moved > limit_ || !seen_.insert(next.key).second) return std::nullopt;
  next.price = steps_[at].price + strain + size_price(to, takes) - size_price(from, parts_.households(from));
  if (parts_.sums(to).atoms > 0) next.price -= size_price(to, parts_.households(to));
  if (next.bundle.size() < parts_.members(from).size()) next.price += size_price(from, gives);
  next.hope = hope_of(next);
  steps_.push_back(std::move(next));
  return std::uint32_t(steps_.size() - 1);
}

}  // namespace wangge::planning
