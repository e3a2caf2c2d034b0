#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wangge/change_set.hpp>

namespace wangge::map {

/// Who has households from whom: what `ChangeSet::lineage` says of the areas it names.
class Flows {
 public:
  Flows() = default;
  explicit Flows(const std::vector<ChangeSet::Lineage>& lineage);

  void name(std::string_view code) { areas_[std::string(code)]; }
  bool names(std::string_view code) const { return areas_.contains(std::string(code)); }
  void set_before(std::string_view code, std::uint64_t households) { areas_[std::string(code)].before = households; }
  void set_after(std::string_view code, std::uint64_t households) { areas_[std::string(code)].after = households; }
  void add(std::string_view from, std::string_view to, std::uint64_t households) {
    flows_[{std::string(from), std::string(to)}] += households;
  }

  /// Where the households of an area came from that nothing is known of: from itself, or its only origin, or nowhere.
  std::string usual_origin(std::string_view code) const;
  /// Some of what came to an area from `origin` goes on to another, or, where that is empty, away.
  void pass_on(std::string_view origin, std::string_view from, std::string_view to, std::uint64_t households);

  /// By code; each area coded by how many areas the households that hang together with its own came from and went to.
  std::vector<ChangeSet::Lineage> lineage() const;
  Flows inverse() const;

 private:
  struct Area {
    std::uint64_t before = 0, after = 0;
  };
  std::map<std::string, Area> areas_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> flows_;  ///< households from, to
};

}  // namespace wangge::map
