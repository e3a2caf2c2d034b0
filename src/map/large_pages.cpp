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

void* allocate_large(std::size_t bytes) {
  const std::size_t unit = bytes < large_page ? cache_line : large_page;
  if (bytes > SIZE_MAX - unit) throw std::bad_alloc();
  bytes = (bytes + unit - 1) / unit * unit;
  void* memory = std::aligned_alloc(unit, bytes == 0 ? unit : bytes);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (unit == large_page) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish; refused, the pages are small
#endif
  return memory;
}

void free_large(void* memory) noexcept { std::free(memory); }

}  // namespace wangge::map
