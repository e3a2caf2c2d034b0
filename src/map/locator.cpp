#include "map/locator.hpp"

#include <cassert>

#include "map/locator_kernel.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define WANGGE_X86 1
#include "map/locator_avx2.hpp"
#define WANGGE_FOR_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define WANGGE_FOR_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt")))
#endif

namespace wangge::map {
namespace {

template <class Point>
void locate_portable(const Locator::Tables& tables, std::span<const Point> points, GridId* out) {
  kernel::locate(tables, points.data(), points.size(), out);
}

template <class Point>
GridId locate_one(const Locator::Tables& tables, Point point) {
  return GridId{kernel::find(tables, kernel::offset_of(tables, point)) - 1};
}

#if WANGGE_X86
/// The same, with the shifts by any number of bits that come with AVX2.
template <class Point>
WANGGE_FOR_AVX2 GridId locate_one_avx2(const Locator::Tables& tables, Point point) {
  return GridId{kernel::find(tables, kernel::offset_of(tables, point)) - 1};
}

template <class Point>
WANGGE_FOR_AVX2 void locate_avx2(const Locator::Tables& tables, std::span<const Point> points, GridId* out) {
  kernel::locate_avx2(tables, points.data(), points.size(), out);
}

template <class Point>
WANGGE_FOR_AVX512 void locate_avx512(const Locator::Tables& tables, std::span<const Point> points, GridId* out) {
  kernel::locate_avx2(tables, points.data(), points.size(), out);
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

template <class Point>
GridId locate_one_by([[maybe_unused]] Path path, const Locator::Tables& tables, Point point) {
#if WANGGE_X86
  if (path != Path::portable) return locate_one_avx2(tables, point);
#endif
  return locate_one(tables, point);
}

}  // namespace

bool runs_here([[maybe_unused]] Path path) noexcept {
#if WANGGE_X86
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  if (path == Path::avx2) return avx2;
  if (path == Path::avx512)
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
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
  tables_.west = static_cast<std::uint32_t>(header.west);
  tables_.south = static_cast<std::uint32_t>(header.south);
  tables_.tile_shift = header.tile_shift;
  tables_.tile_mask = (1u << header.tile_shift) - 1;
  tables_.columns = header.columns;
  tables_.rows = header.rows;
  tables_.areas = header.areas;
}

GridId Locator::locate(Position p) const noexcept { return locate_one_by(path_, tables_, p); }
GridId Locator::locate(LngLat place) const noexcept { return locate_one_by(path_, tables_, place); }

void Locator::locate(std::span<const Position> points, GridId* out, Path path) const noexcept {
  locate_by(path, tables_, points, out);
}

void Locator::locate(std::span<const LngLat> places, GridId* out, Path path) const noexcept {
  locate_by(path, tables_, places, out);
}

}  // namespace wangge::map
