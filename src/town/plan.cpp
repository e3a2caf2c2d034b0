#include "town/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "town/random.hpp"

namespace wangge::town {
namespace {

using Quarters = std::array<Use, 4>;  // SW, SE, NW, NE

constexpr int strip_half_dm = 500;
constexpr int river_every = 14, railway_every = 40;
constexpr std::uint64_t large = 50'000;  // households from which on a town has a railway and islets

// What a superblock holds on average, rather less than more.
constexpr std::uint64_t compound_room = 1900, neighbourhood_room = 1100, quarter_room = 250;

struct Size {
  int least_dm, most_dm;
};

// Adds a superblock and, where one starts here, the strip of a river or railway before it.
void add_superblock(Axis& axis, int size_dm, bool strip, LineKind hard) {
  if (strip) {
    axis.kinds.back() = LineKind::side_road;
    for (const LineKind kind : {hard, LineKind::side_road}) {
      axis.kinds.push_back(kind);
      axis.at_dm.push_back(axis.at_dm.back() + strip_half_dm);
    }
  }
  axis.superblocks.push_back(axis.intervals());
  axis.kinds.insert(axis.kinds.end(), {LineKind::street, LineKind::main_road});
  const int start = axis.at_dm.back();
  axis.at_dm.insert(axis.at_dm.end(), {start + size_dm / 2, start + size_dm});
}

Axis make_axis(int superblocks, Size size, LineKind hard, int first_strip, int every, Random& random) {
  Axis axis{{LineKind::main_road}, {0}, {}};
  for (int b = 0; b < superblocks; ++b) {
    const bool strip = b > 0 && first_strip > 0 && b % every == first_strip % every;
    add_superblock(axis, random.between(size.least_dm, size.most_dm), strip, hard);
  }
  return axis;
}

template <class Item>
void shuffle(std::vector<Item>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
  }
}

Quarters compound(Random& random, int high_towers_percent) {
  Quarters quarters{};
  for (Use& use : quarters) {
    const int draw = random.below(100);
    use = draw < 68 ? Use::slabs : draw < 88 ? Use::towers : draw < 95 ? Use::school : Use::open;
    if (use != Use::school && use != Use::open && random.chance(high_towers_percent)) use = Use::high_towers;
  }
  return quarters;
}

Quarters neighbourhood(Random& random) {
  Quarters quarters{};
  for (Use& use : quarters) {
    const int draw = random.below(100);
    use = draw < 86 ? Use::houses : draw < 91 ? Use::market : draw < 96 ? Use::school : Use::open;
  }
  return quarters;
}

Quarters countryside(Random& random) {
  Quarters quarters{};
  for (Use& use : quarters) use = random.chance(45) ? Use::village : Use::open;
  return quarters;
}

// The superblock that holds the rest: as many quarters of houses as it takes, villages beside them.
Quarters remainder(std::uint64_t room) {
  Quarters quarters{};
  for (std::size_t q = 0; q < quarters.size(); ++q) {
    quarters[q] = q < room / quarter_room ? Use::houses : Use::village;
  }
  return quarters;
}

// Superblocks of the built-up town: two fifths of the ground, and three fifths of the households, in compounds.
std::vector<Quarters> built_up(std::uint64_t room, int high_towers_percent, Random& random) {
  const std::uint64_t compounds = room * 62 / 100 / compound_room;
  const std::uint64_t neighbourhoods = (room - compounds * compound_room) / neighbourhood_room;
  std::vector<Quarters> superblocks;
  for (std::uint64_t i = 0; i < compounds; ++i) superblocks.push_back(compound(random, high_towers_percent));
  for (std::uint64_t i = 0; i < neighbourhoods; ++i) superblocks.push_back(neighbourhood(random));
  superblocks.push_back(remainder(room - compounds * compound_room - neighbourhoods * neighbourhood_room));
  shuffle(superblocks, random);
  return superblocks;
}

// Superblocks by how near the middle they lie, with some disorder: the first are built up.
std::vector<int> from_the_middle(int columns, int rows, Random& random) {
  std::vector<std::pair<int, int>> ranked;
  for (int i = 0; i < columns * rows; ++i) {
    const int dx = 2 * (i % columns) + 1 - columns, dy = 2 * (i / columns) + 1 - rows;
    ranked.emplace_back(dx * dx + dy * dy + random.below(1 + columns * rows / 2), i);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<int> order;
  for (const auto& [rank, i] : ranked) order.push_back(i);
  return order;
}

void set_superblock(TownPlan& plan, int column, int row, const Quarters& quarters) {
  const int c = plan.x.superblocks[column], r = plan.y.superblocks[row];
  plan.cells[plan.cell(c, r)] = quarters[0];
  plan.cells[plan.cell(c + 1, r)] = quarters[1];
  plan.cells[plan.cell(c, r + 1)] = quarters[2];
  plan.cells[plan.cell(c + 1, r + 1)] = quarters[3];
}

// Islets lie across the mid street of a superblock, on the northern half of the river's strip.
void add_islets(TownPlan& plan, std::uint64_t households, Random& random) {
  std::vector<int> rivers;
  for (int line = 0; line < plan.y.lines(); ++line) {
    if (plan.y.kinds[line] == LineKind::river) rivers.push_back(line);
  }
  if (households < large || rivers.empty()) return;
  for (std::uint64_t i = 0; i < 1 + households / 200'000; ++i) {
    const int river = rivers[random.below(static_cast<int>(rivers.size()))];
    const int column = plan.x.superblocks[random.below(static_cast<int>(plan.x.superblocks.size()))];
    plan.cells[plan.cell(column + 1, river)] = Use::islet;
  }
}

}  // namespace

TownPlan plan_general(std::uint64_t room, const TownOptions& options) {
  Random random(mix(options.seed, 1));
  const int high_towers_percent = static_cast<int>(std::lround(options.towers * 100));
  const std::vector<Quarters> town = built_up(room, high_towers_percent, random);
  const int wanted = static_cast<int>(town.size() + town.size() / 5);
  const int columns = static_cast<int>(std::ceil(std::sqrt(wanted))), rows = (wanted + columns - 1) / columns;

  TownPlan plan;
  const int railway = options.households >= large ? columns / 3 : 0;
  plan.x = make_axis(columns, {4100, 4900}, LineKind::railway, railway, railway_every, random);
  plan.y = make_axis(rows, {3700, 4500}, LineKind::river, rows / 2, river_every, random);
  plan.cells.assign(static_cast<std::size_t>(plan.x.intervals()) * plan.y.intervals(), Use::open);
  const std::vector<int> order = from_the_middle(columns, rows, random);
  for (std::size_t i = 0; i < order.size(); ++i) {
    set_superblock(plan, order[i] % columns, order[i] / columns, i < town.size() ? town[i] : countryside(random));
  }
  add_islets(plan, options.households, random);
  return plan;
}

TownPlan plan_fangzhou(std::uint64_t seed) {
  constexpr int across = 4;
  Random random(mix(seed, 2));
  std::vector<Quarters> superblocks;
  for (int i = 0; i < 7; ++i) superblocks.push_back({Use::low_slabs, Use::low_slabs, Use::open, Use::village});
  for (int i = 0; i < 8; ++i) superblocks.push_back({Use::low_slabs, Use::thin_houses, Use::open, Use::market});
  for (std::size_t i = 3; i < superblocks.size(); i += 4) superblocks[i][2] = Use::school;
  for (Quarters& quarters : superblocks) {
    for (std::size_t q = quarters.size(); q > 1; --q) std::swap(quarters[q - 1], quarters[random.below(int(q))]);
  }
  shuffle(superblocks, random);
  superblocks.push_back({Use::open, Use::open, Use::open, Use::open});  // the park in the north-east

  TownPlan plan;
  plan.x = make_axis(across, {3600, 3810}, LineKind::railway, 0, railway_every, random);
  plan.y = make_axis(across, {3600, 3810}, LineKind::river, 0, river_every, random);
  plan.cells.assign(static_cast<std::size_t>(plan.x.intervals()) * plan.y.intervals(), Use::open);
  for (int i = 0; i < across * across; ++i) set_superblock(plan, i % across, i / across, superblocks[i]);
  return plan;
}

}  // namespace wangge::town
