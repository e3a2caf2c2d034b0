#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "planning/bundles.hpp"

namespace wangge::planning {

/// What a part may hold while a plan is mended.
struct Bounds {
  std::uint32_t min = 0, max = 0;
};

/// Brings parts of an old plan into their bounds with as few households moved as it can find: a best-first search over
/// transfers of bundles between neighbours, merges and splits, of which one may lead to the next until every part
/// touched is within its bounds. What it moves is counted against the old plan, so that a unit that comes home counts
/// back. Between repairs that move about as many the price decides.
class Mender {
 public:
  /// `home_of` names for each atom the part it had in the old plan, or none. `bounds` has one row a part.
  Mender(Parts& parts, std::span<const std::uint32_t> home_of, std::span<const Bounds> bounds)
      : parts_(parts), home_of_(home_of), bounds_(bounds), bundler_(parts) {}

  /// Parts that hold a tower are exempt.
  bool fits(std::uint32_t part) const;

  /// Mends the parts of `cluster`, all out of bounds, in at most so many steps of the search, moving at most `limit`
  /// households. True if it did; else nothing has changed.
  bool mend(std::span<const std::uint32_t> cluster, std::uint32_t steps, std::uint64_t limit);

  /// Households that the last repair moved, less those it brought home.
  std::int64_t moved() const noexcept { return moved_; }

 private:
  /// Households that a price of one local scale is worth.
  static constexpr double worth = 1;

  struct Step {
    std::uint32_t before = 0, from = 0, to = 0;
    std::vector<std::uint32_t> bundle;
    struct Hot {
      std::uint32_t part = 0, households = 0;
    };
    std::vector<Hot> hot;    ///< parts out of bounds after it
    std::int64_t moved = 0;  ///< households away from home, less those when the search began
    double price = 0;        ///< since the search began, sizes of the hot parts apart
    double hope = 0;         ///< what it costs when all is mended, at least about so much
    std::uint64_t key = 0;   ///< of the division
    bool tried = false;      ///< price and connection are known, not estimated
  };

  void enter(std::uint32_t step);
  void leave(std::uint32_t step);
  bool verify(std::uint32_t step);
  void expand(std::uint32_t step);
  void relieve(std::uint32_t step, std::uint32_t hot);
  void feed(std::uint32_t step, std::uint32_t hot);
  void hand_over(std::uint32_t step, std::uint32_t from, std::uint32_t to, std::uint32_t least, std::uint32_t fitting,
                 std::uint32_t spare);
  struct Outlet;
  struct Gift {
    std::uint32_t to = 0, households = 0, most = 0;
  };
  std::uint32_t room_beyond(std::uint32_t part, const std::vector<std::uint32_t>& closed) const;
  std::vector<Outlet> outlets_of(std::uint32_t hot, std::uint32_t excess, const std::vector<std::uint32_t>& closed);
  static std::vector<Gift> best_gifts(const std::vector<Outlet>& outlets, std::uint32_t excess);
  std::optional<std::uint32_t> give(std::uint32_t at, std::uint32_t from, const Gift& gift);
  void spread(std::uint32_t step, std::uint32_t hot);
  std::optional<std::uint32_t> draft(std::uint32_t step, std::uint32_t from, std::uint32_t to, std::uint32_t households,
                                     double strain, std::vector<std::uint32_t> bundle);
  bool offer(std::uint32_t step, std::uint32_t from, std::uint32_t to, std::uint32_t households, double strain,
             std::vector<std::uint32_t> bundle);
  void describe(Step& step, std::uint32_t gives, std::uint32_t takes) const;
  void push(std::uint32_t step);
  double rest_of(const std::vector<Step::Hot>& hot) const;
  double hope_of(const Step& step) const;
  double size_price(std::uint32_t part, std::uint32_t households) const;
  double breach_price(std::uint32_t part, std::uint32_t households) const;
  std::uint32_t fresh_part() const;

  Parts& parts_;
  std::span<const std::uint32_t> home_of_;
  std::span<const Bounds> bounds_;
  Bundler bundler_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> open_;  ///< a heap of steps to look at
  std::unordered_set<std::uint64_t> seen_;
  double price_ = 0, scale_m_ = 1;
  std::int64_t limit_ = 0, moved_ = 0;
};

}  // namespace wangge::planning
