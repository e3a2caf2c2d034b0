#include "verify/proofs.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace wangge::verify {
namespace {

constexpr std::size_t most_members = 80, most_of_small = 24;
constexpr std::uint64_t most_steps = 2'000'000;

/// Tries all ways to cover members by disjoint connected sets.
class CoverSearch {
 public:
  CoverSearch(const Neighbourhood& n, std::vector<std::uint32_t> members, const Range& range)
      : n_(n), members_(std::move(members)), range_(range), open_(n.households.size(), 0) {
    for (const std::uint32_t m : members_) open_[m] = 1;
    free_ = n.open;
    for (const std::uint32_t m : members_)
      for (const std::uint32_t other : n.links[m]) free_[m] |= static_cast<char>(!open_[other]);
  }

  bool impossible() { return !cover() && steps_ < most_steps; }

 private:
  bool cover() {
    const auto first = std::find_if(members_.begin(), members_.end(),
                                    [&](std::uint32_t m) { return open_[m] && n_.households[m] > 0; });
    if (first == members_.end()) return true;
    std::vector<std::uint32_t> set{*first};
    open_[*first] = 0;
    const bool found = extend(set, n_.households[*first], {});
    open_[*first] = 1;
    return found;
  }

  /// Tries `set` as a micro-grid, then with each of its neighbours that is not in `refused`.
  bool extend(std::vector<std::uint32_t>& set, std::int64_t holds, std::set<std::uint32_t> refused) {
    if (holds > range_.max || ++steps_ >= most_steps) return false;
    const bool free = std::any_of(set.begin(), set.end(), [&](std::uint32_t m) { return free_[m] != 0; });
    if ((holds >= range_.min || free) && cover()) return true;
    std::set<std::uint32_t> reach;
    for (const std::uint32_t m : set)
      for (const std::uint32_t other : n_.links[m])
        if (open_[other] && !refused.contains(other)) reach.insert(other);
    for (const std::uint32_t next : reach) {
      set.push_back(next);
      open_[next] = 0;
      const bool found = extend(set, holds + n_.households[next], refused);
      open_[next] = 1;
      set.pop_back();
      if (found) return true;
      refused.insert(next);
    }
    return false;
  }

  const Neighbourhood& n_;
  std::vector<std::uint32_t> members_;
  Range range_;
  std::vector<char> open_, free_;
  std::uint64_t steps_ = 0;
};

/// The members connected with one.
std::vector<std::uint32_t> connected_with(const Neighbourhood& n, std::uint32_t member) {
  std::vector<char> seen(n.households.size(), 0);
  std::vector<std::uint32_t> found{member};
  seen[member] = 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::uint32_t next : n.links[found[i]]) {
      if (seen[next]) continue;
      seen[next] = 1;
      found.push_back(next);
    }
  }
  return found;
}

/// Inhabited members that border a member, or that it reaches through empty ones.
std::set<std::uint32_t> partners(const Neighbourhood& n, std::uint32_t member) {
  std::set<std::uint32_t> seen{member}, inhabited;
  std::vector<std::uint32_t> queue{member};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (i > 0 && n.households[queue[i]] > 0) {
      inhabited.insert(queue[i]);
      continue;
    }
    for (const std::uint32_t next : n.links[queue[i]])
      if (seen.insert(next).second) queue.push_back(next);
  }
  return inhabited;
}

bool three_never_fit(const Neighbourhood& n, const std::vector<std::uint32_t>& members, const Range& range) {
  std::vector<std::int64_t> inhabited;
  for (const std::uint32_t m : members)
    if (n.households[m] > 0) inhabited.push_back(n.households[m]);
  std::sort(inhabited.begin(), inhabited.end());
  return inhabited.size() < 3 || inhabited[0] + inhabited[1] + inhabited[2] > range.max;
}

}  // namespace

bool cannot_be_covered(const Neighbourhood& n, std::span<const std::uint32_t> members, const Range& range) {
  std::set<std::uint32_t> all(members.begin(), members.end());
  for (const std::uint32_t m : members)
    for (const std::uint32_t other : n.links[m])
      if (n.households[other] == 0) all.insert(other);
  if (all.size() > most_members) return false;
  return CoverSearch(n, {all.begin(), all.end()}, range).impossible();
}

bool cannot_be_paired(const Neighbourhood& n, std::uint32_t member, std::span<const std::uint32_t> blockers,
                      const Range& range) {
  const std::vector<std::uint32_t> component = connected_with(n, member);
  if (!three_never_fit(n, component, range)) return false;
  const auto in_range = [&](std::int64_t h) { return h >= range.min && h <= range.max; };
  std::set<std::uint32_t> seen(blockers.begin(), blockers.end());
  std::size_t odd = 0;
  for (const std::uint32_t start : component) {
    if (n.households[start] == 0 || !seen.insert(start).second) continue;
    std::vector<std::uint32_t> group{start};
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (const std::uint32_t other : partners(n, group[i])) {
        if (in_range(n.households[group[i]] + n.households[other]) && seen.insert(other).second) group.push_back(other);
      }
    }
    const bool alone =
        std::any_of(group.begin(), group.end(), [&](std::uint32_t m) { return in_range(n.households[m]); });
    odd += group.size() % 2 == 1 && !alone;
  }
  // Links drawn too generously may join what the blockers held apart; where few members are left, all ways are tried.
  return odd > blockers.size() || (component.size() <= most_of_small && cannot_be_covered(n, component, range));
}

}  // namespace wangge::verify
