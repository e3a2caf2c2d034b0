#include "planning/tree_dp.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr float unreachable = std::numeric_limits<float>::infinity();
constexpr float worth_keeping = 3;  ///< local scales by which an open part may be dearer than the cheapest
constexpr std::uint32_t none = Graph::none;

/// What joining two atoms in one part costs beyond its shape.
float keep_price(const Atom& a, const Atom& b, const Terms& terms) {
  if (a.households == 0 || b.households == 0) return 0;
  const float scale = 0.5f * (a.pull / a.mass + b.pull / b.mass);
  return scale * ((a.block != b.block ? terms.barrier : 0) + (a.zone != b.zone ? terms.crossing : 0) +
                  (a.compound != b.compound ? terms.compound : 0));
}

}  // namespace

TreeDivider::TreeDivider(const Terms& terms) : terms_(terms) {
  for (std::uint32_t households = 0; households <= terms.max; ++households) {
    size_price_.push_back(terms.size_price(households));
  }
  choices_.assign(terms.max + std::size_t{1}, {unreachable, 0, closed_child});
  touched_.assign(terms.max / 64 + std::size_t{1}, 0);
}

const std::vector<std::uint32_t>& TreeDivider::divide(std::span<const Atom> atoms, std::span<Bond> bonds) {
  grow_tree(atoms, bonds);
  order_tree(std::uint32_t(atoms.size()));
  hang_ties(std::uint32_t(atoms.size()));
  if (terms_.max < 255) {
    solve(atoms, narrow_);
    label(atoms, narrow_);
  } else {
    solve(atoms, wide_);
    label(atoms, wide_);
  }
  return part_;
}

/// Kruskal's tree, as half-edges.
void TreeDivider::grow_tree(std::span<const Atom> atoms, std::span<Bond> bonds) {
  std::sort(bonds.begin(), bonds.end(), [](const Bond& p, const Bond& q) {
    return p.key != q.key ? p.key < q.key : p.a != q.a ? p.a < q.a : p.b < q.b;
  });
  head_.assign(atoms.size(), none);
  halves_.clear();
  ties_.clear();
  const bool tied = atoms.size() <= most_members;
  Sets sets(atoms.size());
  for (const Bond& bond : bonds) {
    if (sets.of(bond.a) == sets.of(bond.b)) {
      if (tied) ties_.push_back({0, bond.a, bond.b, bond.cut_m});
      continue;
    }
    sets.join(bond.a, bond.b);
    halves_.push_back({bond.b, head_[bond.a], bond.cut_m});
    head_[bond.a] = std::uint32_t(halves_.size() - 1);
    halves_.push_back({bond.a, head_[bond.b], bond.cut_m});
    head_[bond.b] = std::uint32_t(halves_.size() - 1);
    if (!tied && halves_.size() == 2 * (atoms.size() - 1)) break;
  }
}

/// Backwards, the order is a post-order with the largest child first, so that few tables live at once.
void TreeDivider::order_tree(std::uint32_t atoms) {
  parent_.assign(atoms, none);
  cut_m_.resize(atoms);
  order_.clear();
  stack_.assign(1, 0);
  while (!stack_.empty()) {
    const std::uint32_t atom = stack_.back();
    stack_.pop_back();
    order_.push_back(atom);
    for (std::uint32_t h = head_[atom]; h != none; h = halves_[h].next) {
      const std::uint32_t child = halves_[h].to;
      if (child == parent_[atom]) continue;
      parent_[child] = atom;
      cut_m_[child] = halves_[h].cut_m;
      stack_.push_back(child);
    }
  }
  size_.assign(atoms, 1);
  children_.assign(atoms, 0);
  for (std::size_t i = atoms; --i > 0;) {
    size_[parent_[order_[i]]] += size_[order_[i]];
    ++children_[parent_[order_[i]]];
  }
  order_.clear();
  stack_.assign(1, 0);
  while (!stack_.empty()) {
    const std::uint32_t atom = stack_.back();
    stack_.pop_back();
    order_.push_back(atom);
    const std::size_t begin = stack_.size();
    for (std::uint32_t h = head_[atom]; h != none; h = halves_[h].next) {
      if (halves_[h].to == parent_[atom]) continue;
      stack_.push_back(halves_[h].to);
      if (size_[stack_[begin]] < size_[stack_.back()]) std::swap(stack_[begin], stack_.back());
    }
  }
}

/// Finds for each tie the merge at which both its ends are known: that of the later of the two subtrees below the atom
/// where they meet. What comes later in the order is merged earlier.
void TreeDivider::hang_ties(std::uint32_t atoms) {
  if (ties_.empty()) return;
  depth_.assign(atoms, 0);
  position_.resize(atoms);
  for (std::uint32_t i = 0; i < atoms; ++i) {
    const std::uint32_t v = order_[i];
    position_[v] = i;
    if (parent_[v] != none) depth_[v] = depth_[parent_[v]] + 1;
  }
  first_tie_.assign(atoms + std::size_t{1}, 0);
  for (Tie& tie : ties_) {
    hang(tie);
    ++first_tie_[tie.child];
  }
  std::partial_sum(first_tie_.begin(), first_tie_.end(), first_tie_.begin());
  sorted_ties_.resize(ties_.size());
  for (const Tie& tie : ties_) sorted_ties_[--first_tie_[tie.child]] = tie;
  std::swap(ties_, sorted_ties_);
}

void TreeDivider::hang(Tie& tie) const {
  std::uint32_t p = tie.a, q = tie.b, below_p = none, below_q = none;
  while (p != q) {
    if (depth_[p] >= depth_[q]) {
      below_p = p, p = parent_[p];
    } else {
      below_q = q, q = parent_[q];
    }
  }
  const bool at_p = below_q == none || (below_p != none && position_[below_p] < position_[below_q]);
  tie.child = at_p ? below_p : below_q;
  if (at_p) std::swap(tie.a, tie.b);
}

/// Where the choices of each merge are written down; returns how many there are.
std::uint64_t TreeDivider::place_codes(std::span<const Atom> atoms) {
  code_at_.resize(atoms.size());
  left_.resize(atoms.size());  // the most an open part at an atom can hold so far
  for (std::uint32_t v = 0; v < atoms.size(); ++v) left_[v] = atoms[v].households;
  std::uint64_t end = 0;
  for (std::size_t i = atoms.size(); --i > 0;) {
    const std::uint32_t v = order_[i], parent = parent_[v];
    left_[parent] = std::min(terms_.max, left_[parent] + left_[v]);
    code_at_[v] = end;
    end += left_[parent] - atoms[parent].households + 1;
  }
  return end;
}

template <class Code>
void TreeDivider::solve(std::span<const Atom> atoms, std::vector<Code>& codes) {
  codes.resize(place_codes(atoms));
  best_weight_.resize(atoms.size());
  best_price_.resize(atoms.size());
  live_ = 0;
  for (std::size_t i = atoms.size(); i-- > 0;) {
    const std::uint32_t v = order_[i];
    const Atom& atom = atoms[v];
    open_.start(atom, v, !ties_.empty());
    const std::size_t base = live_ - children_[v];  // their tables end the pile, the largest child's deepest
    for (std::size_t t = base; t < live_; ++t) {
      const std::uint32_t child = stack_[t];
      merge(child, tables_[t], atom.households, best_price_[child] + cut_m_[child],
            keep_price(atom, atoms[child], terms_), codes.data() + code_at_[child]);
    }
    close(v);
    live_ = base;
    if (tables_.size() == live_) tables_.emplace_back();
    if (stack_.size() == live_) stack_.push_back(0);
    std::swap(tables_[live_], open_);
    stack_[live_++] = v;
  }
}

void TreeDivider::Table::make_room(std::size_t entries, bool with_members) {
  if (households.size() < entries) {
    households.resize(entries), closed.resize(entries);
    mass.resize(entries), x_m.resize(entries), y_m.resize(entries), inertia.resize(entries), pull.resize(entries);
    land.resize(entries);
  }
  if (with_members && members.size() < entries) members.resize(entries);
}

void TreeDivider::Table::start(const Atom& atom, std::uint32_t number, bool with_members) {
  make_room(1, with_members);
  count = 1;
  households[0] = atom.households, closed[0] = 0;
  mass[0] = atom.mass, x_m[0] = atom.x_m, y_m[0] = atom.y_m, inertia[0] = atom.moment, pull[0] = atom.pull;
  land[0] = atom.land;
  if (!with_members) return;
  members[0] = {};
  members[0][number / 64] = std::uint64_t{1} << number % 64;
}

/// Sorts the parts of a table by which ends of some ties they hold.
void TreeDivider::sort_side(const Table& table, std::span<const Tie> ties, std::uint32_t Tie::*end, Side& side) {
  side.kind.resize(table.size());
  side.kinds.clear();
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::uint64_t held = 0;
    for (std::size_t t = 0; t < ties.size(); ++t) {
      const std::uint32_t atom = ties[t].*end;
      held |= (table.members[i][atom / 64] >> atom % 64 & 1) << t;
    }
    const auto known = std::find(side.kinds.begin(), side.kinds.end(), held);
    side.kind[i] = std::uint16_t(known - side.kinds.begin());
    if (known == side.kinds.end()) side.kinds.push_back(held);
  }
}

/// What the ties of a merge cost if all are cut; `saved_` says how much of it any two kinds of parts save when joined.
/// Ties beyond the first 64 count as cut.
float TreeDivider::weigh_ties(std::uint32_t child_atom, const Table& child) {
  if (ties_.empty()) return 0;
  const std::span<const Tie> all(ties_.data() + first_tie_[child_atom], ties_.data() + first_tie_[child_atom + 1]);
  const auto ties = all.first(std::min<std::size_t>(all.size(), 64));
  if (ties.empty()) return 0;
  sort_side(open_, ties, &Tie::a, mine_);
  sort_side(child, ties, &Tie::b, theirs_);
  for (const std::uint64_t mine : mine_.kinds) {
    for (const std::uint64_t theirs : theirs_.kinds) {
      float saved = 0;
      for (std::uint64_t both = mine & theirs; both != 0; both &= both - 1) {
        saved += ties[std::size_t(std::countr_zero(both))].cut_m;
      }
      saved_.push_back(saved);
    }
  }
  float sum = 0;
  for (const Tie& tie : all) sum += tie.cut_m;
  return sum;
}

template <class Visit>
void TreeDivider::for_touched(Visit visit) const {
  for (std::size_t word = 0; word < touched_.size(); ++word) {
    for (std::uint64_t bits = touched_[word]; bits != 0; bits &= bits - 1) {
      visit(64 * word + std::size_t(std::countr_zero(bits)));
    }
  }
}

void TreeDivider::offer(std::size_t weight, const Choice& choice) {
  if (choice.price >= choices_[weight].price) return;
  choices_[weight] = choice;
  touched_[weight / 64] |= std::uint64_t{1} << weight % 64;
}

/// Prices in `row_` of one open part joined with each of many that leave room for it; returns how many those are.
std::size_t TreeDivider::price_row(const Table& one, std::size_t at, const Table& many) {
  const float mass = one.mass[at], x_m = one.x_m[at], y_m = one.y_m[at], inertia = one.inertia[at];
  const float pull = one.pull[at], closed = one.closed[at], per_spread = 1 / terms_.spread;
  const auto begin = many.households.begin(), end = begin + std::ptrdiff_t(many.size());
  const auto count = std::size_t(std::upper_bound(begin, end, terms_.max - one.households[at]) - begin);
  for (std::size_t i = 0; i < count; ++i) {
    const float both = mass + many.mass[i], dx = x_m - many.x_m[i], dy = y_m - many.y_m[i];
    const float moment = (inertia + many.inertia[i]) * both + mass * many.mass[i] * (dx * dx + dy * dy);
    row_[i] = closed + many.closed[i] + moment / (both * (pull + many.pull[i])) * per_spread;
  }
  return count;
}

/// For each weight, from `least` up, the cheaper choice: the child's part closed, or joined with the open one. Returns
/// the lowest price.
float TreeDivider::weigh(const Table& child, std::uint32_t least, float close_price, float keep_price) {
  for (std::size_t a = 0; a < open_.size(); ++a) {
    const float price = open_.closed[a] + close_price + open_.inertia[a] / open_.pull[a] / terms_.spread;
    offer(open_.households[a] - least, {price, std::uint16_t(a), closed_child});
  }
  row_.resize(std::max(open_.size(), child.size()));
  const bool wide_child = child.size() >= open_.size();
  const Table &one = wide_child ? open_ : child, &many = wide_child ? child : open_;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const std::size_t count = price_row(one, i, many);
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t a = wide_child ? i : j, b = wide_child ? j : i;
      const float price = row_[j] + keep_price - saved(a, b);
      offer(one.households[i] + many.households[j] - least, {price, std::uint16_t(a), std::uint16_t(b)});
    }
  }
  float floor = unreachable;
  for_touched([&](std::size_t k) { floor = std::min(floor, choices_[k].price); });
  return floor;
}

/// Writes the choice down as the last entry of the next table.
void TreeDivider::take(const Choice& choice, const Table& child, float close_price, float keep_price) {
  const std::size_t a = choice.mine, b = choice.theirs, n = next_.count++;
  const bool closed = choice.theirs == closed_child;
  next_.closed[n] = open_.closed[a] + (closed ? close_price : child.closed[b] + keep_price - saved(a, b));
  next_.mass[n] = open_.mass[a], next_.x_m[n] = open_.x_m[a], next_.y_m[n] = open_.y_m[a];
  next_.inertia[n] = open_.inertia[a], next_.pull[n] = open_.pull[a];
  next_.land[n] = open_.land[a];
  if (!ties_.empty()) next_.members[n] = open_.members[a];
  if (closed) return;
  const float share = child.mass[b] / (open_.mass[a] + child.mass[b]);
  const float dx = child.x_m[b] - open_.x_m[a], dy = child.y_m[b] - open_.y_m[a];
  next_.mass[n] += child.mass[b], next_.x_m[n] += dx * share, next_.y_m[n] += dy * share;
  next_.inertia[n] += child.inertia[b] + open_.mass[a] * share * (dx * dx + dy * dy);
  next_.pull[n] += child.pull[b];
  next_.land[n].add(child.land[b]);
  for (std::size_t w = 0; w < next_.members[n].size() && !ties_.empty(); ++w)
    next_.members[n][w] |= child.members[b][w];
}

/// Makes the open table of an atom, which holds at least `least`, that of the atom and its child. Only differences of
/// price matter; less the floor, single precision is exact enough. What is much dearer than the cheapest could hardly
/// win and is left out.
template <class Code>
void TreeDivider::merge(std::uint32_t child_atom, const Table& child, std::uint32_t least, float close_price,
                        float keep_price, Code* codes) {
  saved_.clear();
  const float ties = weigh_ties(child_atom, child);
  close_price += ties, keep_price += ties;
  const float floor = weigh(child, least, close_price, keep_price);
  const float hopeless = floor + worth_keeping * (open_.pull[0] / open_.mass[0]);
  next_.make_room(choices_.size(), !ties_.empty());
  next_.count = 0;
  for_touched([&](std::size_t k) {
    const Choice choice = choices_[k];
    choices_[k].price = unreachable;
    if (choice.price > hopeless) return;
    next_.households[next_.count] = least + std::uint32_t(k);
    codes[k] = choice.theirs == closed_child ? std::numeric_limits<Code>::max() : Code(child.households[choice.theirs]);
    take(choice, child, close_price - floor, keep_price - floor);
  });
  std::fill(touched_.begin(), touched_.end(), 0);
  std::swap(open_, next_);
}

void TreeDivider::close(std::uint32_t atom) {
  best_price_[atom] = unreachable;
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const float scale_m = open_.pull[i] / open_.mass[i];
    const float price = open_.closed[i] + open_.inertia[i] / open_.pull[i] / terms_.spread +
                        scale_m * (size_price_[open_.households[i]] + terms_.length_price(open_.land[i], scale_m));
    if (price >= best_price_[atom]) continue;
    best_price_[atom] = price;
    best_weight_[atom] = open_.households[i];
  }
}

/// Walks the tree from the root: at each atom the children come in the reverse of the order they were merged in.
template <class Code>
void TreeDivider::label(std::span<const Atom> atoms, const std::vector<Code>& codes) {
  part_.resize(atoms.size());
  left_.resize(atoms.size());
  parts_ = 0;
  for (const std::uint32_t v : order_) {
    const std::uint32_t parent = parent_[v];
    const Code code = parent == none ? std::numeric_limits<Code>::max()
                                     : codes[code_at_[v] + left_[parent] - atoms[parent].households];
    if (code == std::numeric_limits<Code>::max()) {
      part_[v] = parts_++;
      left_[v] = best_weight_[v];
    } else {
      part_[v] = part_[parent];
      left_[v] = code;
      left_[parent] -= code;
    }
  }
}

}  // namespace wangge::planning
