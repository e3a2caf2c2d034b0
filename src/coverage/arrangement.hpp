#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "coverage/chains.hpp"
#include "coverage/noding.hpp"
#include <wangge/geometry.hpp>

namespace wangge::coverage {

inline constexpr std::uint32_t outside = 0;  ///< the face around everything
inline constexpr std::uint32_t nothing = 0xffffffff;

/// The planar graph of noded segments, or of chains: edges, and the faces they bound. Half-edge 2e runs along edge e
/// from `a` to `b` with face `left(2e)` on its left; half-edge 2e+1 runs back. Where it is made of chains, an edge may
/// have positions between its ends that are no vertices.
class Arrangement {
 public:
  /// How a segment used this edge: its source, and whether it ran from a to b.
  struct Use {
    std::uint32_t source;
    bool forward;
  };

  /// Builds it from segments that `node` returned. With `drop_dangles`, edges that have the same face on both sides
  /// are left out.
  static Arrangement build(std::vector<Segment> noded, bool drop_dangles);
  /// Builds it from the chains of rings, without dangles.
  static Arrangement build(const Chains& chains, const Execution& execution = {});

  std::uint32_t edge_count() const { return static_cast<std::uint32_t>(ends_.size() / 2); }
  std::uint32_t face_count() const { return face_count_; }  ///< with the outside, which is face 0
  std::uint32_t vertex_count() const { return static_cast<std::uint32_t>(vertices_.size()); }

  Position vertex(std::uint32_t v) const { return vertices_[v]; }
  /// Vertex that the half-edge starts at.
  std::uint32_t origin(std::uint32_t half) const { return ends_[half]; }
  Position from(std::uint32_t half) const { return vertices_[ends_[half]]; }
  Position to(std::uint32_t half) const { return vertices_[ends_[half ^ 1]]; }
  /// The first position on the way from `from` to `to`.
  Position toward(std::uint32_t half) const {
    const auto inner = between(half / 2);
    return inner.empty() ? to(half) : half % 2 == 0 ? inner.front() : inner.back();
  }
  /// The positions between the ends of edge `e`, from `from(2e)` on.
  std::span<const Position> between(std::uint32_t e) const {
    if (first_inner_.empty()) return {};
    return {inner_.data() + first_inner_[e], inner_.data() + first_inner_[e + 1]};
  }
  /// Calls visit(position) for all positions of a half-edge but the last.
  template <class Visit>
  void for_each_position(std::uint32_t half, const Visit& visit) const {
    visit(from(half));
    const auto inner = between(half / 2);
    for (std::size_t i = 0; i < inner.size(); ++i) visit(half % 2 == 0 ? inner[i] : inner[inner.size() - 1 - i]);
  }
  std::uint32_t left(std::uint32_t half) const { return left_[half]; }
  /// The next half-edge around the face on the left.
  std::uint32_t next(std::uint32_t half) const { return next_[half]; }
  /// How the segments used edge `e`.
  std::span<const Use> uses(std::uint32_t e) const {
    return {uses_.data() + first_use_[e], uses_.data() + first_use_[e + 1]};
  }
  /// Half-edges that leave a vertex, counter-clockwise from the east.
  std::span<const std::uint32_t> leaving(std::uint32_t v) const {
    return {leaving_.data() + first_leaving_[v], leaving_.data() + first_leaving_[v + 1]};
  }
  /// The vertex at that position, or `nothing`.
  std::uint32_t find(Position p) const;

 private:
  void take_edges(std::vector<Segment> noded);
  void take_chains(const Chains& chains, const Execution& execution);
  void take_vertices(std::span<const Position> starts_of_halves, const Execution& execution);
  bool vertex_before(Position a, Position b) const;
  void find_faces(bool without_dangles, const Execution& execution);
  void gather_leaving();
  void sort_around_vertices(const Execution& execution);
  RawVector<std::uint32_t> trace(const Execution& execution);
  void link_around_faces(const Execution& execution);
  bool has_dangles(std::span<const std::uint32_t> cycle_of_half) const;
  void drop_dangles(std::span<const std::uint32_t> cycle_of_half);
  void number_faces(std::span<const std::uint32_t> cycle_of_half, const Execution& execution);
  Int128 doubled_area_of_cycle(std::uint32_t start) const;
  std::pair<Position, std::uint32_t> least_of_cycle(std::uint32_t start) const;

  RawVector<Position> vertices_, inner_;
  std::vector<std::uint32_t> first_inner_;  ///< by edge, or empty where no edge has inner positions
  RawVector<std::uint32_t> ends_, left_, next_, first_leaving_, leaving_;
  std::vector<std::uint32_t> first_use_;
  std::vector<Use> uses_;
  std::uint32_t face_count_ = 1;
  bool by_place_ = false;  ///< the vertices are in `place_order`; else they ascend
};

/// For each face the sources (of those for which `is_ring` holds) whose rings wind around it, in ascending order. Ring
/// sources run with their inside on the left; each must be a set of closed rings.
class Containment {
 public:
  Containment(const Arrangement& arrangement, const std::function<bool(std::uint32_t source)>& is_ring,
              const Execution& execution = {});
  std::span<const std::uint32_t> of(std::uint32_t face) const {
    return {sources_.data() + first_[face], sources_.data() + first_[face + 1]};
  }

 private:
  std::vector<std::uint32_t> first_, sources_;  ///< of each face the first of its sources
};

/// For each label the polygons made of the faces that carry it: outer rings counter-clockwise, holes clockwise, each
/// ring simple (it touches itself at a position at most where the label does). Labels are 0 … label_count-1; `nothing`
/// is skipped.
std::vector<MultiPolygon> dissolve(const Arrangement& arrangement, std::span<const std::uint32_t> label_of_face,
                                   std::uint32_t label_count);

}  // namespace wangge::coverage
