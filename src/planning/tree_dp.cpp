#include "planning/tree_dp.hpp"

#include <algorithm>
#include <limits>

#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

constexpr float unreachable = std::numeric_limits<float>::infinity();
constexpr float worth_keeping = 8;  ///< local scales by which an open part may be dearer than the cheapest
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
}

const std::vector<std::uint32_t>& TreeDivider::divide(std::span<const Atom> atoms, std::span<Bond> bonds) {
  grow_tree(atoms, bonds);
  order_tree(std::uint32_t(atoms.size()));
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
  Sets sets(atoms.size());
  for (const Bond& bond : bonds) {
    if (sets.of(bond.a) == sets.of(bond.b)) continue;
    sets.join(bond.a, bond.b);
    halves_.push_back({bond.b, head_[bond.a], bond.cut_m});
    head_[bond.a] = std::uint32_t(halves_.size() - 1);
    halves_.push_back({bond.a, head_[bond.b], bond.cut_m});
    head_[bond.b] = std::uint32_t(halves_.size() - 1);
    if (halves_.size() == 2 * (atoms.size() - 1)) break;
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
    open_.assign(1, {atom.households, 0, atom.mass, atom.x_m, atom.y_m, 0, atom.pull});
    const std::size_t base = live_ - children_[v];  // their tables end the pile, the largest child's deepest
    for (std::size_t t = base; t < live_; ++t) {
      const std::uint32_t child = stack_[t];
      merge(tables_[t], atom.households, best_price_[child] + cut_m_[child], keep_price(atom, atoms[child], terms_),
            codes.data() + code_at_[child]);
    }
    close(v);
    live_ = base;
    if (tables_.size() == live_) tables_.emplace_back();
    if (stack_.size() == live_) stack_.push_back(0);
    std::swap(tables_[live_], open_);
    stack_[live_++] = v;
  }
}

/// For each weight, from `least` up, the cheaper choice: the child's part closed, or joined with the open one. Returns
/// the lowest price.
float TreeDivider::weigh(const Table& child, std::uint32_t least, float close_price, float keep_price) {
  const std::uint32_t most = std::min(terms_.max, open_.back().households + child.back().households);
  const float per_spread = 1 / terms_.spread;
  choices_.assign(most - least + 1, {unreachable, 0, closed_child});
  float floor = unreachable;
  for (std::size_t a = 0; a < open_.size(); ++a) {
    const Open& mine = open_[a];
    const float price = mine.closed + close_price + mine.inertia / mine.pull * per_spread;
    choices_[mine.households - least] = {price, std::uint16_t(a), closed_child};
    floor = std::min(floor, price);
  }
  for (std::size_t a = 0; a < open_.size(); ++a) {
    const Open mine = open_[a];
    Choice* const choices = choices_.data() + (mine.households - least);
    const std::uint32_t room = terms_.max - mine.households;
    for (std::size_t b = 0; b < child.size() && child[b].households <= room; ++b) {
      const Open& theirs = child[b];
      const float mass = mine.mass + theirs.mass, dx = mine.x_m - theirs.x_m, dy = mine.y_m - theirs.y_m;
      const float moment = (mine.inertia + theirs.inertia) * mass + mine.mass * theirs.mass * (dx * dx + dy * dy);
      const float price =
          mine.closed + theirs.closed + keep_price + moment / (mass * (mine.pull + theirs.pull)) * per_spread;
      Choice& choice = choices[theirs.households];
      if (price < choice.price) choice = {price, std::uint16_t(a), std::uint16_t(b)};
      floor = std::min(floor, price);
    }
  }
  return floor;
}

/// Makes the open table of an atom, which holds at least `least`, that of the atom and its child. Only differences of
/// price matter; less the floor, single precision is exact enough. What is much dearer than the cheapest could hardly
/// win and is left out.
template <class Code>
void TreeDivider::merge(const Table& child, std::uint32_t least, float close_price, float keep_price, Code* codes) {
  const float floor = weigh(child, least, close_price, keep_price);
  const float hopeless = floor + worth_keeping * (open_.front().pull / open_.front().mass);
  next_.clear();
  for (std::uint32_t k = 0; k < choices_.size(); ++k) {
    const Choice& choice = choices_[k];
    if (!(choice.price <= hopeless)) continue;
    const Open& mine = open_[choice.mine];
    if (choice.theirs == closed_child) {
      codes[k] = std::numeric_limits<Code>::max();
      next_.push_back(mine);
      next_.back().closed += close_price - floor;
    } else {
      const Open& theirs = child[choice.theirs];
      codes[k] = Code(theirs.households);
      const float mass = mine.mass + theirs.mass, share = theirs.mass / mass;
      const float dx = theirs.x_m - mine.x_m, dy = theirs.y_m - mine.y_m;
      next_.push_back({least + k, mine.closed + theirs.closed + keep_price - floor, mass, mine.x_m + dx * share,
                       mine.y_m + dy * share, mine.inertia + theirs.inertia + mine.mass * share * (dx * dx + dy * dy),
                       mine.pull + theirs.pull});
    }
  }
  std::swap(open_, next_);
}

void TreeDivider::close(std::uint32_t atom) {
  best_price_[atom] = unreachable;
  for (const Open& open : open_) {
    const float price =
        open.closed + open.inertia / open.pull / terms_.spread + open.pull / open.mass * size_price_[open.households];
    if (price >= best_price_[atom]) continue;
    best_price_[atom] = price;
    best_weight_[atom] = open.households;
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
