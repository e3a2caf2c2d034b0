#include <algorithm>
#include <map>
#include <unordered_map>
#include <vector>

#include "coverage/arrangement.hpp"
#include "coverage/noding.hpp"
#include "coverage/sets.hpp"
#include "map/rings.hpp"
#include <wangge/change_set.hpp>
#include <wangge/same_ground.hpp>

namespace wangge {
namespace {

using coverage::Arrangement;

bool has_parts(const GridMap& map, GridId id) { return !map.children(id).empty(); }

/// An area's outline follows its parts by itself, as far as positions are rounded.
bool follows_its_parts(const GridMap& map, GridId id, const GridMap& other, GridId twin) {
  if (!has_parts(map, id) || !has_parts(other, twin)) return false;
  GridRecord record = map.record(id);
  const GridRecord there = other.record(twin);
  if (!same_but_for_rounding(record.polygons, there.polygons)) return false;
  record.polygons = there.polygons;
  return record == there;
}

/// Areas of one map that another has not or has otherwise.
std::vector<GridRecord> records_without_twin(const GridMap& map, const GridMap& other) {
  std::vector<GridRecord> records;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    GridRecord record = map.record(GridId{i});
    const GridId twin = other.find(record.code);
    if (twin != GridId::none &&
        (same_area(record, other.record(twin)) || follows_its_parts(map, GridId{i}, other, twin)))
      continue;
    records.push_back(std::move(record));
  }
  return records;
}

/// Which of the areas that go and that come belong into one change; those that come are numbered after those that go.
class Grouping {
 public:
  Grouping(const std::vector<GridRecord>& go, const std::vector<GridRecord>& come)
      : go_(go), come_(come), groups_(go.size() + come.size()) {
    join_by_code();
    join_by_ground();
    join_by_parent();
  }

  std::vector<ChangeSet::Change> changes() {
    std::map<std::uint32_t, std::pair<std::vector<GridRecord>, std::vector<GridRecord>>> groups;
    for (std::uint32_t i = 0; i < size(); ++i) {
      auto& [before, after] = groups[groups_.of(i)];
      (goes(i) ? before : after).push_back(area(i));
    }
    std::vector<ChangeSet::Change> changes;
    for (auto& [root, group] : groups)
      changes.push_back(ChangeSet::Change::of(std::move(group.first), std::move(group.second)));
    return changes;
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(go_.size() + come_.size()); }
  bool goes(std::uint32_t i) const { return i < go_.size(); }
  const GridRecord& area(std::uint32_t i) const { return goes(i) ? go_[i] : come_[i - go_.size()]; }

  void join_by_code() {
    std::unordered_map<std::string_view, std::uint32_t> first;
    for (std::uint32_t i = 0; i < size(); ++i) groups_.join(first.emplace(area(i).code, i).first->second, i);
  }

  /// An area that goes and one of its level that comes, where they overlap.
  void join_by_ground() {
    std::vector<coverage::Segment> segments;
    for (std::uint32_t i = 0; i < size(); ++i) map::append_rings(area(i), i, segments);
    const Arrangement overlay = Arrangement::build(coverage::node(std::move(segments)), true);
    const coverage::Containment holders(overlay, [](std::uint32_t) { return true; });
    for (std::uint32_t face = 0; face < overlay.face_count(); ++face) {
      for (const std::uint32_t i : holders.of(face))
        for (const std::uint32_t j : holders.of(face))
          if (goes(i) && !goes(j) && area(i).level == area(j).level) groups_.join(i, j);
    }
  }

  /// Areas that come where nothing was, or go and leave nothing.
  void join_by_parent() {
    std::vector<bool> paired(size(), false);
    std::vector<std::pair<bool, bool>> has(size());
    for (std::uint32_t i = 0; i < size(); ++i) (goes(i) ? has[groups_.of(i)].first : has[groups_.of(i)].second) = true;
    for (std::uint32_t i = 0; i < size(); ++i) paired[i] = has[groups_.of(i)] == std::pair(true, true);
    std::map<std::pair<bool, std::string_view>, std::uint32_t> first;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (!paired[i]) groups_.join(first.emplace(std::pair(goes(i), area(i).parent), i).first->second, i);
    }
  }

  const std::vector<GridRecord>&go_, &come_;
  coverage::Sets groups_;
};

}  // namespace

ChangeSet diff(const GridMap& a, const GridMap& b) {
  ChangeSet changes;
  changes.base_revision = a.revision();
  const std::vector<GridRecord> go = records_without_twin(a, b), come = records_without_twin(b, a);
  changes.changes = Grouping(go, come).changes();
  return changes;
}

}  // namespace wangge
