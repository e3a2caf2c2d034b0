#include <algorithm>
#include <utility>

#include "planning/refine.hpp"

namespace wangge::planning {
namespace {

constexpr std::uint32_t most_steps = 3000;  ///< of a search, beyond which it gives up
constexpr std::size_t most_atoms = 64;      ///< of a bundle
constexpr std::uint32_t most_bundles = 3;   ///< grown from one start

}  // namespace

bool Chains::mend(std::uint32_t part) {
  const std::uint32_t breaches = parts_.breaches();
  steps_.assign(1, Step{});
  steps_[0].hot = part;
  std::unordered_set<std::uint64_t> seen;
  std::vector<Step> found;
  for (std::uint32_t at = 0; at < steps_.size() && at < most_steps; ++at) {
    enter(at);
    found.clear();
    expand(at, found);
    const Step* best = nullptr;
    for (Step& step : found) {
      apply(step);
      step.price = parts_.price(), step.held = parts_.households(step.hot);
      if (parts_.breaches() < breaches && (best == nullptr || step.price < best->price)) best = &step;
      undo(step);
    }
    if (best != nullptr) {
      apply(*best);
      return true;
    }
    std::stable_sort(found.begin(), found.end(), [](const Step& a, const Step& b) { return a.price < b.price; });
    for (Step& step : found) {
      if (seen.insert(std::uint64_t{step.hot} << 32 | step.held).second) steps_.push_back(std::move(step));
    }
    leave(at);
  }
  return false;
}

void Chains::enter(std::uint32_t step) {
  if (step == 0) return;
  enter(steps_[step].before);
  apply(steps_[step]);
}

void Chains::leave(std::uint32_t step) {
  for (; step != 0; step = steps_[step].before) undo(steps_[step]);
}

/// Every way in which the hot part comes into range by one bundle, or merges with a neighbour.
void Chains::expand(std::uint32_t step, std::vector<Step>& found) {
  const std::uint32_t hot = steps_[step].hot, held = parts_.households(hot);
  const Terms& terms = parts_.terms();
  const bool wants = held < terms.min;
  std::uint32_t merged = Graph::none;
  for (const auto& [other, start] : starts(hot)) {
    const std::uint32_t theirs = parts_.households(other);
    const bool tower = parts_.sums(other).towers > 0;
    if (other != merged && wants && (tower || held + theirs <= terms.max)) {
      const auto members = parts_.members(hot);
      found.push_back({step, hot, other, {members.begin(), members.end()}, other});
    }
    merged = other;
    if (tower) continue;
    if (wants) gather(other, hot, start, terms.min - held, terms.max - held, found);
    if (!wants) gather(hot, other, start, held - terms.max, held - terms.min, found);
  }
  for (Step& s : found) s.before = step;
}

/// (Neighbouring part, atom to begin a bundle with), ascending: atoms of the neighbour for a part that wants, the
/// part's own for one that has too many.
std::vector<std::pair<std::uint32_t, std::uint32_t>> Chains::starts(std::uint32_t hot) const {
  const bool wants = parts_.households(hot) < parts_.terms().min;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
  for (const std::uint32_t atom : parts_.members(hot)) {
    for (const Arc& arc : parts_.piece().arcs_of(atom)) {
      const std::uint32_t other = parts_.of(arc.to);
      if (other != hot) found.emplace_back(other, wants ? arc.to : atom);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// Grows connected bundles from `start` inside `from`, nearest to `to` first.
void Chains::gather(std::uint32_t from, std::uint32_t to, std::uint32_t start, std::uint32_t least, std::uint32_t most,
                    std::vector<Step>& found) {
  const Piece& piece = parts_.piece();
  const Sums& centre = parts_.sums(to);
  const double x = centre.x / centre.mass, y = centre.y / centre.mass;
  const auto distance = [&](std::uint32_t atom) {
    const double dx = double(piece.atoms[atom].x_m) - x, dy = double(piece.atoms[atom].y_m) - y;
    return std::pair(dx * dx + dy * dy, atom);
  };
  const std::uint32_t giver_is_hot = parts_.households(to) < parts_.terms().min;
  ++reached_;
  Bundle bundle, reach{start};
  reach_[start] = reached_;
  std::uint32_t sum = 0, emitted = 0;
  while (!reach.empty() && bundle.size() < most_atoms && emitted < most_bundles) {
    const auto next = std::min_element(reach.begin(), reach.end(),
                                       [&](std::uint32_t a, std::uint32_t b) { return distance(a) < distance(b); });
    const std::uint32_t atom = *next;
    reach.erase(next);
    sum += piece.atoms[atom].households;
    if (sum > most) return;
    bundle.push_back(atom);
    for (const Arc& arc : piece.arcs_of(atom)) {
      if (parts_.of(arc.to) != from || reach_[arc.to] == reached_) continue;
      reach_[arc.to] = reached_;
      reach.push_back(arc.to);
    }
    if (sum < least) continue;
    Bundle whole = bundle;
    if (!round_off(from, whole, most)) continue;
    found.push_back({0, from, to, std::move(whole), giver_is_hot ? from : to});
    ++emitted;
  }
}

/// Adds to the bundle what `from` would lose touch with, so that its rest is connected; false where the bundle would
/// hold more than `most`.
bool Chains::round_off(std::uint32_t from, Bundle& bundle, std::uint32_t most) {
  const Piece& piece = parts_.piece();
  ++counted_;
  std::uint32_t sum = 0;
  for (const std::uint32_t atom : bundle) {
    count_[atom] = counted_;
    sum += piece.atoms[atom].households;
  }
  Bundle largest, set;
  std::uint32_t largest_holds = 0;
  for (const std::uint32_t start : parts_.members(from)) {
    if (count_[start] == counted_) continue;
    count_[start] = counted_;
    set.assign(1, start);
    std::uint32_t holds = 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      holds += piece.atoms[set[i]].households;
      for (const Arc& arc : piece.arcs_of(set[i])) {
        if (parts_.of(arc.to) != from || count_[arc.to] == counted_) continue;
        count_[arc.to] = counted_;
        set.push_back(arc.to);
      }
    }
    if (largest.empty() || holds > largest_holds) {
      std::swap(set, largest);
      std::swap(holds, largest_holds);
    }
    sum += holds;
    bundle.insert(bundle.end(), set.begin(), set.end());
    if (sum > most) return false;
  }
  return true;
}

}  // namespace wangge::planning
