#include <wangge/change_set.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "coverage/sets.hpp"
#include "map/lineage.hpp"
#include <wangge/error.hpp>

namespace wangge {
namespace {

using Change = ChangeSet::Change;
using Operation = ChangeSet::Operation;

constexpr std::array<std::string_view, 7> operation_names{"move",   "split",  "merge", "nudge",
                                                          "create", "retire", "rename"};
constexpr std::array<std::string_view, 4> coding_letters{"U", "S", "M", "X"};

std::vector<std::string> codes_of(const std::vector<GridRecord>& records) {
  std::vector<std::string> codes;
  for (const GridRecord& record : records) codes.push_back(record.code);
  std::ranges::sort(codes);
  return codes;
}

/// True where each area that goes has one of its very ground that comes.
bool keep_their_ground(const std::vector<GridRecord>& before, std::vector<GridRecord> after) {
  for (const GridRecord& record : before) {
    const auto same = std::ranges::find_if(
        after, [&](const GridRecord& other) { return same_ground(record.polygons, other.polygons); });
    if (same == after.end()) return false;
    after.erase(same);
  }
  return after.empty();
}

Operation inverse_of(Operation operation) {
  switch (operation) {
    case Operation::split:
      return Operation::merge;
    case Operation::merge:
      return Operation::split;
    case Operation::create:
      return Operation::retire;
    case Operation::retire:
      return Operation::create;
    default:
      return operation;
  }
}

std::string joined(const std::string& a, const std::string& b) {
  return a.empty() || a == b ? b : b.empty() ? a : a + "; " + b;
}

/// Changes of two sets that name an area together become one.
class Composer {
 public:
  Composer(const ChangeSet& first, const ChangeSet& second)
      : first_(first), second_(second), groups_(first.changes.size() + second.changes.size()) {
    const auto link = [&](const Change& change, std::uint32_t number) {
      for (const auto* records : {&change.before, &change.after})
        for (const GridRecord& record : *records) {
          const auto [at, fresh] = group_of_code_.emplace(record.code, number);
          if (!fresh) groups_.join(at->second, number);
        }
    };
    std::uint32_t number = 0;
    for (const ChangeSet* set : {&first, &second})
      for (const Change& change : set->changes) link(change, number++);
  }

  std::vector<Change> run() {
    struct Group {
      std::vector<GridRecord> before, after;
      std::set<Operation> operations;
    };
    std::map<std::uint32_t, Group> groups;
    std::uint32_t number = 0;
    for (const Change& change : first_.changes) {
      Group& group = groups[groups_.of(number++)];
      std::ranges::copy(change.before, std::back_inserter(group.before));
      std::ranges::copy(change.after, std::back_inserter(group.after));
      group.operations.insert(change.operation);
    }
    for (const Change& change : second_.changes) {
      Group& group = groups[groups_.of(number++)];
      for (const GridRecord& record : change.before) take(record, group.before, group.after);
    }
    number = static_cast<std::uint32_t>(first_.changes.size());
    for (const Change& change : second_.changes) {
      Group& group = groups[groups_.of(number++)];
      std::ranges::copy(change.after, std::back_inserter(group.after));
      group.operations.insert(change.operation);
    }
    std::vector<Change> changes;
    for (auto& [root, group] : groups) {
      drop_same(group.before, group.after);
      if (group.before.empty() && group.after.empty()) continue;
      Change change = Change::of(std::move(group.before), std::move(group.after));
      if (change.operation == Operation::nudge && group.operations.contains(Operation::move))
        change.operation = Operation::move;
      changes.push_back(std::move(change));
    }
    return changes;
  }

 private:
  /// What the second set starts from is what the first brought, or was there all along.
  static void take(const GridRecord& record, std::vector<GridRecord>& before, std::vector<GridRecord>& after) {
    const auto at = std::ranges::find(after, record.code, &GridRecord::code);
    if (at == after.end() && std::ranges::find(before, record.code, &GridRecord::code) == before.end())
      return before.push_back(record);
    if (at == after.end() || !same_area(*at, record))
      throw Error(Errc::stale_change,
                  "the second changes start from another area " + record.code + " than the first ones lead to");
    after.erase(at);
  }

  static void drop_same(std::vector<GridRecord>& before, std::vector<GridRecord>& after) {
    std::erase_if(before, [&](const GridRecord& record) {
      const auto same = std::ranges::find_if(after, [&](const GridRecord& other) { return same_area(record, other); });
      if (same == after.end()) return false;
      after.erase(same);
      return true;
    });
  }

  const ChangeSet &first_, &second_;
  coverage::Sets groups_;
  std::unordered_map<std::string, std::uint32_t> group_of_code_;
};

std::vector<ChangeSet::UnitMove> compose_moves(const ChangeSet& first, const ChangeSet& second) {
  std::vector<ChangeSet::UnitMove> moves = first.moves;
  std::unordered_map<std::string_view, std::size_t> row_of_unit;
  for (std::size_t i = 0; i < first.moves.size(); ++i) row_of_unit.emplace(first.moves[i].unit, i);
  std::set<std::string_view> made;  // areas that the base does not have
  for (const Change& change : first.changes)
    for (const GridRecord& record : change.after) made.insert(record.code);
  for (const Change& change : first.changes)
    for (const GridRecord& record : change.before) made.erase(record.code);
  for (const ChangeSet::UnitMove& move : second.moves) {
    const auto at = row_of_unit.find(move.unit);
    if (at != row_of_unit.end()) {
      moves[at->second].to = move.to;
      moves[at->second].households = move.households;
    } else if (!made.contains(move.from)) {
      moves.push_back(move);
    }
  }
  std::erase_if(moves, [](const ChangeSet::UnitMove& move) { return move.from == move.to; });
  return moves;
}

std::uint64_t households_of(const std::vector<ChangeSet::UnitMove>& moves) {
  std::uint64_t sum = 0;
  for (const ChangeSet::UnitMove& move : moves) sum += move.from.empty() || move.to.empty() ? 0 : move.households;
  return sum;
}

/// What the first set tells, and on top of it where each unit of the second went on to.
std::vector<ChangeSet::Lineage> compose_lineage(const ChangeSet& first, const ChangeSet& second) {
  map::Flows flows(first.lineage);
  for (const ChangeSet::Lineage& area : second.lineage) {
    if (!flows.names(area.code)) {
      flows.set_before(area.code, area.households_before);
      if (area.households_before > 0) flows.add(area.code, area.code, area.households_before);
    }
    flows.set_after(area.code, area.households_after);
  }
  std::unordered_map<std::string_view, std::string_view> origin_of_unit;
  for (const ChangeSet::UnitMove& move : first.moves) origin_of_unit.emplace(move.unit, move.from);
  for (const ChangeSet::UnitMove& move : second.moves) {
    const auto known = origin_of_unit.find(move.unit);
    const std::string origin =
        known == origin_of_unit.end() ? flows.usual_origin(move.from) : std::string(known->second);
    flows.pass_on(origin, move.from, move.to, move.households);
  }
  return flows.lineage();
}

}  // namespace

std::string_view to_string(ChangeSet::Operation operation) noexcept {
  return operation_names[static_cast<std::size_t>(operation)];
}

ChangeSet::Operation parse_operation(std::string_view name) {
  const auto at = std::ranges::find(operation_names, name);
  if (at == operation_names.end())
    throw Error(Errc::invalid_argument, "\"" + std::string(name) +
                                            "\" is no operation; there are move, split, merge, nudge, create, retire "
                                            "and rename");
  return static_cast<Operation>(at - operation_names.begin());
}

std::string_view to_string(ChangeSet::Coding coding) noexcept {
  return coding_letters[static_cast<std::size_t>(coding)];
}

ChangeSet::Coding parse_coding(std::string_view letter) {
  const auto at = std::ranges::find(coding_letters, letter);
  if (at == coding_letters.end())
    throw Error(Errc::invalid_argument, "\"" + std::string(letter) + "\" is no coding; there are U, S, M and X");
  return static_cast<ChangeSet::Coding>(at - coding_letters.begin());
}

Change Change::of(std::vector<GridRecord> before, std::vector<GridRecord> after) {
  Operation operation = Operation::merge;
  if (before.empty())
    operation = Operation::create;
  else if (after.empty())
    operation = Operation::retire;
  else if (keep_their_ground(before, after))
    operation = Operation::rename;
  else if (codes_of(before) == codes_of(after))
    operation = Operation::nudge;
  else if (before.size() < after.size())
    operation = Operation::split;
  return {operation, std::move(before), std::move(after)};
}

ChangeSet ChangeSet::inverse() const {
  ChangeSet undo = *this;
  undo.base_revision = base_revision + 1;
  for (Change& change : undo.changes) {
    change.operation = inverse_of(change.operation);
    std::swap(change.before, change.after);
  }
  for (UnitMove& move : undo.moves) std::swap(move.from, move.to);
  undo.lineage = map::Flows(lineage).inverse().lineage();
  return undo;
}

ChangeSet compose(const ChangeSet& first, const ChangeSet& second) {
  if (second.base_revision != first.base_revision + 1)
    throw Error(Errc::stale_change, "the second changes were made for revision " +
                                        std::to_string(second.base_revision) + ", the first ones lead to revision " +
                                        std::to_string(first.base_revision + 1));
  ChangeSet both;
  both.base_revision = first.base_revision;
  both.reason = joined(first.reason, second.reason);
  both.author = joined(first.author, second.author);
  both.time = second.time;
  both.changes = Composer(first, second).run();
  both.moves = compose_moves(first, second);
  both.lineage = compose_lineage(first, second);
  both.households_moved = households_of(both.moves);
  return both;
}

void trace(ChangeSet& changes, std::span<const UnitTrace> units) {
  map::Flows flows;
  std::unordered_map<std::string_view, std::size_t> change_of_code;
  for (std::size_t i = 0; i < changes.changes.size(); ++i) {
    for (const auto* records : {&changes.changes[i].before, &changes.changes[i].after}) {
      for (const GridRecord& record : *records) {
        change_of_code.emplace(record.code, i);
        if (record.level == Level::micro_grid) flows.name(record.code);
      }
    }
  }
  changes.moves.clear();
  for (const UnitTrace& unit : units) {
    if (unit.from == unit.to) continue;
    for (const std::string_view code : {unit.from, unit.to})
      if (!code.empty()) flows.name(code);
    changes.moves.push_back({std::string(unit.unit), std::string(unit.from), std::string(unit.to),
                             unit.to.empty() ? unit.households_before : unit.households_after});
    const auto at = change_of_code.find(unit.from), to = change_of_code.find(unit.to);
    if (at == change_of_code.end() || to == change_of_code.end() || at->second != to->second) continue;
    Operation& operation = changes.changes[at->second].operation;
    if (operation == Operation::nudge) operation = Operation::move;
  }
  std::map<std::string_view, std::uint64_t> before, after;
  for (const UnitTrace& unit : units) {
    const bool from = flows.names(unit.from), to = flows.names(unit.to);
    if (from) before[unit.from] += unit.households_before;
    if (to) after[unit.to] += unit.households_after;
    if (from && to) flows.add(unit.from, unit.to, unit.households_after);
  }
  for (const auto& [code, households] : before) flows.set_before(code, households);
  for (const auto& [code, households] : after) flows.set_after(code, households);
  changes.lineage = flows.lineage();
  changes.households_moved = households_of(changes.moves);
}

}  // namespace wangge
