#include "app/run_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <thread>

namespace wangge::test {
namespace {

namespace fs = std::filesystem;

void become_program(std::vector<char*> arguments, int out, int err, std::size_t largest_file) {
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  signal(SIGINT, SIG_DFL);
  if (largest_file > 0) {
    const rlimit limit{largest_file, largest_file};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN);  // a write past the limit then fails instead of ending the program
  }
  execv(WANGGE_PROGRAM, arguments.data());
  _exit(127);
}

// Whether the process has said that it minds SIGINT; before, the signal would just end it.
bool catches_interrupts(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("SigCgt:", 0) == 0) return (std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1) & 1) != 0;
  }
  return false;
}

std::int64_t cpu_ms(pid_t process) {
  clockid_t clock;
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

bool has_ended(pid_t process) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == process;
}

}  // namespace

Running::Running(const std::vector<std::string>& arguments, std::size_t largest_file) {
  std::vector<std::string> words{WANGGE_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int out = open((said_ / "out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const int err = open((said_ / "err").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  process_ = fork();
  if (process_ == 0) become_program(std::move(pointers), out, err, largest_file);
  close(out);
  close(err);
}

Running::~Running() {
  if (process_ <= 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

bool Running::interrupt_after_cpu_ms(int milliseconds) {
  while (!has_ended(process_) && (!catches_interrupts(process_) || cpu_ms(process_) < milliseconds)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return !has_ended(process_) && kill(process_, SIGINT) == 0;
}

void Running::kill_after_us(int microseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  kill(process_, SIGKILL);
}

Outcome Running::wait() {
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), bytes_of(said_ / "out"),
          bytes_of(said_ / "err")};
}

Outcome run(const std::vector<std::string>& arguments, std::size_t largest_file) {
  return Running(arguments, largest_file).wait();
}

Desk::Files Desk::files() const {
  Files files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder())) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder()).string()] = bytes_of(entry.path());
  }
  return files;
}

void expect_refused(const Outcome& outcome, const Desk& desk, const Desk::Files& before,
                    const std::vector<std::string>& mentions) {
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_EQ(outcome.err.rfind("wangge: ", 0), 0u) << outcome.err;
  for (const std::string& word : mentions) {
    EXPECT_NE(outcome.err.find(word), std::string::npos) << "does not name " << word << ": " << outcome.err;
  }
  const Desk::Files after = desk.files();
  for (const auto& [name, bytes] : after) {
    EXPECT_TRUE(before.contains(name)) << name << " was left behind";
    EXPECT_TRUE(!before.contains(name) || before.at(name) == bytes) << name << " was changed";
  }
  for (const auto& [name, bytes] : before) EXPECT_TRUE(after.contains(name)) << name << " is gone";
}

}  // namespace wangge::test
