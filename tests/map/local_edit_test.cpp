#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>

#include "map/edge_index.hpp"
#include "map/local_edit.hpp"
#include "map/map_image.hpp"
#include "support/random_coverage.hpp"
#include "support/scene.hpp"
#include "support/scratch.hpp"
#include "support/tessellation.hpp"
#include <wangge/change_set.hpp>
#include <wangge/error.hpp>

using namespace wangge;
using namespace wangge::test;

namespace {

std::string named(char prefix, std::uint32_t i) { return std::string(1, prefix).append(std::to_string(i)); }

/// The map as a file, revision and checksum left out.
map::Image image_of(const GridMap& map) {
  const Scratch folder;
  const auto file = folder / "map.wgm";
  map.save(file);
  map::Image image(std::filesystem::file_size(file) / sizeof(map::CacheLine));
  auto* bytes = reinterpret_cast<char*>(image.data());
  std::ifstream(file, std::ios::binary).read(bytes, std::streamsize(image.size() * sizeof(map::CacheLine)));
  map::format::Lead lead;
  std::memcpy(&lead, bytes, sizeof lead);
  lead.checksum = 0;
  std::memcpy(bytes, &lead, sizeof lead);
  map::format::Entry info;
  std::memcpy(&info, bytes + sizeof lead, sizeof info);
  std::memset(bytes + info.offset, 0, sizeof(std::uint64_t));
  return image;
}

bool same_bytes(const GridMap& one, const GridMap& other) {
  const map::Image a = image_of(one), b = image_of(other);
  return std::ranges::equal(map::bytes_of(a), map::bytes_of(b));
}

/// True where `with` need not build the whole.
bool is_local(const GridMap& map, const ChangeSet& changes) {
  const map::Image image = image_of(map);
  const map::MapView view = map::view_image(map::bytes_of(image), true, "");
  return map::edit_locally(view, map::EdgeIndex(view.arcs, view.edges), changes.changes, view.info.snap_m).has_value();
}

/// The map built as a whole from its records.
GridMap rebuilt(const GridMap& map) { return GridMap::build(map.records(), {.snap_m = 0}); }

/// The records by code.
std::vector<GridRecord> by_code(std::vector<GridRecord> records) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  return records;
}

/// The records that the edit leaves and brings.
std::vector<GridRecord> edited(const GridMap& map, const ChangeSet& changes) {
  std::vector<GridRecord> records = map.records();
  for (const ChangeSet::Change& change : changes.changes) {
    for (const GridRecord& gone : change.before)
      std::erase_if(records, [&](const GridRecord& r) { return r.code == gone.code; });
  }
  for (const ChangeSet::Change& change : changes.changes)
    records.insert(records.end(), change.after.begin(), change.after.end());
  return records;
}

/// True where `with` gives what building the edited records would, to the byte.
bool is_the_whole_built_anew(const GridMap& map, const ChangeSet& changes) {
  const GridMap next = map.with(changes);
  const GridMap wanted = GridMap::build(edited(map, changes), {.snap_m = 0});
  return same_bytes(next, rebuilt(next)) && by_code(next.records()) == by_code(wanted.records());
}

ChangeSet changes_of(const GridMap& map, const std::vector<std::string>& retired,
                     const std::vector<GridRecord>& created) {
  std::vector<GridRecord> gone;
  for (const std::string& code : retired) gone.push_back(map.record(map.find(code)));
  ChangeSet set;
  set.base_revision = map.revision();
  set.changes = {ChangeSet::Change::of(gone, created)};
  return set;
}

struct Drawing {
  GridMap map;
  ChangeSet changes;
};

/// An edit drawn as before and after; what is in both stays.
Drawing drawing(std::string_view before, std::string_view after) {
  const GridMap map = GridMap::build(draw(before).map.records(), {.snap_m = 0}), wanted = draw(after).map;
  std::vector<std::string> retired;
  std::vector<GridRecord> created;
  for (const GridRecord& r : map.records()) {
    if (wanted.find(r.code) == GridId::none) retired.push_back(r.code);
  }
  for (const GridRecord& r : wanted.records()) {
    if (map.find(r.code) == GridId::none) created.push_back(r);
  }
  return {map, changes_of(map, retired, created)};
}

void expect_the_whole_built_anew(const Drawing& d, bool local) {
  EXPECT_EQ(is_local(d.map, d.changes), local);
  EXPECT_TRUE(is_the_whole_built_anew(d.map, d.changes));
}

TEST(LocalEdit, MovesABorderWithinAMap) {
  expect_the_whole_built_anew(drawing(R"(
      A A A A A A
      A B B C C D
      A B B C C D
      . D D D D D )",
                                      R"(
      A A A A A A
      A X Y Y Y D
      A X X X Y D
      . D D D D D )"),
                              true);
}

TEST(LocalEdit, SplitsAnAreaWithVerticesOnItsNeighborsEdgesAndOnTheOuterBorder) {
  Drawing d = drawing("A B C", "A X C");
  const auto part = [](const char* code, std::int32_t south, std::int32_t north) {
    return GridRecord{code, "", Level::grid, "", Kind::general, {box(cell_side, south, 2 * cell_side, north)}};
  };
  d.changes = changes_of(d.map, {"B"}, {part("X", 0, 1234), part("Y", 1234, cell_side)});
  expect_the_whole_built_anew(d, true);
  const auto slice = [](const char* code, std::int32_t west, std::int32_t east) {
    return GridRecord{code, "", Level::grid, "", Kind::general, {box(west, 0, east, cell_side)}};
  };
  d.changes = changes_of(d.map, {"B"}, {slice("X", cell_side, 6789), slice("Y", 6789, 2 * cell_side)});
  expect_the_whole_built_anew(d, true);
}

TEST(LocalEdit, MergesAreas) { expect_the_whole_built_anew(drawing("A B C D", "A X X D"), true); }

TEST(LocalEdit, GivesAnAreaItsFirstParts) {
  const GridMap map = GridMap::build(draw("A B B C").map.records(), {.snap_m = 0});
  std::vector<GridRecord> parts = draw(". b1 b2 .", {.level = Level::micro_grid}).records;
  for (GridRecord& part : parts) part.parent = map.code(map.find("B"));
  expect_the_whole_built_anew({map, changes_of(map, {}, parts)}, true);
}

TEST(LocalEdit, KeepsTheRowsOfAreasThatKeepTheirCodes) {
  const GridMap map = GridMap::build(draw("A B C D").map.records(), {.snap_m = 0});
  const GridMap wanted = draw("A C B D").map;
  const auto area = [&](const char* code) { return wanted.record(wanted.find(code)); };
  const Drawing swapped{map, changes_of(map, {"B", "C"}, {area("C"), area("B")})};
  expect_the_whole_built_anew(swapped, true);
  EXPECT_EQ(swapped.map.with(swapped.changes).find("B"), map.find("B"));
}

TEST(LocalEdit, IsNoneWhereGroundIsWonOrLost) {
  expect_the_whole_built_anew(drawing("A B .", "A X X"), false);
  expect_the_whole_built_anew(drawing("A B B C", "A X . C"), false);
  expect_the_whole_built_anew(drawing("A B . C", "A . X C"), false);
}

TEST(LocalEdit, IsNoneWhereTheDrawingNeedsMending) {
  Drawing d = drawing("A B C", "A X C");
  d.changes.changes[0].after[0].polygons[0].outer[0].x += 1;
  EXPECT_FALSE(is_local(d.map, d.changes));
}

TEST(LocalEdit, KeepsTheRowsOfOthers) {
  const auto codes = [](const Drawing& d) {
    std::string all;
    for (const GridRecord& r : d.map.with(d.changes).records()) all += r.code;
    return all;
  };
  EXPECT_EQ(codes(drawing("A B C D E", "A X C D E")), "AXCDE");
  EXPECT_EQ(codes(drawing("A B B D E", "A X Y D E")), "AXDEY");
  EXPECT_EQ(codes(drawing("A B C D E", "A X X D E")), "AXED");
  EXPECT_EQ(codes(drawing("A B C D E", "A B C X X")), "ABCX");
  EXPECT_EQ(codes(drawing("A B C D E", "A . C D .")), "ADC") << "and where the whole is built";
}

/// The areas of a tessellation, each with the outline that its arcs make.
std::vector<GridRecord> records_of(const Tessellation& t) {
  std::vector<std::map<Position, Line>> lines(t.areas);
  const map::ArcsView arcs = t.view();
  for (std::size_t arc = 0; arc < arcs.size(); ++arc) {
    Line line(arcs.line(arc).begin(), arcs.line(arc).end());
    if (arcs.left(arc) != GridId::none) lines[map::row(arcs.left(arc))][line.front()] = line;
    std::reverse(line.begin(), line.end());
    if (arcs.right(arc) != GridId::none) lines[map::row(arcs.right(arc))][line.front()] = line;
  }
  std::vector<GridRecord> records;
  for (std::uint32_t i = 0; i < t.areas; ++i) {
    Ring ring;
    for (Position at = lines[i].begin()->first; ring.empty() || at != ring.front();) {
      const Line& line = lines[i].at(at);
      ring.insert(ring.end(), line.begin(), line.end() - 1);
      at = line.back();
    }
    records.push_back({std::to_string(i), "", Level::grid, "", Kind::general, {{ring, {}}}});
  }
  return records;
}

/// Merged with a neighbour, or with another code: in a map of many tiles, where most are taken over.
TEST(LocalEdit, GivesTheBytesOfTheWholeInACity) {
  GridMap map = GridMap::build(records_of(tessellate({.columns = 14, .rows = 13, .edges_a_side = 6})), {.snap_m = 0});
  std::mt19937_64 random(9);
  for (int i = 0; i < 40; ++i) {
    const GridId area{static_cast<std::uint32_t>(random() % map.size())};
    GridRecord next = map.record(area);
    next.code = named('n', static_cast<std::uint32_t>(i));
    std::vector<std::string> retired{std::string(map.code(area))};
    if (i % 2 == 0) {
      const GridId other = map.neighbors(area)[0].id;
      retired.emplace_back(map.code(other));
      GridRecord whole{"whole", "", Level::community, "", Kind::general, {}};
      std::vector<GridRecord> both{map.record(area), map.record(other), whole};
      both[0].parent = both[1].parent = "whole";
      next.polygons = GridMap::build(both, {.snap_m = 0}).polygons(GridId{2});
    }
    const ChangeSet changes = changes_of(map, retired, {next});
    ASSERT_TRUE(is_local(map, changes));
    map = map.with(changes);
    ASSERT_TRUE(same_bytes(map, rebuilt(map))) << "edit " << i;
  }
}

/// Faces of a random arrangement, shared out once to make the map, and the faces of some areas once more.
RC_GTEST_PROP(LocalEdit, GivesTheBytesOfTheWholeBuiltAnew, ()) {
  std::vector<coverage::Segment> segments = random_segments(12);
  add_ring({{0, 0}, {box_side, 0}, {box_side, box_side}, {0, box_side}}, 99, segments);
  const auto arrangement = coverage::Arrangement::build(coverage::node(std::move(segments)), true);
  const std::uint32_t areas = 6, come = *rc::gen::inRange<std::uint32_t>(1, 4);
  std::vector<std::uint32_t> before{coverage::nothing}, after{coverage::nothing};
  const auto gone = *rc::gen::container<std::vector<bool>>(areas, rc::gen::arbitrary<bool>());
  while (before.size() < arrangement.face_count()) {
    const auto area = *rc::gen::inRange<std::uint32_t>(0, areas + 1);
    before.push_back(area == areas ? coverage::nothing : area);
    after.push_back(area < areas && gone[area] ? *rc::gen::inRange<std::uint32_t>(0, come) : coverage::nothing);
  }
  const auto records_of = [&](const std::vector<std::uint32_t>& labels, std::uint32_t count, char prefix) {
    std::vector<GridRecord> records;
    std::vector<MultiPolygon> shapes = coverage::dissolve(arrangement, labels, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!shapes[i].empty())
        records.push_back({named(prefix, i), "", Level::grid, "", Kind::general, std::move(shapes[i])});
    }
    return records;
  };
  const GridMap map = GridMap::build(records_of(before, areas, 'a'), {.snap_m = 0});
  std::vector<std::string> retired;
  for (std::uint32_t i = 0; i < areas; ++i) {
    const std::string code = named('a', i);
    if (gone[i] && map.find(code) != GridId::none) retired.push_back(code);
  }
  const ChangeSet changes = changes_of(map, retired, records_of(after, come, 'b'));
  RC_CLASSIFY(is_local(map, changes), "local");
  RC_CLASSIFY(retired.empty(), "nothing to do");
  RC_ASSERT(is_the_whole_built_anew(map, changes));
}

}  // namespace
