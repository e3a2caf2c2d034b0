#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include <wangge/change_set.hpp>
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

#include "map/checksum.hpp"
#include "map/map_image.hpp"
#include "support/random_coverage.hpp"
#include "support/scene.hpp"
#include "support/scratch.hpp"

using namespace wangge;
using namespace wangge::test;
namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<char>;

class MapFile : public testing::Test {
 protected:
  fs::path path(const std::string& name = "map.wgm") const { return folder_ / name; }
  fs::path write(const Bytes& bytes) const {
    std::ofstream(path(), std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
    return path();
  }

 private:
  Scratch folder_;
};

Bytes read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A town of two communities; one of them has two grids, a hole and a park.
GridMap small_map() {
  std::vector<GridRecord> records = draw(R"(
      A A B .
      A P B B
      A A C B )")
                                        .records;
  for (GridRecord& record : records) record.parent = record.code == "A" || record.code == "P" ? "left" : "right";
  records[1].name = "东风路南侧网格";
  records.back().kind = Kind::dedicated;
  records.push_back({"left", "Left bank", Level::community, "town", Kind::general, {}});
  records.push_back({"right", "Right bank", Level::community, "town", Kind::general, {}});
  records.push_back({"town", "", Level::town, "", Kind::general, {}});
  return GridMap::build(records);
}

std::vector<Position> places(const GridMap& map) {
  Box box;
  for (std::size_t i = 0; i < map.arc_count(); ++i) box.add(bounds(map.arc(i).line));
  std::vector<Position> all;
  for (std::int64_t y = box.min.y - 900; y < box.max.y + 1800; y += 625)
    for (std::int64_t x = box.min.x - 900; x < box.max.x + 1800; x += 625)
      all.push_back({static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)});
  return all;
}

std::vector<GridId> answers(const GridMap& map, const std::vector<Position>& at) {
  std::vector<GridId> found(at.size());
  map.locate(at, found);
  return found;
}

TEST_F(MapFile, HoldsTheWholeMap) {
  const GridMap map = small_map();
  map.save(path());
  for (const bool trusted : {false, true}) {
    const GridMap opened = GridMap::open(path(), {.trusted = trusted});
    EXPECT_EQ(opened.records(), map.records());
    EXPECT_EQ(opened.revision(), map.revision());
    EXPECT_EQ(answers(opened, places(map)), answers(map, places(map)));
    EXPECT_EQ(drawn(opened), drawn(map));
    EXPECT_EQ(opened.code(opened.ancestor(opened.find("P"), Level::town)), "town");
    EXPECT_EQ(opened.area_m2(opened.find("left")), map.area_m2(map.find("left")));
    EXPECT_EQ(opened.children(opened.find("town")).size(), 2u);
    EXPECT_EQ(opened.neighbors(opened.find("C")).size(), map.neighbors(map.find("C")).size());
  }
}

TEST_F(MapFile, HoldsAMapOfNothing) {
  GridMap().save(path());
  const GridMap opened = GridMap::open(path());
  EXPECT_EQ(opened.size(), 0u);
  EXPECT_EQ(opened.locate(Position{0, 0}), GridId::none);
}

TEST_F(MapFile, HasTheSameBytesForTheSameMap) {
  small_map().save(path());
  const Bytes first = read(path());
  GridMap::open(path()).save(path("again.wgm"));
  EXPECT_EQ(read(path("again.wgm")), first);
  small_map().save(path("third.wgm"));
  EXPECT_EQ(read(path("third.wgm")), first);
}

TEST_F(MapFile, MayBeReplacedWhileItIsOpen) {
  const GridMap map = small_map();
  map.save(path());
  const GridMap opened = GridMap::open(path());
  draw("Z").map.save(path());
  EXPECT_EQ(opened.records(), map.records());
  EXPECT_EQ(GridMap::open(path()).size(), 1u);
}

TEST_F(MapFile, CanBeEditedOnAsIfItHadBeenBuilt) {
  const GridMap map = small_map();
  map.save(path());
  ChangeSet set;
  set.base_revision = map.revision();
  set.changes = {ChangeSet::Change::of({map.record(map.find("B"))}, {})};
  EXPECT_EQ(GridMap::open(path()).with(set).records(), map.with(set).records());
}

/// The answers of `bytes` as a file are those of the map, or it is refused.
void expect_refused_or_right(const fs::path& file, const std::vector<GridRecord>& records,
                             const std::vector<Position>& at, const std::vector<GridId>& wanted) {
  try {
    const GridMap opened = GridMap::open(file);
    ASSERT_EQ(answers(opened, at), wanted);
    ASSERT_EQ(opened.records(), records);
  } catch (const Error& error) {
    ASSERT_TRUE(error.code() == Errc::corrupt_file || error.code() == Errc::unsupported) << error.what();
  }
}

TEST_F(MapFile, WithAnyByteFlippedIsRefused) {
  const GridMap map = small_map();
  map.save(path());
  const Bytes whole = read(path());
  const auto at = places(map);
  const auto wanted = answers(map, at);
  const auto records = map.records();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Bytes bytes = whole;
    bytes[i] = static_cast<char>(~bytes[i]);
    expect_refused_or_right(write(bytes), records, at, wanted);
  }
}

TEST_F(MapFile, CutOffAnywhereIsRefused) {
  small_map().save(path());
  const Bytes whole = read(path());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write({whole.begin(), whole.begin() + std::ptrdiff_t(size)});
    EXPECT_THROW(GridMap::open(path()), Error) << size;
  }
}

/// Makes the checksum fit again, as someone who means harm would.
void sign(Bytes& bytes) {
  map::format::Lead lead;
  std::memcpy(&lead, bytes.data(), sizeof lead);
  lead.checksum = 0;
  const auto all = std::as_bytes(std::span(bytes));
  lead.checksum = map::xxh64(all.subspan(sizeof lead), map::xxh64(std::as_bytes(std::span(&lead, 1))));
  std::memcpy(bytes.data(), &lead, sizeof lead);
}

/// Whatever stands in the file, lookups answer an area that exists or none, and touch nothing beside it.
TEST_F(MapFile, WithAnyByteForgedAnswersExistingAreasOrIsRefused) {
  const GridMap map = small_map();
  map.save(path());
  const Bytes whole = read(path());
  const auto at = places(map);
  int opened_files = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      Bytes bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      sign(bytes);
      try {
        const GridMap opened = GridMap::open(write(bytes));
        ++opened_files;
        for (const GridId id : answers(opened, at))
          ASSERT_TRUE(id == GridId::none || static_cast<std::uint32_t>(id) < opened.size());
        for (std::uint32_t id = 0; id < opened.size(); ++id) opened.code(GridId{id});
      } catch (const Error& error) {
        ASSERT_TRUE(error.code() == Errc::corrupt_file || error.code() == Errc::unsupported) << error.what();
      }
    }
  }
  EXPECT_GT(opened_files, 0);
}

TEST_F(MapFile, SaysWhatIsWrongWithIt) {
  const auto complaint = [&](const Bytes& bytes) {
    try {
      GridMap::open(write(bytes));
    } catch (const Error& error) {
      return std::string(error.what()).substr(path().string().size());
    }
    return std::string();
  };
  small_map().save(path());
  const Bytes whole = read(path());
  EXPECT_EQ(complaint({'P', 'K'}), " is no map file, or its beginning is damaged; wangge split --lookup writes one");
  Bytes cut(whole.begin(), whole.end() - 64);
  EXPECT_EQ(complaint(cut), " is damaged: it is cut off or has something appended; fetch or write it again");
  Bytes flipped = whole;
  flipped[700] = static_cast<char>(flipped[700] ^ 1);
  EXPECT_EQ(complaint(flipped), " is damaged: its checksum is wrong; fetch or write it again");
  Bytes later = whole;
  later[8] = 2;
  EXPECT_EQ(complaint(later), " has version 2 of the map file, this wangge reads version 1; use a newer one");
}

TEST_F(MapFile, ThatIsNotThereIsSaidToBeMissing) {
  try {
    GridMap::open(path("none.wgm"));
    FAIL() << "opened it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::not_found);
  }
}

/// Adds a section of a kind that does not exist yet: the table grows by a line, all else moves on.
Bytes with_later_section(const Bytes& whole, std::uint32_t flags) {
  map::format::Lead lead;
  std::memcpy(&lead, whole.data(), sizeof lead);
  Bytes bytes = whole;
  const std::size_t table_end = sizeof lead + lead.sections * sizeof(map::format::Entry);
  bytes.insert(bytes.begin() + std::ptrdiff_t(table_end), map::format::alignment, 0);
  for (std::size_t at = sizeof lead; at < table_end; at += sizeof(map::format::Entry)) {
    map::format::Entry entry;
    std::memcpy(&entry, bytes.data() + at, sizeof entry);
    entry.offset += map::format::alignment;
    std::memcpy(bytes.data() + at, &entry, sizeof entry);
  }
  const map::format::Entry entry{99, flags, 0, 0};
  std::memcpy(bytes.data() + table_end, &entry, sizeof entry);
  ++lead.sections;
  lead.bytes = bytes.size();
  std::memcpy(bytes.data(), &lead, sizeof lead);
  sign(bytes);
  return bytes;
}

TEST_F(MapFile, OfLaterTimesIsReadWhereWhatIsNewIsOptional) {
  const GridMap map = small_map();
  map.save(path());
  const Bytes whole = read(path());
  EXPECT_EQ(GridMap::open(write(with_later_section(whole, map::format::optional_flag))).records(), map.records());
  try {
    GridMap::open(write(with_later_section(whole, 0)));
    FAIL() << "opened it";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::unsupported);
  }
}

TEST(Checksum, IsXxh64) {
  const auto of = [](std::string_view text) { return map::xxh64(std::as_bytes(std::span(text.data(), text.size()))); };
  EXPECT_EQ(of(""), 0xef46db3751d8e999u);
  EXPECT_EQ(of("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(of("abc"), 0x44bc2cf5ad770999u);
}

RC_GTEST_PROP(MapFileLaw, HoldsAnyMap, ()) {
  const GridMap map = GridMap::build(random_areas(6), {.snap_m = 0});
  const Scratch folder;
  map.save(folder / "map.wgm");
  const GridMap opened = GridMap::open(folder / "map.wgm");
  RC_ASSERT(opened.records() == map.records());
  for_each_position([&](Position p) { RC_ASSERT(opened.locate(p) == map.locate(p)); });
}

}  // namespace
