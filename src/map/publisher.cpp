#include <wangge/publisher.hpp>

#include <algorithm>
#include <cassert>
#include <deque>
#include <list>
#include <mutex>
#include <utility>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace wangge {
namespace {

#if defined(__linux__)
bool membarrier(int command) noexcept { return syscall(SYS_membarrier, command, 0, 0) == 0; }

/// Makes membarrier(2) ready for this process; false where the system has none.
bool register_membarrier() noexcept { return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }

/// A full fence in every thread of this process that runs, and in this one.
bool fence_all_threads() noexcept { return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED); }
#else
bool register_membarrier() noexcept { return false; }
bool fence_all_threads() noexcept { return false; }
#endif

/// Of this thread.
void fence() noexcept {
#ifndef WANGGE_WATCHED_BY_TSAN  // then all accesses are sequentially consistent by themselves
  std::atomic_thread_fence(std::memory_order_seq_cst);
#endif
}

}  // namespace

struct Publisher::State {
  struct Retired {
    std::unique_ptr<const GridMap> map;
    std::uint64_t epoch;  ///< the last in which it was current
  };

  explicit State(GridMap first) : current(std::make_unique<const GridMap>(std::move(first))) {
    front.readers_fence = !register_membarrier();
    front.current = current.get();
  }

  Slot& take_slot() {
    const std::lock_guard lock(mutex);
    const auto at = std::find_if(slots.begin(), slots.end(), [](const Slot& slot) { return !slot.in_use; });
    Slot& slot = at != slots.end() ? *at : slots.emplace_back();
    slot.in_use = true;
    return slot;
  }

  void give_back(Slot& slot) noexcept {
    assert(slot.map == nullptr);
    const std::lock_guard lock(mutex);
    slot.in_use = false;
  }

  /// Locked.
  void replace(std::unique_ptr<const GridMap> next) {
    const std::uint64_t epoch = front.epoch;
    retired.push_back({nullptr, epoch});
    front.current = next.get();
    front.epoch = epoch + 1;
    retired.back().map = std::exchange(current, std::move(next));
  }

  /// Takes out what no reader holds, for the caller to free once the lock is open. Locked.
  std::list<Retired> take_free() noexcept {
    std::list<Retired> free;
    if (retired.empty()) return free;
    if (!front.readers_fence && !fence_all_threads()) return free;  // not known to be free
    fence();
    for (auto at = retired.begin(); at != retired.end();) {
      const auto old = at++;
      if (!held(*old)) free.splice(free.end(), retired, old);
    }
    return free;
  }

  bool held(const Retired& old) const noexcept {
    return std::any_of(slots.begin(), slots.end(), [&](const Slot& slot) {
      const std::uint64_t holds = slot.holds;
      return holds & 1 ? holds / 2 <= old.epoch : holds == reinterpret_cast<std::uintptr_t>(old.map.get());
    });
  }

  Front front;
  mutable std::mutex mutex;  ///< of all below
  std::unique_ptr<const GridMap> current;
  std::list<Retired> retired;
  std::deque<Slot> slots;  ///< stay in place
};

Publisher::Publisher(GridMap first) : state_(std::make_shared<State>(std::move(first))) {}
Publisher::~Publisher() = default;

Publisher::Reader Publisher::reader() { return {state_, state_->take_slot()}; }

GridMap Publisher::current() const {
  const std::lock_guard lock(state_->mutex);
  return *state_->current;
}

void Publisher::publish(GridMap next) {
  auto map = std::make_unique<const GridMap>(std::move(next));
  std::list<State::Retired> free;
  const std::lock_guard lock(state_->mutex);  // opens before `free` is emptied
  state_->replace(std::move(map));
  free = state_->take_free();
}

std::size_t Publisher::sweep() {
  std::list<State::Retired> free;
  const std::lock_guard lock(state_->mutex);
  free = state_->take_free();
  return state_->retired.size();
}

Publisher::Reader::Reader(std::shared_ptr<State> state, Slot& slot) noexcept
    : state_(std::move(state)), front_(&state_->front), slot_(&slot) {}

Publisher::Reader::Reader(Reader&& other) noexcept
    : state_(std::move(other.state_)), front_(other.front_), slot_(other.slot_) {}

Publisher::Reader& Publisher::Reader::operator=(Reader&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  state_ = std::move(other.state_), front_ = other.front_, slot_ = other.slot_;
  return *this;
}

Publisher::Reader::~Reader() { give_back(); }

void Publisher::Reader::give_back() noexcept {
  if (state_) state_->give_back(*slot_);
}

}  // namespace wangge
