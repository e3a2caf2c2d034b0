#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include <wangge/execution.hpp>

namespace wangge::planning {

/// Processor seconds of the calling thread.
double cpu_seconds();

/// Runs the search's tasks, counts their processor time and reports progress, from any thread, one at a time.
class Crew {
 public:
  explicit Crew(const Execution& execution) : execution_(execution) {}

  void for_each(std::size_t count, const std::function<void(std::size_t)>& body);

  /// Adds to the share done; false once the caller wants to stop.
  bool go_on(double share = 0);
  bool stopped() const noexcept { return stopped_; }
  std::uint64_t seed() const noexcept { return execution_.seed; }

  /// Of all tasks so far, beyond what the thread that called `for_each` used itself.
  double further_cpu_s() const noexcept { return cpu_s_; }

 private:
  const Execution& execution_;
  std::mutex mutex_;
  double done_ = 0, cpu_s_ = 0;
  std::atomic<bool> stopped_ = false;
};

}  // namespace wangge::planning
