#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <wangge/grid_map.hpp>

namespace wangge::bench {

/// A way to answer which grid a place is in, ready to answer.
class Method {
 public:
  virtual ~Method() = default;
  /// Row of the grid, or `nobody`; `out` has as many elements.
  virtual void locate(std::span<const LngLat> places, std::uint32_t* out) = 0;
};

/// What a method cost before its first answer. Time is the elapsed one, from the records on; wangge alone uses more
/// than one thread. Bytes are what the heap grew by, and for wangge those of the lookup index.
struct Contender {
  std::string name;
  std::unique_ptr<Method> method;
  double build_s = 0;
  double bytes = 0;
};

struct Wanted {
  std::vector<std::string> names;  ///< beginnings of methods' names; none: all
  bool has(const std::string& name) const;
};

struct BuiltMap {
  GridMap map;
  double build_s = 0;
};
BuiltMap build_map(std::span<const GridRecord> records, unsigned threads);

void add_wangge(const BuiltMap& built, const Wanted& wanted, std::vector<Contender>& all);
void add_boost(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all);
/// These two do nothing where the library was not found.
void add_geos(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all);
void add_s2(std::span<const GridRecord> records, const Wanted& wanted, std::vector<Contender>& all);

/// Bytes in use on the heap.
double heap_bytes();
/// Seconds on the clock on the wall, and those that this thread computed for.
double wall_s();
double thread_s();

/// Makes a method and notes what that cost.
template <class Make>
Contender contender(std::string name, const Make& make) {
  Contender made{std::move(name), nullptr, 0, 0};
  const double heap = heap_bytes(), start = wall_s();
  made.method = make();
  made.build_s = wall_s() - start;
  made.bytes = heap_bytes() - heap;
  return made;
}

}  // namespace wangge::bench
