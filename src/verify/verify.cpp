#include "verify/plan.hpp"

#include <algorithm>
#include <tuple>

#include <wangge/error.hpp>

namespace wangge::verify {
namespace {

void warn_of_input(const PlanFile& file, Report& report) {
  const auto warn = [&](std::size_t count, const char* text) {
    if (count > 0) report.warnings.push_back({"input", "", "", {}, double(count), "", text});
  };
  warn(!file.has_barriers, "no layer `barriers`: whether hard barriers are crossed was not checked");
  warn(file.without_class, "barriers with a class other than hard, soft, wall and street were left out");
  warn(file.off_lattice, "vertices of areas are not multiples of 1e-7 degree; they were rounded");
}

void sort(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.check, a.code, a.unit) < std::tie(b.check, b.code, b.unit);
  });
}

}  // namespace

Report verify_plan(const PlanFile& file, const Options& options) {
  const auto step = [&](const char* name, double share) {
    if (options.progress && !options.progress(name, share))
      throw Error(Errc::stopped, "stopped by the user; nothing was written");
  };
  Report report;
  report.range = options.range;
  warn_of_input(file, report);
  step("polygons", 0);
  const Plan plan = plan_of(file, report);
  step("gaps and overlaps", 0.1);
  check_tiling(plan, report);
  step("units", 0.3);
  const Ownership ownership = check_units(plan, report);
  check_totals(plan, ownership, report);
  step("barriers", 0.6);
  const Coherence coherence = check_coherence(plan, ownership, report);
  check_range(plan, ownership, coherence, report);
  check_attributes(plan, ownership, options.attributes, report);
  check_history(plan, report);
  step("shape", 0.8);
  measure_shape(plan, ownership, report);
  sort(report.errors);
  sort(report.warnings);
  return report;
}

}  // namespace wangge::verify
