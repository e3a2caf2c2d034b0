#include "map/locator.hpp"

#include <array>
#include <cassert>

#include "map/locator_kernel.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define WANGGE_X86 1
#endif

namespace wangge::map {
namespace {

template <class Point>
void locate_portable(const Locator::Tables& tables, std::span<const Point> points, GridId* out) {
  kernel::locate(tables, points.data(), points.size(), out);
}

#if WANGGE_X86
template <class Point>
__attribute__((target("avx2"))) void locate_avx2(const Locator::Tables& tables, std::span<const Point> points,
                                                 GridId* out) {
  kernel::locate(tables, points.data(), points.size(), out);
}

template <class Point>
__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) void locate_avx512(const Locator::Tables& tables,
                                                                                 std::span<const Point> points,
                                                                                 GridId* out) {
  kernel::locate(tables, points.data(), points.size(), out);
}
#endif

template <class Point>
void locate_by(Path path, const Locator::Tables& tables, std::span<const Point> points, GridId* out) {
  assert(runs_here(path));
#if WANGGE_X86
  if (path == Path::avx512) return locate_avx512(tables, points, out);
  if (path == Path::avx2) return locate_avx2(tables, points, out);
#endif
  locate_portable(tables, points, out);
}

}  // namespace

bool runs_here([[maybe_unused]] Path path) noexcept {
#if WANGGE_X86
  if (path == Path::avx512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (path == Path::avx2) return __builtin_cpu_supports("avx2");
#endif
  return path == Path::portable;
}

Path best_path() noexcept {
  if (runs_here(Path::avx512)) return Path::avx512;
  return runs_here(Path::avx2) ? Path::avx2 : Path::portable;
}

Locator::Locator(std::span<const std::byte> image) noexcept {
  const auto header = kernel::read<layout::Header>(image.data());
  tables_.words = reinterpret_cast<const std::uint32_t*>(image.data());
  tables_.directory = tables_.words + sizeof(layout::Header) / 4;
  tables_.west = static_cast<std::uint32_t>(header.west);
  tables_.south = static_cast<std::uint32_t>(header.south);
  tables_.tile_shift = header.tile_shift;
  tables_.columns = header.columns;
  tables_.rows = header.rows;
  tables_.areas = header.areas;
}

GridId Locator::locate(Position p) const noexcept {
  const std::uint32_t x = static_cast<std::uint32_t>(p.x) - tables_.west;
  const std::uint32_t y = static_cast<std::uint32_t>(p.y) - tables_.south;
  return GridId{kernel::find(tables_, x, y) - 1};
}

void Locator::locate(std::span<const Position> points, GridId* out, Path path) const noexcept {
  locate_by(path, tables_, points, out);
}

void Locator::locate(std::span<const LngLat> places, GridId* out, Path path) const noexcept {
  locate_by(path, tables_, places, out);
}

}  // namespace wangge::map
