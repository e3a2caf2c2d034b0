#include <atomic>
#include <thread>

#include "planning/partition.hpp"
#include "split/method.hpp"

namespace wangge::bench {
namespace {

using planning::Verdict;

Execution on_threads(unsigned threads, std::uint64_t seed) {
  Execution execution;
  execution.seed = seed;
  if (threads < 2) return execution;
  execution.parallel_for = [threads](std::size_t count, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i; (i = next++) < count;) body(i);
    };
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads; ++t) others.emplace_back(work);
    work();
  };
  return execution;
}

planning::PartitionOptions options_for(const Instance& instance, int effort) {
  planning::PartitionOptions options;
  options.range = instance.range;
  options.target = instance.target;
  options.effort = effort;
  for (const Profile& profile : ready_profiles()) {
    if (profile.range == instance.range) options.weights = profile.weights;
  }
  return options;
}

}  // namespace

Method wangge_method(int effort, unsigned threads, std::uint64_t seed) {
  std::string name = effort == 0 ? "wangge legal" : effort == 1 ? "wangge" : "wangge effort " + std::to_string(effort);
  const auto divide = [=](const Instance& instance) {
    const Meter meter;
    planning::Partition plan =
        planning::partition(instance.graph, options_for(instance, effort), on_threads(threads, seed));
    Answer answer;
    meter.read(answer);
    answer.part_of_node = std::move(plan.part_of_node);
    for (const Verdict verdict : plan.verdicts) {
      answer.certified += verdict == Verdict::lumpy;
      answer.claims += verdict == Verdict::lumpy || verdict == Verdict::unproven;
    }
    return answer;
  };
  return {.name = std::move(name), .threads = threads, .divide = divide};
}

}  // namespace wangge::bench
