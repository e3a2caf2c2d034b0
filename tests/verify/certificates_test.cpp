#include "verify/plans.hpp"

#include <gtest/gtest.h>

namespace wangge::verify {
namespace {

PlanFile plan_with(std::vector<std::int64_t> households, const std::string& kind, const std::string& certificate) {
  PlanFile plan = good_plan();
  for (std::size_t u = 0; u < 4; ++u) unit_of(plan, south_west, u).households = households[u];
  add_up(plan);
  plan.findings = {{kind, "0101001", "", certificate}};
  return plan;
}

/// Four units behind rivers of their own: SW reaches nobody.
PlanFile island(std::vector<std::int64_t> households, const std::string& kind, const std::string& certificate) {
  PlanFile plan = plan_with(std::move(households), kind, certificate);
  plan.barriers = {barrier(BarrierClass::hard, {{side, 0}, {side, side}, {0, side}})};
  plan.barriers[0].name = "Moat";
  return plan;
}

TEST(Certificate, OfAHamletMustNameABarrierThatIsThere) {
  const std::string honest = R"({"proof":"component","households":30,"barrier":"Moat"})";
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", honest)), Names{});
  const std::string wrong = R"({"proof":"component","households":30,"barrier":"Rubicon"})";
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", wrong)), Names{"finding 0101001"});
}

TEST(Certificate, OfAHamletMustNameAHostThatStaysInRange) {
  const auto annexed_to = [](const std::string& code, int households) {
    return R"({"proof":"component","households":30,"annexation":{"micro_grid":")" + code + R"(","households":)" +
           std::to_string(households) + "}}";
  };
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", annexed_to("0101002", 90))), Names{});
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", annexed_to("0101002", 80))), Names{"finding 0101001"});
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", annexed_to("0101009", 90))), Names{"finding 0101001"});
}

TEST(Certificate, MustCountTheHouseholdsThatAreThere) {
  EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", R"({"proof":"component","households":31})")),
            Names{"finding 0101001"});
}

TEST(Certificate, MustBeOne) {
  for (const char* text : {"trust me", "[]", "{}", R"({"proof":"component"})", R"({"proof":7,"households":30})",
                           R"({"proof":"component","households":"30"})"}) {
    EXPECT_EQ(errors_of(island({10, 10, 5, 5}, "hamlet", text)), Names{"finding 0101001"}) << text;
  }
  EXPECT_EQ(errors_of(island({10, 10, 5, 20}, "lumpy", R"({"proof":"luck","households":45})")),
            Names{"finding 0101001"});
}

TEST(Certificate, OfATowerMustNameUnitsInItThatHoldTooMuch) {
  const auto tower = [](const std::string& unit) {
    return R"({"proof":"unit","households":170,"units":[")" + unit + R"("]})";
  };
  const std::vector<std::int64_t> counts{164, 6, 0, 0};
  EXPECT_EQ(errors_of(plan_with(counts, "tower", tower("0101001-0"))), Names{});
  EXPECT_EQ(errors_of(plan_with(counts, "tower", tower("0101001-1"))), Names{"finding 0101001"});
  EXPECT_EQ(errors_of(plan_with(counts, "tower", tower("0101002-1"))), Names{"finding 0101001"});
  EXPECT_EQ(errors_of(plan_with(counts, "tower", tower("no such unit"))), Names{"finding 0101001"});
}

TEST(Certificate, ByNumberIsWorkedOutAgain) {
  const std::string said = R"({"proof":"component","households":110})";
  const Report none = report_on(island({30, 30, 30, 20}, "lumpy", said), {.range = {56, 80}});
  EXPECT_EQ(none.figures.lumpy, 1u);
  const Report two = report_on(island({30, 30, 30, 20}, "lumpy", said), {.range = {55, 80}});
  EXPECT_EQ(two.figures.lumpy, 0u);
  EXPECT_EQ(named(two.errors), Names{"finding 0101001"});
}

TEST(Certificate, ByARingIsSearchedAgain) {
  // 10, 95, 4 and 4 on an island: who stands beside 95 could only join it.
  const std::string said =
      R"({"proof":"ring","households":113,"units":["0101001-0","0101001-1","0101001-2","0101001-3"]})";
  EXPECT_EQ(report_on(island({10, 95, 4, 4}, "lumpy", said)).figures.lumpy, 1u);
  const Report open = report_on(island({30, 33, 25, 25}, "lumpy", said));  // 63 and 50
  EXPECT_EQ(open.figures.lumpy, 0u);
  EXPECT_EQ(open.figures.unproven, 1u);
}

TEST(Certificate, ByPairsIsCountedAgain) {
  const std::string said = R"({"proof":"matching","households":120,"units":[]})";
  EXPECT_EQ(report_on(island({40, 40, 40, 0}, "lumpy", said)).figures.lumpy, 1u);
  EXPECT_EQ(report_on(island({40, 40, 20, 20}, "lumpy", said)).figures.lumpy, 0u);
}

TEST(Certificate, ByPairsHoldsWhereItsBlockersDoNotPartThePairsAsDrawn) {
  const std::string said = R"({"proof":"matching","households":120,"units":["0101001-1"]})";
  EXPECT_EQ(report_on(island({40, 40, 40, 0}, "lumpy", said)).figures.lumpy, 1u);
  EXPECT_EQ(report_on(island({40, 40, 20, 20}, "lumpy", said)).figures.lumpy, 0u);
}

TEST(Locked, MayBeOutOfRange) {
  const Report report = report_on(plan_with({10, 10, 5, 5}, "locked", ""));
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(named(report.warnings), Names{"locked 0101001"});
}

TEST(Annexed, MayCrossItsRiverButOnlyAsAHamlet) {
  PlanFile plan = good_plan();
  plan.barriers = {barrier(BarrierClass::hard, {{10'000, 0}, {10'000, side}}),
                   barrier(BarrierClass::hard, {{0, side}, {10'000, side}})};
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
  plan.findings = {{"annexed", "0101001", "", ""}};
  const Report report = report_on(plan);  // 30 households between the rivers and the outline
  EXPECT_EQ(named(report.errors), Names{});
  EXPECT_EQ(report.figures.annexed, 1u);
  plan.barriers.pop_back();  // now they reach those in the north
  EXPECT_EQ(errors_of(plan), Names{"barrier 0101001"});
}

TEST(Attributes, AreSummedUpFromTheUnits) {
  const PlanFile plan = good_plan();  // four times 37 persons in each
  const auto persons = [](std::optional<double> min, std::optional<double> max) {
    return Options{.range = {}, .attributes = {{"persons", {{"persons", 1.0}}, min, max}}};
  };
  const Folder folder;
  write_plan_file(folder / "plan.gpkg", plan);
  const PlanFile read = read_plan(folder / "plan.gpkg", {"persons"});
  EXPECT_EQ(verify_plan(read, persons(148, 148)).errors.size(), 0u);
  EXPECT_EQ(verify_plan(read, persons(149, {})).errors.size(), 4u);
  EXPECT_EQ(verify_plan(read, persons({}, 147)).figures.attributes_missed, 4u);
}

}  // namespace
}  // namespace wangge::verify
