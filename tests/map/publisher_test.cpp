#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <wangge/change_set.hpp>
#include <wangge/publisher.hpp>

#include "support/scene.hpp"
#include "support/scratch.hpp"

using namespace wangge;
using namespace wangge::test;

namespace {

constexpr std::int32_t columns = 6;

/// Six areas in a row; what they are called and where they meet tells the revision.
std::vector<GridRecord> areas_of(std::uint64_t revision) {
  std::vector<GridRecord> areas;
  const auto shift = static_cast<std::int32_t>(revision % 7) * 100;
  const auto edge = [&](std::int32_t i) { return i == 0 || i == columns ? i * cell_side : i * cell_side + shift; };
  for (std::int32_t i = 0; i < columns; ++i) {
    areas.push_back({std::to_string(revision) + "/" + std::to_string(i),
                     "",
                     Level::grid,
                     "",
                     Kind::general,
                     {box(edge(i), 0, edge(i + 1), cell_side)}});
  }
  return areas;
}

GridMap first_map() { return GridMap::build(areas_of(0)); }

GridMap after(const GridMap& map) {
  ChangeSet changes;
  changes.base_revision = map.revision();
  changes.changes = {ChangeSet::Change::of(areas_of(map.revision()), areas_of(map.revision() + 1))};
  return map.with(changes);
}

/// Positions on all borders that any revision has, and one beside each.
std::vector<Position> telling_positions() {
  std::vector<Position> positions;
  for (std::int32_t i = 0; i <= columns; ++i) {
    for (std::int32_t shift = 0; shift < 7; ++shift) {
      for (std::int32_t off = -1; off <= 1; ++off)
        positions.push_back({corner.x + i * cell_side + shift * 100 + off, corner.y + 7});
    }
  }
  return positions;
}

/// True where all answers are those of the map's own revision.
bool is_whole(const GridMap& map, const std::vector<Position>& positions) {
  const std::vector<GridRecord> areas = areas_of(map.revision());
  std::vector<GridId> found(positions.size());
  map.locate(positions, found);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (found[i] != map.locate(positions[i])) return false;
    const auto owner = std::find_if(areas.begin(), areas.end(),
                                    [&](const GridRecord& area) { return contains(area.polygons, positions[i]); });
    if (owner == areas.end() ? found[i] != GridId::none : map.code(found[i]) != owner->code) return false;
  }
  return true;
}

TEST(Publisher, ShowsTheLastRevisionToAReadingThatBeginsAfterwards) {
  Publisher publisher(first_map());
  Publisher::Reader reader = publisher.reader();
  EXPECT_EQ(reader.read()->revision(), 0u);
  publisher.publish(after(publisher.current()));
  EXPECT_EQ(reader.read()->revision(), 1u);
  EXPECT_EQ(publisher.current().revision(), 1u);
}

TEST(Publisher, KeepsARevisionForAsLongAsAReadingLasts) {
  Publisher publisher(first_map());
  Publisher::Reader reader = publisher.reader(), other = publisher.reader();
  std::optional<GridMap> copy;
  {
    const auto map = reader.read();
    publisher.publish(after(*map));
    publisher.publish(after(publisher.current()));
    EXPECT_EQ(map->revision(), 0u);
    EXPECT_TRUE(is_whole(*map, telling_positions()));
    EXPECT_EQ(other.read()->revision(), 2u);
    EXPECT_EQ(publisher.sweep(), 1u) << "what no reader holds any more is freed, though an older one is held";
    copy = *map;
  }
  EXPECT_EQ(publisher.sweep(), 0u);
  EXPECT_TRUE(is_whole(*copy, telling_positions())) << "a copy outlives the reading";
}

TEST(Publisher, ShowsAReadingWithinAnotherTheSameRevision) {
  Publisher publisher(first_map());
  Publisher::Reader reader = publisher.reader();
  {
    const auto outer = reader.read();
    publisher.publish(after(*outer));
    {
      const auto inner = reader.read();
      EXPECT_EQ(inner->revision(), 0u);
    }
    EXPECT_EQ(publisher.sweep(), 1u);
    EXPECT_TRUE(is_whole(*outer, telling_positions()));
  }
  EXPECT_EQ(reader.read()->revision(), 1u);
  EXPECT_EQ(publisher.sweep(), 0u);
}

TEST(Publisher, ReadersMayBeMovedAndOutliveThePublisher) {
  std::optional<Publisher> publisher(first_map());
  std::vector<Publisher::Reader> readers;
  for (int i = 0; i < 100; ++i) readers.push_back(publisher->reader());
  publisher->publish(after(publisher->current()));
  publisher.reset();
  readers.erase(readers.begin(), readers.begin() + 50);
  readers[3] = std::move(readers[4]);
  EXPECT_EQ(readers[3].read()->revision(), 1u);
}

/// How often files of that name, be they replaced by now, are mapped into this process.
int mappings_of(const std::filesystem::path& file) {
  std::ifstream maps("/proc/self/maps");
  int found = 0;
  for (std::string line; std::getline(maps, line);) found += line.find(file.filename().string()) != std::string::npos;
  return found;
}

TEST(Publisher, FreesTheMapsThatNobodyReads) {
  const Scratch scratch;
  const auto file = scratch / "map.wgm";
  const auto saved = [&](const GridMap& map) {
    map.save(file);
    return GridMap::open(file);
  };
  {
    Publisher publisher(saved(first_map()));
    if (mappings_of(file) == 0) GTEST_SKIP() << "this system does not list mappings";
    Publisher::Reader reader = publisher.reader();
    {
      const auto map = reader.read();
      for (int i = 0; i < 10; ++i) publisher.publish(saved(after(publisher.current())));
      EXPECT_EQ(mappings_of(file), 2) << "the one that is read and the last";
      EXPECT_EQ(map->revision(), 0u);
    }
    EXPECT_EQ(publisher.sweep(), 0u);
    EXPECT_EQ(mappings_of(file), 1);
  }
  EXPECT_EQ(mappings_of(file), 0);
}

/// What each reader of a crowd sees while a writer publishes.
struct Seen {
  bool whole = true, in_order = true;
  std::uint64_t last = 0, readings = 0;

  void add(const GridMap& map, const std::vector<Position>& positions) {
    whole = whole && is_whole(map, positions);
    in_order = in_order && map.revision() >= last;
    last = map.revision();
    ++readings;
  }
};

TEST(Publisher, GivesReadersWholeRevisionsInOrderWhileAWriterPublishes) {
  constexpr std::uint64_t revisions = 150;
  Publisher publisher(first_map());
  const std::vector<Position> positions = telling_positions();
  std::vector<Seen> seen(4);
  std::vector<std::thread> threads;
  for (Seen& mine : seen) {
    threads.emplace_back([&] {
      Publisher::Reader reader = publisher.reader();
      while (mine.last < revisions) mine.add(*reader.read(), positions);  // ends, since the last one is seen
    });
  }
  for (std::uint64_t i = 0; i < revisions; ++i) publisher.publish(after(publisher.current()));
  for (std::thread& thread : threads) thread.join();
  for (const Seen& mine : seen) {
    EXPECT_TRUE(mine.whole);
    EXPECT_TRUE(mine.in_order);
    EXPECT_EQ(mine.last, revisions);
  }
  EXPECT_EQ(publisher.sweep(), 0u);
}

TEST(Publisher, TakesReadersThatComeAndGoAndSeveralWriters) {
  constexpr int rounds = 60;
  Publisher publisher(first_map());
  const std::vector<Position> positions = telling_positions();
  std::atomic<bool> whole = true;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < rounds; ++i) publisher.publish(after(publisher.current()));
    });
  }
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < rounds; ++i) {
        Publisher::Reader reader = publisher.reader(), other = publisher.reader();
        const auto a = reader.read();
        const auto b = other.read();
        if (!is_whole(*a, positions) || !is_whole(*b, positions)) whole = false;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(whole);
  EXPECT_EQ(publisher.sweep(), 0u);
}

}  // namespace
