#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <wangge/export.hpp>
#include <wangge/grid_map.hpp>

#if defined(__SANITIZE_THREAD__)
#define WANGGE_WATCHED_BY_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WANGGE_WATCHED_BY_TSAN 1
#endif
#endif

namespace wangge {

/// Lets any number of threads read a map while another puts the next revision in its place.
///
///     Publisher publisher(GridMap::open("city.wgm"));
///     Publisher::Reader reader = publisher.reader();        // one a thread
///     {
///       const auto map = reader.read();                     // about 1 ns
///       map->locate(places, areas);                         // all of one revision
///     }
///     publisher.publish(publisher.current().with(changes)); // by another thread; readers go on answering
///
/// Laws: a reading sees one whole revision from its beginning to its end. A reader never goes back to a revision
/// published before one it has seen, and sees the last one published as soon as its next reading begins after `publish`
/// has returned. A reading never waits, whatever the writers do. A revision is kept while a reading or the publisher
/// needs it, and freed by `publish` or `sweep`, never by a reading; the last of the publisher and its readers frees the
/// rest.
///
/// On Linux a reading costs its reader three plain stores: the writer makes them visible, by membarrier(2). Where the
/// kernel has no such call a reading ends up with a full fence, some 7 ns. Under ThreadSanitizer, which knows neither,
/// all accesses are sequentially consistent.
class WANGGE_EXPORT Publisher {
  struct State;

  struct alignas(64) Front {
    std::atomic<const GridMap*> current{nullptr};
    std::atomic<std::uint64_t> epoch{0};  ///< number of revisions published after the first
    bool readers_fence = true;
  };

  /// What one reader holds: nothing; a map, by its address; or, for the moment of choosing one, whatever is current at
  /// or after an epoch, as 2 · epoch + 1.
  struct alignas(64) Slot {
    std::atomic<std::uint64_t> holds{0};
    const GridMap* map = nullptr;  ///< the reader's own: of its outermost reading
    bool in_use = false;           ///< guarded by the publisher's lock
  };

 public:
  /// Holds one revision to the end of its scope. A copy of the map outlives it.
  class Reading {
   public:
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() {
      if (!outermost_) return;
      slot_.map = nullptr;
      slot_.holds.store(0, std::memory_order_release);
    }
    const GridMap& operator*() const noexcept { return *map_; }
    const GridMap* operator->() const noexcept { return map_; }

   private:
    friend class Publisher;
    Reading(const Front& front, Slot& slot) noexcept : slot_(slot), outermost_(slot.map == nullptr) {
      if (outermost_) slot.map = take(front, slot);
      map_ = slot.map;
    }

    Slot& slot_;
    const GridMap* map_;
    bool outermost_;
  };

  /// For one thread at a time; may outlive the publisher, must outlive its readings.
  class WANGGE_EXPORT Reader {
   public:
    Reader(Reader&& other) noexcept;
    Reader& operator=(Reader&& other) noexcept;
    ~Reader();

    /// The current revision; within another reading of this reader, the revision of that one.
    [[nodiscard]] Reading read() noexcept { return {*front_, *slot_}; }

   private:
    friend class Publisher;
    Reader(std::shared_ptr<State> state, Slot& slot) noexcept;
    void give_back() noexcept;

    std::shared_ptr<State> state_;
    const Front* front_;
    Slot* slot_;
  };

  explicit Publisher(GridMap first);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher();

  /// A reader for one thread. As many as you like, at any time.
  Reader reader();

  /// The revision last published, to plan the next one from.
  GridMap current() const;

  /// Puts the map in place of the current one, whatever its revision: every reading that begins after this returns sees
  /// it. Then frees as `sweep` does.
  void publish(GridMap next);

  /// Frees the revisions before the current one that no reading holds any more; returns how many are left.
  std::size_t sweep();

 private:
  /// Either the writer, who stores `current` and then looks at the slots, sees that this reader is choosing, or the
  /// reader sees the writer's map.
  static const GridMap* take(const Front& front, Slot& slot) noexcept {
#ifdef WANGGE_WATCHED_BY_TSAN
    constexpr auto order = std::memory_order_seq_cst;
    slot.holds.store(2 * front.epoch.load(order) + 1, order);
    const GridMap* map = front.current.load(order);
#else
    slot.holds.store(2 * front.epoch.load(std::memory_order_acquire) + 1, std::memory_order_release);
    if (front.readers_fence)
      std::atomic_thread_fence(std::memory_order_seq_cst);
    else
      std::atomic_signal_fence(std::memory_order_seq_cst);
    const GridMap* map = front.current.load(std::memory_order_acquire);
#endif
    slot.holds.store(reinterpret_cast<std::uintptr_t>(map), std::memory_order_release);
    return map;
  }

  std::shared_ptr<State> state_;
};

}  // namespace wangge
