#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "support/random_town.hpp"
#include "support/scene.hpp"
#include <wangge/error.hpp>
#include <wangge/planning.hpp>

namespace wangge {
namespace {

using test::draw;
using test::Scene;

UnitId unit(const Scene& scene, const std::string& id) {
  const auto found = std::ranges::find(scene.units.units, id, &Unit::id);
  return UnitId{static_cast<std::uint32_t>(found - scene.units.units.begin())};
}

UnitPair pair(const Scene& scene, const char* a, const char* b) { return {unit(scene, a), unit(scene, b)}; }

std::string micro_grid(const Proposal& plan, const Scene& scene, const char* id) {
  const GridId area = plan.area_of_unit[static_cast<std::uint32_t>(unit(scene, id))];
  return area == GridId::none ? "" : std::string(plan.next.code(area));
}

std::size_t count(const Proposal& plan, Finding::Kind kind) {
  return static_cast<std::size_t>(std::ranges::count(plan.after.findings, kind, &Finding::kind));
}

/// A north-south river after so many columns of cells.
Barrier river_after(int column, const char* name = "Old River") {
  const auto x = test::corner.x + column * test::cell_side;
  Barrier river;
  river.name = name;
  river.barrier = BarrierClass::hard;
  river.line = {{x, test::corner.y - 100}, {x, test::corner.y + 20 * test::cell_side}};
  return river;
}

void expect_contradiction(const Scene& scene, const SplitOptions& options, std::vector<std::string> mentions,
                          std::span<const Barrier> barriers = {}) {
  try {
    split(scene.map, GridId{0}, scene.units.units, barriers, options);
    FAIL() << "was carried out";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::contradiction) << error.what();
    for (const std::string& word : mentions)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what() << " lacks " << word;
  }
}

// Units are numbered as one reads: 1 2 3 4 in the upper row, 5 6 7 8 in the lower one.
constexpr char two_rows[] = R"(
    A A A A
    A A A A )";

TEST(MustLink, KeepsTwoUnitsTogether) {
  const Scene scene = draw(two_rows, {.households_each = 20});
  for (const auto& [a, b] : {std::pair("1", "4"), std::pair("2", "3"), std::pair("1", "8"), std::pair("5", "6")}) {
    SplitOptions options;
    options.together = {pair(scene, a, b)};
    const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
    EXPECT_EQ(micro_grid(plan, scene, a), micro_grid(plan, scene, b)) << a << ' ' << b;
    EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  }
}

TEST(MustLink, TakesAlongTheFewestHouseholdsBetween) {
  Scene scene = draw("A A A A A A", {.households_each = 20});
  SplitOptions options;
  options.together = {pair(scene, "2", "4")};
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
  EXPECT_EQ(micro_grid(plan, scene, "2"), micro_grid(plan, scene, "3"));
  EXPECT_EQ(micro_grid(plan, scene, "3"), micro_grid(plan, scene, "4"));
}

TEST(MustLink, AcrossAHardBarrierIsRefused) {
  const Scene scene = draw(two_rows, {.households_each = 20});
  const Barrier river = river_after(2);
  SplitOptions options;
  options.together = {pair(scene, "1", "4")};
  expect_contradiction(scene, options, {"must-link 1,4", "hard barrier"}, {&river, 1});
}

TEST(MustLink, AcrossAreasIsRefused) {
  const Scene scene = draw("A A A B B B", {.households_each = 20});
  SplitOptions options;
  options.together = {pair(scene, "1", "6")};
  try {
    const std::vector<GridId> both{GridId{0}, GridId{1}};
    split(scene.map, both, scene.units.units, {}, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("different areas"), std::string::npos) << error.what();
  }
}

TEST(MustLink, AboveTheMaximumIsRefused) {
  const Scene scene = draw(two_rows, {.households_each = 40});
  SplitOptions options;
  options.together = {pair(scene, "1", "2"), pair(scene, "2", "3")};
  expect_contradiction(scene, options, {"must-link 2,3", "120 households", "maximum of 100"});
}

TEST(MustLink, AgainstACannotLinkIsRefused) {
  const Scene scene = draw(two_rows, {.households_each = 20});
  SplitOptions options;
  options.together = {pair(scene, "1", "2"), pair(scene, "2", "3")};
  options.apart = {pair(scene, "3", "1")};
  expect_contradiction(scene, options, {"must-link 2,3", "cannot-link 3,1"});
}

TEST(MustLink, OfAUnitOutsideIsRefused) {
  Scene scene = draw(two_rows, {.households_each = 20});
  scene.units.units[3].position.x += 100 * test::cell_side;
  SplitOptions options;
  options.together = {pair(scene, "1", "4")};
  expect_contradiction(scene, options, {"unit 4", "outside"});
}

TEST(CannotLink, KeepsTwoUnitsApart) {
  const Scene scene = draw(two_rows, {.households_each = 20});
  for (const auto& [a, b] : {std::pair("1", "2"), std::pair("2", "3"), std::pair("1", "5"), std::pair("6", "7")}) {
    SplitOptions options;
    options.apart = {pair(scene, a, b)};
    const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
    EXPECT_NE(micro_grid(plan, scene, a), micro_grid(plan, scene, b)) << a << ' ' << b;
    EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  }
}

TEST(CannotLink, OfUnitsOnOneGroundIsRefused) {
  Scene scene = draw(two_rows, {.households_each = 20});
  scene.units.units[1].position = scene.units.units[0].position;
  SplitOptions options;
  options.apart = {pair(scene, "1", "2")};
  expect_contradiction(scene, options, {"cannot-link 1,2", "one ground"});
  options.apart = {pair(scene, "3", "3")};
  expect_contradiction(scene, options, {"cannot-link 3,3", "itself"});
}

TEST(Annex, GivesAHamletToItsNeighbourAcrossTheRiver) {
  const Scene scene = draw("A A A A", {.households_each = 20});
  const Barrier river = river_after(1);
  const Proposal told = split(scene.map, GridId{0}, scene.units.units, {&river, 1});
  ASSERT_EQ(told.after.findings.size(), 1u);
  ASSERT_TRUE(told.after.findings[0].certificate);
  const Certificate& certificate = *told.after.findings[0].certificate;
  EXPECT_EQ(certificate.barrier, "Old River");
  EXPECT_EQ(certificate.annexation, "A002");
  EXPECT_EQ(certificate.after_annexation, 80u);
  EXPECT_EQ(certificate.within_reach, 20u);

  SplitOptions options;
  options.annex = true;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {&river, 1}, options);
  EXPECT_EQ(plan.after.micro_grids, 1u);
  EXPECT_EQ(plan.after.in_range, 1u);
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::annexed);
}

TEST(Annex, NamesTheOutlineThatShutsAHamletIn) {
  const Scene scene = draw("A A", {.households_each = 20});
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].certificate->barrier, "the outline of A");
  EXPECT_EQ(plan.after.findings[0].certificate->annexation, "");
}

class CompoundsOfADrawing : public testing::Test {
 protected:
  /// Units of `names` are of compound "Garden"; each name is that of a unit.
  static Scene with_garden(const char* drawing, std::uint32_t households, std::set<std::string> names) {
    Scene scene = draw(drawing, {.households_each = households});
    for (Unit& unit : scene.units.units)
      if (names.contains(unit.id)) unit.compound = "Garden";
    return scene;
  }

  static Proposal split_whole(const Scene& scene) {
    SplitOptions options;
    options.keep_compounds = true;
    return split(scene.map, GridId{0}, scene.units.units, {}, options);
  }

  static std::map<std::string, std::set<std::string>> compounds_of_micro_grids(const Proposal& plan,
                                                                               const Scene& scene) {
    std::map<std::string, std::set<std::string>> compounds;
    for (const Unit& unit : scene.units.units)
      compounds[micro_grid(plan, scene, unit.id.c_str())].insert(unit.compound);
    return compounds;
  }
};

TEST_F(CompoundsOfADrawing, OfTwoHundredAndThirtyHouseholdsBecomeMicroGridsOfTheirOwn) {
  Scene scene = with_garden(R"(
      A A A A A A
      A A A A A A
      A A A A A A )",
                            23, {"1", "2", "3", "4", "7", "8", "9", "10", "13", "14"});
  const Proposal plan = split_whole(scene);
  EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  for (const auto& [code, compounds] : compounds_of_micro_grids(plan, scene)) EXPECT_EQ(compounds.size(), 1u) << code;
  EXPECT_EQ(count(plan, Finding::Kind::mixed), 0u);
}

TEST_F(CompoundsOfADrawing, ThatFitInOneMicroGridAreNeverCut) {
  const Scene scene = with_garden("A A A A A A A A", 20, {"3", "4", "5"});
  const Proposal plan = split_whole(scene);
  EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  EXPECT_EQ(micro_grid(plan, scene, "3"), micro_grid(plan, scene, "4"));
  EXPECT_EQ(micro_grid(plan, scene, "4"), micro_grid(plan, scene, "5"));
}

TEST_F(CompoundsOfADrawing, AreMixedWhereTheirNeighboursCouldNotStandAlone) {
  const Scene scene = with_garden("A A A A A A", 20, {"1", "2", "3", "4", "5"});
  const Proposal plan = split_whole(scene);
  EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  EXPECT_EQ(plan.after.micro_grids, 2u);
  EXPECT_EQ(count(plan, Finding::Kind::mixed), 1u);
}

TEST_F(CompoundsOfADrawing, StairwellsOfATowerStandAlone) {
  Scene scene = draw(R"(
      A A A A A
      A A A A A )",
                     {.households_each = 30});
  for (const std::size_t stairwell : {0, 1, 5, 6}) scene.units.units[stairwell].building = "Tower 9";
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  EXPECT_EQ(plan.after.in_range, plan.after.micro_grids);
  std::map<std::string, std::set<std::string>> buildings;
  for (const Unit& unit : scene.units.units) buildings[micro_grid(plan, scene, unit.id.c_str())].insert(unit.building);
  for (const auto& [code, names] : buildings) EXPECT_EQ(names.size(), 1u) << code;
}

/// Two areas of a hostile little town, and some pairs of its units.
struct WishfulTown {
  test::RandomTown town = test::random_town();
  GridMap map = GridMap::build(town.areas);
  std::vector<GridId> areas{GridId{0}, GridId{1}};

  UnitPair some_pair() const {
    const auto some = [&] { return UnitId(test::number(static_cast<int>(town.units.size()) - 1)); };
    return {some(), some()};
  }
};

RC_GTEST_PROP(SplitWishes, AreKeptOrRefused, ()) {
  const WishfulTown wishful;
  RC_PRE(wishful.town.units.size() >= 2u);
  SplitOptions options;
  for (int i = test::number(2); i > 0; --i) options.together.push_back(wishful.some_pair());
  for (int i = test::number(2); i > 0; --i) options.apart.push_back(wishful.some_pair());
  Proposal plan;
  try {
    plan = split(wishful.map, wishful.areas, wishful.town.units, wishful.town.barriers, options);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == Errc::contradiction);
    RC_DISCARD();
  }
  const auto home = [&](UnitId unit) { return plan.area_of_unit[static_cast<std::uint32_t>(unit)]; };
  for (const auto& [a, b] : options.together) RC_ASSERT(home(a) == home(b));
  std::size_t together = 0;
  for (const auto& [a, b] : options.apart) together += home(a) == home(b) && home(a) != GridId::none;
  RC_ASSERT(together == count(plan, Finding::Kind::apart));
}

/// Whether a compound's micro-grids hold nobody else, and it is cut only where it is too large for one.
bool kept_whole(const Proposal& plan, Units units, const std::string& compound, const Range& range) {
  std::set<GridId> homes;
  std::uint64_t households = 0;
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (units[u].compound != compound || units[u].households == 0) continue;
    homes.insert(plan.area_of_unit[u]);
    households += units[u].households;
  }
  bool mixed = false;
  for (std::size_t u = 0; u < units.size(); ++u) {
    mixed |= units[u].compound != compound && units[u].households > 0 && homes.contains(plan.area_of_unit[u]);
  }
  if (households <= range.max && homes.size() > 1) return false;
  return households < range.min || !mixed;
}

RC_GTEST_PROP(Compounds, AreMixedOnlyWhereTheyMust, ()) {
  // One street of houses with a compound in the middle: whole unless a side or the compound cannot stand alone.
  const int before = test::number(8), garden = 2 + test::number(9), after = test::number(8);
  Scene scene = draw([&] {
    std::string cells;
    for (int i = 0; i < before + garden + after; ++i) cells += "A ";
    return cells;
  }());
  std::uint64_t held[3] = {};
  for (int i = 0; i < before + garden + after; ++i) {
    Unit& unit = scene.units.units[static_cast<std::size_t>(i)];
    unit.households = static_cast<std::uint32_t>(1 + test::number(20));
    const int part = i < before ? 0 : i < before + garden ? 1 : 2;
    if (part == 1) unit.compound = "Garden";
    held[part] += unit.households;
  }
  SplitOptions options;
  options.keep_compounds = true;
  const Range range = options.profile.range;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
  const auto fits = [&](std::uint64_t households) { return households >= range.min && households <= range.max; };
  const bool may = fits(held[1]) && (held[0] == 0 || fits(held[0])) && (held[2] == 0 || fits(held[2]));
  RC_CLASSIFY(may);
  const bool told = count(plan, Finding::Kind::mixed) > 0;
  RC_ASSERT(kept_whole(plan, scene.units.units, "Garden", range) || told || held[1] < range.min);
  if (may) {
    RC_ASSERT(plan.after.in_range == plan.after.micro_grids);
    RC_ASSERT(!told);
  }
}

TEST(Attributes, SumUpWorkLoadFromVisits) {
  const Scene scene = draw("A A A", {.households_each = 20});
  Profile profile;
  profile.attributes = {{"workload", {}, {}, {}, 0}};
  profile.workload.groups = {{"elderly", 2, 30}, {"key", 1, 60}};
  const std::vector<UnitAttribute> columns{{"elderly", {1, 0, 4}}, {"key", {0, 3, 1}}};
  std::vector<Finding> findings;
  const auto attributes = attributes_of(profile, scene.units.units, columns, findings);
  ASSERT_EQ(attributes.size(), 1u);
  EXPECT_EQ(attributes[0].values, (std::vector<double>{1, 3, 5}));
  EXPECT_TRUE(findings.empty());
}

TEST(Attributes, ThatAreAbsentAreNamed) {
  const Scene scene = draw("A A A", {.households_each = 20});
  SplitOptions options;
  for (const char* name : {"persons", "shops", "workload"}) {
    options.profile.attributes = {{name, 1, {}, {}, 0}};
    try {
      split(scene.map, GridId{0}, scene.units.units, {}, options);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::missing_field);
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
  }
}

TEST(Attributes, WithoutAValueCountAsNothingAndAreTold) {
  const Scene scene = draw("A A A", {.households_each = 20});
  const std::vector<UnitAttribute> columns{{"shops", {1, std::numeric_limits<double>::quiet_NaN(), 4}}};
  SplitOptions options;
  options.profile.attributes = {{"shops", {}, {}, {}, 0}};
  options.columns = columns;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
  ASSERT_EQ(plan.after.findings.size(), 1u);
  EXPECT_EQ(plan.after.findings[0].kind, Finding::Kind::missing);
  EXPECT_EQ(plan.after.findings[0].unit, "2");
  EXPECT_EQ(plan.after.areas.back().attributes, (std::vector<double>{5}));
}

TEST(Attributes, WithAHardBoundHoldWhereTheyCan) {
  Scene scene = draw("A A A A A A A A", {.households_each = 20});
  std::vector<double> shops{0, 0, 0, 0, 10, 10, 0, 0};
  const std::vector<UnitAttribute> columns{{"shops", shops}};
  SplitOptions options;
  options.profile.attributes = {{"shops", 10, {}, {}, 0}};
  options.columns = columns;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
  EXPECT_EQ(plan.after.micro_grids, 2u);
  EXPECT_EQ(plan.after.in_range, 2u);
  EXPECT_EQ(count(plan, Finding::Kind::attribute), 0u);
  EXPECT_NE(micro_grid(plan, scene, "5"), micro_grid(plan, scene, "6"));
}

TEST(Attributes, TellOfABoundThatIsMissed) {
  const Scene scene = draw("A A A", {.households_each = 20});
  const std::vector<UnitAttribute> columns{{"shops", {1, 1, 1}}};
  SplitOptions options;
  options.profile.attributes = {{"shops", 10, {}, {}, 0}};
  options.columns = columns;
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {}, options);
  ASSERT_EQ(count(plan, Finding::Kind::attribute), 1u);
}

TEST(Terms, OfTheMicroGridsAddUpToThoseOfThePlan) {
  const Scene scene = draw(two_rows, {.households_each = 20});
  const Proposal plan = split(scene.map, GridId{0}, scene.units.units, {});
  Objective sum;
  for (const AreaFigures& area : plan.after.areas)
    if (area.objective) sum += *area.objective;
  EXPECT_NEAR(sum.total(), plan.objective.total(), 1e-6 * plan.objective.total());
  EXPECT_GT(plan.objective.cut, 0);
  EXPECT_NEAR(plan.cut.open_m, plan.objective.cut, 0.01 * plan.objective.cut);
}

}  // namespace
}  // namespace wangge
