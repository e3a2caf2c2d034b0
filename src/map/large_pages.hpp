#pragma once

#include <cstddef>

namespace wangge::map {

/// Memory at a multiple of 64 bytes, on large pages where the system has them and it is worth it: a random read of a
/// big table costs mostly the walk through the page table. Throws std::bad_alloc.
void* allocate_large(std::size_t bytes);
void free_large(void* memory) noexcept;

/// An allocator of such memory.
template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  explicit LargePages(const LargePages<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_large(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { free_large(memory); }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

}  // namespace wangge::map
