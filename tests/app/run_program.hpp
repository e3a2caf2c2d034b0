#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/scratch.hpp"

namespace wangge::test {

/// How a run of the program ended and what it said.
struct Outcome {
  int exit_code = -1;  ///< or minus the number of the signal that ended it
  std::string out, err;
};

/// The program at work. `largest_file` above zero keeps it from writing more bytes to a file, as a full disk would.
class Running {
 public:
  explicit Running(const std::vector<std::string>& arguments, std::size_t largest_file = 0);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  /// Sends SIGINT, as Ctrl-C does, once the program has worked for that long; false where it had ended before.
  bool interrupt_after_cpu_ms(int cpu_ms);
  /// Ends the program by SIGKILL after that long, if it has not ended by itself.
  void kill_after_us(int microseconds);
  Outcome wait();

 private:
  Scratch said_;
  pid_t process_ = -1;
};

/// Runs the program to its end.
Outcome run(const std::vector<std::string>& arguments, std::size_t largest_file = 0);

/// A folder with the inputs of one test, in which nothing may appear or change unless the program says it did.
class Desk : public Scratch {
 public:
  using Files = std::map<std::string, std::string>;  ///< bytes by name
  Files files() const;
  std::string path(const std::string& name) const { return (*this / name).string(); }
};

/// Expects exit 1, nothing on stdout, one line on stderr that names each of `mentions`, and no file that has appeared,
/// vanished or changed since `before`.
void expect_refused(const Outcome& outcome, const Desk& desk, const Desk::Files& before,
                    const std::vector<std::string>& mentions);

}  // namespace wangge::test
