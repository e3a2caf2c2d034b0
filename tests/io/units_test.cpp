#include <gtest/gtest.h>

#include <cmath>

#include "io/cells.hpp"
#include "io/privacy.hpp"
#include "support/scratch.hpp"
#include "io/verdict.hpp"
#include <wangge/io.hpp>

namespace wangge {
namespace {

City city_of(const std::string& csv, const ReadOptions& options = {}) {
  const Scratch scratch;
  return read_city(scratch.file("units.csv", csv), options);
}

Refusal refusal_for(const std::string& csv, const ReadOptions& options = {}) {
  return refusal_of([&] { city_of(csv, options); });
}

TEST(Csv, GivesUnitsAttributesAndLabels) {
  const City city = city_of(
      "\xef\xbb\xbfid,lng,lat,households,persons,elderly,grid_code,\"note, long\"\r\n"
      "007,118.3,33.9,12,30,2.5,0031,\"said \"\"no\"\"\"\r\n"
      "1.10,118.31,33.91,0,,,0032,\"two\r\nlines\"\r\n"
      "\r\n"
      "宿城,-118.3000001,-33.9,5,9,7,,last");
  ASSERT_EQ(city.units.size(), 3u);
  EXPECT_EQ(city.units.units[0].id, "007");
  EXPECT_EQ(city.units.units[1].id, "1.10");
  EXPECT_EQ(city.units.units[2].id, "宿城");
  EXPECT_EQ(city.units.units[2].position, (Position{-1'183'000'001, -339'000'000}));
  EXPECT_EQ(city.units.units[0].persons, 30u);
  EXPECT_FALSE(city.units.units[1].persons.has_value());
  ASSERT_EQ(city.units.attributes.size(), 1u);
  EXPECT_EQ(city.units.attributes[0].name, "elderly");
  EXPECT_TRUE(std::isnan(city.units.attributes[0].values[1]));
  ASSERT_EQ(city.units.labels.size(), 2u);
  EXPECT_EQ(city.units.labels[0].values, (std::vector<std::string>{"0031", "0032", ""}));
  EXPECT_EQ(city.units.labels[1].name, "note, long");
  EXPECT_EQ(city.units.labels[1].values, (std::vector<std::string>{"said \"no\"", "two\r\nlines", "last"}));
}

TEST(Csv, KnowsTheUsualNamesOfColumns) {
  const City city = city_of("编号,经度,纬度,户数,人口,小区,楼号,层数\n1,118.3,33.9,24,60,花园,9号楼,6\n");
  const Unit& unit = city.units.units.at(0);
  EXPECT_EQ(unit.id, "1");
  EXPECT_EQ(unit.households, 24u);
  EXPECT_EQ(unit.persons, 60u);
  EXPECT_EQ(unit.compound, "花园");
  EXPECT_EQ(unit.building, "9号楼");
  EXPECT_EQ(unit.floors, 6.0);
  EXPECT_EQ(city_of("ID,X,Y,HHcount\na,118.3,33.9,3\n").units.units.at(0).households, 3u);
}

TEST(Csv, TakesTheColumnsThatAreNamed) {
  const std::string csv = "id,key,lng,lat,households,flats,estate\na,b,118.3,33.9,1,2,E\n";
  const Unit unit = city_of(csv, {"key", "FLATS", "estate"}).units.units.at(0);
  EXPECT_EQ(unit.id, "b");
  EXPECT_EQ(unit.households, 2u);
  EXPECT_EQ(unit.compound, "E");
}

TEST(Csv, RefusesAFileWithoutTheColumnsItNeeds) {
  const Refusal households = refusal_for("id,lng,lat,homes\na,118.3,33.9,1\n");
  EXPECT_EQ(households.code, Errc::missing_field);
  EXPECT_TRUE(households.mentions("units.csv") && households.mentions("id, lng, lat, homes") &&
              households.mentions("--households"))
      << households.text;
  EXPECT_EQ(refusal_for("lng,lat,households\n118.3,33.9,1\n").code, Errc::missing_field);
  const Refusal named = refusal_for("id,lng,lat,households\na,118.3,33.9,1\n", {"", "homes", ""});
  EXPECT_EQ(named.code, Errc::missing_field);
  EXPECT_TRUE(named.mentions("no column is called homes")) << named.text;
  const Refusal place = refusal_for("id,households\na,1\n");
  EXPECT_EQ(place.code, Errc::invalid_units);
  EXPECT_TRUE(place.mentions("line 2") && place.mentions("lng and lat")) << place.text;
}

TEST(Csv, RefusesBadHouseholdCountsNamingTheLine) {
  for (const char* bad : {"-1", "2.5", "many", "", " ", "nan", "inf", "0x10", "1e99", "12 flats", "１２", "1,5"}) {
    const Refusal refusal =
        refusal_for("id,lng,lat,households\nok,118.3,33.9,1\nbad,118.3,33.9,\"" + std::string(bad) + "\"\n");
    EXPECT_EQ(refusal.code, Errc::invalid_units) << bad;
    EXPECT_TRUE(refusal.mentions("units.csv, line 3") && refusal.mentions("unit bad")) << refusal.text;
  }
  EXPECT_EQ(city_of("id,lng,lat,households\na,118.3,33.9, 12 \nb,118.3,33.9,3.0\n").units.units[1].households, 3u);
}

TEST(Csv, RefusesIdsThatAreEmptyOrUsedTwice) {
  const Refusal empty = refusal_for("id,lng,lat,households\na,118.3,33.9,1\n,118.3,33.9,1\n");
  EXPECT_EQ(empty.code, Errc::invalid_units);
  EXPECT_TRUE(empty.mentions("line 3")) << empty.text;
  const Refusal twice = refusal_for("id,lng,lat,households\na,118.3,33.9,1\nb,118.3,33.9,1\na,118.3,33.9,1\n");
  EXPECT_EQ(twice.code, Errc::invalid_units);
  EXPECT_TRUE(twice.mentions("line 4") && twice.mentions("line 2") && twice.mentions("unit id a")) << twice.text;
}

TEST(Csv, RefusesPositionsThatAreNone) {
  for (const char* bad : {"181,33.9", "118.3,90.5", "nan,33.9", "118.3,", "118.3,north", "617910,3760290", "inf,0"}) {
    const Refusal refusal = refusal_for("id,lng,lat,households\na," + std::string(bad) + ",1\n");
    EXPECT_EQ(refusal.code, Errc::invalid_units) << bad;
    EXPECT_TRUE(refusal.mentions("line 2") && refusal.mentions("±180")) << refusal.text;
  }
}

TEST(Csv, RefusesTextThatIsNoTable) {
  const Refusal width = refusal_for("id,lng,lat,households\na,118.3,33.9,1,7\n");
  EXPECT_EQ(width.code, Errc::unreadable);
  EXPECT_TRUE(width.mentions("line 2") && width.mentions("5 cells")) << width.text;
  EXPECT_EQ(refusal_for("id,lng,lat,households\n\"a,118.3,33.9,1\n").code, Errc::unreadable);
  EXPECT_EQ(refusal_for("id,lng,lat,households\n\"a\"b,118.3,33.9,1\n").code, Errc::unreadable);
  EXPECT_EQ(refusal_for("").code, Errc::unreadable);
  const Refusal gbk = refusal_for("id,lng,lat,households\n\xcb\xde\xb3\xc7,118.3,33.9,1\n");
  EXPECT_EQ(gbk.code, Errc::unreadable);
  EXPECT_TRUE(gbk.mentions("UTF-8")) << gbk.text;
}

TEST(Csv, QuotesOddCellsOnOneLine) {
  const std::string odd = "a\nb\r\tc" + std::string(5000, 'x') + "宿城";
  const Refusal twice = refusal_for("id,lng,lat,households\n\"" + odd + "\",118,33,1\n\"" + odd + "\",118,33,1\n");
  EXPECT_EQ(twice.code, Errc::invalid_units);
  EXPECT_LT(twice.text.size(), 700u);
  EXPECT_EQ(refusal_for("id,lng,lat,households\na,118,33,\"1\n2\"\n").code, Errc::invalid_units);
  EXPECT_EQ(refusal_for("id,\"l\nng\",lat\na,118,33\n").code, Errc::missing_field);
}

TEST(Csv, TakesATableWithoutRows) { EXPECT_EQ(city_of("id,lng,lat,households\n").units.size(), 0u); }

TEST(Privacy, KnowsIdentityCardNumbersByTheirCheckCharacter) {
  EXPECT_TRUE(io::looks_like_identity_number("11010519491231002X"));
  EXPECT_TRUE(io::looks_like_identity_number("11010519491231002x"));
  EXPECT_FALSE(io::looks_like_identity_number("110105194912310021"));
  EXPECT_FALSE(io::looks_like_identity_number("320001001001001001"));  // a micro-grid's code
  EXPECT_TRUE(io::looks_like_phone_number("13812345678"));
  EXPECT_TRUE(io::looks_like_phone_number("+86 138-1234-5678"));
  EXPECT_FALSE(io::looks_like_phone_number("12812345678"));
  EXPECT_FALSE(io::looks_like_phone_number("1381234567"));
  EXPECT_FALSE(io::looks_like_phone_number("05271234567"));
}

TEST(Privacy, LeavesOutColumnsOfPersonalData) {
  const City city = city_of(
      "id,lng,lat,households,owner,phone,area\n"
      "a,118.3,33.9,1,11010519491231002X,13812345678,120\n"
      "b,118.3,33.9,1,,13912345678,90\n"
      "c,118.3,33.9,1,11010519491231002X,none,80\n");
  EXPECT_TRUE(city.units.labels.empty());
  ASSERT_EQ(city.units.attributes.size(), 1u);
  EXPECT_EQ(city.units.attributes[0].name, "area");
  ASSERT_EQ(city.findings.size(), 2u);
  EXPECT_EQ(city.findings[0].text, "column owner was left out: it holds what looks like identity-card numbers");
  EXPECT_EQ(city.findings[1].text, "column phone was left out: it holds what looks like phone numbers");
  const Refusal refusal = refusal_for("id,lng,lat,households\n11010519491231002X,118.3,33.9,1\n");
  EXPECT_EQ(refusal.code, Errc::invalid_units);
  EXPECT_FALSE(refusal.mentions("1101051949")) << "personal data in a message";
}

TEST(Cells, KnowUtf8FromWhatIsNot) {
  for (const char* good : {"", "plain", "网格", "\xf0\x9f\x8f\xa0", "\xef\xbf\xbf"}) EXPECT_TRUE(io::is_utf8(good));
  for (const char* bad : {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe7\xbd", "\x80"})
    EXPECT_FALSE(io::is_utf8(bad));
}

TEST(Footprints, AreDroppedWhereTheyDoNotHold) {
  const Scratch scratch;
  const auto feature = [](const std::string& id, const std::string& rings) {
    return R"({"type":"Feature","geometry":{"type":"Polygon","coordinates":[)" + rings +
           R"(]},"properties":{"households":1,"id":")" + id + "\"}}";
  };
  const std::string square = "[[118,33],[118.01,33],[118.01,33.01],[118,33.01],[118,33]]";
  const City city = read_city(scratch.file(
      "units.geojson", R"({"type":"FeatureCollection","features":[)" + feature("whole", square) + "," +
                           feature("unclosed", "[[118,33],[118.02,33],[118.02,33.02],[118,33.02]]") + "," +
                           feature("flat", "[[118,33],[118.02,33],[118.04,33],[118,33]]") + "," +
                           feature("bad hole", square + ",[[118.002,33.002],[118.004,33.002],[118.002,33.002]]") + "," +
                           feature("bow tie", "[[118,33],[118.02,33.03],[118.02,33],[118,33.01],[118,33]]") + "]}"));
  ASSERT_EQ(city.units.size(), 5u);
  EXPECT_EQ(city.units.units[0].footprint.size(), 1u);
  EXPECT_TRUE(city.units.units[1].footprint.empty());
  EXPECT_EQ(city.units.units[1].position, to_lattice({118.01, 33.01}));
  EXPECT_TRUE(city.units.units[2].footprint.empty());
  EXPECT_TRUE(city.units.units[3].footprint.at(0).holes.empty());
  EXPECT_EQ(city.units.units[4].footprint.size(), 1u) << "planning repairs what crosses itself";
  ASSERT_FALSE(city.findings.empty());
  EXPECT_EQ(city.findings[0].text,
            "rings of footprints were dropped, 1 unclosed and 2 degenerate; as points stand 2 units");
}

}  // namespace
}  // namespace wangge
