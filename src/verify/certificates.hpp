#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "verify/neighbourhood.hpp"
#include "verify/plan.hpp"

namespace wangge::verify {

/// What geometry and counts say of a micro-grid that is out of range.
struct Evidence {
  Row row = none;
  std::int64_t households = 0;
  std::int64_t within_reach = 0;  ///< households that it can reach in its parent
};

/// Looks up what certificates name, and checks that it is so.
class CertificateCheck {
 public:
  CertificateCheck(const Plan& plan, const Ownership& ownership, const Range& range);

  enum class Answer { confirmed, wrong, open };
  struct Finding {
    Answer answer = Answer::open;
    std::string text;  ///< what is wrong, or what stays open
  };
  /// Whether `json`, the certificate of a finding of that kind, is true. `open`: it says nothing that could be checked.
  Finding check(std::string_view kind, const std::string& json, const Evidence& evidence) const;

 private:
  struct Said;
  Finding check_hamlet(const Said& said, const Evidence& evidence) const;
  Finding check_unit(const Said& said, const Evidence& evidence) const;
  Finding check_number(const Evidence& evidence) const;
  Finding repeat_proof(const Said& said, const Evidence& evidence) const;
  bool pairs_fail(const Neighbourhood& neighbourhood, Row row, const std::vector<std::uint32_t>& blockers) const;
  std::optional<std::string> flaw_in_units(const Said& said, Row row) const;

  const Plan& plan_;
  const Ownership& ownership_;
  Range range_;
  std::map<std::string, Row> area_of_code_;
  std::map<std::string, std::size_t> unit_of_id_;
  std::vector<std::int64_t> households_;                    ///< of leaves
  mutable std::map<Row, NeighbourhoodMap> neighbourhoods_;  ///< of parents, once somebody asked
};

}  // namespace wangge::verify
