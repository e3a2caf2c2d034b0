#pragma once

#include <cstddef>

namespace wangge::map {

/// Memory at a multiple of 64 bytes, and of a large page where it has several. Throws std::bad_alloc.
void* allocate_aligned(std::size_t bytes);
void free_aligned(void* memory) noexcept;

/// Asks for large pages for what lies wholly in them, before it is first written. A random read of a big table costs
/// mostly the walk through the page table. A wish: where it is refused, pages stay small.
void prefer_large_pages(void* begin, std::size_t bytes) noexcept;

/// An allocator of such memory.
template <class T>
struct Aligned {
  using value_type = T;
  Aligned() = default;
  template <class U>
  explicit Aligned(const Aligned<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_aligned(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { free_aligned(memory); }
  friend bool operator==(const Aligned&, const Aligned&) { return true; }
};

}  // namespace wangge::map
