#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace wangge::coverage {

/// Memory at a multiple of 64 bytes, on large pages where the system has them and it is worth it: a random read of a
/// big table costs mostly the walk through the page table. Throws std::bad_alloc.
void* allocate_large(std::size_t bytes);
void free_large(void* memory) noexcept;

/// An allocator of such memory, which is left as it comes where nothing is said about what it should hold: whoever
/// writes it first does so on the thread, and at the time, of its choice.
template <class T>
struct LargePages {
  using value_type = T;
  LargePages() = default;
  template <class U>
  explicit LargePages(const LargePages<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_large(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { free_large(memory); }
  template <class U>
  void construct(U*) noexcept {
    static_assert(std::is_trivially_copyable_v<U>, "such memory holds plain bytes");
  }
  template <class U, class... From>
  void construct(U* at, From&&... from) {
    ::new (static_cast<void*>(at)) U(std::forward<From>(from)...);
  }
  friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

/// A vector in such memory: what `resize` adds holds anything until it is written.
template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace wangge::coverage
