#include "split/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace wangge::bench {
namespace {

using planning::Graph;

class Leaders {
 public:
  explicit Leaders(std::size_t count) : leader_(count) { std::iota(leader_.begin(), leader_.end(), 0u); }
  std::uint32_t of(std::uint32_t i) {
    while (leader_[i] != i) i = leader_[i] = leader_[leader_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) { leader_[of(a)] = of(b); }

 private:
  std::vector<std::uint32_t> leader_;
};

/// One label of several, or none yet.
struct Label {
  std::uint64_t value = 0;
  bool any = false, mixed = false;
  void see(std::uint64_t other) {
    mixed |= any && other != value;
    value = other, any = true;
  }
};

struct PartSums {
  std::uint64_t households = 0;
  std::uint32_t nodes = 0, pieces = 0;
  bool forced = false;
  Label block, compound;
  planning::Land<double> land;
  double border_m = 0;

  void add(const Graph::Node& node, double perimeter_m) {
    ++nodes;
    households += node.households;
    land.add(node.land);
    border_m += perimeter_m;
    if (node.households == 0) return;
    block.see(node.block);
    compound.see(node.compound);
  }
  bool elongated() const { return land.area_m2 > 0 && planning::axis_ratio(land) > 3; }
  double compactness() const { return border_m > 0 ? 4 * std::numbers::pi * land.area_m2 / (border_m * border_m) : 0; }
};

/// Marks parts that nobody could bring into range: those of small components, and those with a tower.
void mark_forced(const Instance& instance, std::span<const std::uint32_t> part_of_node, std::vector<PartSums>& parts) {
  const auto& nodes = instance.graph.nodes;
  Leaders components(nodes.size());
  for (const Graph::Link& link : instance.graph.links) components.join(link.a, link.b);
  std::vector<std::uint64_t> households(nodes.size(), 0);
  for (std::uint32_t i = 0; i < nodes.size(); ++i) households[components.of(i)] += nodes[i].households;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    parts[part_of_node[i]].forced |=
        nodes[i].households > instance.range.max || households[components.of(i)] < instance.range.min;
  }
}

void count_pieces(const Instance& instance, std::span<const std::uint32_t> part_of_node, std::vector<PartSums>& parts) {
  Leaders pieces(part_of_node.size());
  for (const Graph::Link& link : instance.graph.links) {
    if (part_of_node[link.a] == part_of_node[link.b]) pieces.join(link.a, link.b);
  }
  for (std::uint32_t i = 0; i < part_of_node.size(); ++i) parts[part_of_node[i]].pieces += pieces.of(i) == i;
}

std::vector<PartSums> sum_up(const Instance& instance, std::span<const std::uint32_t> part_of_node) {
  if (part_of_node.size() != instance.graph.nodes.size()) throw std::logic_error("not one part a node");
  std::vector<PartSums> parts(*std::max_element(part_of_node.begin(), part_of_node.end()) + std::size_t{1});
  for (std::size_t i = 0; i < part_of_node.size(); ++i)
    parts[part_of_node[i]].add(instance.graph.nodes[i], double(instance.perimeter_m[i]));
  for (const Instance::Shared& shared : instance.shared) {
    if (part_of_node[shared.a] != part_of_node[shared.b]) continue;
    parts[part_of_node[shared.a]].border_m -= 2 * double(shared.length_m);
  }
  mark_forced(instance, part_of_node, parts);
  count_pieces(instance, part_of_node, parts);
  std::erase_if(parts, [](const PartSums& part) { return part.nodes == 0; });
  return parts;
}

/// Share of the blocks that would fit in one part whose households are shared out to several.
double blocks_split(const Instance& instance, std::span<const std::uint32_t> part_of_node) {
  struct Block {
    std::uint64_t households = 0;
    Label part;
  };
  std::map<std::uint32_t, Block> blocks;
  for (std::size_t i = 0; i < instance.block_of_node.size(); ++i) {
    const std::uint32_t households = instance.graph.nodes[i].households;
    if (households == 0) continue;
    Block& block = blocks[instance.block_of_node[i]];
    block.households += households;
    block.part.see(part_of_node[i]);
  }
  std::erase_if(blocks, [&](const auto& block) { return block.second.households > instance.range.max; });
  const auto split = std::count_if(blocks.begin(), blocks.end(), [](const auto& b) { return b.second.part.mixed; });
  return blocks.empty() ? 0 : double(split) / double(blocks.size());
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Worth evaluate(const Instance& instance, std::span<const std::uint32_t> part_of_node) {
  const std::vector<PartSums> parts = sum_up(instance, part_of_node);
  const Range range = instance.range;
  Worth worth;
  worth.parts = parts.size();
  std::vector<double> compactness;
  std::uint64_t crossing = 0, near_bounds = 0, elongated = 0;
  for (const PartSums& part : parts) {
    compactness.push_back(part.compactness());
    worth.compounds_mixed += part.compound.mixed;
    if (part.forced) continue;
    ++worth.judged;
    const bool under = part.households<range.min, over = part.households> range.max;
    worth.under += under;
    worth.over += over;
    worth.torn += !under && !over && part.pieces > 1;
    crossing += part.block.mixed;
    near_bounds += part.households <= range.min + 5 || part.households + 5 >= range.max;
    elongated += part.elongated();
  }
  for (const Graph::Link& link : instance.graph.links) {
    if (part_of_node[link.a] != part_of_node[link.b]) worth.cut_m_per_part += double(link.border_m);
  }
  const double judged = double(std::max<std::uint64_t>(worth.judged, 1));
  worth.cut_m_per_part /= double(std::max<std::uint64_t>(worth.parts, 1));
  worth.legal_share = 1 - double(worth.under + worth.over + worth.torn) / judged;
  worth.crossing_share = double(crossing) / judged;
  worth.near_bounds_share = double(near_bounds) / judged;
  worth.blocks_split_share = blocks_split(instance, part_of_node);
  worth.elongated_share = double(elongated) / judged;
  worth.compactness_median = median(std::move(compactness));
  return worth;
}

}  // namespace wangge::bench
