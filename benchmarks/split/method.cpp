#include "split/method.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace wangge::bench {
namespace {

double seconds(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

/// A line of /proc/self/status that is given in kB.
double status_mb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

/// What the child hands back, in memory that both share: this, and after it one part a node.
struct Shared {
  double cpu_s, wall_s, peak_mb;
  std::uint32_t certified, claims;
  bool done;
  char failure[200];
};

std::uint32_t* labels_of(Shared* shared) { return reinterpret_cast<std::uint32_t*>(shared + 1); }

Answer best_of_some(const Method& method, const Instance& instance) {
  Answer best = method.divide(instance);
  double spent_s = best.wall_s;
  for (int i = 1; i < 5 && spent_s < 1 && best.failure.empty(); ++i) {
    const Answer again = method.divide(instance);
    spent_s += again.wall_s;
    best.cpu_s = std::min(best.cpu_s, again.cpu_s);
    best.wall_s = std::min(best.wall_s, again.wall_s);
  }
  return best;
}

/// The child's side.
void answer_into(Shared* shared, const Method& method, const Instance& instance) try {
  dup2(STDERR_FILENO, STDOUT_FILENO);  // what a peer prints is not ours
  const Answer answer = best_of_some(method, instance);
  std::snprintf(shared->failure, sizeof shared->failure, "%s", answer.failure.c_str());
  if (!answer.failure.empty()) return;
  shared->cpu_s = answer.cpu_s, shared->wall_s = answer.wall_s, shared->peak_mb = answer.peak_mb;
  shared->certified = answer.certified, shared->claims = answer.claims;
  std::copy(answer.part_of_node.begin(), answer.part_of_node.end(), labels_of(shared));
  shared->done = true;
} catch (const std::exception& error) {
  std::snprintf(shared->failure, sizeof shared->failure, "%s", error.what());
}

Answer take(Shared* shared, int status, std::size_t nodes) {
  Answer answer;
  answer.failure = shared->failure;
  if (WIFSIGNALED(status)) answer.failure = std::string("ended by ") + strsignal(WTERMSIG(status));
  if (!shared->done && answer.failure.empty()) answer.failure = "ended without an answer";
  answer.cpu_s = shared->cpu_s, answer.wall_s = shared->wall_s, answer.peak_mb = shared->peak_mb;
  answer.certified = shared->certified, answer.claims = shared->claims;
  if (answer.failure.empty()) answer.part_of_node.assign(labels_of(shared), labels_of(shared) + nodes);
  return answer;
}

}  // namespace

int link_weight(const planning::Graph::Link& link) {
  constexpr double by_passage[] = {1, 0.4, 0.4, 0.2, 0.01};
  return std::max(1, int(10 * double(link.border_m) * by_passage[std::size_t(link.passage)]));
}

Meter::Meter() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  std::ofstream("/proc/self/clear_refs") << 5;  // the high-water mark starts anew
  resident_mb_ = status_mb("VmRSS");
  wall_s_ = seconds(CLOCK_MONOTONIC);
  cpu_s_ = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

void Meter::read(Answer& answer) const {
  answer.cpu_s = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_s_;
  answer.wall_s = seconds(CLOCK_MONOTONIC) - wall_s_;
  answer.peak_mb = status_mb("VmHWM") - resident_mb_;
}

Answer divide_apart(const Method& method, const Instance& instance) {
  const std::size_t nodes = instance.graph.nodes.size(), bytes = sizeof(Shared) + nodes * sizeof(std::uint32_t);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  auto* shared = static_cast<Shared*>(memory);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    answer_into(shared, method, instance);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0) std::snprintf(shared->failure, sizeof shared->failure, "no process");
  Answer answer = take(shared, status, nodes);
  munmap(memory, bytes);
  return answer;
}

}  // namespace wangge::bench
