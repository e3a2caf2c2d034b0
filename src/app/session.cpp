#include "app/session.hpp"

#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <wangge/error.hpp>

namespace wangge::app {
namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) { interrupted = 1; }

void run_on_threads(unsigned threads, std::size_t count, const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) body(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min<std::size_t>(threads, count); ++t) others.emplace_back(work);
  work();
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

struct Session::Impl {
  std::mutex mutex;
  bool terminal = isatty(STDERR_FILENO) != 0;
  bool drawn = false;
  std::chrono::steady_clock::time_point last_drawn;

  void draw(std::string_view step, double share) {
    const std::lock_guard lock(mutex);
    const auto now = std::chrono::steady_clock::now();
    if (drawn && now - last_drawn < std::chrono::milliseconds(80)) return;
    last_drawn = now;
    drawn = true;
    constexpr int width = 30;
    const int done = static_cast<int>(std::clamp(share, 0.0, 1.0) * width);
    std::fprintf(stderr, "\r\033[K%-24.*s [%.*s%*s] %3d %%", static_cast<int>(step.size()), step.data(), done,
                 "##############################", width - done, "", static_cast<int>(share * 100));
    std::fflush(stderr);
  }
};

Session::Session() : impl_(std::make_unique<Impl>()) {
  struct sigaction action {};
  action.sa_handler = interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends the program at once
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

Session::~Session() { clear_progress(); }

Execution Session::execution(unsigned threads, std::uint64_t seed) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Execution execution;
  execution.seed = seed;
  execution.progress = [this](std::string_view step, double share) {
    if (impl_->terminal) impl_->draw(step, share);
    return interrupted == 0;
  };
  if (threads > 1) {
    execution.parallel_for = [threads](std::size_t count, const std::function<void(std::size_t)>& body) {
      run_on_threads(threads, count, body);
    };
  }
  return execution;
}

void Session::leave_if_interrupted() const {
  if (interrupted) throw Error(Errc::stopped, "stopped by the user; nothing was written");
}

// The signals are let in by pselect alone: one that comes just before it would else go unheeded while it waits.
bool Session::wait_for_input(int descriptor) const {
  sigset_t stops, usual;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, &usual);
  fd_set inputs;
  FD_ZERO(&inputs);
  FD_SET(descriptor, &inputs);
  if (!interrupted) pselect(descriptor + 1, &inputs, nullptr, nullptr, nullptr, &usual);
  pthread_sigmask(SIG_SETMASK, &usual, nullptr);
  return interrupted == 0;
}

void Session::clear_progress() {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->drawn) std::fputs("\r\033[K", stderr);
  impl_->drawn = false;
}

}  // namespace wangge::app
