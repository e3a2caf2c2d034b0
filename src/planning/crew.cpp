#include "planning/crew.hpp"

#include <algorithm>
#include <ctime>

namespace wangge::planning {

double cpu_seconds() {
#ifdef CLOCK_THREAD_CPUTIME_ID
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
#else
  return double(std::clock()) / CLOCKS_PER_SEC;
#endif
}

void Crew::for_each(std::size_t count, const std::function<void(std::size_t)>& body) {
  const double before = cpu_seconds();
  execution_.for_each(count, [&](std::size_t i) {
    const double began = cpu_seconds();
    body(i);
    const double used = cpu_seconds() - began;
    const std::lock_guard lock(mutex_);
    cpu_s_ += used;
  });
  cpu_s_ -= cpu_seconds() - before;
}

bool Crew::go_on(double share) {
  const std::lock_guard lock(mutex_);
  done_ = std::min(1.0, done_ + share);
  if (!stopped_) stopped_ = !execution_.go_on("partition", done_);
  return !stopped_;
}

}  // namespace wangge::planning
