#include "verify/certificates.hpp"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "verify/proofs.hpp"

namespace wangge::verify {

/// A certificate as it stands in the file.
struct CertificateCheck::Said {
  std::string proof, barrier, annexation;
  std::int64_t households = -1, within_reach = -1, after_annexation = -1, searched = 0;
  std::vector<std::string> units;

  /// Throws what nlohmann throws where the text is no certificate.
  static Said read(const std::string& text) {
    const nlohmann::json json = nlohmann::json::parse(text);
    Said said;
    said.proof = json.at("proof");
    said.households = json.at("households");
    said.within_reach = json.value("within_reach", std::int64_t{-1});
    said.barrier = json.value("barrier", "");
    said.searched = json.value("searched", std::int64_t{0});
    said.units = json.value("units", std::vector<std::string>{});
    if (json.contains("annexation")) {
      said.annexation = json["annexation"].at("micro_grid");
      said.after_annexation = json["annexation"].at("households");
    }
    return said;
  }
};

CertificateCheck::CertificateCheck(const Plan& plan, const Ownership& ownership, const Range& range)
    : plan_(plan), ownership_(ownership), range_(range), households_(households_of_leaves(plan, ownership)) {
  for (Row row = 0; row < plan.file.areas.size(); ++row) area_of_code_.emplace(plan.area(row).code, row);
  for (std::size_t i = 0; i < plan.file.units.size(); ++i) unit_of_id_.emplace(plan.file.units[i].id, i);
}

CertificateCheck::Finding CertificateCheck::check(std::string_view kind, const std::string& json,
                                                  const Evidence& evidence) const {
  if (json.empty()) return {Answer::open, "there is no certificate"};
  Said said;
  try {
    said = Said::read(json);
  } catch (const nlohmann::json::exception&) {
    return {Answer::wrong, "the certificate is no JSON object with proof and households"};
  }
  if (said.households != evidence.households)
    return {Answer::wrong, "the certificate says " + std::to_string(said.households) + " households, the units say " +
                               std::to_string(evidence.households)};
  if (kind == "hamlet") return check_hamlet(said, evidence);
  if (said.proof == "unit") return check_unit(said, evidence);
  if (said.proof == "component") return check_number(evidence);
  if (said.proof == "ring" || said.proof == "matching") return repeat_proof(said, evidence);
  if (said.proof == "none")
    return {Answer::open, "the search ended after " + std::to_string(said.searched) + " units without an answer"};
  return {Answer::wrong, "no proof is called " + said.proof};
}

/// Tries the proof again among the neighbours that the geometry gives.
CertificateCheck::Finding CertificateCheck::repeat_proof(const Said& said, const Evidence& evidence) const {
  const Row parent = plan_.parent[evidence.row];
  std::vector<std::size_t> units;
  for (const std::string& id : said.units) {
    const auto unit = unit_of_id_.find(id);
    if (unit == unit_of_id_.end())
      return {Answer::wrong, "the certificate names the unit " + id + ", which does not exist"};
    units.push_back(unit->second);
  }
  if (parent == none) return {Answer::open, "the micro-grid has no parent"};
  const auto drawn = neighbourhoods_.try_emplace(parent, plan_, ownership_, parent).first;
  const Neighbourhood n = said.proof == "ring" ? drawn->second.about(units) : drawn->second.whole();
  std::set<std::uint32_t> members;
  for (const std::size_t unit : units) {
    const auto member = n.member_of_unit.find(unit);
    if (member != n.member_of_unit.end()) members.insert(member->second);
  }
  const std::vector<std::uint32_t> list(members.begin(), members.end());
  const bool proven =
      said.proof == "ring" ? !list.empty() && cannot_be_covered(n, list, range_) : pairs_fail(n, evidence.row, list);
  if (proven) return {Answer::confirmed, ""};
  return {Answer::open, "the proof by " + said.proof + " could not be repeated from the geometry"};
}

bool CertificateCheck::pairs_fail(const Neighbourhood& n, Row row, const std::vector<std::uint32_t>& blockers) const {
  for (const auto& [unit, member] : n.member_of_unit)
    if (ownership_.leaf[unit] == row) return cannot_be_paired(n, member, blockers, range_);
  return false;
}

CertificateCheck::Finding CertificateCheck::check_hamlet(const Said& said, const Evidence& evidence) const {
  if (auto flaw = flaw_in_units(said, evidence.row)) return {Answer::wrong, *flaw};
  const bool outline = said.barrier.empty() || said.barrier.starts_with("the outline of ") ||
                       said.barrier == "a hard barrier without a name";
  const auto is_it = [&](const Barrier& b) { return b.barrier == BarrierClass::hard && b.name == said.barrier; };
  if (!outline && std::none_of(plan_.file.barriers.begin(), plan_.file.barriers.end(), is_it))
    return {Answer::wrong, "the certificate names the barrier " + said.barrier + ", and no hard barrier is called so"};
  if (said.annexation.empty()) return {Answer::confirmed, ""};
  const auto host = area_of_code_.find(said.annexation);
  if (host == area_of_code_.end() || plan_.parent[host->second] != plan_.parent[evidence.row])
    return {Answer::wrong, "the certificate would annex it to " + said.annexation + ", which is not in its parent"};
  const std::int64_t sum = evidence.households + households_[host->second];
  if (sum != said.after_annexation || sum < range_.min || sum > range_.max)
    return {Answer::wrong, "annexed to " + said.annexation + ", they would hold " + std::to_string(sum)};
  return {Answer::confirmed, ""};
}

CertificateCheck::Finding CertificateCheck::check_unit(const Said& said, const Evidence& evidence) const {
  if (auto flaw = flaw_in_units(said, evidence.row)) return {Answer::wrong, *flaw};
  std::int64_t sum = 0;
  for (const std::string& id : said.units) sum += plan_.file.units[unit_of_id_.at(id)].households.value_or(0);
  if (sum > range_.max) return {Answer::confirmed, ""};
  return {Answer::wrong, "the units that the certificate names hold " + std::to_string(sum) + ", no more than " +
                             std::to_string(range_.max)};
}

/// Whether no whole number of micro-grids in range adds up to what is within reach.
CertificateCheck::Finding CertificateCheck::check_number(const Evidence& evidence) const {
  const std::int64_t fewest = (evidence.within_reach + range_.max - 1) / range_.max,
                     most = evidence.within_reach / range_.min;
  if (fewest > most) return {Answer::confirmed, ""};
  return {Answer::wrong, std::to_string(evidence.within_reach) + " households are within reach, which " +
                             std::to_string(most) + " micro-grids could share"};
}

/// A unit that the certificate names and the micro-grid does not hold.
std::optional<std::string> CertificateCheck::flaw_in_units(const Said& said, Row row) const {
  for (const std::string& id : said.units) {
    const auto unit = unit_of_id_.find(id);
    if (unit == unit_of_id_.end()) return "the certificate names the unit " + id + ", which does not exist";
    if (ownership_.leaf[unit->second] != row) return "the certificate names the unit " + id + ", which is elsewhere";
  }
  return std::nullopt;
}

}  // namespace wangge::verify
