#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <tuple>

// The packed R-tree for the nearest building; the umbrella header would cost seconds of compile time.
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>

#include "io/features.hpp"
#include "io/osm.hpp"

namespace wangge::io {
namespace {

using namespace std::string_view_literals;

// An address beside one of these belongs to the house behind it.
constexpr std::array outbuildings{"garage"sv,  "garages"sv,    "carport"sv,        "shed"sv,   "roof"sv,
                                  "hut"sv,     "greenhouse"sv, "barn"sv,           "stable"sv, "farm_auxiliary"sv,
                                  "service"sv, "kiosk"sv,      "allotment_house"sv};

/// Ways, relations, nodes; each by number.
std::tuple<int, std::int64_t> rank(const std::string& id) {
  std::int64_t number = 0;
  std::from_chars(id.data() + 1, id.data() + id.size(), number);
  return {id[0] == 'w' ? 0 : id[0] == 'r' ? 1 : 2, number};
}

/// The same footprint drawn twice gives the same key.
std::vector<Ring> canonical(const MultiPolygon& footprint) {
  std::vector<Ring> rings;
  for (const Polygon& polygon : footprint) {
    rings.push_back(polygon.outer);
    rings.insert(rings.end(), polygon.holes.begin(), polygon.holes.end());
  }
  for (Ring& ring : rings) std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
  std::sort(rings.begin(), rings.end());
  return rings;
}

void add_addresses(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

void merge_into(OsmBuilding& kept, const OsmBuilding& twin) {
  add_addresses(kept.addresses, twin.addresses);
  if (kept.type == "yes") kept.type = twin.type;
  if (kept.name.empty()) kept.name = twin.name;
  if (!kept.floors) kept.floors = twin.floors;
  if (!kept.flats) kept.flats = twin.flats;
  kept.other_use = kept.other_use || twin.other_use;
}

/// Sorts by id and merges buildings of one outline into the first of them.
std::size_t merge_duplicates(std::vector<OsmBuilding>& buildings) {
  std::sort(buildings.begin(), buildings.end(),
            [](const OsmBuilding& a, const OsmBuilding& b) { return rank(a.id) < rank(b.id); });
  std::map<std::vector<Ring>, std::size_t> first_with;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < buildings.size(); ++i) {
    const auto [first, is_new] = first_with.emplace(canonical(buildings[i].footprint), kept);
    if (!is_new) {
      merge_into(buildings[first->second], buildings[i]);
      continue;
    }
    if (kept != i) buildings[kept] = std::move(buildings[i]);
    ++kept;
  }
  const std::size_t merged = buildings.size() - kept;
  buildings.resize(kept);
  return merged;
}

double distance_m(LocalFrame::Metres a, LocalFrame::Metres b) {
  // From the frame's origin to the segment a–b.
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const double t = length2 == 0 ? 0 : std::clamp(-(a.x * dx + a.y * dy) / length2, 0.0, 1.0);
  return std::hypot(a.x + t * dx, a.y + t * dy);
}

double distance_m(Position from, const Ring& ring) {
  const LocalFrame frame(from);
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ring.size(); ++i)
    nearest = std::min(nearest, distance_m(frame.to_metres(ring[i]), frame.to_metres(ring[(i + 1) % ring.size()])));
  return nearest;
}

double distance_m(Position from, const MultiPolygon& polygons) {
  double nearest = std::numeric_limits<double>::infinity();
  for (const Polygon& polygon : polygons) nearest = std::min(nearest, distance_m(from, polygon.outer));
  return nearest;
}

class BuildingIndex {
 public:
  explicit BuildingIndex(const std::vector<OsmBuilding>& buildings) : buildings_(buildings) {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < buildings.size(); ++i) entries.emplace_back(to_box(bounds(buildings[i].footprint)), i);
    tree_ = Tree(entries);
  }

  /// The building that holds the position, else the nearest within reach that is no outbuilding; or the number of
  /// buildings where there is none. Of two equally near the earlier one.
  std::size_t owner(Position position, double reach_m) const {
    std::size_t nearest = buildings_.size();
    double nearest_m = std::max(reach_m, 0.0);
    for (const std::size_t i : around(position, reach_m)) {
      if (contains(buildings_[i].footprint, position)) return i;
      if (std::find(outbuildings.begin(), outbuildings.end(), buildings_[i].type) != outbuildings.end()) continue;
      const double metres = distance_m(position, buildings_[i].footprint);
      if (metres > nearest_m || (metres == nearest_m && nearest < i)) continue;
      nearest = i;
      nearest_m = metres;
    }
    return nearest;
  }

 private:
  using Point = boost::geometry::model::point<std::int64_t, 2, boost::geometry::cs::cartesian>;
  using TreeBox = boost::geometry::model::box<Point>;
  using Entry = std::pair<TreeBox, std::size_t>;
  using Tree = boost::geometry::index::rtree<Entry, boost::geometry::index::rstar<16>>;

  static TreeBox to_box(const Box& box) { return {Point(box.min.x, box.min.y), Point(box.max.x, box.max.y)}; }

  std::vector<std::size_t> around(Position position, double reach_m) const {
    const LocalFrame frame(position);
    const auto dx = static_cast<std::int64_t>(std::ceil(std::max(reach_m, 0.0) / frame.metres_per_x));
    const auto dy = static_cast<std::int64_t>(std::ceil(std::max(reach_m, 0.0) / frame.metres_per_y));
    const TreeBox box(Point(position.x - dx, position.y - dy), Point(position.x + dx, position.y + dy));
    std::vector<std::size_t> found;
    for (auto hit = tree_.qbegin(boost::geometry::index::intersects(box)); hit != tree_.qend(); ++hit)
      found.push_back(hit->second);
    std::sort(found.begin(), found.end());
    return found;
  }

  const std::vector<OsmBuilding>& buildings_;
  Tree tree_;
};

/// Gives each address node to its building; those without one are returned, the same address within reach once.
std::vector<OsmAddress> hand_out(std::vector<OsmAddress> addresses, std::vector<OsmBuilding>& buildings,
                                 double reach_m) {
  std::sort(addresses.begin(), addresses.end(),
            [](const OsmAddress& a, const OsmAddress& b) { return rank(a.id) < rank(b.id); });
  const BuildingIndex index(buildings);
  std::vector<OsmAddress> alone;
  std::map<std::vector<std::string>, std::vector<Position>> seen;
  for (OsmAddress& address : addresses) {
    const std::size_t owner = index.owner(address.position, reach_m);
    if (owner < buildings.size()) {
      add_addresses(buildings[owner].addresses, address.addresses);
      continue;
    }
    std::vector<Position>& same = seen[address.addresses];
    const bool again = std::any_of(same.begin(), same.end(),
                                   [&](Position other) { return length_m(other, address.position) <= reach_m; });
    if (again) continue;
    same.push_back(address.position);
    alone.push_back(std::move(address));
  }
  return alone;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

struct Households {
  std::uint32_t count;
  const char* from;
};

Households households_of(const OsmBuilding& building, ImportOptions::Estimate estimate) {
  if (building.flats && *building.flats > 0) return {*building.flats, "flats"};
  if (!building.addresses.empty()) return {static_cast<std::uint32_t>(building.addresses.size()), "addresses"};
  const std::uint32_t estimated = estimated_households(building, estimate);
  return {estimated, estimated > 0 ? "estimate" : "none"};
}

class UnitColumns {
 public:
  void add(Unit unit, const char* from, std::string type, std::string name, std::string address) {
    table_.units.push_back(std::move(unit));
    from_.push_back(from);
    type_.push_back(std::move(type));
    name_.push_back(std::move(name));
    address_.push_back(std::move(address));
  }
  UnitTable take() {
    table_.labels = {{"households_from", std::move(from_)},
                     {"type", std::move(type_)},
                     {"name", std::move(name_)},
                     {"address", std::move(address_)}};
    return std::move(table_);
  }

 private:
  UnitTable table_;
  std::vector<std::string> from_, type_, name_, address_;
};

std::string compound_at(const std::vector<OsmCompound>& compounds, const std::vector<Box>& boxes, Position position) {
  for (std::size_t i = 0; i < compounds.size(); ++i)
    if (boxes[i].contains(position) && contains(compounds[i].outline, position)) return compounds[i].name;
  return {};
}

void set_compounds(UnitTable& table, const std::vector<OsmCompound>& compounds) {
  std::vector<Box> boxes;
  for (const OsmCompound& compound : compounds) boxes.push_back(bounds(compound.outline));
  for (Unit& unit : table.units) unit.compound = compound_at(compounds, boxes, unit.position);
}

}  // namespace

UnitTable units_of(OsmExtract extract, const ImportOptions& options, std::vector<Finding>& findings) {
  const std::size_t merged = merge_duplicates(extract.buildings);
  if (merged > 0) findings.push_back(input_finding("drawn twice and merged: " + counted(merged, "building")));
  const std::vector<OsmAddress> alone =
      hand_out(std::move(extract.addresses), extract.buildings, options.address_reach_m);
  UnitColumns columns;
  for (OsmBuilding& building : extract.buildings) {
    const Households households = households_of(building, options.estimate);
    Unit unit{
        building.id,    inner_point(building.footprint), std::move(building.footprint), households.count, {}, {}, {},
        building.floors};
    columns.add(std::move(unit), households.from, building.type, building.name, joined(building.addresses));
  }
  for (const OsmAddress& address : alone)
    columns.add(
        {address.id, address.position, {}, static_cast<std::uint32_t>(address.addresses.size()), {}, {}, {}, {}},
        "addresses", "", "", joined(address.addresses));
  UnitTable table = columns.take();
  set_compounds(table, extract.compounds);
  return table;
}

}  // namespace wangge::io
