#include "locate/method.hpp"

#include <malloc.h>
#include <time.h>

#include <algorithm>

namespace wangge::bench {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

}  // namespace

bool Wanted::has(const std::string& name) const {
  return names.empty() ||
         std::any_of(names.begin(), names.end(), [&](const std::string& wish) { return name.starts_with(wish); });
}

double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return double(info.uordblks) + double(info.hblkhd);
}

double wall_s() { return seconds(CLOCK_MONOTONIC); }
double thread_s() { return seconds(CLOCK_THREAD_CPUTIME_ID); }

}  // namespace wangge::bench
