#include "app/change_text.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace wangge::app {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string codes(const std::vector<GridRecord>& records) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, records.size()); ++i) text += (i ? ", " : "") + records[i].code;
  if (records.size() > most) text += " and " + std::to_string(records.size() - most) + " more";
  return text;
}

bool same_codes(const std::vector<GridRecord>& a, const std::vector<GridRecord>& b) {
  return std::ranges::is_permutation(a, b, {}, &GridRecord::code, &GridRecord::code);
}

}  // namespace

std::string summary(const ChangeSet& changes) {
  std::map<ChangeSet::Operation, std::size_t> count;
  for (const ChangeSet::Change& change : changes.changes) ++count[change.operation];
  std::string text;
  for (const auto& [operation, times] : count)
    text += (text.empty() ? "" : ", ") + counted(times, to_string(operation));
  return text.empty() ? "nothing" : text;
}

std::vector<std::string> lines(const ChangeSet& changes) {
  std::vector<std::string> all;
  for (const ChangeSet::Change& change : changes.changes) {
    std::string line =
        std::string(to_string(change.operation)) + " " + codes(change.before.empty() ? change.after : change.before);
    const bool both = !change.before.empty() && !change.after.empty();
    if (both && !same_codes(change.before, change.after)) line += " -> " + codes(change.after);
    all.push_back(std::move(line));
  }
  return all;
}

std::string moved(const ChangeSet& changes, std::uint64_t households) {
  const auto units = std::ranges::count_if(
      changes.moves, [](const ChangeSet::UnitMove& move) { return !move.from.empty() && !move.to.empty(); });
  char share[32];
  std::snprintf(share, sizeof share, "%.2f",
                households == 0 ? 0 : 100 * double(changes.households_moved) / double(households));
  std::string text = counted(static_cast<std::size_t>(units), "unit") + " with " +
                     counted(changes.households_moved, "household") + " moved (" + share + " % of " +
                     std::to_string(households);
  if (changes.households_moved_bound > 0)
    text += "; at least " + std::to_string(changes.households_moved_bound) + " had to";
  return text + ")";
}

}  // namespace wangge::app
