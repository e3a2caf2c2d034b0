#include "map/large_pages.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace wangge::map {
namespace {

constexpr std::size_t cache_line = 64, large_page = std::size_t{2} << 20;

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  const std::size_t unit = bytes < large_page ? cache_line : large_page;
  if (bytes > SIZE_MAX - unit) throw std::bad_alloc();
  bytes = (bytes + unit - 1) / unit * unit;
  void* memory = std::aligned_alloc(unit, bytes == 0 ? unit : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void free_aligned(void* memory) noexcept { std::free(memory); }

void prefer_large_pages([[maybe_unused]] void* begin, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__)
  const auto from = reinterpret_cast<std::uintptr_t>(begin), to = from + bytes;
  const std::uintptr_t first = (from + large_page - 1) / large_page * large_page, last = to / large_page * large_page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace wangge::map
