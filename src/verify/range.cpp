#include <algorithm>
#include <map>
#include <numeric>

#include "verify/certificates.hpp"
#include "verify/groups.hpp"
#include "verify/plan.hpp"
#include "verify/reasons.hpp"

namespace wangge::verify {
namespace {

/// Households of the largest unit, or stack of units, in the micro-grid `row`.
std::int64_t largest_stack(const Plan& plan, const Ownership& ownership, Row row) {
  std::vector<std::size_t> units;
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < ownership.leaf.size(); ++i) {
    if (ownership.leaf[i] != row) continue;
    units.push_back(i);
    boxes.push_back(box_of(ownership.footprint[i].get()));
  }
  const BoxIndex index(boxes);
  Groups stacks(units.size());
  for (std::uint32_t k = 0; k < units.size(); ++k)
    for (const std::size_t other : index.meeting(boxes[k]))
      if (other < k && stacked(ownership.footprint[units[k]].get(), ownership.footprint[units[other]].get()))
        stacks.join(k, static_cast<std::uint32_t>(other));
  std::map<std::uint32_t, std::int64_t> households;
  std::int64_t largest = 0;
  for (std::uint32_t k = 0; k < units.size(); ++k) {
    std::int64_t& sum = households[stacks.of(k)];
    sum += plan.file.units[units[k]].households.value_or(0);
    largest = std::max(largest, sum);
  }
  return largest;
}

class RangeCheck {
 public:
  RangeCheck(const Plan& plan, const Ownership& ownership, const Coherence& coherence, Report& report)
      : plan_(plan),
        coherence_(coherence),
        report_(report),
        households_(households_of_leaves(plan, ownership)),
        largest_(plan.parent.size(), 0),
        reasons_(plan.file),
        certificates_(plan, ownership, report.range),
        cut_(plan.parent.size(), 0) {
    for (const Row row : plan.micro_grids)
      if (households_[row] > report.range.max || says(row, "tower"))
        largest_[row] = largest_stack(plan, ownership, row);
    for (std::size_t i = 0; i < ownership.cut.size(); ++i)
      if (ownership.cut[i]) cut_[ownership.leaf[i]] = 1;
  }

  void check(Row row) {
    const bool reason_false = check_reasons(row);
    if (!counted(row)) return;
    ++report_.figures.counted;
    const bool in_range = report_.range.min <= households_[row] && households_[row] <= report_.range.max;
    report_.figures.in_range += in_range;
    report_.figures.legal += in_range && !coherence_.broken[row] && !cut_[row];
    if (!in_range) explain(row, reason_false);
  }

 private:
  bool counted(Row row) const { return plan_.area(row).kind != "dedicated" || households_[row] > 0; }
  bool small(Row row) const { return households_[row] < report_.range.min; }
  bool hamlet(Row row) const { return small(row) && coherence_.within_reach[row] < report_.range.min; }
  bool tower(Row row) const { return largest_[row] > report_.range.max; }
  bool says(Row row, const char* reason) const { return reasons_.says(plan_.area(row).code, reason); }

  Problem problem(Row row, const char* check, std::string text) const {
    return {check, plan_.area(row).code, "", plan_.place(row), double(households_[row]), "households", std::move(text)};
  }

  bool check_reasons(Row row) {
    const std::string least = std::to_string(report_.range.min), most = std::to_string(report_.range.max);
    const std::size_t before = report_.errors.size();
    if (says(row, "hamlet") && !hamlet(row))
      report_.errors.push_back(problem(row, "finding",
                                       "called a hamlet, but " + std::to_string(coherence_.within_reach[row]) +
                                           " households are within reach in its parent; " + least + " would do"));
    if (says(row, "tower") && !tower(row))
      report_.errors.push_back(problem(
          row, "finding",
          "called a tower, but its largest unit holds " + std::to_string(largest_[row]) + ", no more than " + most));
    for (const char* kind : {"hamlet", "tower", "lumpy"}) check_certificate(row, kind);
    report_.figures.false_reasons += report_.errors.size() - before;
    return report_.errors.size() > before;
  }

  void check_certificate(Row row, const char* kind) {
    proven_ = false;
    if (!says(row, kind)) return;
    const Evidence evidence{row, households_[row], coherence_.within_reach[row]};
    const CertificateCheck::Finding finding =
        certificates_.check(kind, reasons_.certificate(plan_.area(row).code, kind), evidence);
    proven_ = finding.answer == CertificateCheck::Answer::confirmed;
    if (finding.answer == CertificateCheck::Answer::wrong)
      report_.errors.push_back(problem(row, "finding", finding.text));
  }

  void explain(Row row, bool reason_false) {
    Figures& figures = report_.figures;
    if (hamlet(row) && says(row, "hamlet")) {
      ++figures.hamlets;
      report_.warnings.push_back(problem(
          row, "hamlet", "only " + std::to_string(coherence_.within_reach[row]) + " are within reach in its parent"));
    } else if (!small(row) && tower(row) && says(row, "tower")) {
      ++figures.towers;
      report_.warnings.push_back(problem(row, "tower", "one unit alone holds " + std::to_string(largest_[row])));
    } else if (says(row, "locked")) {
      ++figures.locked;
      report_.warnings.push_back(problem(row, "locked", "out of range; somebody locked it"));
    } else if (says(row, "lumpy") && proven_) {
      ++figures.lumpy;
      report_.warnings.push_back(problem(row, "lumpy", "the units within reach cannot be shared out in range"));
    } else if (says(row, "out_of_range") || says(row, "unproven") || says(row, "lumpy")) {
      ++figures.unproven;
      report_.warnings.push_back(
          problem(row, "unproven", "out of range; the plan says so, without a reason that can be checked"));
    } else {
      ++figures.unexplained;
      if (!reason_false) report_.errors.push_back(problem(row, "range", "out of range, and the plan does not say why"));
    }
  }

  const Plan& plan_;
  const Coherence& coherence_;
  Report& report_;
  std::vector<std::int64_t> households_, largest_;
  Reasons reasons_;
  CertificateCheck certificates_;
  bool proven_ = false;  ///< the certificate of the micro-grid at hand, by the last kind asked for
  std::vector<char> cut_;
};

}  // namespace

bool stacked(const GEOSGeometry* a, const GEOSGeometry* b) {
  const Geometry common = intersection(a, b);
  const double smaller = std::min(area_units(a), area_units(b));
  return inner_point(common.get()) && (smaller == 0 || area_units(common.get()) > smaller / 2);
}

void check_range(const Plan& plan, const Ownership& ownership, const Coherence& coherence, Report& report) {
  RangeCheck check(plan, ownership, coherence, report);
  for (const Row row : plan.micro_grids) check.check(row);
}

}  // namespace wangge::verify
