#include "town/barriers.hpp"

#include <optional>
#include <set>
#include <utility>

#include "town/layout.hpp"
#include "town/names.hpp"
#include "town/random.hpp"

namespace wangge::town {
namespace {

/// What a line is along one interval of the other axis; nothing where it is interrupted.
struct Stretch {
  BarrierClass barrier;
  bool bridge;
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// The net seen along one axis: the same steps draw the lines that run north and those that run east.
class Lines {
 public:
  Lines(const TownPlan& plan, const Ground& ground, std::span<const Area> finest, std::uint64_t seed, bool northward)
      : plan_(plan), ground_(ground), seed_(mix(seed, northward ? 41 : 42)), northward_(northward) {
    for (const Area& area : finest) ensure_crossings(area.span);
  }

  void draw(std::vector<Barrier>& out) {
    for (int line = 0; line < own().lines(); ++line) draw(line, out);
  }

 private:
  const Axis& own() const { return northward_ ? plan_.x : plan_.y; }
  const Axis& other() const { return northward_ ? plan_.y : plan_.x; }
  Position node(int own2, int other2) const {
    return northward_ ? ground_.node(own2, other2) : ground_.node(other2, own2);
  }
  Use use(int own_interval, int other_interval) const {
    return northward_ ? plan_.use(own_interval, other_interval) : plan_.use(other_interval, own_interval);
  }

  // An area on both sides of a hard line has a main road or a street across it.
  void ensure_crossings(const Span& span) {
    const auto [own0, own1] = northward_ ? std::pair{span.x0, span.x1} : std::pair{span.y0, span.y1};
    const auto [other0, other1] = northward_ ? std::pair{span.y0, span.y1} : std::pair{span.x0, span.x1};
    for (int hard = other0 + 1; hard < other1; ++hard) {
      if (is_hard(other().kinds[hard])) ensure_crossing(hard, own0, own1);
    }
  }

  void ensure_crossing(int hard, int own0, int own1) {
    std::optional<int> street;
    for (int line = own0 + 1; line < own1; ++line) {
      if (own().kinds[line] == LineKind::main_road) return;
      if (own().kinds[line] == LineKind::street && !street && !islet(line, hard)) street = line;
    }
    if (street) extra_crossings_.insert({*street, hard});
  }

  bool islet(int street, int hard) const { return northward_ && use(street, hard) == Use::islet; }

  // The hard line in the strip that an interval belongs to.
  int hard_line(int interval) const { return is_hard(other().kinds[interval]) ? interval : interval + 1; }

  bool street_crosses(int line, int hard) const {
    if (islet(line, hard)) return false;
    return extra_crossings_.contains({line, hard}) ||
           mix(seed_, static_cast<std::uint64_t>(line), static_cast<std::uint64_t>(hard)) % 3 == 0;
  }

  bool on_bridge(int line, int hard) const {
    return other().kinds[hard] == LineKind::river ||
           mix(seed_, static_cast<std::uint64_t>(hard), static_cast<std::uint64_t>(line)) % 2 == 0;
  }

  // A street runs where either side is built on. The one that runs east also serves farm houses, and all of its
  // superblock, so that the one that runs north never ends in a field.
  bool street_serves(int line, int interval) const {
    const int other_half = other().kinds[interval + 1] == LineKind::street ? interval + 1 : interval - 1;
    const auto built = [&](int along) { return built_on(use(line - 1, along)) || built_on(use(line, along)); };
    return built(interval) || (!northward_ && built(other_half));
  }
  bool built_on(Use use) const { return use != Use::open && !(use == Use::village && northward_); }

  std::optional<Stretch> stretch(int line, int interval) const {
    const LineKind kind = own().kinds[line];
    const bool strip = other().in_strip(interval);
    const int hard = strip ? hard_line(interval) : 0;
    switch (kind) {
      case LineKind::river:
        return Stretch{BarrierClass::hard, false};
      case LineKind::railway:
        return Stretch{BarrierClass::hard, strip};
      case LineKind::main_road:
        return Stretch{BarrierClass::soft, strip && on_bridge(line, hard)};
      case LineKind::side_road:
        if (strip && other().kinds[hard] == LineKind::river) return std::nullopt;
        return Stretch{BarrierClass::street, strip && on_bridge(line, hard)};
      case LineKind::street:
        if (!strip && !street_serves(line, interval)) return std::nullopt;
        if (strip && !street_crosses(line, hard)) return std::nullopt;
        return Stretch{BarrierClass::street, strip && on_bridge(line, hard)};
    }
    return std::nullopt;
  }

  std::string name(int line) {
    switch (own().kinds[line]) {
      case LineKind::main_road:
        return road_name(roads_++, northward_);
      case LineKind::river:
        return river_name(rivers_++);
      case LineKind::railway:
        return "东陇铁路";
      default:
        return "";
    }
  }

  void draw(int line, std::vector<Barrier>& out) {
    const std::string name = this->name(line);
    std::optional<Stretch> last;
    for (int interval = 0; interval < other().intervals(); ++interval) {
      const std::optional<Stretch> here = stretch(line, interval);
      if (here && here != last) {
        Barrier barrier;
        barrier.barrier = here->barrier;
        barrier.bridge = here->bridge;
        barrier.layer = here->bridge ? 1 : 0;
        barrier.name = name;
        barrier.line.push_back(node(2 * line, 2 * interval));
        out.push_back(std::move(barrier));
      }
      if (here) {
        out.back().line.push_back(node(2 * line, 2 * interval + 1));
        out.back().line.push_back(node(2 * line, 2 * interval + 2));
      }
      last = here;
    }
  }

  const TownPlan& plan_;
  const Ground& ground_;
  std::uint64_t seed_;
  bool northward_;
  std::uint32_t roads_ = 0, rivers_ = 0;
  std::set<std::pair<int, int>> extra_crossings_;
};

// The lanes that halve a cell of houses.
void add_lanes(const Ground& ground, int column, int row, std::vector<Barrier>& out) {
  const int x = 2 * column, y = 2 * row;
  for (const Line& line : {Line{ground.node(x, y + 1), ground.node(x + 1, y + 1), ground.node(x + 2, y + 1)},
                           Line{ground.node(x + 1, y), ground.node(x + 1, y + 1), ground.node(x + 1, y + 2)}}) {
    Barrier& lane = out.emplace_back();
    lane.line = line;
  }
}

// A wall is open at its gate.
void add_wall(const TownPlan& plan, const Ground& ground, int column, int row, std::uint64_t seed,
              std::vector<Barrier>& out) {
  const Rect wall = yard(plan, column, row);
  const Gate opening = gate(plan, column, row, seed);
  const int near = opening.south ? wall.y0 : wall.y1, far = opening.south ? wall.y1 : wall.y0;
  Barrier& barrier = out.emplace_back();
  barrier.barrier = BarrierClass::wall;
  const auto add = [&](int x, int y) { barrier.line.push_back(ground.place(column, row, x, y)); };
  add(opening.x1, near);
  add(wall.x1, near);
  add(wall.x1, far);
  add(wall.x0, far);
  add(wall.x0, near);
  add(opening.x0, near);
}

// The arm of the river that makes an islet across the mid street of a superblock.
void add_arm(const TownPlan& plan, const Ground& ground, int column, int row, std::vector<Barrier>& out) {
  const int west = plan.x.width_dm(column - 1), east = plan.x.width_dm(column), height = plan.y.width_dm(row);
  Barrier& arm = out.emplace_back();
  arm.barrier = BarrierClass::hard;
  arm.name = "支流";
  arm.line = {ground.node(2 * column - 1, 2 * row), ground.place(column - 1, row, west * 3 / 4, height / 2),
              ground.place(column, row, 0, height * 3 / 4), ground.place(column, row, east * 3 / 8, height / 2),
              ground.node(2 * column + 1, 2 * row)};
}

}  // namespace

std::vector<Barrier> barriers(const TownPlan& plan, const Ground& ground, std::span<const Area> finest,
                              std::uint64_t seed) {
  std::vector<Barrier> out;
  for (const bool northward : {true, false}) Lines(plan, ground, finest, seed, northward).draw(out);
  for (int row = 0; row < plan.y.intervals(); ++row) {
    for (int column = 0; column < plan.x.intervals(); ++column) {
      const Use use = plan.use(column, row);
      if (has_lanes(use)) add_lanes(ground, column, row, out);
      if (is_walled(use)) add_wall(plan, ground, column, row, seed, out);
      if (use == Use::islet) add_arm(plan, ground, column, row, out);
    }
  }
  return out;
}

}  // namespace wangge::town
