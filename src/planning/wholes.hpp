#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "planning/neighbours.hpp"
#include "planning/partition.hpp"
#include "planning/sets.hpp"
#include "planning/tessellation.hpp"
#include "planning/wishes.hpp"

namespace wangge::planning {

/// Compounds, and buildings of several stairwells, kept whole where their size allows. What holds no more than the
/// maximum is tied together; a compound of the minimum or more, or a building above the maximum, is cut off from the
/// rest, so that its micro-grids are its own. Where that leaves somebody out of range, the groups about are loosened.
class Wholes {
 public:
  /// A compound or building in one piece; one that others divide has several.
  struct Group {
    std::string name;
    std::vector<std::uint32_t> nodes;  ///< ascending
    std::uint64_t households = 0;      ///< of those below the maximum
    bool tied = false;                 ///< never cut
    bool closed = false;               ///< never mixed with others
    bool loosened = false;             ///< was tied or closed, and could not stay so
  };

  /// Buildings always, compounds where `compounds` says so.
  Wholes(const Tessellation& tessellation, Units units, const Wishes& wishes, const Range& range, bool compounds);

  const std::vector<Group>& groups() const noexcept { return groups_; }

  /// The graph without the links that lead out of closed groups.
  Graph graph() const;
  /// The wishes' pairs and those that tie groups.
  Wishes::Pairs together() const;
  /// Loosens the groups in and next to the parts that should be in range and are not; false where there are none.
  bool loosen(const Partition& partition);
  /// True where a proof about these nodes of `graph()` need not hold for the whole graph.
  bool lean_on_groups(std::span<const std::uint32_t> nodes) const;

 private:
  using Members = std::map<std::string, std::vector<std::uint32_t>>;  // nodes by name
  void find_groups(const Members& members, const char* kind, bool alone_above_max_only);
  void tie(Group& group, std::vector<std::uint64_t>& households, Sets& sets);
  void close_within_reason();
  void set_sides();
  void take_in_empty_ground(const std::vector<std::uint32_t>& component, std::span<const std::uint64_t> households);
  bool open_beside(const std::vector<std::uint32_t>& component, const std::vector<bool>& bad);
  void loosen(std::uint32_t group);
  bool cut(const Graph::Link& link) const noexcept { return side_[link.a] != side_[link.b]; }
  bool feasible(std::uint64_t households) const noexcept;
  bool tower(std::uint32_t node) const noexcept { return t_.graph.nodes[node].households > range_.max; }

  const Tessellation& t_;
  const Wishes& wishes_;
  Range range_;
  Neighbours neighbours_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> side_;  ///< for each node the closed group that it is cut off with, or none
};

}  // namespace wangge::planning
