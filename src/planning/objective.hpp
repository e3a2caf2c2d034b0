#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "planning/partition.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

inline float power32(float x) noexcept {
  for (int i = 0; i < 5; ++i) x *= x;
  return x;
}

/// What a good part is: the range and the weights, in the search's precision.
struct Terms {
  explicit Terms(const PartitionOptions& options);

  std::uint32_t min, max, target;
  float below, above;  ///< households from the target to either bound, at least 1
  float spread, deviation, larger, elongation, barrier, crossing, compound, block;  ///< see Weights
  float breach = 100;               ///< a part out of range, and as much again by how far
  std::array<float, 5> by_passage;  ///< price of a metre of cut, by `Passage`
  std::vector<Goal> goals;          ///< without their values, which the atoms have

  static constexpr double slender = 2.3, long_drawn = 3.3;  ///< axis ratios

  bool in_range(std::uint32_t households) const noexcept { return households >= min && households <= max; }

  /// Price of a size, as a multiple of the local scale: deviation and breach.
  float size_price(std::uint32_t households) const noexcept;
  /// Price of a part's length, as a multiple of the local scale: nothing up to `slender` times its width, the full
  /// weight from `long_drawn` times on; the less, the more of the land nobody lives on.
  template <class Real>
  Real length_price(const Land<Real>& land, Real scale_m) const noexcept {
    constexpr Real when_slender = Real((slender + 1 / slender) * (slender + 1 / slender));  // trace² over determinant
    const Real trace = land.xx + land.yy, determinant = land.xx * land.yy - land.xy * land.xy;
    if (!(trace > 0) || !(trace * trace > when_slender * determinant)) return 0;  // what rounding leaves of a scrap
    const Real over = std::clamp(axis_ratio(land), Real(slender), Real(long_drawn)) - Real(slender);
    return Real(elongation) * over * over * std::min(Real(1), scale_m * scale_m / land.area_m2);
  }
  /// The deviation alone, which stays what it is at a bound beyond it.
  float deviation_price(std::uint32_t households) const noexcept {
    const float size = float(std::clamp(households, min, max)), off = size - float(target);
    const float share = off / (off < 0 ? below : above), knee = power32(0.8f), near = power32(share);
    return deviation * near / (near + knee) * (1 + knee) + larger * (size - float(min)) / float(target);
  }
};

/// How many atoms carry each label: a handful a part, so a list.
class Tally {
 public:
  std::uint32_t kinds() const noexcept { return std::uint32_t(counts_.size()); }
  std::uint32_t count(std::uint32_t label) const noexcept {
    for (const auto& [known, n] : counts_) {
      if (known == label) return n;
    }
    return 0;
  }
  void add(std::uint32_t label);
  void remove(std::uint32_t label);
  void clear() noexcept { counts_.clear(); }

 private:
  std::vector<std::pair<std::uint32_t, std::uint32_t>> counts_;
};

/// Sums over the atoms of a part, from which its shape's price follows in O(1).
struct Sums {
  std::uint32_t households = 0, atoms = 0, towers = 0;
  double mass = 0, x = 0, y = 0, square = 0, pull = 0;
  double area_m2 = 0, land_x = 0, land_y = 0, xx = 0, xy = 0, yy = 0;  ///< of the land, about the origin

  void add(const Atom& atom) noexcept { change(atom, 1); }
  void remove(const Atom& atom) noexcept { change(atom, -1); }

  /// Mass-weighted mean of the local scale, in metres.
  double scale_m() const noexcept { return pull / mass; }
  /// Squared radius of gyration over the local scale, in metres.
  double inertia_m() const noexcept { return (square - (x * x + y * y) / mass) / pull; }
  Land<double> land() const noexcept {
    if (!(area_m2 > 0)) return {};
    const double x_m = land_x / area_m2, y_m = land_y / area_m2;
    return {area_m2, x_m, y_m, xx - land_x * x_m, xy - land_x * y_m, yy - land_y * y_m};
  }

 private:
  void change(const Atom& atom, int sign) noexcept;
};

/// One part: its sums and what it mixes. Atoms without a household mix nothing.
struct Part {
  Sums sums;
  Tally blocks, compounds, zones;
  std::vector<double> goals;    ///< sums of the further counts, if there are any
  std::uint32_t conflicts = 0;  ///< pairs of foes inside, counted by who owns the part

  void add(const Piece& piece, std::uint32_t atom) { change(piece, atom, 1); }
  void remove(const Piece& piece, std::uint32_t atom) { change(piece, atom, -1); }
  /// Empties the part but keeps its memory.
  void clear() noexcept;

 private:
  void change(const Piece& piece, std::uint32_t atom, int sign);
};

/// Price of a part but for its cut links.
double price(const Sums& sums, const Terms& terms);
double mixing_price(const Sums& sums, std::uint32_t blocks, std::uint32_t zones, std::uint32_t compounds,
                    const Terms& terms);
double price(const Part& part, const Terms& terms);

/// What the sums of the further counts cost, as a multiple of the local scale: deviations, and bounds broken.
double goals_price(std::span<const double> sums, const Terms& terms);
bool goals_met(std::span<const double> sums, const Terms& terms);

/// True for a part that should be legal and is not. A part that holds a tower is exempt.
bool breaches(const Part& part, const Terms& terms);

/// Adds the part's terms (its cut links and any breach of the range left out) to `objective`.
void account(const Part& part, const Terms& terms, Objective& objective);

}  // namespace wangge::planning
