#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "planning/objective.hpp"
#include "planning/piece.hpp"

namespace wangge::planning {

/// A link offered to the spanning tree; a smaller key is taken first, then the smaller (a, b).
struct Bond {
  std::uint64_t key = 0;
  std::uint32_t a = 0, b = 0;
  float cut_m = 0;  ///< price of cutting it
};

/// Divides a connected graph by cutting links of one spanning tree: the best division of that tree under the terms,
/// by dynamic programming over the households 0…max of the open part (after Ito, Nishizeki, Schröder, Uno and Zhou,
/// Algorithmica 62, 2012). No part exceeds the maximum; one may fall short at a price. Keeps its memory between calls.
class TreeDivider {
 public:
  explicit TreeDivider(const Terms& terms);

  /// Part of each atom, numbered 0, 1, … in no particular order; no atom may exceed the maximum. Sorts `bonds`.
  const std::vector<std::uint32_t>& divide(std::span<const Atom> atoms, std::span<Bond> bonds);

  std::uint32_t parts() const noexcept { return parts_; }

 private:
  /// The best open part of one weight, with what is closed below it. Centre and moment rather than plain sums: single
  /// precision bears them anywhere.
  struct Open {
    std::uint32_t households;
    float closed;  ///< price of the parts below, less a floor common to the table
    float mass, x_m, y_m, inertia, pull;
  };
  using Table = std::vector<Open>;  ///< ascending by households

  void grow_tree(std::span<const Atom> atoms, std::span<Bond> bonds);
  void order_tree(std::uint32_t atoms);
  std::uint64_t place_codes(std::span<const Atom> atoms);
  template <class Code>
  void solve(std::span<const Atom> atoms, std::vector<Code>& codes);
  template <class Code>
  void merge(const Table& child, std::uint32_t least, float close_price, float keep_price, Code* codes);
  float weigh(const Table& child, std::uint32_t least, float close_price, float keep_price);
  void close(std::uint32_t atom);
  template <class Code>
  void label(std::span<const Atom> atoms, const std::vector<Code>& codes);

  const Terms& terms_;

  // The tree: each atom's link to its parent, and a pre-order in which the heaviest child comes last.
  struct Half {
    std::uint32_t to, next;
    float cut_m;
  };
  std::vector<Half> halves_;
  std::vector<std::uint32_t> head_, parent_, order_, size_, children_, stack_;
  std::vector<float> cut_m_;

  // The dynamic program.
  std::vector<Table> tables_;
  std::size_t live_ = 0;
  Table open_, next_;
  struct Choice {
    float price;
    std::uint16_t mine, theirs;  ///< entries joined; `theirs` may be `closed_child`
  };
  static constexpr std::uint16_t closed_child = 0xffff;
  std::vector<Choice> choices_;
  std::vector<float> size_price_;
  std::vector<std::uint64_t> code_at_;
  std::vector<std::uint32_t> best_weight_;
  std::vector<float> best_price_;
  std::vector<std::uint8_t> narrow_;
  std::vector<std::uint16_t> wide_;
  std::vector<std::uint32_t> left_, part_;
  std::uint32_t parts_ = 0;
};

}  // namespace wangge::planning
