#pragma once

#include <string>
#include <vector>

#include "locate/method.hpp"
#include "locate/oracle.hpp"

namespace wangge::bench {

struct Row {
  std::string method;
  std::size_t grids = 0;
  std::string points;
  double ns_min = 0, ns_median = 0;  ///< processor time a point
  double build_s = 0, bytes_per_grid = 0;
  std::size_t wrong = 0;  ///< of `checked_points`
};

inline constexpr std::size_t checked_points = 1'000'000, round_points = 100'000;

struct MeasureOptions {
  std::string points = "random";
  int rounds = 20;
  std::uint64_t seed = 1;
};

/// Compares every answer with the oracle's; only then times the methods, each in its turn in every round.
std::vector<Row> measure(std::vector<Contender>& contenders, const Oracle& oracle, std::size_t grids,
                         const MeasureOptions& options);

}  // namespace wangge::bench
