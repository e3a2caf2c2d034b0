#include <metis.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "split/method.hpp"

namespace wangge::bench {
namespace {

using planning::Graph;

/// One component, as METIS takes it.
struct Packed {
  std::vector<std::uint32_t> nodes;
  std::vector<idx_t> first{0}, to, length, households;
  idx_t parts = 1;
};

class Packer {
 public:
  explicit Packer(const Instance& instance) : instance_(instance), links_of_(instance.graph.nodes.size()) {
    for (const Graph::Link& link : instance.graph.links) {
      links_of_[link.a].push_back(&link);
      links_of_[link.b].push_back(&link);
    }
  }

  std::vector<Packed> pack() {
    std::vector<Packed> components;
    std::vector<idx_t> place(links_of_.size(), -1);
    for (std::uint32_t start = 0; start < links_of_.size(); ++start) {
      if (place[start] < 0) components.push_back(pack(reach(start, place), place));
    }
    return components;
  }

 private:
  std::uint32_t other(const Graph::Link& link, std::uint32_t node) const { return link.a == node ? link.b : link.a; }

  std::vector<std::uint32_t> reach(std::uint32_t start, std::vector<idx_t>& place) const {
    std::vector<std::uint32_t> nodes{start};
    place[start] = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (const Graph::Link* link : links_of_[nodes[i]]) {
        const std::uint32_t next = other(*link, nodes[i]);
        if (place[next] >= 0) continue;
        place[next] = 0;
        nodes.push_back(next);
      }
    }
    std::sort(nodes.begin(), nodes.end());
    for (std::size_t i = 0; i < nodes.size(); ++i) place[nodes[i]] = idx_t(i);
    return nodes;
  }

  Packed pack(std::vector<std::uint32_t> nodes, const std::vector<idx_t>& place) const {
    Packed packed;
    double households = 0;
    for (const std::uint32_t node : nodes) {
      packed.households.push_back(idx_t(instance_.graph.nodes[node].households));
      households += instance_.graph.nodes[node].households;
      for (const Graph::Link* link : links_of_[node]) {
        packed.to.push_back(place[other(*link, node)]);
        packed.length.push_back(link_weight(*link));
      }
      packed.first.push_back(idx_t(packed.to.size()));
    }
    packed.parts = std::max<idx_t>(1, idx_t(households / instance_.target + 0.5));
    packed.nodes = std::move(nodes);
    return packed;
  }

  const Instance& instance_;
  std::vector<std::vector<const Graph::Link*>> links_of_;
};

/// How much larger than the mean a part may be, in thousandths: as much as the range allows, 333 at 50:100.
idx_t slack(const Instance& instance) { return idx_t(1000 * (instance.range.max - instance.target) / instance.target); }

void divide(Packed& packed, bool by_length, idx_t slack, std::vector<idx_t>& part) {
  part.assign(packed.nodes.size(), 0);
  if (packed.parts < 2) return;
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_CONTIG] = 1;
  options[METIS_OPTION_UFACTOR] = slack;
  options[METIS_OPTION_SEED] = 1;
  auto nodes = idx_t(packed.nodes.size());
  idx_t constraints = 1, cut = 0;
  const int status = METIS_PartGraphKway(&nodes, &constraints, packed.first.data(), packed.to.data(),
                                         packed.households.data(), nullptr, by_length ? packed.length.data() : nullptr,
                                         &packed.parts, nullptr, nullptr, options, &cut, part.data());
  if (status != METIS_OK) throw std::runtime_error("METIS failed with status " + std::to_string(status));
}

/// Packing the graph is not counted, neither in time nor in memory.
Answer divide_all(const Instance& instance, bool by_length) {
  std::vector<Packed> components = Packer(instance).pack();
  Answer answer;
  answer.part_of_node.resize(instance.graph.nodes.size());
  const Meter meter;
  std::uint32_t before = 0;
  std::vector<idx_t> part;
  for (Packed& packed : components) {
    divide(packed, by_length, slack(instance), part);
    for (std::size_t i = 0; i < part.size(); ++i)
      answer.part_of_node[packed.nodes[i]] = before + std::uint32_t(part[i]);
    before += std::uint32_t(packed.parts);
  }
  meter.read(answer);
  return answer;
}

}  // namespace

std::vector<Method> metis_methods() {
  constexpr std::size_t no_limit = std::size_t(-1);
  return {{"METIS unit", 1, no_limit, [](const Instance& instance) { return divide_all(instance, false); }},
          {"METIS length", 1, no_limit, [](const Instance& instance) { return divide_all(instance, true); }}};
}

}  // namespace wangge::bench
