#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "coverage/raw_vector.hpp"
#include <wangge/execution.hpp>

namespace wangge::coverage {

/// Moves the lists, which were filled piece by piece, into one.
template <class Item>
void join_all(std::vector<std::vector<Item>>& lists, RawVector<Item>& all, const Execution& execution) {
  std::vector<std::size_t> first{0};
  for (const std::vector<Item>& list : lists) first.push_back(first.back() + list.size());
  all.resize(first.back());
  execution.for_each(lists.size(), [&](std::size_t i) {
    std::copy(lists[i].begin(), lists[i].end(), all.begin() + static_cast<std::ptrdiff_t>(first[i]));
    lists[i] = {};
  });
}

/// Sorts by `less`, which must tell any two items apart, on the caller's threads. Items are shared out to ranges whose
/// limits come from a sample, and each range is sorted by itself.
template <class Item, class Memory, class Less>
void sort_all(std::vector<Item, Memory>& items, const Less& less, const Execution& execution) {
  constexpr std::size_t ranges = 32, samples_a_range = 32, chunks = 32;
  if (!execution.parallel_for || items.size() < 1024 * ranges) return std::sort(items.begin(), items.end(), less);
  std::vector<Item> sample;
  for (std::size_t i = 0; i < ranges * samples_a_range; ++i)
    sample.push_back(items[items.size() / (ranges * samples_a_range) * i]);
  std::sort(sample.begin(), sample.end(), less);
  std::vector<Item> limits;
  for (std::size_t r = 1; r < ranges; ++r) limits.push_back(sample[r * samples_a_range]);

  const auto range_of = [&](const Item& item) {
    return static_cast<std::size_t>(std::upper_bound(limits.begin(), limits.end(), item, less) - limits.begin());
  };
  const auto each_of = [&](std::size_t chunk, const auto& visit) {
    for (std::size_t i = items.size() * chunk / chunks; i < items.size() * (chunk + 1) / chunks; ++i) visit(items[i]);
  };
  std::vector<std::array<std::size_t, ranges>> place(chunks, std::array<std::size_t, ranges>{});
  execution.for_each(
      chunks, [&](std::size_t chunk) { each_of(chunk, [&](const Item& item) { ++place[chunk][range_of(item)]; }); });
  std::vector<std::size_t> start{0};
  for (std::size_t r = 0, total = 0; r < ranges; ++r) {
    for (auto& of_chunk : place) {
      const std::size_t count = of_chunk[r];
      of_chunk[r] = total, total += count;
    }
    start.push_back(total);
  }
  std::vector<Item, Memory> sorted(items.size());
  execution.for_each(chunks, [&](std::size_t chunk) {
    each_of(chunk, [&](const Item& item) { sorted[place[chunk][range_of(item)]++] = item; });
  });
  execution.for_each(ranges, [&](std::size_t r) {
    std::sort(sorted.begin() + static_cast<std::ptrdiff_t>(start[r]),
              sorted.begin() + static_cast<std::ptrdiff_t>(start[r + 1]), less);
  });
  items.swap(sorted);
}

}  // namespace wangge::coverage
