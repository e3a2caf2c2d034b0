#include "map/arcs.hpp"

#include <algorithm>

namespace wangge::map {
namespace {

using coverage::Arrangement;

struct Run {
  Line line;
  GridId left, right;

  bool closed() const { return line.front() == line.back(); }
  void reverse() {
    std::reverse(line.begin(), line.end());
    std::swap(left, right);
  }
};

/// Follows borders from node to node.
class Tracer {
 public:
  Tracer(const Arrangement& arrangement, std::span<const GridId> finest)
      : arrangement_(arrangement), finest_(finest), used_(arrangement.edge_count(), false) {}

  std::vector<Run> run() {
    for (std::uint32_t v = 0; v < arrangement_.vertex_count(); ++v) {
      if (degree(v) == 2) continue;
      for (const std::uint32_t h : arrangement_.leaving(v)) trace(h);
    }
    // What is left are closed borders without a node; vertices ascend, so each starts at its least one.
    for (std::uint32_t v = 0; v < arrangement_.vertex_count(); ++v) {
      for (const std::uint32_t h : arrangement_.leaving(v)) trace(h);
    }
    return std::move(runs_);
  }

 private:
  GridId finest(std::uint32_t half) const { return finest_[arrangement_.left(half)]; }
  bool is_border(std::uint32_t half) const { return finest(half) != finest(half ^ 1); }

  std::size_t degree(std::uint32_t v) const {
    const auto around = arrangement_.leaving(v);
    return std::count_if(around.begin(), around.end(), [&](std::uint32_t h) { return is_border(h); });
  }

  void trace(std::uint32_t half) {
    if (used_[half / 2] || !is_border(half)) return;
    Run run{{arrangement_.from(half)}, finest(half), finest(half ^ 1)};
    for (std::uint32_t h = half; !used_[h / 2]; h = onward(h)) {
      used_[h / 2] = true;
      run.line.push_back(arrangement_.to(h));
    }
    runs_.push_back(std::move(run));
  }

  /// The border that goes on where `half` ends, or `half` itself where that is a node.
  std::uint32_t onward(std::uint32_t half) const {
    const std::uint32_t v = arrangement_.origin(half ^ 1);
    if (degree(v) != 2) return half;
    const auto around = arrangement_.leaving(v);
    return *std::find_if(around.begin(), around.end(),
                         [&](std::uint32_t h) { return h != (half ^ 1) && is_border(h); });
  }

  const Arrangement& arrangement_;
  std::span<const GridId> finest_;
  std::vector<bool> used_;
  std::vector<Run> runs_;
};

void direct(Run& run) {
  const auto last = run.line.size() - 1;
  const bool backwards = run.closed() ? run.line[last - 1] < run.line[1] : run.line[last] < run.line[0];
  if (backwards) run.reverse();
}

}  // namespace

Arcs::Arcs(const Arrangement& arrangement, std::span<const GridId> finest_of_face) {
  std::vector<Run> runs = Tracer(arrangement, finest_of_face).run();
  for (Run& run : runs) direct(run);
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.line < b.line; });
  first_.push_back(0);
  for (const Run& run : runs) {
    points_.insert(points_.end(), run.line.begin(), run.line.end());
    first_.push_back(static_cast<std::uint32_t>(points_.size()));
    sides_.push_back({run.left, run.right});
  }
}

}  // namespace wangge::map
