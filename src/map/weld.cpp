#include "map/weld.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "coverage/segment_grid.hpp"
#include "geometry/text.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

using coverage::Arrangement;

/// Slivers no wider than this come from the rounding of positions and are closed without mention.
constexpr double rounding_m = 0.025;

/// A face whose owner is not plain.
struct Sliver {
  enum class Cause { gap, left_by_children, outside_whole, overlap };
  std::uint32_t face;
  Cause cause;
  std::vector<GridId> claimants;  ///< the owner is one of them or part of one; none: anybody
  double area_m2 = 0, perimeter_m = 0;
  Position place;

  double width_m() const { return perimeter_m > 0 ? 2 * area_m2 / perimeter_m : 0; }
};

class Welder {
 public:
  Welder(const Arrangement& arrangement, const coverage::Containment& holders, const Hierarchy& hierarchy,
         const std::vector<bool>& has_shape)
      : arrangement_(arrangement), holders_(holders), hierarchy_(hierarchy), has_shape_(has_shape) {}

  Welded run(double snap_m) {
    result_.finest_of_face.assign(arrangement_.face_count(), GridId::none);
    open_.assign(arrangement_.face_count(), false);
    for (std::uint32_t face = 1; face < arrangement_.face_count(); ++face) classify(face);
    if (slivers_.empty()) return std::move(result_);
    walked_.assign(2 * arrangement_.edge_count(), false);
    const coverage::PackedLists borders(arrangement_.face_count(), [&](const auto& add) {
      for (std::uint32_t h = 0; h < 2 * arrangement_.edge_count(); ++h) {
        if (open_[arrangement_.left(h)]) add(arrangement_.left(h), h);
      }
    });
    for (Sliver& sliver : slivers_) measure(sliver, borders[sliver.face]);
    settle_thick(snap_m);
    settle_thin(borders);
    return std::move(result_);
  }

 private:
  void classify(std::uint32_t face);
  void open(std::uint32_t face, Sliver::Cause cause, std::vector<GridId> claimants);
  std::vector<GridId> finest_claimants(std::uint32_t face) const;
  GridId left_behind(std::uint32_t face, GridId part) const;
  bool has_drawn_children(GridId id) const;
  void measure(Sliver& sliver, std::span<const std::uint32_t> halves);
  void settle_thick(double snap_m);
  void settle_thin(const coverage::PackedLists& borders);
  std::vector<GridId> neighbours(std::span<const std::uint32_t> halves) const;
  bool may_own(const Sliver& sliver, GridId neighbour) const;
  void settle(const Sliver& sliver, GridId owner, GridId other);
  const std::string& code(GridId id) const { return hierarchy_[id].code; }
  double length_of(std::uint32_t half) const;
  std::string complaint(const Sliver& sliver) const;

  const Arrangement& arrangement_;
  const coverage::Containment& holders_;
  const Hierarchy& hierarchy_;
  const std::vector<bool>& has_shape_;
  std::vector<Sliver> slivers_;
  std::vector<bool> open_, walked_;
  Welded result_;
};

void Welder::classify(std::uint32_t face) {
  std::vector<GridId> claimants = finest_claimants(face);
  if (claimants.empty()) return open(face, Sliver::Cause::gap, {});
  if (claimants.size() > 1) return open(face, Sliver::Cause::overlap, std::move(claimants));
  const GridId owner = claimants[0];
  result_.finest_of_face[face] = owner;
  if (left_behind(face, owner) != GridId::none) return open(face, Sliver::Cause::outside_whole, std::move(claimants));
  if (has_drawn_children(owner)) open(face, Sliver::Cause::left_by_children, std::move(claimants));
}

void Welder::open(std::uint32_t face, Sliver::Cause cause, std::vector<GridId> claimants) {
  slivers_.push_back({face, cause, std::move(claimants), 0, 0, {}});
  open_[face] = true;
}

/// Of the areas whose polygons hold the face, those that have no part among them.
std::vector<GridId> Welder::finest_claimants(std::uint32_t face) const {
  std::vector<GridId> finest;
  for (const std::uint32_t holder : holders_.of(face)) {
    const bool has_part = std::any_of(holders_.of(face).begin(), holders_.of(face).end(), [&](std::uint32_t other) {
      return other != holder && hierarchy_.within(GridId{other}, GridId{holder});
    });
    if (!has_part) finest.push_back(GridId{holder});
  }
  return finest;
}

/// The nearest area that `part` is part of whose polygons do not hold the face, or none.
GridId Welder::left_behind(std::uint32_t face, GridId part) const {
  const auto holders = holders_.of(face);
  const auto holds = [&](GridId id) { return std::binary_search(holders.begin(), holders.end(), row(id)); };
  GridId whole = hierarchy_[part].parent;
  while (whole != GridId::none && (!has_shape_[row(whole)] || holds(whole))) whole = hierarchy_[whole].parent;
  return whole;
}

bool Welder::has_drawn_children(GridId id) const {
  const auto children = hierarchy_.children(id);
  return std::any_of(children.begin(), children.end(),
                     [&](GridId child) { return has_shape_[row(child)] || has_drawn_children(child); });
}

void Welder::measure(Sliver& sliver, std::span<const std::uint32_t> halves) {
  Ring largest;
  for (const std::uint32_t start : halves) {
    if (walked_[start]) continue;
    Ring ring;
    for (std::uint32_t h = start; !walked_[h]; h = arrangement_.next(h)) {
      walked_[h] = true;
      arrangement_.for_each_position(h, [&](Position p) { ring.push_back(p); });
    }
    sliver.area_m2 += wangge::area_m2(ring);
    sliver.perimeter_m += wangge::perimeter_m(ring);
    if (doubled_area(ring) > doubled_area(largest)) largest = std::move(ring);
  }
  sliver.place = inner_point({Polygon{std::move(largest), {}}});
}

std::string Welder::complaint(const Sliver& sliver) const {
  const std::string size = geometry::area_text(sliver.area_m2), near = " near " + geometry::to_text(sliver.place);
  const GridId a = sliver.claimants[0];
  if (sliver.cause == Sliver::Cause::outside_whole)
    return "area " + code(a) + " reaches " + size + " outside " + code(left_behind(sliver.face, a)) +
           ", which it is part of," + near;
  return "areas " + code(a) + " and " + code(sliver.claimants[1]) + " overlap by " + size + near;
}

/// Leaves gaps as they are, refuses the rest; names the largest.
void Welder::settle_thick(double snap_m) {
  const auto thick = [&](const Sliver& s) { return s.width_m() > snap_m; };
  const Sliver* worst = nullptr;
  int count = 0;
  for (const Sliver& s : slivers_) {
    if (!thick(s)) continue;
    open_[s.face] = false;
    if (s.cause != Sliver::Cause::overlap && s.cause != Sliver::Cause::outside_whole) continue;
    ++count;
    if (!worst || s.area_m2 > worst->area_m2) worst = &s;
  }
  if (worst)
    throw Error(Errc::invalid_coverage,
                complaint(*worst) + (count > 1 ? ", the largest of " + std::to_string(count) + " such places" : "") +
                    "; raise snap_m or redraw one");
  std::erase_if(slivers_, thick);
}

/// Gives each sliver to the neighbour with the longest shared border; a sliver between slivers waits for them.
void Welder::settle_thin(const coverage::PackedLists& borders) {
  for (std::size_t before = slivers_.size() + 1; slivers_.size() < before;) {
    before = slivers_.size();
    std::erase_if(slivers_, [&](const Sliver& sliver) {
      const std::vector<GridId> around = neighbours(borders[sliver.face]);
      const auto heir = std::find_if(around.begin(), around.end(), [&](GridId id) { return may_own(sliver, id); });
      if (heir == around.end()) return false;
      const auto other = std::find_if(around.begin(), around.end(), [&](GridId id) { return id != *heir; });
      settle(sliver, *heir, other == around.end() ? GridId::none : *other);
      return true;
    });
  }
  for (const Sliver& sliver : slivers_) {
    if (sliver.cause != Sliver::Cause::gap && sliver.cause != Sliver::Cause::left_by_children)
      settle(sliver, sliver.claimants[0], GridId::none);
  }
}

bool Welder::may_own(const Sliver& sliver, GridId neighbour) const {
  if (sliver.cause == Sliver::Cause::outside_whole) return neighbour == sliver.claimants[0];
  if (sliver.cause == Sliver::Cause::left_by_children && neighbour == sliver.claimants[0]) return false;
  return sliver.claimants.empty() ||
         std::any_of(sliver.claimants.begin(), sliver.claimants.end(),
                     [&](GridId claimant) { return hierarchy_.within(neighbour, claimant); });
}

/// The owners of the settled faces around, longest shared border first.
std::vector<GridId> Welder::neighbours(std::span<const std::uint32_t> halves) const {
  std::vector<std::pair<GridId, std::int64_t>> shared;  // in tenths of a millimetre, so that equal borders tie
  for (const std::uint32_t h : halves) {
    const std::uint32_t face = arrangement_.left(h ^ 1);
    const GridId owner = result_.finest_of_face[face];
    if (open_[face] || owner == GridId::none) continue;
    const std::int64_t length = std::llround(length_of(h) * 1e4);
    const auto at = std::find_if(shared.begin(), shared.end(), [&](const auto& s) { return s.first == owner; });
    if (at == shared.end())
      shared.emplace_back(owner, length);
    else
      at->second += length;
  }
  std::sort(shared.begin(), shared.end(),
            [](const auto& s, const auto& t) { return std::pair(-s.second, s.first) < std::pair(-t.second, t.first); });
  std::vector<GridId> owners;
  for (const auto& [owner, length] : shared) owners.push_back(owner);
  return owners;
}

/// In metres.
double Welder::length_of(std::uint32_t half) const {
  double sum = 0;
  Position last = arrangement_.from(half);
  const auto go_to = [&](Position p) {
    sum += length_m(last, p);
    last = p;
  };
  arrangement_.for_each_position(half, go_to);
  go_to(arrangement_.to(half));
  return sum;
}

void Welder::settle(const Sliver& sliver, GridId owner, GridId other) {
  result_.finest_of_face[sliver.face] = owner;
  open_[sliver.face] = false;
  if (sliver.width_m() <= rounding_m) return;
  const bool overlap = sliver.cause == Sliver::Cause::overlap;
  if (overlap) {
    other = *std::find_if(sliver.claimants.begin(), sliver.claimants.end(),
                          [&](GridId claimant) { return !hierarchy_.within(owner, claimant); });
  } else if (sliver.cause == Sliver::Cause::outside_whole) {
    other = left_behind(sliver.face, owner);
  }
  result_.report.mends.push_back(
      {code(owner), other == GridId::none ? "" : code(other), sliver.place, sliver.area_m2, overlap});
}

}  // namespace

Welded weld(const Arrangement& arrangement, const coverage::Containment& holders, const Hierarchy& hierarchy,
            const std::vector<bool>& has_shape, double snap_m) {
  return Welder(arrangement, holders, hierarchy, has_shape).run(snap_m);
}

}  // namespace wangge::map
