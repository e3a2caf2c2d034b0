#include "verify/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

#include <nlohmann/json.hpp>

namespace wangge::verify {
namespace {

using Json = nlohmann::ordered_json;

Json figures_to_json(const Figures& f) {
  return {{"areas", f.areas},
          {"micro_grids", f.micro_grids},
          {"general", f.general},
          {"dedicated", f.dedicated},
          {"units", f.units},
          {"households", f.households},
          {"persons", f.persons},
          {"invalid_polygons", f.invalid_polygons},
          {"gap_m2", f.gap_m2},
          {"overlap_m2", f.overlap_m2},
          {"outside_m2", f.outside_m2},
          {"unmatched_borders", f.unmatched_borders},
          {"borders_used_twice", f.borders_used_twice},
          {"households_in_one_micro_grid", f.households_in_one_micro_grid},
          {"households_outside", f.households_outside},
          {"units_outside", f.units_outside},
          {"units_unassigned", f.units_unassigned},
          {"units_twice", f.units_twice},
          {"units_elsewhere", f.units_elsewhere},
          {"units_cut", f.units_cut},
          {"straddlers", f.straddlers},
          {"overlapping_footprints", f.overlapping_footprints},
          {"not_contiguous", f.not_contiguous},
          {"across_barrier", f.across_barrier},
          {"crossings", f.crossings},
          {"empty_beyond_barrier_m2", f.empty_beyond_barrier_m2},
          {"counted", f.counted},
          {"in_range", f.in_range},
          {"legal", f.legal},
          {"legal_share", f.legal_share()},
          {"legal_unforced_share", f.legal_unforced_share()},
          {"hamlets", f.hamlets},
          {"towers", f.towers},
          {"lumpy", f.lumpy},
          {"annexed", f.annexed},
          {"locked_out_of_range", f.locked},
          {"attributes_missed", f.attributes_missed},
          {"unproven", f.unproven},
          {"unexplained", f.unexplained},
          {"false_reasons", f.false_reasons},
          {"households_min", f.households_min},
          {"households_mean", f.households_mean},
          {"households_max", f.households_max},
          {"households_sd", f.households_sd},
          {"compactness_mean", f.compactness_mean},
          {"compactness_median", f.compactness_median},
          {"compactness_p5", f.compactness_p5},
          {"inner_border_m", f.inner_border_m},
          {"border_on_barriers", f.border_on_barriers},
          {"border_on_hard", f.border_on_hard},
          {"border_on_soft", f.border_on_soft},
          {"border_on_wall", f.border_on_wall},
          {"border_on_street", f.border_on_street},
          {"border_vertices_per_km", f.border_vertices_per_km},
          {"elongated", f.elongated},
          {"necked", f.necked},
          {"necks_unexplained", f.necks_unexplained},
          {"near_bounds", f.near_bounds},
          {"across_main_roads", f.across_main_roads},
          {"blocks", f.blocks},
          {"blocks_split", f.blocks_split},
          {"revisions", f.revisions}};
}

Json problems_to_json(const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& p : problems) {
    list.push_back({{"check", p.check},
                    {"code", p.code},
                    {"unit", p.unit},
                    {"lng", p.place.lng},
                    {"lat", p.place.lat},
                    {"figure", p.figure},
                    {"measure", p.measure},
                    {"text", p.text}});
  }
  return list;
}

template <class... Values>
std::string print(const char* format, Values... values) {
  char buffer[256];
  std::snprintf(buffer, sizeof buffer, format, values...);
  return buffer;
}

/// 12311 as 12,311.
std::string grouped(std::int64_t number) {
  const std::string digits = std::to_string(std::abs(number));
  std::string text;
  if (number < 0) text += '-';
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}
std::string grouped(std::size_t number) { return grouped(static_cast<std::int64_t>(number)); }

/// Rounded down, so that 100 % means all.
std::string percent(double share) { return print("%.1f %%", std::floor(1000 * share) / 10); }
std::string square_metres(double m2) { return print("%.3f m2", m2); }

class Table {
 public:
  void row(const char* label, const std::string& value, const std::string& note = "") {
    text_ += print("  %-30s %14s", label, value.c_str());
    if (!note.empty()) text_ += "   " + note;
    text_ += "\n";
  }
  void title(const char* text) { text_ += std::string(text_.empty() ? "" : "\n") + text + "\n"; }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

std::string figures_to_table(const Report& report) {
  const Figures& f = report.figures;
  const std::size_t unforced = f.counted - f.forced();
  Table table;
  table.title("Plan");
  table.row("micro-grids", grouped(f.micro_grids),
            grouped(f.general) + " general, " + grouped(f.dedicated) + " dedicated");
  table.row("households", grouped(f.households), "in " + grouped(f.units) + " units");
  table.row("revisions", grouped(f.revisions), "in its history");
  table.row("range", std::to_string(report.range.min) + "-" + std::to_string(report.range.max), "households");

  table.title("Tiling");
  table.row("gap", square_metres(f.gap_m2));
  table.row("overlap", square_metres(f.overlap_m2));
  table.row("outside the parent", square_metres(f.outside_m2));
  table.row("borders without a twin", grouped(f.unmatched_borders + f.borders_used_twice));
  table.row("invalid polygons", grouped(f.invalid_polygons));

  table.title("Units");
  table.row("households in 1 micro-grid", grouped(f.households_in_one_micro_grid),
            "of " + grouped(f.households - f.households_outside) + " inside the areas");
  table.row("outside every area", grouped(f.units_outside), grouped(f.households_outside) + " households");
  table.row("unassigned", grouped(f.units_unassigned));
  table.row("in two micro-grids", grouped(f.units_twice));
  table.row("not where the plan says", grouped(f.units_elsewhere));
  table.row("cut", grouped(f.units_cut),
            grouped(f.straddlers) + " across an outline or a hard barrier, " + grouped(f.overlapping_footprints) +
                " on ground of other units");

  table.title("Micro-grids");
  table.row("in range", grouped(f.in_range), "of " + grouped(f.counted));
  table.row("legal", grouped(f.legal),
            percent(f.legal_share()) + "; " + percent(f.legal_unforced_share()) + " of the " + grouped(unforced) +
                " not forced");
  table.row("forced", grouped(f.forced()),
            grouped(f.hamlets) + " hamlets, " + grouped(f.towers) + " towers, " + grouped(f.lumpy) + " lumpy");
  table.row("out of range, unproven", grouped(f.unproven));
  table.row("out of range, unexplained", grouped(f.unexplained));
  table.row("not in one piece", grouped(f.not_contiguous));
  table.row("out of range, locked", grouped(f.locked));
  table.row("bounds of attributes missed", grouped(f.attributes_missed));
  table.row("across a hard barrier", grouped(f.across_barrier),
            grouped(f.crossings) + " crossings; " + grouped(f.annexed) + " that took in a hamlet");
  table.row("empty land beyond one", print("%.0f m2", f.empty_beyond_barrier_m2));

  table.title("Shape");
  table.row("households", print("%.1f", f.households_mean),
            "mean; " + std::to_string(f.households_min) + " to " + std::to_string(f.households_max) +
                print(", sd %.1f", f.households_sd));
  table.row("Polsby-Popper", print("%.3f", f.compactness_median),
            print("median; mean %.3f, 5th percentile %.3f", f.compactness_mean, f.compactness_p5));
  table.row("inner border on barriers", percent(f.border_on_barriers),
            "hard " + percent(f.border_on_hard) + ", soft " + percent(f.border_on_soft) + ", wall " +
                percent(f.border_on_wall) + ", street " + percent(f.border_on_street));
  table.row("vertices", print("%.1f", f.border_vertices_per_km), "a km of inner border");
  table.row("axis ratio above 3", grouped(f.elongated), "of " + grouped(f.general));
  table.row(
      "with a neck", grouped(f.necked),
      "a lobe hangs on by less than 5 % of its perimeter; " + grouped(f.necks_unexplained) + " without a finding");
  table.row("within 5 of a bound", grouped(f.near_bounds), "of " + grouped(f.in_range) + " in range");
  table.row("across main roads", grouped(f.across_main_roads), "micro-grids with households on both sides");
  table.row("blocks split", grouped(f.blocks_split),
            "of " + grouped(f.blocks) + " between streets that would fit in one micro-grid");
  return std::move(table).text();
}

std::string line_of(const char* grade, const Problem& p) {
  std::string subject = p.code;
  if (!p.unit.empty()) subject += (subject.empty() ? "unit " : " unit ") + p.unit;
  std::string line = print("%-7s %-15s %.7f,%.7f  ", grade, p.check.c_str(), p.place.lng, p.place.lat);
  if (!subject.empty()) line += subject + ": ";
  line += p.text;
  if (!p.measure.empty())
    line += p.measure == "m2" || p.measure == "m" ? print(" (%.3f ", p.figure) + p.measure + ")"
                                                  : print(" (%.0f ", p.figure) + p.measure + ")";
  return line + "\n";
}

std::string lines_of(const char* grade, const std::vector<Problem>& problems, std::size_t most) {
  std::string text;
  std::map<std::string, std::size_t> printed;
  for (const Problem& p : problems)
    if (printed[p.check]++ < most) text += line_of(grade, p);
  for (const auto& [check, count] : printed)
    if (count > most) text += print("%-7s %-15s and %zu more; --json lists all\n", grade, check.c_str(), count - most);
  return text;
}

}  // namespace

Json to_json(const Report& report) {
  return {{"range", {{"min", report.range.min}, {"max", report.range.max}}},
          {"clean", report.clean()},
          {"figures", figures_to_json(report.figures)},
          {"errors", problems_to_json(report.errors)},
          {"warnings", problems_to_json(report.warnings)}};
}

std::string to_table(const Report& report, std::size_t most) {
  std::string text = figures_to_table(report) + "\n";
  text += lines_of("ERROR", report.errors, most);
  text += lines_of("WARNING", report.warnings, most);
  return text + grouped(report.errors.size()) + (report.errors.size() == 1 ? " error, " : " errors, ") +
         grouped(report.warnings.size()) + (report.warnings.size() == 1 ? " warning\n" : " warnings\n");
}

}  // namespace wangge::verify
