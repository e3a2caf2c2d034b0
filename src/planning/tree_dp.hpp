#pragma once

#include <array>
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
  /// Which atoms a part holds, where there are few enough.
  using Members = std::array<std::uint64_t, 4>;
  static constexpr std::size_t most_members = 256;

  /// The best open part of each weight, with what is closed below it; ascending by households. Centre and moment rather
  /// than plain sums: single precision bears them anywhere. In columns, so that a row of prices is worked out at once.
  struct Table {
    std::vector<std::uint32_t> households;
    std::vector<float> closed;  ///< price of the parts below, less a floor common to the table
    std::vector<float> mass, x_m, y_m, inertia, pull;
    std::vector<Land<float>> land;
    std::vector<Members> members;
    std::size_t count = 0;  ///< entries; the columns may be longer

    std::size_t size() const noexcept { return count; }
    void make_room(std::size_t entries, bool with_members);
    void start(const Atom& atom, std::uint32_t number, bool with_members);
  };

  struct Choice {
    float price;
    std::uint16_t mine, theirs;  ///< entries joined; `theirs` may be `closed_child`
  };
  static constexpr std::uint16_t closed_child = 0xffff;

  /// A link that is not in the tree; it is cut unless one part takes both ends.
  struct Tie {
    std::uint32_t child, a, b;  ///< met when `child` is merged: `b` is below it, `a` is not
    float cut_m;
  };
  /// One side of a merge: the kind of each entry, and which ties' ends each kind holds.
  struct Side {
    std::vector<std::uint16_t> kind;
    std::vector<std::uint64_t> kinds;
  };

  void grow_tree(std::span<const Atom> atoms, std::span<Bond> bonds);
  void order_tree(std::uint32_t atoms);
  std::uint64_t place_codes(std::span<const Atom> atoms);
  template <class Code>
  void solve(std::span<const Atom> atoms, std::vector<Code>& codes);
  template <class Code>
  void merge(std::uint32_t child_atom, const Table& child, std::uint32_t least, float close_price, float keep_price,
             Code* codes);
  float weigh(const Table& child, std::uint32_t least, float close_price, float keep_price);
  std::size_t price_row(const Table& one, std::size_t at, const Table& many);
  void offer(std::size_t weight, const Choice& choice);
  template <class Visit>
  void for_touched(Visit visit) const;
  void take(const Choice& choice, const Table& child, float close_price, float keep_price);
  void hang_ties(std::uint32_t atoms);
  void hang(Tie& tie) const;
  float weigh_ties(std::uint32_t child_atom, const Table& child);
  static void sort_side(const Table& table, std::span<const Tie> ties, std::uint32_t Tie::*end, Side& side);
  float saved(std::size_t mine, std::size_t theirs) const {
    return saved_.empty() ? 0 : saved_[mine_.kind[mine] * theirs_.kinds.size() + theirs_.kind[theirs]];
  }
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
  std::vector<Choice> choices_;         ///< by weight above the least; unreachable between merges
  std::vector<std::uint64_t> touched_;  ///< bits of those that are not
  std::vector<float> row_;
  std::vector<Tie> ties_, sorted_ties_;   ///< by child
  std::vector<std::uint32_t> first_tie_;  ///< of each child; one more at the end
  std::vector<std::uint32_t> depth_, position_;
  Side mine_, theirs_;
  std::vector<float> saved_;  ///< by my kind, then theirs; empty where a merge has no ties
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
