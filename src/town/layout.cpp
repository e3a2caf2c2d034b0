#include "town/layout.hpp"

#include <algorithm>

namespace wangge::town {
namespace {

constexpr int stairwell_dm = 150, slab_depth_dm = 120;

// From a line's middle to the wall or the first house.
int setback_dm(LineKind kind, bool walled) {
  if (kind == LineKind::main_road) return walled ? 220 : 200;
  return walled ? 100 : 80;
}

// What every builder of a cell needs.
struct Site {
  std::uint32_t cell;
  Rect ground;
  Random random;
  std::vector<Building>& buildings;

  Building& add(const Rect& outline, int room, int floors) {
    Building building;
    building.cell = cell;
    building.outline = outline;
    building.room = static_cast<std::uint16_t>(room);
    building.floors = static_cast<std::uint8_t>(floors);
    return buildings.emplace_back(building);
  }
  void add(const Rect& outline, Purpose purpose, int floors, int shops) {
    Building& building = add(outline, 0, floors);
    building.purpose = purpose;
    building.shops = static_cast<std::uint16_t>(shops);
  }
};

// Lengths in stairwells of the slabs that fill a row.
std::vector<int> slab_row(int width, int longest, int gap, Random& random) {
  std::vector<int> lengths;
  for (int left = width; left >= stairwell_dm; left -= lengths.back() * stairwell_dm + gap) {
    lengths.push_back(std::min(random.between(2, longest), left / stairwell_dm));
  }
  return lengths;
}

struct SlabStyle {
  int floors, longest, gap_dm, spacing_dm;
};

void add_slab(Site& site, int x, int y, int stairwells, int floors) {
  const Rect outline{x, y, x + stairwells * stairwell_dm, y + slab_depth_dm};
  if (site.random.chance(5)) return;  // a playground
  if (site.random.chance(2)) return site.add(outline, Purpose::school, 2, 0);
  const int room = 2 * floors * stairwells * site.random.between(80, 100) / 100;
  Building& slab = site.add(outline, room, floors);
  slab.stairwells = static_cast<std::uint8_t>(stairwells);
  slab.shops = static_cast<std::uint16_t>(site.random.chance(25) ? site.random.between(1, 3) : 0);
}

// Rows of slabs, all facing south, in step with each other.
void slabs(Site& site, const SlabStyle& style) {
  const Rect inside = site.ground.inset(80);
  const std::vector<int> lengths = slab_row(inside.width(), style.longest, style.gap_dm, site.random);
  int used = -style.gap_dm;
  for (const int length : lengths) used += length * stairwell_dm + style.gap_dm;
  const int pitch = slab_depth_dm + style.spacing_dm;
  const int rows = (inside.height() + style.spacing_dm) / pitch;
  const int slack_y = inside.height() + style.spacing_dm - rows * pitch;
  for (int row = 0; row < rows; ++row) {
    int x = inside.x0 + site.random.between(0, inside.width() - used);
    for (const int length : lengths) {
      add_slab(site, x, inside.y0 + slack_y / 2 + row * pitch, length, style.floors);
      x += length * stairwell_dm + style.gap_dm;
    }
  }
}

// Point towers, every other row half a step aside.
void towers(Site& site, int least_room, int most_room) {
  constexpr int width = 270, depth = 180;
  const Rect inside = site.ground.inset(80);
  const int pitch_x = site.random.between(520, 600), pitch_y = site.random.between(480, 560);
  bool aside = false;
  for (int y = inside.y0; y + depth <= inside.y1; y += pitch_y, aside = !aside) {
    for (int x = inside.x0 + (aside ? pitch_x / 2 : 0); x + width <= inside.x1; x += pitch_x) {
      const int room = site.random.between(least_room, most_room);
      Building& tower = site.add({x, y, x + width, y + depth}, room, std::clamp(room / 4, 18, 33));
      tower.stairwells = 2;
    }
  }
}

// Row houses that share their party walls. Here as elsewhere a call draws at most one number in its arguments, whose
// order the language leaves open.
int terrace(Site& site, int x, int y, const Rect& block, int depth) {
  const int width = site.random.between(65, 90), count = site.random.between(3, 7);
  for (int i = 0; i < count && x + width <= block.x1; ++i, x += width) {
    const int floors = site.random.between(2, 3);
    Building& house = site.add({x, y, x + width, y + depth}, site.random.between(1, 3), floors);
    house.shops = static_cast<std::uint16_t>(site.random.below(2));
  }
  return x;
}

void add_walk_up(Site& site, const Rect& outline, Shape shape) {
  int floors = site.random.between(3, 5), room = site.random.between(4, 25) * outline.width() / 240;
  if (shape == Shape::courtyard) floors = 1, room = room / 3 + 2;
  Building& house = site.add(outline, room, floors);
  house.shape = shape;
  house.shops = static_cast<std::uint16_t>(site.random.below(3));
}

// A house that stands alone: a walk-up, sometimes with a wing or round a courtyard, or a shop.
int detached(Site& site, int x, int y, const Rect& block, int depth) {
  const int width = std::min(site.random.between(150, 240), block.x1 - x);
  if (width < 100) return block.x1;
  const Rect outline{x, y, x + width, y + depth};
  const int draw = site.random.below(100);
  if (draw < 6) {
    site.add(outline, Purpose::shop, 2, 6);
  } else {
    add_walk_up(site, outline, draw < 18 ? Shape::l_shape : draw < 26 ? Shape::courtyard : Shape::rectangle);
  }
  return x + width;
}

void block_of_houses(Site& site, const Rect& block, int thinness) {
  for (int y = block.y0; y + 130 <= block.y1;) {
    const int depth = site.random.between(100, 130);
    for (int x = block.x0; x + 90 <= block.x1; x += site.random.between(40, 90) * thinness) {
      const bool row_houses = site.random.chance(40 / thinness);
      x = row_houses ? terrace(site, x, y, block, depth) : detached(site, x, y, block, depth);
    }
    y += depth + site.random.between(100, 160) * thinness;
  }
}

// Four blocks between the lanes that halve the cell.
void houses(Site& site, int middle_x, int middle_y, int thinness) {
  constexpr int lane_setback = 50;
  const Rect& g = site.ground;
  for (const auto& [y0, y1] : {std::pair{g.y0, middle_y - lane_setback}, {middle_y + lane_setback, g.y1}}) {
    block_of_houses(site, {g.x0, y0, middle_x - lane_setback, y1}, thinness);
    block_of_houses(site, {middle_x + lane_setback, y0, g.x1, y1}, thinness);
  }
}

void village(Site& site) {
  const int depth = 100, pitch = site.random.between(300, 380);
  const int from = site.ground.x0 + site.random.between(0, 400), to = site.ground.x1 - site.random.between(0, 400);
  for (int y = site.ground.y0; y + depth <= site.ground.y1; y += pitch) {
    for (int x = from; x + 130 <= to;) {
      const int width = site.random.between(100, 130);
      if (!site.random.chance(20)) site.add({x, y, x + width, y + depth}, site.random.between(1, 2), 2);
      x += width + site.random.between(40, 120);
    }
  }
}

void school(Site& site) {
  const Rect inside = site.ground.inset(150);
  site.add({inside.x0, inside.y1 - 130, inside.x0 + 600, inside.y1}, Purpose::school, 4, 0);
  site.add({inside.x0, inside.y1 - 430, inside.x0 + 600, inside.y1 - 300}, Purpose::school, 4, 0);
  site.add({inside.x1 - 300, inside.y1 - 400, inside.x1, inside.y1}, Purpose::school, 2, 1);
}

void market(Site& site) {
  const Rect& g = site.ground;
  site.add({g.x0 + 100, g.y0 + 200, g.x1 - 300, g.y0 + 800}, Purpose::shop, 3, 40);
  for (int x = g.x0; x + 300 <= g.x1; x += 350) {
    site.add({x, g.y1 - 120, x + 300, g.y1}, Purpose::shop, 2, site.random.between(3, 8));
  }
}

// Four houses near the western end of the strip, north of the river.
void islet(Site& site) {
  for (int x = 30; x < 400; x += 110) site.add({x, 60, x + 80, 140}, site.random.between(2, 3), 1);
}

}  // namespace

Rect yard(const TownPlan& plan, int column, int row) {
  const bool walled = is_walled(plan.use(column, row));
  return {setback_dm(plan.x.kinds[column], walled), setback_dm(plan.y.kinds[row], walled),
          plan.x.width_dm(column) - setback_dm(plan.x.kinds[column + 1], walled),
          plan.y.width_dm(row) - setback_dm(plan.y.kinds[row + 1], walled)};
}

Gate gate(const TownPlan& plan, int column, int row, std::uint64_t seed) {
  constexpr int width = 80;
  Random random(mix(seed, 21, plan.cell(column, row)));
  const Rect wall = yard(plan, column, row);
  const int x0 = random.between(wall.x0 + 100, wall.x1 - 100 - width);
  return {x0, x0 + width, plan.y.kinds[row] == LineKind::street};
}

void build_cell(const TownPlan& plan, int column, int row, std::uint64_t seed, std::vector<Building>& buildings) {
  const std::size_t cell = plan.cell(column, row);
  Site site{static_cast<std::uint32_t>(cell), yard(plan, column, row), Random(mix(seed, 22, cell)), buildings};
  Random& random = site.random;
  const int middle_x = plan.x.width_dm(column) / 2, middle_y = plan.y.width_dm(row) / 2;
  switch (plan.use(column, row)) {
    case Use::open:
      return;
    case Use::slabs:
      return slabs(site, {6, 5, random.between(110, 160), random.between(190, 240)});
    case Use::low_slabs:
      return slabs(site, {random.between(4, 5), 3, random.between(200, 280), random.between(330, 400)});
    case Use::towers:
      return towers(site, 60, 100);
    case Use::high_towers:
      return towers(site, 110, 190);
    case Use::houses:
      return houses(site, middle_x, middle_y, 1);
    case Use::thin_houses:
      return houses(site, middle_x, middle_y, 2);
    case Use::village:
      return village(site);
    case Use::school:
      return school(site);
    case Use::market:
      return market(site);
    case Use::islet:
      return islet(site);
  }
}

}  // namespace wangge::town
