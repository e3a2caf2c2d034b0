// Opens map files that somebody tampered with, and asks and edits those that are taken: libFuzzer, with
// -DWANGGE_FUZZ=ON and Clang; fuzz_open [options of libFuzzer] [folder of inputs] tests/map/data
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "map/checksum.hpp"
#include "map/map_image.hpp"
#include <wangge/change_set.hpp>
#include <wangge/error.hpp>
#include <wangge/grid_map.hpp>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using namespace wangge;
namespace fs = std::filesystem;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "fuzz_open: %s\n", what);
  std::abort();
}

/// Makes the length and the checksum fit, as someone who means harm would.
void sign(std::span<std::uint8_t> file) {
  map::format::Lead lead;
  if (file.size() < sizeof lead) return;
  std::memcpy(&lead, file.data(), sizeof lead);
  lead.bytes = file.size();
  lead.checksum = 0;
  const auto bytes = std::as_bytes(file);
  lead.checksum = map::xxh64(bytes.subspan(sizeof lead), map::xxh64(std::as_bytes(std::span(&lead, 1))));
  std::memcpy(file.data(), &lead, sizeof lead);
}

/// A file without a name.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("map", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {}
  const std::string& path() const { return path_; }
  void fill(std::span<const std::uint8_t> bytes) const {
    if (ftruncate(descriptor_, 0) != 0 || pwrite(descriptor_, bytes.data(), bytes.size(), 0) != ssize_t(bytes.size()))
      fail("no memory for the file");
  }

 private:
  int descriptor_;
  std::string path_;
};

/// Squares of 2^scale lattice units with a triangle in one corner, in two communities: small ones have every narrow
/// record, large ones wide edges.
std::vector<GridRecord> quilt(int scale, std::int32_t side) {
  const std::int32_t unit = std::int32_t{1} << scale;
  std::vector<GridRecord> records{{"left", "左岸", Level::community, "", Kind::general, {}},
                                  {"right", "", Level::community, "", Kind::general, {}}};
  for (std::int32_t y = 0; y < side; ++y) {
    for (std::int32_t x = 0; x < side; ++x) {
      const Position a{x * unit, y * unit}, b{a.x + unit, a.y}, c{b.x, a.y + unit}, d{a.x, c.y};
      const Position middle{a.x + unit / 3, a.y + unit / 2};
      const std::string code = std::to_string(x) + "-" + std::to_string(y), parent = x < side / 2 ? "left" : "right";
      records.push_back({code, "", Level::grid, parent, Kind::general, {{{a, b, c, middle}, {}}}});
      records.push_back({code + "t", "", Level::grid, parent, Kind::dedicated, {{{a, middle, c, d}, {}}}});
    }
  }
  return records;
}

const std::vector<std::vector<std::uint8_t>>& whole_files() {
  static const auto files = [] {
    std::vector<std::vector<std::uint8_t>> all;
    for (const auto& [scale, side] : {std::pair{4, 2}, {8, 3}, {12, 2}, {16, 2}, {22, 2}, {27, 2}}) {
      const GridMap map = GridMap::build(quilt(scale, side), {.snap_m = 0});
      const fs::path path = fs::temp_directory_path() / ("wangge_fuzz_open_" + std::to_string(getpid()) + ".wgm");
      map.save(path);
      std::ifstream saved(path, std::ios::binary);
      all.emplace_back(std::istreambuf_iterator<char>(saved), std::istreambuf_iterator<char>());
      fs::remove(path);
    }
    return all;
  }();
  return files;
}

/// Places all over the Earth, round what the index says is its south-west, and at the borders.
std::vector<Position> places(const map::MapView& view) {
  std::int32_t west = 0, south = 0;
  std::uint32_t tile_shift = 0;
  std::memcpy(&west, view.index.data(), 4);
  std::memcpy(&south, view.index.data() + 4, 4);
  std::memcpy(&tile_shift, view.index.data() + 8, 4);
  std::vector<Position> all{{INT32_MIN, INT32_MIN}, {INT32_MAX, INT32_MAX}, {0, 0}, {west, south}};
  const auto at = [](std::int64_t from, std::int64_t by) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(from + by, INT32_MIN, INT32_MAX));
  };
  for (std::int64_t y = -1; y < 17; ++y) {
    for (std::int64_t x = -1; x < 17; ++x) {
      const std::int64_t step = (std::int64_t{1} << tile_shift) / 4 + 1;
      all.push_back({at(west, x * step), at(south, y * step)});
      all.push_back({at(west, x * step + 3), at(south, y * step + 2)});
    }
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(view.arcs.points.size(), 200); ++i) {
    const Position p = view.arcs.points[i];
    all.push_back(p);
    all.push_back({at(p.x, -1), at(p.y, 1)});
  }
  return all;
}

void expect_areas(std::span<const GridId> ids, std::size_t areas) {
  for (const GridId id : ids) {
    if (id != GridId::none && map::row(id) >= areas) fail("an area that does not exist");
  }
}

/// In memory that ends where the file does, so that a read beside it is seen.
void look_up(std::span<const std::byte> image) {
  const map::MapView view = map::view_image(image, false, "the file");
  const map::Locator locator(view.index);
  const std::vector<Position> at = places(view);
  std::vector<GridId> one_by_one, batch(at.size());
  for (const Position p : at) one_by_one.push_back(locator.locate(p));
  expect_areas(one_by_one, view.areas.size());
  for (const map::Path path : {map::Path::portable, map::Path::avx2, map::Path::avx512}) {
    if (!map::runs_here(path)) continue;
    locator.locate(at, batch.data(), path);
    if (batch != one_by_one) fail("a batch answers otherwise");
  }
}

void ask_everything(const GridMap& map) {
  std::size_t letters = 0;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const GridId id{i};
    letters += map.code(id).size() + map.name(id).size() + map.children(id).size();
    const GridId above = map.ancestor(id, Level::community);
    expect_areas(std::span(&above, 1), map.size());
    if (map.find(map.code(id)) != id) fail("a code is not found");
    for (const Polygon& polygon : map.polygons(id)) letters += polygon.outer.size();
    for (const GridMap::Neighbor& neighbor : map.neighbors(id)) expect_areas(std::span(&neighbor.id, 1), map.size());
  }
  for (std::size_t i = 0; i < map.arc_count(); ++i) letters += map.arc(i).line.size();
  for (const Position p :
       {Position{0, 0}, Position{100, 3000}, Position{1 << 23, -5}, Position{INT32_MIN, INT32_MAX}}) {
    const GridId nearest = map.nearest(p).id;
    expect_areas(std::span(&nearest, 1), map.size());
    letters += map.distance_to_border_m(p) < 0;
    Box box;
    box.add(p);
    box.add(Position{0, 0});
    expect_areas(map.meeting(box), map.size());
  }
  if (letters > (std::size_t{1} << 40)) fail("more text than there is room for");
}

/// Gives one area another code, as an edit that keeps its ground, and takes it away, as one that does not. What a
/// tampered file holds may be no coverage, and is then refused.
void edit(const GridMap& map, GridId id) {
  const GridRecord record = map.record(id);
  GridRecord renamed = record;
  renamed.code += "'";
  for (const auto& change : {ChangeSet::Change::of({record}, {renamed}), ChangeSet::Change::of({record}, {})}) {
    try {
      ChangeSet changes;
      changes.base_revision = map.revision();
      changes.changes = {change};
      const GridMap next = map.with(changes);
      const std::size_t wanted = map.size() + change.after.size() - 1;
      if (next.size() != wanted || next.find(record.code) != GridId::none) fail("an edit is not made");
    } catch (const Error&) {
    }
  }
}

void open_and_ask(std::span<const std::uint8_t> file) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 64, std::max<std::size_t>(file.size(), 1)) != 0) fail("no memory for the file");
  const std::unique_ptr<void, void (*)(void*)> owner(memory, std::free);
  auto* const exact = static_cast<std::byte*>(memory);
  if (!file.empty()) std::memcpy(exact, file.data(), file.size());
  look_up({exact, file.size()});
  static const MemoryFile nameless;
  nameless.fill(file);
  const GridMap map = GridMap::open(nameless.path());
  ask_everything(map);
  for (const std::uint32_t row : {0u, 3u}) {
    if (row < map.size()) edit(map, GridId{row});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> file(data, data + size);
  sign(file);
  try {
    open_and_ask(file);
  } catch (const Error& error) {
    if (error.code() != Errc::corrupt_file && error.code() != Errc::unsupported) fail(error.what());
  }
  return 0;
}

/// Now and then begins again with a whole file; else has some bytes changed.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  const auto& whole = whole_files()[seed / 64 % whole_files().size()];
  if ((size < sizeof(map::format::Lead) || seed % 64 == 0) && whole.size() <= most) {
    std::ranges::copy(whole, data);
    size = whole.size();
  }
  return LLVMFuzzerMutate(data, size, most);
}
