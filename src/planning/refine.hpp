#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

#include "planning/exact.hpp"
#include "planning/parts.hpp"
#include "planning/random.hpp"
#include "planning/tree_dp.hpp"

namespace wangge::planning {

/// Moves border atoms one by one to the neighbouring part where the price falls most, until none helps.
void flip(Parts& parts);

/// Brings parts into range along chains of parts: one part takes what it lacks from a neighbour (or hands over what
/// it has too much), which makes up for it at the next, until a part has slack, two merge or two wants meet. After
/// Berge's augmenting paths; needed where units are lumpy and no single move helps.
class Chains {
 public:
  explicit Chains(Parts& parts) : parts_(parts), reach_(parts.piece().size(), 0), count_(parts.piece().size(), 0) {}

  /// True if fewer parts breach the range than before; else nothing has changed.
  bool mend(std::uint32_t part);

 private:
  using Bundle = std::vector<std::uint32_t>;
  struct Step {
    std::uint32_t before = 0;  ///< index of the step it follows
    std::uint32_t from = 0, to = 0;
    Bundle bundle;
    std::uint32_t hot = 0, held = 0;  ///< the part that breaches the range after it, and its households then
    double price = 0;
  };
  void enter(std::uint32_t step);
  void leave(std::uint32_t step);
  void expand(std::uint32_t step, std::vector<Step>& found);
  void gather(std::uint32_t from, std::uint32_t to, std::uint32_t start, std::uint32_t least, std::uint32_t most,
              std::vector<Step>& found);
  bool round_off(std::uint32_t from, Bundle& bundle, std::uint32_t most);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> starts(std::uint32_t hot) const;
  void apply(const Step& step) {
    for (const std::uint32_t a : step.bundle) parts_.move(a, step.to);
  }
  void undo(const Step& step) {
    for (const std::uint32_t a : step.bundle) parts_.move(a, step.from);
  }

  Parts& parts_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> reach_, count_;
  std::uint32_t reached_ = 0, counted_ = 0;
};

/// Divides small groups of neighbouring parts anew: a dozen atoms at best, more along a random tree that leans to
/// barriers.
class Resplitter {
 public:
  explicit Resplitter(Parts& parts)
      : parts_(parts), divider_(parts.terms()), exact_(parts.terms()), place_(parts.piece().size(), Graph::none) {}

  /// Tries one group around `part`, of at most `size` parts; true if the price fell.
  bool attempt(std::uint32_t part, std::uint32_t size, Random& random);
  /// Divides a group along a random tree, be it for better or worse.
  void shake(std::uint32_t part, std::uint32_t size, Random& random);
  /// The parts of the last group.
  const std::vector<std::uint32_t>& group() const noexcept { return group_; }

 private:
  void gather(std::uint32_t part, std::uint32_t size, Random& random);
  bool handy() const;
  bool settled();
  void draw_bonds(Random& random);
  double price_of(const std::vector<std::uint32_t>& label, std::uint32_t labels);
  bool adopt(const std::vector<std::uint32_t>& label, std::uint32_t labels);

  Parts& parts_;
  TreeDivider divider_;
  ExactDivider exact_;
  std::vector<std::uint32_t> place_, group_, atoms_;
  Piece piece_;
  std::vector<Bond> bonds_;
  std::vector<Part> drafts_;
  std::unordered_set<std::uint64_t> settled_;  ///< sets of atoms that have been divided exactly, as sums of hashes
};

/// Repairs every part out of range that chains and local re-splitting can repair.
void repair(Parts& parts, Random& random);

/// Rounds of local re-splitting. Parts round which nothing has changed lately get fewer and fewer tries.
class Polisher {
 public:
  explicit Polisher(Parts& parts) : parts_(parts), resplitter_(parts) {}

  /// One round round the parts, in groups of 2…`most` parts, then flips; true if it gained anything.
  bool sweep(std::uint32_t most, Random& random);

  /// So many rounds for a handful of parts: where one gains nothing, some are shaken up, and if that leads nowhere the
  /// best division is taken again. `go_on` is asked before each round.
  void search(std::uint32_t sweeps, Random& random, const std::function<bool()>& go_on);

 private:
  Parts& parts_;
  Resplitter resplitter_;
  std::vector<std::uint32_t> in_vain_;  ///< tries round each part since one last succeeded
};

}  // namespace wangge::planning
