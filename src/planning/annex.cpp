#include "planning/annex.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "planning/zones.hpp"

namespace wangge::planning {
namespace {

using coverage::nothing;

class Annexer {
 public:
  Annexer(const Tessellation& t, std::span<const Barrier> barriers, const Profile& profile, const Partition& partition)
      : t_(t),
        barriers_(barriers),
        profile_(profile),
        partition_(partition),
        parts_(gather_micro_grids(t, partition)),
        borders_(borders_of_parts(t, partition.part_of_node)) {
    for (std::uint32_t i = 0; i < parts_.size(); ++i) host_.push_back(i);
  }

  std::vector<Annexation> run(bool carry_out) {
    std::vector<Annexation> found;
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      if (partition_.verdicts[i] != Verdict::hamlet || parts_[i].households >= profile_.range.min) continue;
      found.push_back(cheapest(i));
      const std::uint32_t host = found.back().host;
      if (!carry_out || host == Graph::none) continue;
      host_[i] = host;
      parts_[host].households += parts_[i].households;
    }
    name_barriers(found);
    return found;
  }

  std::span<const std::uint32_t> hosts() const { return host_; }

 private:
  double deviation(std::uint64_t households) const {
    const Range range = profile_.range;
    const double quarter = std::max(1.0, double(range.max - range.min) / 4);
    const double off = (double(households) - double(profile_.aim())) / quarter;
    return profile_.weights.deviation * off * off;
  }

  Annexation cheapest(std::uint32_t hamlet) const {
    Annexation best{hamlet, Graph::none, 0, {}};
    double least = 0;
    for (const auto& [pair, length] : borders_) {
      if (pair.first != hamlet && pair.second != hamlet) continue;
      const std::uint32_t other = pair.first == hamlet ? pair.second : pair.first;
      const std::uint64_t sum = parts_[hamlet].households + parts_[other].households;
      if (host_[other] != other || sum < profile_.range.min || sum > profile_.range.max) continue;
      const double scale_m = std::sqrt(parts_[other].area_m2);
      const double price = scale_m * (deviation(sum) - deviation(parts_[other].households)) - length;
      if (best.host == Graph::none || price < least) least = price, best.host = other, best.households = sum;
    }
    return best;
  }

  /// Of the hard barriers along the border to the host, or all round, the one that runs there longest.
  void name_barriers(std::vector<Annexation>& found) const {
    std::map<std::uint32_t, std::size_t> row_of_hamlet;
    for (std::size_t row = 0; row < found.size(); ++row) row_of_hamlet[found[row].hamlet] = row;
    std::vector<std::map<std::string, double>> lengths(found.size());
    for (std::uint32_t h = 0; h < 2 * t_.arrangement.edge_count(); ++h) {
      const std::uint32_t here = part(h), there = part(h ^ 1);
      const auto row = row_of_hamlet.find(here);
      if (row == row_of_hamlet.end() || here == there) continue;
      const std::uint32_t host = found[row->second].host;
      if (host != Graph::none && host != there) continue;
      const double length = length_m(t_.arrangement.from(h), t_.arrangement.to(h));
      for (const auto& use : t_.arrangement.uses(h / 2)) {
        if (use.source < t_.outlines || use.source - t_.outlines >= barriers_.size()) continue;
        const Barrier& barrier = barriers_[use.source - t_.outlines];
        if (barrier.barrier == BarrierClass::hard) lengths[row->second][barrier.name] += length;
      }
    }
    for (std::size_t row = 0; row < found.size(); ++row) {
      const auto longest = std::ranges::max_element(lengths[row], {}, [](const auto& entry) { return entry.second; });
      if (longest == lengths[row].end()) continue;
      found[row].barrier = longest->first.empty() ? "a hard barrier without a name" : longest->first;
    }
  }

  std::uint32_t part(std::uint32_t half_edge) const {
    const std::uint32_t node = t_.node_of_face[t_.arrangement.left(half_edge)];
    return node == nothing ? nothing : partition_.part_of_node[node];
  }

  const Tessellation& t_;
  std::span<const Barrier> barriers_;
  const Profile& profile_;
  const Partition& partition_;
  std::vector<MicroGrid> parts_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> borders_;
  std::vector<std::uint32_t> host_;
};

}  // namespace

std::vector<Annexation> annexations(const Tessellation& t, std::span<const Barrier> barriers, const Profile& profile,
                                    bool carry_out, Partition& partition) {
  Annexer annexer(t, barriers, profile, partition);
  std::vector<Annexation> found = annexer.run(carry_out);
  if (!carry_out) return found;
  for (const Annexation& annexation : found) {
    if (annexation.host == Graph::none) continue;
    Verdict& host = partition.verdicts[annexation.host];
    if (host == Verdict::hamlet) host = Verdict::legal;
    std::erase_if(partition.certificates, [&](const Certificate& certificate) {
      return certificate.part == annexation.hamlet || (certificate.part == annexation.host && host == Verdict::legal);
    });
  }
  const std::vector<std::uint32_t> number = merge_parts(annexer.hosts(), partition);
  for (Annexation& annexation : found) {
    annexation.hamlet = number[annexation.hamlet];
    if (annexation.host != Graph::none) annexation.host = number[annexation.host];
  }
  return found;
}

}  // namespace wangge::planning
