#include <wangge/town.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>
#include "town/footprints.hpp"

namespace wangge {
namespace {

City town(std::uint64_t households, std::uint64_t seed = 1, bool stairwells = false) {
  TownOptions options;
  options.households = households;
  options.seed = seed;
  options.stairwells = stairwells;
  return make_town(options);
}

City fangzhou(std::uint64_t seed = 1) {
  TownOptions options;
  options.like = "fangzhou";
  options.seed = seed;
  return make_town(options);
}

std::uint64_t persons(const City& city) {
  std::uint64_t total = 0;
  for (const Unit& unit : city.units.units) total += unit.persons.value();
  return total;
}

double total(const City& city, const std::string& attribute) {
  for (const UnitAttribute& column : city.units.attributes) {
    if (column.name != attribute) continue;
    double sum = 0;
    for (const double value : column.values) sum += value;
    return sum;
  }
  ADD_FAILURE() << "no attribute " << attribute;
  return 0;
}

std::vector<const GridRecord*> of_level(const City& city, Level level) {
  std::vector<const GridRecord*> found;
  for (const GridRecord& area : city.areas) {
    if (area.level == level) found.push_back(&area);
  }
  return found;
}

std::map<GridId, std::uint64_t> households_by_area(const City& city, const GridMap& map) {
  std::map<GridId, std::uint64_t> households;
  for (const Unit& unit : city.units.units) households[map.locate(unit.position)] += unit.households;
  return households;
}

/// FNV-1a over everything that the town consists of.
class Fingerprint {
 public:
  std::uint64_t of(const City& city) {
    for (const GridRecord& area : city.areas) {
      add(area.code + '|' + area.name + '|' + area.parent + '|' + std::string(to_string(area.level)));
      add(area.polygons);
    }
    for (const Unit& unit : city.units.units) {
      add(unit.id + '|' + unit.compound + '|' + unit.building);
      add(unit.position);
      add(unit.footprint);
      for (const double n : {double(unit.households), double(unit.persons.value()), unit.floors.value()}) add(n);
    }
    for (const UnitAttribute& column : city.units.attributes) {
      for (const double value : column.values) add(value);
    }
    for (const UnitLabel& column : city.units.labels) {
      for (const std::string& value : column.values) add(value);
    }
    for (const Barrier& barrier : city.barriers) {
      add(barrier.name + '|' + std::string(to_string(barrier.barrier)) + (barrier.bridge ? "|bridge" : ""));
      add(barrier.line);
    }
    return hash_;
  }

 private:
  void add(std::int64_t number) {
    for (int byte = 0; byte < 8; ++byte) hash_ = (hash_ ^ ((number >> (8 * byte)) & 0xff)) * 0x100000001b3;
  }
  void add(double number) { add(static_cast<std::int64_t>(number)); }
  void add(Position p) { add(std::int64_t{p.x}), add(std::int64_t{p.y}); }
  void add(const std::string& text) {
    for (const char c : text) add(std::int64_t{c});
  }
  void add(const std::vector<Position>& line) {
    add(static_cast<std::int64_t>(line.size()));
    for (const Position p : line) add(p);
  }
  void add(const MultiPolygon& polygons) {
    for (const Polygon& polygon : polygons) {
      add(polygon.outer);
      for (const Ring& hole : polygon.holes) add(hole);
    }
  }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

Errc refusal(const TownOptions& options) {
  try {
    make_town(options);
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.code();
  }
  ADD_FAILURE() << "the options were accepted";
  return Errc::unsupported;
}

TEST(MakeTown, HasTheHouseholdsThatWereAskedFor) {
  for (const std::uint64_t households : {1, 2, 49, 300, 999, 7000, 61'234}) {
    EXPECT_EQ(total_households(town(households).units.units), households);
  }
}

TEST(MakeTown, HasSome2800PersonsToAThousandHouseholds) {
  EXPECT_NEAR(double(persons(town(7000))) / 7000, 2.8, 0.01);
  for (const Unit& unit : town(7000).units.units) {
    EXPECT_GE(unit.persons.value(), unit.households) << unit.id;
    EXPECT_LE(unit.persons.value(), 5 * unit.households) << unit.id;
  }
}

TEST(MakeTown, GivesTheSameBytesOnEveryMachine) {
  EXPECT_EQ(Fingerprint().of(town(7000)), 9900769636239761832u);
  EXPECT_EQ(Fingerprint().of(town(60'000, 5, true)), 13484691107893050996u);
  EXPECT_EQ(Fingerprint().of(fangzhou()), 5389067781553575133u);
}

TEST(MakeTown, IsAnotherTownWithAnotherSeed) {
  EXPECT_NE(Fingerprint().of(town(7000, 1)), Fingerprint().of(town(7000, 2)));
}

TEST(MakeTown, LiesWhereItWasAskedFor) {
  TownOptions options;
  options.centre = {-58.4, -34.6};
  const City city = make_town(options);
  const Box box = bounds(city.areas.front().polygons);
  EXPECT_TRUE(box.contains(to_lattice(options.centre)));
}

TEST(MakeTown, HasNoUnitThatAMicroGridCannotHold) {
  for (const Unit& unit : town(61'234).units.units) EXPECT_LE(unit.households, 100u) << unit.id;
}

TEST(MakeTown, HasTowersAboveAHundredHouseholdsOnRequest) {
  TownOptions options;
  options.households = 30'000;
  options.towers = 0.3;
  const City city = make_town(options);
  EXPECT_EQ(total_households(city.units.units), 30'000u);
  EXPECT_GT(std::count_if(city.units.units.begin(), city.units.units.end(),
                          [](const Unit& unit) { return unit.households > 100; }),
            20);
}

TEST(MakeTown, CutsBuildingsIntoStairwellsOnRequest) {
  const City whole = town(7000), cut = town(7000, 1, true);
  const auto by_building = [](const City& city) {
    std::map<std::string, std::uint64_t> households;
    for (const Unit& unit : city.units.units) households[unit.building] += unit.households;
    return households;
  };
  EXPECT_EQ(by_building(whole), by_building(cut));
  EXPECT_GT(cut.units.size(), whole.units.size() + 100);
  for (const Unit& unit : cut.units.units) {
    EXPECT_TRUE(unit.floors.value() != 6 || unit.households <= 12) << unit.id;
  }
}

TEST(MakeTown, NumbersItsUnitsAndNamesTheirCompounds) {
  const City city = town(7000);
  EXPECT_NO_THROW(city.units.check());
  std::set<std::string> compounds;
  for (const Unit& unit : city.units.units) compounds.insert(unit.compound);
  EXPECT_GE(compounds.size(), 6u);
}

TEST(MakeTown, HasSchoolsAndShopsWithoutAHousehold) {
  const City city = town(30'000);
  std::map<std::string, int> uses;
  for (std::size_t i = 0; i < city.units.size(); ++i) {
    const std::string& use = city.units.labels.at(0).values.at(i);
    ++uses[use];
    EXPECT_EQ(city.units.units[i].households > 0, use == "residential") << city.units.units[i].id;
  }
  EXPECT_GT(uses["school"], 3);
  EXPECT_GT(uses["shop"], 30);
}

TEST(MakeTown, HasRowHousesLShapesAndCourtyards) {
  const City city = town(7000);
  int l_shapes = 0, courtyards = 0;
  for (const Unit& unit : city.units.units) {
    l_shapes += unit.footprint.at(0).outer.size() == 6;
    courtyards += !unit.footprint.at(0).holes.empty();
  }
  EXPECT_GT(l_shapes, 10);
  EXPECT_GT(courtyards, 10);
  EXPECT_GT(testing_town::shared_walls(city.units.units), 100u);
}

TEST(MakeTown, LaysNoFootprintOverAnother) {
  EXPECT_EQ(testing_town::first_overlap(town(7000).units.units), "");
  EXPECT_EQ(testing_town::first_overlap(town(20'000, 3, true).units.units), "");
  EXPECT_EQ(testing_town::first_overlap(fangzhou().units.units), "");
}

TEST(MakeTown, BuildsNothingAcrossARoadAWallOrARiver) {
  EXPECT_EQ(testing_town::first_crossing(town(7000)), "");
  EXPECT_EQ(testing_town::first_crossing(town(60'000, 5)), "");
  EXPECT_EQ(testing_town::first_crossing(fangzhou()), "");
}

TEST(MakeTown, CoversTheTownExactlyWithCommunities) {
  const City city = town(61'234);
  const GridMap map = GridMap::build(city.areas);
  EXPECT_TRUE(map.weld_report().mends.empty());
  Int128 communities = 0;
  for (const GridRecord* area : of_level(city, Level::community)) communities += doubled_area(area->polygons);
  EXPECT_TRUE(communities == doubled_area(of_level(city, Level::town).at(0)->polygons));
  for (const auto& [area, households] : households_by_area(city, map)) {
    ASSERT_NE(area, GridId::none);
    EXPECT_EQ(map.level(area), Level::community);
    EXPECT_GT(households, 1000u) << map.code(area);
    EXPECT_LT(households, 7000u) << map.code(area);
  }
}

TEST(MakeTown, PutsSeveralTownsUnderACounty) {
  const City city = town(400'000);
  EXPECT_EQ(of_level(city, Level::county).size(), 1u);
  EXPECT_EQ(of_level(city, Level::town).size(), 3u);
  const GridMap map = GridMap::build(city.areas);
  for (const GridRecord* area : of_level(city, Level::community)) {
    EXPECT_EQ(area->code.size(), 12u);
    EXPECT_EQ(area->code.substr(0, 9), area->parent);
    EXPECT_EQ(map.code(map.ancestor(map.find(area->code), Level::county)), "321302");
  }
}

TEST(MakeTown, CrossesItsRiverOnBridges) {
  const City city = town(7000);
  const auto count = [&](BarrierClass barrier, bool bridge) {
    return std::count_if(city.barriers.begin(), city.barriers.end(),
                         [&](const Barrier& b) { return b.barrier == barrier && b.bridge == bridge; });
  };
  EXPECT_EQ(count(BarrierClass::hard, false), 1);
  EXPECT_GE(count(BarrierClass::soft, true), 3);
}

TEST(MakeTown, HasARailwayAndAnIsletWhenLarge) {
  const City city = town(60'000);
  std::set<std::string> hard;
  for (const Barrier& barrier : city.barriers) {
    if (barrier.barrier == BarrierClass::hard) hard.insert(barrier.name);
  }
  EXPECT_EQ(hard, (std::set<std::string>{"东陇铁路", "通济河", "支流"}));
}

TEST(MakeTown, LetsEveryRoadEndOnAnotherLine) {
  const City city = town(60'000);
  std::map<Position, int> visits;
  for (const Barrier& barrier : city.barriers) {
    if (barrier.barrier == BarrierClass::wall) continue;
    for (const Position p : barrier.line) ++visits[p];
  }
  for (const Barrier& barrier : city.barriers) {
    if (barrier.barrier == BarrierClass::wall) continue;
    EXPECT_GT(visits[barrier.line.front()], 1) << barrier.name;
    EXPECT_GT(visits[barrier.line.back()], 1) << barrier.name;
  }
}

TEST(MakeTown, OpensEveryCompoundAtOneGate) {
  const City city = town(7000);
  int walls = 0;
  for (const Barrier& barrier : city.barriers) {
    if (barrier.barrier != BarrierClass::wall) continue;
    ++walls;
    EXPECT_NEAR(length_m(barrier.line.front(), barrier.line.back()), 8, 1);
  }
  EXPECT_GE(walls, 6);
}

TEST(Fangzhou, HasItsTotals) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const City city = fangzhou(seed);
    EXPECT_EQ(total_households(city.units.units), 4072u);
    EXPECT_EQ(persons(city), 11'413u);
    EXPECT_GE(total(city, "shops"), 240);
    EXPECT_EQ(total(city, "elderly_alone"), 122);
    EXPECT_NEAR(area_m2(of_level(city, Level::community).at(0)->polygons), 2.2e6, 0.005 * 2.2e6);
    std::set<std::string> compounds;
    for (const Unit& unit : city.units.units) compounds.insert(unit.compound);
    compounds.erase("");
    EXPECT_GT(compounds.size(), 20u);
  }
}

TEST(Fangzhou, NestsOneCommunityFourSectorsAndFifteenGridsExactly) {
  const City city = fangzhou();
  const GridMap map = GridMap::build(city.areas);
  EXPECT_TRUE(map.weld_report().mends.empty());
  EXPECT_EQ(of_level(city, Level::community).size(), 1u);
  EXPECT_EQ(of_level(city, Level::sector).size(), 4u);
  EXPECT_EQ(of_level(city, Level::grid).size(), 15u);
  for (const GridRecord* area : of_level(city, Level::grid)) {
    EXPECT_EQ(area->code.size(), 15u);
    EXPECT_EQ(map.code(map.ancestor(map.find(area->code), Level::sector)), area->parent);
  }
}

TEST(Fangzhou, HasRoomForLegalMicroGridsInEveryGrid) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const City city = fangzhou(seed);
    const GridMap map = GridMap::build(city.areas);
    std::uint64_t fewest = 0, most = 0;
    for (const auto& [grid, households] : households_by_area(city, map)) {
      ASSERT_EQ(map.level(grid), Level::grid);
      EXPECT_GE(households, 150u);
      EXPECT_LE(households, 450u);
      fewest += (households + 99) / 100;
      most += households / 50;
    }
    EXPECT_LE(fewest, most);
    EXPECT_GE(fewest, 41u);
    EXPECT_LE(most, 81u);
  }
}

TEST(Fangzhou, HasNoHardBarrierThatCouldCutOffAHamlet) {
  for (const Barrier& barrier : fangzhou().barriers) EXPECT_NE(barrier.barrier, BarrierClass::hard);
}

TEST(MakeTown, RefusesWhatNoTownCanHave) {
  TownOptions options;
  options.households = 0;
  EXPECT_EQ(refusal(options), Errc::invalid_argument);
  options.households = 10'000'001;
  EXPECT_EQ(refusal(options), Errc::invalid_argument);
  options = {};
  options.like = "Nanjing";
  EXPECT_EQ(refusal(options), Errc::invalid_argument);
  options = {};
  options.centre = {33.96, 118.30};
  EXPECT_EQ(refusal(options), Errc::invalid_argument);
  options = {};
  options.towers = std::nan("");
  EXPECT_EQ(refusal(options), Errc::invalid_argument);
}

TEST(MakeTown, StopsWhenAskedTo) {
  Execution execution;
  execution.progress = [](std::string_view, double) { return false; };
  try {
    make_town({}, execution);
    ADD_FAILURE() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::stopped);
  }
}

RC_GTEST_PROP(MakeTown, KeepsItsLawsForAnyOptions, ()) {
  TownOptions options;
  options.households = *rc::gen::inRange<std::uint64_t>(1, 5000);
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  options.stairwells = *rc::gen::arbitrary<bool>();
  options.towers = *rc::gen::inRange(0, 101) / 100.0;
  options.centre = {*rc::gen::inRange(-179, 180) * 1.0, *rc::gen::inRange(-70, 71) * 1.0};
  const City city = make_town(options);
  RC_ASSERT(total_households(city.units.units) == options.households);
  city.units.check();
  RC_ASSERT(testing_town::first_overlap(city.units.units) == "");
  RC_ASSERT(testing_town::first_crossing(city) == "");
  const GridMap map = GridMap::build(city.areas);
  RC_ASSERT(map.weld_report().mends.empty());
  for (const Unit& unit : city.units.units) {
    RC_ASSERT(contains(unit.footprint, unit.position));
    const GridId area = map.locate(unit.position);
    RC_ASSERT(area != GridId::none);
    for (const Position p : unit.footprint.at(0).outer) RC_ASSERT(map.locate(p) == area);
  }
}

}  // namespace
}  // namespace wangge
