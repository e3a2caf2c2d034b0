#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace wangge {

/// How a long call runs: the library starts no thread, prints nothing and reads no environment; what it may
/// use comes in here. The answer depends on `seed` alone, never on the number of threads.
struct Execution {
  std::uint64_t seed = 0;

  /// Called now and then with the step's name and the share done (0…1); return false to stop.
  std::function<bool(std::string_view step, double share)> progress;

  /// Receives one line for a person; never household data.
  std::function<void(std::string_view line)> log;

  /// Runs body(0) … body(count-1), in any order, on as many threads as the caller likes; returns when all are
  /// done. Empty: the calling thread does them one after the other.
  std::function<void(std::size_t count, const std::function<void(std::size_t)>& body)> parallel_for;

  /// Runs `body` by `parallel_for`, or one after the other where there is none.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body) const {
    if (parallel_for) return parallel_for(count, body);
    for (std::size_t i = 0; i < count; ++i) body(i);
  }

  /// True while the caller wants the work to go on.
  bool go_on(std::string_view step, double share) const { return !progress || progress(step, share); }
};

}  // namespace wangge
