#include "planning/tree_dp.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace wangge::planning {
namespace {

constexpr float unreachable = std::numeric_limits<float>::infinity();
constexpr std::uint32_t none = Graph::none;

std::uint32_t find(std::vector<std::uint32_t>& leader, std::uint32_t a) {
  while (leader[a] != a) a = leader[a] = leader[leader[a]];
  return a;
}

/// What joining two atoms in one part costs beyond its shape.
float keep_price(const Atom& a, const Atom& b, const Terms& terms) {
  if (a.households == 0 || b.households == 0) return 0;
  const float scale = 0.5f * (a.pull / a.mass + b.pull / b.mass);
  return scale * ((a.block != b.block ? terms.barrier : 0) + (a.zone != b.zone ? terms.crossing : 0) +
                  (a.compound != b.compound ? terms.compound : 0));
}

}  // namespace

void TreeDivider::Table::resize(std::uint32_t new_width) {
  width = new_width;
  for (auto* column : {&closed, &mass, &x, &y, &inertia, &pull}) column->resize(new_width);
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
  auto& leader = size_;
  leader.resize(atoms.size());
  std::iota(leader.begin(), leader.end(), 0u);
  for (const Bond& bond : bonds) {
    const std::uint32_t a = find(leader, bond.a), b = find(leader, bond.b);
    if (a == b) continue;
    leader[std::max(a, b)] = std::min(a, b);
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
  for (std::size_t i = atoms; --i > 0;) size_[parent_[order_[i]]] += size_[order_[i]];
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
    open_.least = atom.households;
    open_.resize(1);
    open_.closed[0] = 0, open_.inertia[0] = 0;
    open_.mass[0] = atom.mass, open_.x[0] = atom.x_m, open_.y[0] = atom.y_m, open_.pull[0] = atom.pull;
    // Children were finished largest first and lie on the stack in that order.
    std::size_t children = 0;
    for (std::uint32_t h = head_[v]; h != none; h = halves_[h].next) children += halves_[h].to != parent_[v];
    const std::size_t base = live_ - children;
    for (std::size_t t = base; t < live_; ++t) {
      const std::uint32_t child = stack_[t];
      merge(tables_[t], cut_m_[child], keep_price(atom, atoms[child], terms_), child, codes);
    }
    live_ = base;
    if (tables_.size() <= live_) tables_.resize(live_ + 1);
    if (stack_.size() <= live_) stack_.resize(live_ + 1);
    close(open_, v);
    std::swap(tables_[live_], open_);
    stack_[live_++] = v;
  }
}

/// Joins the open part of an atom with a child's: for each weight either the child's part is closed, or both are one.
template <class Code>
void TreeDivider::merge(const Table& child, float cut, float keep, std::uint32_t atom, std::vector<Code>& codes) {
  constexpr std::int32_t closed_child = -1;
  const std::uint32_t least = open_.least;
  const std::uint32_t most = std::min(terms_.max, least + open_.width - 1 + child.least + child.width - 1);
  const std::uint32_t width = most - least + 1;
  const float close_price = best_price_[atom] + cut, per_spread = 1 / terms_.spread;
  best_.assign(width, unreachable);
  from_.assign(width, closed_child);
  for (std::uint32_t a = 0; a < open_.width; ++a) {
    best_[a] = open_.closed[a] + close_price + open_.inertia[a] / open_.pull[a] * per_spread;
  }
  for (std::uint32_t a = 0; a < open_.width; ++a) {
    const float closed = open_.closed[a] + keep;
    if (closed == unreachable || a + child.least >= width) continue;
    const std::uint32_t n = std::min(child.width, width - a - child.least);
    const float mass = open_.mass[a], x = open_.x[a], y = open_.y[a], inertia = open_.inertia[a], pull = open_.pull[a];
    const float *cc = child.closed.data(), *cm = child.mass.data(), *cx = child.x.data(), *cy = child.y.data(),
                *ci = child.inertia.data(), *cp = child.pull.data();
    float* best = best_.data() + a + child.least;
    std::int32_t* from = from_.data() + a + child.least;
    const std::int32_t mark = std::int32_t(a);
    for (std::uint32_t b = 0; b < n; ++b) {
      const float m = mass + cm[b], dx = x - cx[b], dy = y - cy[b];
      const float moment = (inertia + ci[b]) * m + mass * cm[b] * (dx * dx + dy * dy);
      const float price = closed + cc[b] + moment / (m * (pull + cp[b])) * per_spread;
      const bool better = price < best[b];
      best[b] = better ? price : best[b];
      from[b] = better ? mark : from[b];
    }
  }
  next_.least = least;
  next_.resize(width);
  Code* code = codes.data() + code_at_[atom];
  float floor = unreachable;
  for (std::uint32_t k = 0; k < width; ++k) {
    if (from_[k] == closed_child) {
      code[k] = std::numeric_limits<Code>::max();
      const bool reachable = k < open_.width && best_[k] < unreachable;
      next_.closed[k] = reachable ? open_.closed[k] + close_price : unreachable;
      const std::uint32_t a = reachable ? k : 0;
      next_.mass[k] = open_.mass[a], next_.x[k] = open_.x[a], next_.y[k] = open_.y[a];
      next_.inertia[k] = open_.inertia[a], next_.pull[k] = open_.pull[a];
    } else {
      const std::uint32_t a = std::uint32_t(from_[k]), b = k - a - child.least;
      code[k] = Code(k - a);
      const float m = open_.mass[a] + child.mass[b], share = child.mass[b] / m;
      const float dx = child.x[b] - open_.x[a], dy = child.y[b] - open_.y[a];
      next_.closed[k] = open_.closed[a] + keep + child.closed[b];
      next_.mass[k] = m, next_.pull[k] = open_.pull[a] + child.pull[b];
      next_.x[k] = open_.x[a] + dx * share, next_.y[k] = open_.y[a] + dy * share;
      next_.inertia[k] = open_.inertia[a] + child.inertia[b] + open_.mass[a] * share * (dx * dx + dy * dy);
    }
    floor = std::min(floor, next_.closed[k]);
  }
  for (float& closed : next_.closed) closed -= floor;  // only differences matter; keeps single precision exact enough
  std::swap(open_, next_);
}

void TreeDivider::close(const Table& table, std::uint32_t atom) {
  float best = unreachable;
  for (std::uint32_t k = 0; k < table.width; ++k) {
    const float price = table.closed[k] + table.inertia[k] / table.pull[k] / terms_.spread +
                        table.pull[k] / table.mass[k] * terms_.size_price(table.least + k);
    if (price >= best && k > 0) continue;
    best = price;
    best_weight_[atom] = table.least + k;
  }
  best_price_[atom] = best;
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
