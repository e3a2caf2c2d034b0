#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "split/instance.hpp"

namespace wangge::bench {

/// What a method answers, and what its partition step alone cost.
struct Answer {
  std::vector<std::uint32_t> part_of_node;
  double cpu_s = 0;                         ///< processor seconds of all threads
  double wall_s = 0;                        ///< on the clock on the wall
  double peak_mb = 0;                       ///< most memory in use beyond what was in use before the step
  std::uint32_t certified = 0, claims = 0;  ///< parts proven impossible to mend, and all parts called out of range
  std::string failure;                      ///< why there is no answer, or empty
};

struct Method {
  std::string name;
  unsigned threads = 1;
  std::size_t most_nodes = std::size_t(-1);  ///< larger instances would take too long
  std::function<Answer(const Instance&)> divide;
};

/// Measures one step: time from the start on, and memory beyond the start. Memory is the resident set's high-water mark
/// (set back at the start), so pages that were touched before, as those of the graph, do not count.
class Meter {
 public:
  Meter();
  void read(Answer& answer) const;

 private:
  double cpu_s_, wall_s_, resident_mb_;
};

/// Answers in a child process, which starts with the graph and no other method's memory; repeats what is quick, up to
/// five times, and keeps the least times and the first run's memory. What ends the child badly becomes `failure`.
Answer divide_apart(const Method& method, const Instance& instance);

/// Our search with an effort of 0 (legal) to 3.
Method wangge_method(int effort, unsigned threads, std::uint64_t seed);
/// What a peer that minimises the cut pays for a link: its border in decimetres, at 0.4 of that along a street or wall
/// and 0.2 along a main road, and at least 1. Not our own prices, so that a peer's rows stay as they are when those
/// change.
int link_weight(const planning::Graph::Link& link);

/// METIS's k-way, contiguous, a component at a time for households / target parts, links weighing alike and by their
/// length. None where it was not found.
std::vector<Method> metis_methods();
/// Partitioners from PyPI, through peers.py and a graph file: KaHIP (strong, imbalance 10 %), KaMinPar (largek, eco),
/// and for neighbourhoods spopt's MaxP and GerryChain. What `python` has not installed fails with a message.
std::vector<Method> outside_methods(const std::string& python);

}  // namespace wangge::bench
