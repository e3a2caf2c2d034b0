#include "map/lineage.hpp"

#include <algorithm>
#include <set>

#include "coverage/sets.hpp"

namespace wangge::map {
namespace {

using Coding = ChangeSet::Coding;

Coding coding_of(std::size_t sources, std::size_t targets) {
  if (sources <= 1) return targets <= 1 ? Coding::unchanged : Coding::split;
  return targets <= 1 ? Coding::merged : Coding::irregular;
}

}  // namespace

Flows::Flows(const std::vector<ChangeSet::Lineage>& lineage) {
  for (const ChangeSet::Lineage& area : lineage) {
    areas_[area.code] = {area.households_before, area.households_after};
    for (const ChangeSet::Origin& origin : area.origins) add(origin.code, area.code, origin.households);
  }
}

std::string Flows::usual_origin(std::string_view code) const {
  const std::string to(code);
  if (flows_.contains({to, to})) return to;
  std::string only;
  for (const auto& [ends, households] : flows_) {
    if (ends.second != to) continue;
    if (!only.empty()) return {};
    only = ends.first;
  }
  return only;
}

void Flows::pass_on(std::string_view origin, std::string_view from, std::string_view to, std::uint64_t households) {
  if (origin.empty()) return;
  const auto at = flows_.find({std::string(origin), std::string(from)});
  if (at != flows_.end()) {
    at->second -= std::min(at->second, households);
    if (at->second == 0) flows_.erase(at);
  }
  if (!to.empty()) add(origin, to, households);
}

std::vector<ChangeSet::Lineage> Flows::lineage() const {
  std::map<std::string_view, std::uint32_t> number;
  for (const auto& [code, area] : areas_) number.emplace(code, static_cast<std::uint32_t>(number.size()));
  for (const auto& [ends, households] : flows_)
    for (const std::string* code : {&ends.first, &ends.second})
      number.emplace(*code, static_cast<std::uint32_t>(number.size()));
  const auto count = static_cast<std::uint32_t>(number.size());

  coverage::Sets together(2 * count);  // areas as sources, then as targets
  std::vector<ChangeSet::Lineage> lineage;
  for (const auto& [code, area] : areas_) lineage.push_back({code, Coding::unchanged, area.before, area.after, {}});
  std::set<std::uint32_t> ends_of_flows;
  for (const auto& [ends, households] : flows_) {
    const std::uint32_t source = number.at(ends.first), target = count + number.at(ends.second);
    together.join(source, target);
    ends_of_flows.insert({source, target});
    const auto at = std::ranges::lower_bound(lineage, ends.second, {}, &ChangeSet::Lineage::code);
    if (at != lineage.end() && at->code == ends.second) at->origins.push_back({ends.first, households});
  }
  std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> sizes;
  for (const std::uint32_t end : ends_of_flows)
    ++(end < count ? sizes[together.of(end)].first : sizes[together.of(end)].second);
  for (ChangeSet::Lineage& area : lineage) {
    const std::uint32_t end = number.at(area.code) + (area.origins.empty() ? 0 : count);
    const auto [sources, targets] = sizes[together.of(end)];
    area.coding = coding_of(sources, targets);
  }
  return lineage;
}

Flows Flows::inverse() const {
  Flows back;
  for (const auto& [code, area] : areas_) back.areas_[code] = {area.after, area.before};
  for (const auto& [ends, households] : flows_) back.flows_[{ends.second, ends.first}] = households;
  return back;
}

}  // namespace wangge::map
