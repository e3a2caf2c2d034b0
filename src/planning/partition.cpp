#include "planning/partition.hpp"

#include <algorithm>
#include <numeric>

#include "planning/components.hpp"
#include "planning/contract.hpp"
#include "planning/judge.hpp"
#include "planning/search.hpp"

namespace wangge::planning {
namespace {

/// What became of some nodes; verdicts, terms and certificates as in Partition, of its own nodes and parts.
struct Share {
  std::vector<std::uint32_t> nodes;
  Division division;
  Judgement judgement;
  std::vector<Objective> terms;
};

/// Terms of each part; a cut link counts half on either side.
std::vector<Objective> terms_of(const Piece& piece, const Terms& terms, const Division& division) {
  std::vector<Objective> objectives(division.count);
  const auto& part_of = division.part_of;
  for (std::uint32_t a = 0; a < piece.size(); ++a) {
    for (const Arc& arc : piece.arcs_of(a)) {
      if (part_of[a] != part_of[arc.to]) objectives[part_of[a]].cut += 0.5 * double(arc.cut_m);
    }
  }
  const std::vector<Part> parts = sum_up(piece, division);
  for (std::uint32_t part = 0; part < parts.size(); ++part) account(parts[part], terms, objectives[part]);
  return objectives;
}

/// Gives the atoms of a component their further counts and their foes. `place` leads from the graph's nodes to atoms.
void add_wishes(const PartitionOptions& options, const std::vector<std::uint32_t>& place, Component& component) {
  Piece& piece = component.piece;
  piece.goals = std::uint32_t(options.goals.size());
  for (const std::uint32_t node : component.nodes) {
    for (const Goal& goal : options.goals) piece.goal_values.push_back(goal.of_node[node]);
  }
  const auto inside = [&](std::uint32_t node) {
    return place[node] < piece.size() && component.nodes[place[node]] == node;
  };
  for (const auto& [a, b] : options.apart) {
    if (a == b || !inside(a) || !inside(b)) continue;
    piece.foes.emplace_back(place[a], place[b]);
    piece.foes.emplace_back(place[b], place[a]);
  }
  std::sort(piece.foes.begin(), piece.foes.end());
  piece.foes.erase(std::unique(piece.foes.begin(), piece.foes.end()), piece.foes.end());
}

/// Searches all components that hold enough households, as one piece.
Share share_out(Component component, const Terms& terms, const PartitionOptions& options, Crew& crew) {
  Share share;
  share.division = search(component.piece, terms, options.effort, crew);
  share.judgement = judge(component.piece, terms, share.division, !crew.stopped());
  share.terms = terms_of(component.piece, terms, share.division);
  share.nodes = std::move(component.nodes);
  return share;
}

/// A component below the minimum stays one part, whatever its shape.
Share keep_whole(Component component, const Terms& terms) {
  Share share{.nodes = std::move(component.nodes), .division = {{}, 1}, .judgement = {}, .terms = {}};
  share.division.part_of.assign(share.nodes.size(), 0);
  share.terms = terms_of(component.piece, terms, share.division);
  std::uint32_t households = 0;
  for (const Atom& atom : component.piece.atoms) households += atom.households;
  share.judgement.verdicts.assign(1, households == 0 ? Verdict::empty : Verdict::hamlet);
  if (households == 0) return share;
  Certificate certificate{.verdict = Verdict::hamlet, .proof = Proof::component, .households = households};
  certificate.nodes.resize(share.nodes.size());
  std::iota(certificate.nodes.begin(), certificate.nodes.end(), 0u);
  share.judgement.certificates.push_back(std::move(certificate));
  return share;
}

/// Adds the certificates of a share, in the graph's numbers.
void add_certificates(const Share& share, std::span<const std::uint32_t> number, Partition& result) {
  for (Certificate certificate : share.judgement.certificates) {
    certificate.part = number[certificate.part];
    for (std::uint32_t& node : certificate.nodes) node = share.nodes[node];
    std::sort(certificate.nodes.begin(), certificate.nodes.end());
    result.certificates.push_back(std::move(certificate));
  }
}

Partition gather(std::size_t nodes, const std::vector<Share>& shares) {
  Partition result;
  result.part_of_node.resize(nodes);
  std::vector<std::pair<const Share*, std::uint32_t>> where(nodes);
  std::vector<std::size_t> first;
  std::size_t parts = 0;
  for (const Share& share : shares) {
    first.push_back(parts);
    parts += share.judgement.verdicts.size();
    for (std::size_t i = 0; i < share.nodes.size(); ++i) where[share.nodes[i]] = {&share, share.division.part_of[i]};
  }
  std::vector<std::uint32_t> number(parts, Graph::none);
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto& [share, part] = where[node];
    std::uint32_t& n = number[first[std::size_t(share - shares.data())] + part];
    if (n == Graph::none) {
      n = std::uint32_t(result.verdicts.size());
      result.verdicts.push_back(share->judgement.verdicts[part]);
      result.terms.push_back(share->terms[part]);
      result.objective += share->terms[part];
    }
    result.part_of_node[node] = n;
  }
  for (std::size_t s = 0; s < shares.size(); ++s) {
    add_certificates(shares[s], std::span(number).subspan(first[s]), result);
  }
  std::sort(result.certificates.begin(), result.certificates.end(),
            [](const Certificate& a, const Certificate& b) { return a.part < b.part; });
  return result;
}

/// Components that hold enough households are to be searched, as one piece; the others become shares of their own.
Component sort_out(const Graph& graph, const PartitionOptions& options, const Terms& terms,
                   std::vector<Share>& shares) {
  const Components components = find_components(graph);
  std::vector<std::uint32_t> place(graph.nodes.size(), Graph::none), nodes, links;
  for (std::size_t c = 0; c < components.count(); ++c) {
    const auto its_nodes = components.nodes_of(c), its_links = components.links_of(c);
    std::uint64_t households = 0;
    for (const std::uint32_t node : its_nodes) households += graph.nodes[node].households;
    if (households < terms.min) {
      shares.push_back(keep_whole(prepare(graph, its_nodes, its_links, terms, place), terms));
    } else {
      nodes.insert(nodes.end(), its_nodes.begin(), its_nodes.end());
      links.insert(links.end(), its_links.begin(), its_links.end());
    }
  }
  if (nodes.empty()) return {};
  Component component = prepare(graph, nodes, links, terms, place);
  add_wishes(options, place, component);
  return component;
}

}  // namespace

Partition partition(const Graph& graph, const PartitionOptions& options, const Execution& execution) {
  if (!options.together.empty()) {
    const Contraction contraction = contract(graph, options);
    return expand(contraction, partition(contraction.graph, contraction.options, execution));
  }
  const double start = cpu_seconds();
  const Terms terms(options);
  Crew crew(execution);
  std::vector<Share> shares(1);
  Component component = sort_out(graph, options, terms, shares);
  if (!component.nodes.empty()) shares[0] = share_out(std::move(component), terms, options, crew);
  Partition result = gather(graph.nodes.size(), shares);
  result.stopped = crew.stopped();
  result.cpu_s = cpu_seconds() - start + crew.further_cpu_s();
  return result;
}

}  // namespace wangge::planning
