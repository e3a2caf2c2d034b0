#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace wangge::coverage {

/// An allocator that leaves memory as it comes where nothing is said about what it should hold: whoever writes it first
/// does so on the thread, and at the time, of its choice. For plain bytes only.
template <class T, class Memory = std::allocator<T>>
struct Raw : Memory {
  using value_type = T;
  template <class U>
  struct rebind {
    using other = Raw<U, typename std::allocator_traits<Memory>::template rebind_alloc<U>>;
  };
  Raw() = default;
  template <class U, class Other>
  explicit Raw(const Raw<U, Other>& other) noexcept : Memory(other) {}
  template <class U>
  void construct(U*) noexcept {
    static_assert(std::is_trivially_copyable_v<U>, "raw memory holds plain bytes");
  }
  template <class U, class... From>
  void construct(U* at, From&&... from) {
    std::construct_at(at, std::forward<From>(from)...);
  }
};

/// A vector in such memory: what `resize` adds holds anything until it is written.
template <class T>
using RawVector = std::vector<T, Raw<T>>;

}  // namespace wangge::coverage
