#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <wangge/execution.hpp>

namespace wangge::app {

/// What a run of the program shares: threads, the progress bar on a terminal, and whether Ctrl-C was pressed.
class Session {
 public:
  Session();
  ~Session();

  /// An execution with that many threads (0: one a core), whose progress draws a bar where stderr is a terminal and
  /// returns false after Ctrl-C.
  Execution execution(unsigned threads, std::uint64_t seed);

  /// Throws Error{stopped} after Ctrl-C, so that a command can leave between two steps.
  void leave_if_interrupted() const;

  /// Waits until there is something to read, or the end; false after Ctrl-C, which also ends the wait.
  bool wait_for_input(int descriptor) const;

  /// Ends the bar's line, before anything is printed.
  void clear_progress();

  int exit_code = 0;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::app
