#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wangge/execution.hpp>
#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

namespace wangge {

struct ChangeSet;

/// A row of one map; codes outlive revisions, rows do not.
enum class GridId : std::uint32_t { none = 0xffffffff };

/// From the whole to the part. Any level may be absent from a map.
enum class Level : std::uint8_t { province, city, county, town, community, sector, grid, micro_grid };

WANGGE_EXPORT std::string_view to_string(Level level) noexcept;
/// The level of that name (`town`, `micro_grid`, …; also 镇, 街道, 社区, 村, 片区, 网格, 微网格); throws
/// `invalid_argument`.
WANGGE_EXPORT Level parse_level(std::string_view name);

/// A general area (综合) must be in range; a dedicated one (专属: a park, a school, a mall) need not hold a household.
enum class Kind : std::uint8_t { general, dedicated };

WANGGE_EXPORT std::string_view to_string(Kind kind) noexcept;
WANGGE_EXPORT Kind parse_kind(std::string_view name);

/// One area as it comes in or goes out.
struct GridRecord {
  std::string code;  ///< text, one of a kind in its map
  std::string name;
  Level level = Level::grid;
  std::string parent;  ///< code of the area it is part of, or empty
  Kind kind = Kind::general;
  MultiPolygon polygons;  ///< may be empty where the children give the shape
  friend bool operator==(const GridRecord&, const GridRecord&) = default;
};

struct BuildOptions {
  /// Gaps and overlaps thinner than this (2 · area / perimeter) go to the neighbour with the longest shared border and
  /// are reported; thicker gaps stay open, thicker overlaps are refused.
  double snap_m = 0.5;

  /// Closes the outer border: a position on it that the half-open rule leaves without an owner (on the eastern or
  /// northern side of the map, or around a gap) belongs to the least id of the finest areas that it touches. It costs a
  /// lookup nothing where the answer is an area.
  bool closed_outer = false;

  /// Of the map that is built: that of a plan read from a file.
  std::uint64_t revision = 0;
};

struct OpenOptions {
  /// Skips all checks: only for a file that the caller itself wrote, or has opened before. A damaged file then gives
  /// wrong answers or ends the program.
  bool trusted = false;
};

/// What the building of a map had to mend. Slivers no wider than the rounding of positions (2.5 cm) are closed without
/// mention.
struct WeldReport {
  struct Mend {
    std::string a, b;  ///< codes; a got the sliver; b is empty for a gap that had one neighbour
    Position place;
    double area_m2 = 0;
    bool overlap = false;  ///< else a gap
  };
  std::vector<Mend> mends;
};

/// A map of areas: an immutable value; a copy costs one reference count; safe to read from any number of threads.
/// Borders are stored once, as arcs shared by the faces on either side, so there is no gap and no overlap.
///
/// Law: every position has at most one finest area, by the half-open rule (a position p stands for p + (ε, ε²)): a
/// western or southern outer border belongs to the map, an eastern or northern one does not, unless it was built with
/// `closed_outer`. Nothing wraps around at 180° east.
class WANGGE_EXPORT GridMap {
 public:
  GridMap();

  /// Builds the coverage from polygons, whose rings may run either way. Where children differ from their parent by
  /// slivers, the parent follows them. Throws `invalid_geometry` for rings that cross, an outline without extent or a
  /// position off the Earth, `invalid_coverage` for overlapping areas, a child outside its parent, a parent that does
  /// not exist, a level not below its parent's, a code used twice or empty, an area without a shape; `stopped`;
  /// `invalid_argument` for a negative snap_m.
  static GridMap build(std::span<const GridRecord> records, const BuildOptions& options = {},
                       const Execution& execution = {});

  /// Opens a map file (`.wgm`) by mapping it into memory: nothing is decoded, and processes share its pages. The file
  /// must not be changed in place while the map is in use; `save` replaces it by another and does no harm. Throws
  /// `not_found`, `unreadable`, `unsupported` for a later version, `corrupt_file` for whatever else is wrong with it.
  static GridMap open(const std::filesystem::path& file, const OpenOptions& options = {});

  /// Writes the map file: the whole map as this value holds it, without the weld report. Replaces the file at once or
  /// leaves it as it was. Throws `not_writable`.
  void save(const std::filesystem::path& file) const;

  std::size_t size() const noexcept;  ///< number of areas; ids are 0 … size-1, in the order of the records
  std::uint64_t revision() const noexcept;

  GridId find(std::string_view code) const noexcept;
  std::string_view code(GridId id) const;  ///< lives as long as the map or a copy of it
  std::string_view name(GridId id) const;  ///< the same
  Level level(GridId id) const;
  Kind kind(GridId id) const;
  GridId parent(GridId id) const;  ///< or none
  std::span<const GridId> children(GridId id) const;
  /// The area itself where it has that level; none where no part of its chain has, and for none. One read.
  GridId ancestor(GridId id, Level level) const noexcept;

  /// An area and all that it is part of, from the coarsest to the finest.
  class Chain {
   public:
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    GridId operator[](std::size_t i) const noexcept { return ids_[ids_.size() - size_ + i]; }
    const GridId* begin() const noexcept { return end() - size_; }
    const GridId* end() const noexcept { return ids_.data() + ids_.size(); }

   private:
    friend class GridMap;
    std::array<GridId, 8> ids_{};  ///< at the end; levels fall from each to the next, so there are no more
    std::size_t size_ = 0;
  };
  Chain chain(GridId id) const noexcept;  ///< empty for none

  /// Finest area that owns the position, or none. Exact.
  GridId locate(Position p) const noexcept;
  GridId locate(LngLat place) const noexcept;  ///< none where the place is not on Earth

  /// The area of that level that the finest one is or is part of, or none.
  GridId locate(Position p, Level level) const noexcept { return ancestor(locate(p), level); }
  GridId locate(LngLat place, Level level) const noexcept { return ancestor(locate(place), level); }

  /// The same for many at once, several times faster; `out` must have as many elements as there are places.
  void locate(std::span<const LngLat> places, std::span<GridId> out, const Execution& execution = {}) const;
  void locate(std::span<const Position> positions, std::span<GridId> out, const Execution& execution = {}) const;
  void locate(std::span<const LngLat> places, Level level, std::span<GridId> out,
              const Execution& execution = {}) const;
  void locate(std::span<const Position> positions, Level level, std::span<GridId> out,
              const Execution& execution = {}) const;

  /// The finest area that owns the position, at 0 metres; else the one whose border is nearest and no farther than
  /// `most_m`, of several as near the least id; else none, infinitely far. Metres are those of the local frame at the
  /// position.
  struct Nearest {
    GridId id;
    double distance_m;
  };
  Nearest nearest(Position p, double most_m = std::numeric_limits<double>::infinity()) const noexcept;
  /// None where the place is not on Earth.
  Nearest nearest(LngLat place, double most_m = std::numeric_limits<double>::infinity()) const noexcept;

  /// Distance in metres, of the local frame at the position, to the nearest border of a finest area: of the one that
  /// owns the position, or, outside, of the map. 0 exactly where the position is on a border; infinite in a map of
  /// nothing and for a place that is not on Earth.
  double distance_to_border_m(Position p) const noexcept;
  double distance_to_border_m(LngLat place) const noexcept;

  /// The finest areas that share a position of the plane, be it on their borders, with the closed box or with one of
  /// the closed polygons (rings may run either way; a hole's ring is part of its polygon); or the areas of that level
  /// that these are or are part of. Ids ascend. Exact.
  std::vector<GridId> meeting(const Box& box, std::optional<Level> level = {}) const;
  std::vector<GridId> meeting(const MultiPolygon& polygons, std::optional<Level> level = {}) const;

  /// The area's outline, dissolved over its children.
  MultiPolygon polygons(GridId id) const;
  double area_m2(GridId id) const;
  double perimeter_m(GridId id) const;

  /// Areas of the same level that share a border (not a corner), with the shared length in metres, by id.
  struct Neighbor {
    GridId id;
    double border_m;
  };
  std::vector<Neighbor> neighbors(GridId id) const;

  /// Length of the border that two areas share, in metres; 0 where they only touch.
  double shared_border_m(GridId a, GridId b) const;

  /// A maximal run of border with the same finest area on the left and on the right (none: outside).
  struct Arc {
    std::span<const Position> line;
    GridId left, right;
  };
  std::size_t arc_count() const noexcept;
  Arc arc(std::size_t index) const;

  /// The record of one area, or of all, such that build(records()) gives the same map.
  GridRecord record(GridId id) const;
  std::vector<GridRecord> records() const;

  const WeldReport& weld_report() const noexcept;  ///< empty where the map was opened from a file

  /// The next revision: `with(c).with(c.inverse())` has the same areas by code, two revisions on. An area that keeps
  /// its code keeps its row; others that come take the rows of those that go, in order; who is left over comes at the
  /// end, or the last rows move up into the gaps. Where the areas that come cover just the ground of those that go, all
  /// of one parent, only their surroundings are built anew. Throws `stale_change` where the changes were made for
  /// another revision, `not_found` where an area goes that the map does not have, `invalid_coverage` where one goes
  /// twice, and whatever `build` throws.
  GridMap with(const ChangeSet& changes) const;

 private:
  struct Impl;
  explicit GridMap(std::shared_ptr<const Impl> impl) noexcept;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace wangge
