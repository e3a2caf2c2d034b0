#include "planning/labels.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "coverage/face_locator.hpp"
#include "planning/sets.hpp"

namespace wangge::planning {
namespace {

using coverage::Arrangement;
using coverage::nothing;

constexpr auto hard = static_cast<std::uint8_t>(BarrierClass::hard);
constexpr auto wall = static_cast<std::uint8_t>(BarrierClass::wall);

/// How strongly a barrier separates: nothing, street, wall, soft, hard.
int strength(std::uint8_t barrier) { return barrier == no_barrier ? -1 : barrier; }

class Labeller {
 public:
  Labeller(const Arrangement& arrangement, const Ground& ground, std::span<const Chain> chains,
           std::span<const std::uint8_t> barrier_of_edge, Units units)
      : a_(arrangement),
        ground_(ground),
        chains_(chains),
        barrier_(barrier_of_edge),
        units_(units),
        area_(face_areas(arrangement)),
        footprint_(arrangement.face_count(), nothing) {
    labels_.owners = static_cast<std::uint32_t>(ground.enclosure_of_stack.size());
    labels_.enclosure_of_owner = ground.enclosure_of_stack;
    labels_.owner_of_face.assign(a_.face_count(), nothing);
    labels_.enclosure_of_face.assign(a_.face_count(), nothing);
  }

  Labels run() {
    place_faces();
    trim_footprints();
    vote();
    give_empty_enclosures();
    loosen_stray_pieces();
    while (join_scraps()) {
    }
    keep_scraps();
    find_straddlers();
    drop_landless();
    return std::move(labels_);
  }

 private:
  bool in_area(std::uint32_t face) const { return labels_.enclosure_of_face[face] != nothing; }
  std::uint32_t area_of(std::uint32_t face) const { return ground_.area_of_enclosure[labels_.enclosure_of_face[face]]; }
  bool same_area(std::uint32_t f, std::uint32_t g) const {
    return in_area(f) && in_area(g) && area_of(f) == area_of(g);
  }
  std::uint32_t plot_of(std::uint32_t face) const { return ground_.plot_of_enclosure[labels_.enclosure_of_face[face]]; }

  std::uint32_t face_of(Position place) const {
    if (!locator_) locator_.emplace(a_);
    return locator_->face_of(place);
  }

  double length(std::uint32_t edge) const {
    const Position p = a_.from(2 * edge), q = a_.to(2 * edge);
    return std::hypot(double(p.x) - q.x, double(p.y) - q.y);
  }

  /// The enclosure of each face, and its owner where it lies in a footprint.
  void place_faces() {
    const coverage::Containment inside(a_, [&](std::uint32_t source) {
      const auto kind = ground_.sources.kind(source);
      return kind == Sources::Kind::footprint || kind == Sources::Kind::enclosure;
    });
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      for (const std::uint32_t source : inside.of(face)) {
        if (ground_.sources.kind(source) == Sources::Kind::enclosure) {
          labels_.enclosure_of_face[face] = ground_.sources.index(source);
        }
      }
      for (const std::uint32_t source : inside.of(face)) {
        const std::uint32_t unit = ground_.sources.index(source);
        if (ground_.sources.kind(source) == Sources::Kind::footprint && goes_before(unit, footprint_[face], face)) {
          footprint_[face] = unit;
        }
      }
      if (footprint_[face] != nothing && at_home(footprint_[face], face)) {
        labels_.owner_of_face[face] = ground_.stack_of_unit[footprint_[face]];
      }
    }
  }

  /// Where the border of a plot runs within a footprint by no more than noding moves it, the footprint ends there.
  void trim_footprints() {
    struct Beyond {
      double area = 0, perimeter = 0;
    };
    const auto is_beyond = [&](std::uint32_t face) {
      const std::uint32_t stack = labels_.owner_of_face[face];
      return stack != nothing && plot_of(face) != ground_.plot_of_enclosure[ground_.enclosure_of_stack[stack]];
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Beyond> beyond;  // of a unit, in a plot
    for (std::uint32_t h = 0; h < 2 * a_.edge_count(); ++h) {
      const std::uint32_t face = a_.left(h), over = a_.left(h ^ 1);
      if (!is_beyond(face)) continue;
      const std::pair key(footprint_[face], plot_of(face));
      if (!is_beyond(over) || std::pair(footprint_[over], plot_of(over)) != key) beyond[key].perimeter += length(h / 2);
    }
    if (beyond.empty()) return;
    for (std::uint32_t face = 1; face < a_.face_count(); ++face)
      if (is_beyond(face)) beyond[{footprint_[face], plot_of(face)}].area += area_[face];
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      if (!is_beyond(face)) continue;
      const Beyond& piece = beyond.at({footprint_[face], plot_of(face)});
      if (piece.area <= 2 * cut_tolerance_ || piece.area <= noding_reach_ * piece.perimeter)
        labels_.owner_of_face[face] = footprint_[face] = nothing;
    }
  }

  /// True where the face is in the area that the unit belongs to.
  bool at_home(std::uint32_t unit, std::uint32_t face) const {
    const std::uint32_t stack = ground_.stack_of_unit[unit];
    return in_area(face) && stack != nothing &&
           ground_.area_of_enclosure[ground_.enclosure_of_stack[stack]] == area_of(face);
  }

  /// Of two units whose footprints hold a face, one at home goes before a stranger, and the smaller before the larger.
  bool goes_before(std::uint32_t unit, std::uint32_t other, std::uint32_t face) const {
    if (other == nothing) return true;
    return std::tuple(!at_home(unit, face), ground_.footprint_area[unit], unit) <
           std::tuple(!at_home(other, face), ground_.footprint_area[other], other);
  }

  /// True where an owner's enclosure is the face's or shares its land.
  bool may_own(std::uint32_t owner, std::uint32_t face) const {
    const std::uint32_t here = labels_.enclosure_of_face[face], home = labels_.enclosure_of_owner[owner];
    return here == home || std::ranges::binary_search(ground_.heirs_of_enclosure[here], home);
  }

  /// A face outside every footprint belongs to whoever has the longest claim along its edges: a Voronoi border names
  /// the stack on either side, a footprint its own.
  void vote() {
    std::vector<std::tuple<std::uint32_t, std::uint32_t, double>> votes;  // face, owner, length
    for (std::uint32_t h = 0; h < 2 * a_.edge_count(); ++h) {
      const std::uint32_t face = a_.left(h);
      if (!in_area(face) || labels_.owner_of_face[face] != nothing) continue;
      const auto claim = [&](std::uint32_t owner, double weight) {
        if (may_own(owner, face)) votes.emplace_back(face, owner, weight);
      };
      for (const Arrangement::Use& use : a_.uses(h / 2)) {
        if (ground_.sources.kind(use.source) != Sources::Kind::voronoi) continue;
        const Chain& chain = chains_[ground_.sources.index(use.source)];
        claim(use.forward == (h % 2 == 0) ? chain.left : chain.right, length(h / 2));
      }
      const std::uint32_t over = labels_.owner_of_face[a_.left(h ^ 1)];
      if (over != nothing && footprint_[a_.left(h ^ 1)] != nothing) claim(over, length(h / 2) / 2);
    }
    std::ranges::sort(votes);
    for (std::size_t i = 0; i < votes.size();) {
      const std::uint32_t face = std::get<0>(votes[i]);
      double most = 0;
      while (i < votes.size() && std::get<0>(votes[i]) == face) {
        const std::uint32_t owner = std::get<1>(votes[i]);
        double sum = 0;
        for (; i < votes.size() && std::get<0>(votes[i]) == face && std::get<1>(votes[i]) == owner; ++i) {
          sum += std::get<2>(votes[i]);
        }
        if (sum > most) most = sum, labels_.owner_of_face[face] = owner;
      }
    }
  }

  /// An enclosure with one stack is all that stack's; one without any is an owner of its own.
  void give_empty_enclosures() {
    std::vector<std::uint32_t> only(ground_.area_of_enclosure.size(), nothing);
    std::vector<std::uint32_t> count(only.size(), 0);
    for (std::uint32_t stack = 0; stack < ground_.enclosure_of_stack.size(); ++stack) {
      only[ground_.enclosure_of_stack[stack]] = stack;
      ++count[ground_.enclosure_of_stack[stack]];
    }
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      if (!in_area(face) || labels_.owner_of_face[face] != nothing) continue;
      const std::uint32_t enclosure = labels_.enclosure_of_face[face];
      if (count[enclosure] > 1 || !ground_.heirs_of_enclosure[enclosure].empty()) continue;
      if (only[enclosure] == nothing) only[enclosure] = new_owner(enclosure);
      labels_.owner_of_face[face] = only[enclosure];
    }
  }

  std::uint32_t new_owner(std::uint32_t enclosure) {
    labels_.enclosure_of_owner.push_back(enclosure);
    return labels_.owners++;
  }

  /// Faces of the same owner, or of none, that hang together without crossing a hard barrier (or, for none, any
  /// barrier or the border of a plot).
  Sets patches() const {
    Sets sets(a_.face_count());
    for (std::uint32_t e = 0; e < a_.edge_count(); ++e) {
      const std::uint32_t f = a_.left(2 * e), g = a_.left(2 * e + 1);
      if (!same_area(f, g) || labels_.owner_of_face[f] != labels_.owner_of_face[g]) continue;
      if (barrier_[e] == hard) continue;
      if (labels_.owner_of_face[f] == nothing && (barrier_[e] != no_barrier || plot_of(f) != plot_of(g))) continue;
      sets.join(f, g);
    }
    return sets;
  }

  /// What makes a patch the main one of its owner: its share of the footprint, or holding the position, or its size.
  std::vector<double> weights(Sets& sets) const {
    std::vector<double> weight(a_.face_count(), 0);
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      const std::uint32_t owner = labels_.owner_of_face[face];
      if (owner == nothing) continue;
      const bool built = footprint_[face] != nothing && ground_.stack_of_unit[footprint_[face]] == owner;
      weight[sets.of(face)] += built ? area_[face] * 1e6 : area_[face] * 1e-6;
    }
    for (std::uint32_t unit = 0; unit < units_.size(); ++unit) {
      if (ground_.stack_of_unit[unit] == nothing || ground_.footprint_area[unit] > 0) continue;
      const std::uint32_t face = face_of(units_[unit].position);
      if (labels_.owner_of_face[face] == ground_.stack_of_unit[unit]) weight[sets.of(face)] += 1e9;
    }
    return weight;
  }

  /// Each owner keeps one patch; its others become scraps.
  void loosen_stray_pieces() {
    Sets sets = patches();
    const std::vector<double> weight = weights(sets);
    std::vector<std::uint32_t> main(labels_.owners, nothing);
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      const std::uint32_t owner = labels_.owner_of_face[face];
      if (owner == nothing || sets.of(face) != face) continue;
      if (main[owner] == nothing || weight[face] > weight[main[owner]]) main[owner] = face;
    }
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      std::uint32_t& owner = labels_.owner_of_face[face];
      if (owner != nothing && sets.of(face) != main[owner]) owner = nothing;
    }
  }

  /// How strongly an edge keeps a scrap from its neighbour: a wall does not where heirs share the land beside it, and
  /// nothing does more than the border of its plot.
  int hold(std::uint32_t edge, std::uint32_t scrap, std::uint32_t neighbour) const {
    if (plot_of(scrap) != plot_of(neighbour)) return strength(hard) + 1;
    const bool shared = !ground_.heirs_of_enclosure[labels_.enclosure_of_face[scrap]].empty();
    return shared && barrier_[edge] == wall ? strength(no_barrier) : strength(barrier_[edge]);
  }

  /// Gives each scrap to the neighbour with the longest border across the weakest barrier; true where one found a home.
  bool join_scraps() {
    Sets sets = patches();
    std::map<std::tuple<std::uint32_t, int, std::uint32_t>, double> border;  // scrap, strength, owner
    for (std::uint32_t h = 0; h < 2 * a_.edge_count(); ++h) {
      const std::uint32_t face = a_.left(h), over = a_.left(h ^ 1);
      if (!same_area(face, over) || labels_.owner_of_face[face] != nothing) continue;
      if (labels_.owner_of_face[over] == nothing || barrier_[h / 2] == hard) continue;
      border[{sets.of(face), hold(h / 2, face, over), labels_.owner_of_face[over]}] += length(h / 2);
    }
    std::map<std::uint32_t, std::tuple<int, double, std::uint32_t>> home;  // scrap -> strength, length, owner
    for (const auto& [key, shared] : border) {
      const auto [scrap, barrier, owner] = key;
      const auto [at, fresh] = home.try_emplace(scrap, barrier, shared, owner);
      if (!fresh && barrier == std::get<0>(at->second) && shared > std::get<1>(at->second)) {
        at->second = {barrier, shared, owner};
      }
    }
    if (home.empty()) return false;
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      if (!in_area(face) || labels_.owner_of_face[face] != nothing) continue;
      if (const auto at = home.find(sets.of(face)); at != home.end()) {
        labels_.owner_of_face[face] = std::get<2>(at->second);
      }
    }
    return true;
  }

  /// Scraps shut in by hard barriers are owners of their own.
  void keep_scraps() {
    Sets sets = patches();
    std::map<std::uint32_t, std::uint32_t> owner_of_scrap;
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      if (!in_area(face) || labels_.owner_of_face[face] != nothing) continue;
      const std::uint32_t scrap = sets.of(face);
      if (!owner_of_scrap.contains(scrap)) owner_of_scrap[scrap] = new_owner(labels_.enclosure_of_face[face]);
    }
    for (std::uint32_t face = 1; face < a_.face_count(); ++face) {
      if (!in_area(face) || labels_.owner_of_face[face] != nothing) continue;
      labels_.owner_of_face[face] = owner_of_scrap[sets.of(face)];
    }
  }

  void find_straddlers() {
    std::map<std::uint32_t, double> lost;
    for (std::uint32_t face = 0; face < a_.face_count(); ++face) {
      const std::uint32_t stack = footprint_[face] == nothing ? nothing : ground_.stack_of_unit[footprint_[face]];
      if (stack != nothing && labels_.owner_of_face[face] != stack) lost[footprint_[face]] += area_[face];
    }
    for (const auto& [unit, area] : lost) {
      if (area > 2 * cut_tolerance_) labels_.straddlers.push_back(unit);
    }
  }

  /// A stack squeezed out by its neighbours lives on the land where it stands; owners without land are struck off.
  void drop_landless() {
    std::vector<bool> has_land(labels_.owners, false);
    for (const std::uint32_t owner : labels_.owner_of_face) {
      if (owner != nothing) has_land[owner] = true;
    }
    std::vector<std::uint32_t> number(labels_.owners, nothing), enclosures;
    for (std::uint32_t owner = 0; owner < labels_.owners; ++owner) {
      if (!has_land[owner]) continue;
      if (owner < ground_.enclosure_of_stack.size()) ++labels_.stacks;
      number[owner] = static_cast<std::uint32_t>(enclosures.size());
      enclosures.push_back(labels_.enclosure_of_owner[owner]);
    }
    for (std::uint32_t unit = 0; unit < units_.size(); ++unit) {
      std::uint32_t owner = ground_.stack_of_unit[unit];
      if (owner != nothing && !has_land[owner]) owner = labels_.owner_of_face[face_of(units_[unit].position)];
      labels_.owner_of_unit.push_back(owner == nothing ? nothing : number[owner]);
    }
    for (std::uint32_t& owner : labels_.owner_of_face) {
      if (owner != nothing) owner = number[owner];
    }
    labels_.owners = static_cast<std::uint32_t>(enclosures.size());
    labels_.enclosure_of_owner = std::move(enclosures);
  }

  static constexpr double cut_tolerance_ = 1000;  // squared lattice units, about 0.1 m²
  static constexpr double noding_reach_ = 2.5;    // lattice units
  const Arrangement& a_;
  const Ground& ground_;
  std::span<const Chain> chains_;
  std::span<const std::uint8_t> barrier_;
  Units units_;
  std::vector<double> area_;
  mutable std::optional<coverage::FaceLocator> locator_;  ///< made when first asked
  std::vector<std::uint32_t> footprint_;                  ///< the unit whose footprint holds the face
  Labels labels_;
};

}  // namespace

std::vector<std::uint8_t> barriers_of_edges(const Arrangement& arrangement, const Sources& sources,
                                            std::span<const Barrier> barriers) {
  std::vector<std::uint8_t> strongest(arrangement.edge_count(), no_barrier);
  for (std::uint32_t e = 0; e < arrangement.edge_count(); ++e) {
    for (const Arrangement::Use& use : arrangement.uses(e)) {
      if (sources.kind(use.source) != Sources::Kind::barrier) continue;
      const auto barrier = static_cast<std::uint8_t>(barriers[sources.index(use.source)].barrier);
      if (strength(barrier) > strength(strongest[e])) strongest[e] = barrier;
    }
  }
  return strongest;
}

Labels label_faces(const Arrangement& arrangement, const Ground& ground, std::span<const Chain> chains,
                   std::span<const std::uint8_t> barrier_of_edge, Units units) {
  return Labeller(arrangement, ground, chains, barrier_of_edge, units).run();
}

}  // namespace wangge::planning
