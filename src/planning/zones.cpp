#include "planning/zones.hpp"

#include <algorithm>
#include <vector>

namespace wangge::planning {
namespace {

constexpr double small_m2 = 10'000, thin_m = 10;

struct Sizes {
  std::vector<double> area_m2, perimeter_m;
};

Sizes measure(const Tessellation& t, const Partition& partition) {
  Sizes sizes{std::vector<double>(partition.verdicts.size()), std::vector<double>(partition.verdicts.size())};
  for (std::size_t i = 0; i < t.graph.nodes.size(); ++i) {
    sizes.area_m2[partition.part_of_node[i]] += t.graph.nodes[i].land.area_m2;
  }
  const auto part = [&](std::uint32_t half) {
    const std::uint32_t node = t.node_of_face[t.arrangement.left(half)];
    return node == coverage::nothing ? node : partition.part_of_node[node];
  };
  for (std::uint32_t h = 0; h < 2 * t.arrangement.edge_count(); ++h) {
    if (part(h) == coverage::nothing || part(h) == part(h ^ 1)) continue;
    sizes.perimeter_m[part(h)] += length_m(t.arrangement.from(h), t.arrangement.to(h));
  }
  return sizes;
}

/// For each part the one that takes it in, or itself.
std::vector<std::uint32_t> hosts(const Tessellation& t, const Partition& partition) {
  const Sizes sizes = measure(t, partition);
  std::vector<bool> sliver(partition.verdicts.size());
  std::vector<std::uint32_t> host(partition.verdicts.size());
  for (std::uint32_t i = 0; i < host.size(); ++i) {
    host[i] = i;
    sliver[i] = partition.verdicts[i] == Verdict::empty &&
                (sizes.area_m2[i] < small_m2 || 2 * sizes.area_m2[i] < thin_m * sizes.perimeter_m[i]);
  }
  const auto borders = borders_of_parts(t, partition.part_of_node);
  for (bool found = true; found;) {
    found = false;
    std::vector<double> longest(host.size(), 0);
    std::vector<std::uint32_t> choice(host.size(), coverage::nothing);
    for (const auto& [pair, length] : borders) {
      for (const auto& [i, j] : {pair, std::pair(pair.second, pair.first)}) {
        if (sliver[i] && host[i] == i && !(sliver[j] && host[j] == j) && length > longest[i]) {
          longest[i] = length, choice[i] = host[j];
        }
      }
    }
    for (std::uint32_t i = 0; i < host.size(); ++i) {
      if (choice[i] != coverage::nothing) host[i] = choice[i], found = true;
    }
  }
  return host;
}

}  // namespace

std::map<std::pair<std::uint32_t, std::uint32_t>, double> borders_of_parts(
    const Tessellation& t, std::span<const std::uint32_t> part_of_node) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> borders;
  for (std::uint32_t e = 0; e < t.arrangement.edge_count(); ++e) {
    const std::uint32_t i = t.node_of_face[t.arrangement.left(2 * e)],
                        j = t.node_of_face[t.arrangement.left(2 * e + 1)];
    if (i == coverage::nothing || j == coverage::nothing || t.graph.nodes[i].area != t.graph.nodes[j].area) continue;
    if (part_of_node[i] == part_of_node[j]) continue;
    borders[std::minmax(part_of_node[i], part_of_node[j])] +=
        length_m(t.arrangement.from(2 * e), t.arrangement.to(2 * e));
  }
  return borders;
}

std::vector<std::uint32_t> merge_parts(std::span<const std::uint32_t> host, Partition& partition) {
  std::vector<std::uint32_t> number(host.size(), coverage::nothing);
  std::vector<Verdict> verdicts;
  std::vector<Objective> terms;
  for (std::uint32_t i = 0; i < host.size(); ++i) {
    if (host[i] != i) continue;
    number[i] = static_cast<std::uint32_t>(verdicts.size());
    verdicts.push_back(partition.verdicts[i]);
    terms.push_back(partition.terms[i]);
  }
  for (std::uint32_t i = 0; i < host.size(); ++i) {
    if (host[i] == i) continue;
    number[i] = number[host[i]];
    terms[number[i]] += partition.terms[i];
  }
  for (std::uint32_t& part : partition.part_of_node) part = number[part];
  for (Certificate& certificate : partition.certificates) certificate.part = number[certificate.part];
  partition.verdicts = std::move(verdicts);
  partition.terms = std::move(terms);
  return number;
}

void absorb_slivers(const Tessellation& t, Partition& partition) { merge_parts(hosts(t, partition), partition); }

}  // namespace wangge::planning
