#include <wangge/grid_map.hpp>

#include <algorithm>
#include <cassert>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "coverage/arrangement.hpp"
#include "coverage/noding.hpp"
#include "coverage/segment_grid.hpp"
#include "file/replace_file.hpp"
#include "geometry/text.hpp"
#include "map/ancestors.hpp"
#include "map/arcs.hpp"
#include "map/edge_index.hpp"
#include "map/hierarchy.hpp"
#include "map/local_edit.hpp"
#include "map/locator.hpp"
#include "map/map_image.hpp"
#include "map/mapped_file.hpp"
#include "map/meeting.hpp"
#include "map/rings.hpp"
#include "map/weld.hpp"
#include <wangge/change_set.hpp>
#include <wangge/error.hpp>

namespace wangge {
namespace {

using coverage::Arrangement;
using coverage::PackedLists;
using coverage::Segment;
using map::ArcsView;
using map::Hierarchy;
using map::row;

/// What the records' polygons say, as a coverage.
struct Shapes {
  map::Arcs arcs;
  WeldReport report;
};

/// Throws where an area has neither polygons nor parts that have some.
void refuse_shapeless(std::span<const GridRecord> records, const Hierarchy& hierarchy) {
  std::vector<bool> shaped(records.size(), false);
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (records[i].polygons.empty()) continue;
    for (GridId id{i}; id != GridId::none && !shaped[row(id)]; id = hierarchy[id].parent) shaped[row(id)] = true;
  }
  const auto bare = std::find(shaped.begin(), shaped.end(), false);
  if (bare != shaped.end())
    throw Error(Errc::invalid_coverage, "area " + records[static_cast<std::size_t>(bare - shaped.begin())].code +
                                            " has neither polygons nor parts that give its shape; draw it");
}

/// Throws where mending left an area without a face.
void refuse_swallowed(std::span<const GridRecord> records, const Hierarchy& hierarchy,
                      std::span<const GridId> finest_of_face) {
  std::vector<bool> seen(records.size(), false);
  for (const GridId finest : finest_of_face) {
    for (GridId id = finest; id != GridId::none && !seen[row(id)]; id = hierarchy[id].parent) seen[row(id)] = true;
  }
  const auto at = std::find(seen.begin(), seen.end(), false);
  if (at == seen.end()) return;
  const GridRecord& record = records[static_cast<std::size_t>(at - seen.begin())];
  throw Error(Errc::invalid_coverage, "area " + record.code + " near " +
                                          geometry::to_text(inner_point(record.polygons)) +
                                          " is nothing but slivers that other areas take; lower snap_m or redraw it");
}

/// The planar graph of the records' outlines. Most are drawn as coverages, whose rings need no noding.
Arrangement arrange(std::span<const GridRecord> records, const std::function<void(double)>& report_progress,
                    const Execution& execution) {
  if (auto rings = map::plain_rings(records, execution)) {
    report_progress(0.1);
    const auto chains = coverage::find_chains(std::move(*rings), execution);
    report_progress(0.5);
    if (chains) return Arrangement::build(*chains, execution);
  }
  std::vector<Segment> segments;
  for (std::uint32_t i = 0; i < records.size(); ++i) map::append_rings(records[i], i, segments);
  report_progress(0.5);
  segments = coverage::node(std::move(segments), execution);
  report_progress(0.6);
  return Arrangement::build(std::move(segments), true);
}

Shapes shapes_of(std::span<const GridRecord> records, const Hierarchy& hierarchy, const BuildOptions& options,
                 const Execution& execution) {
  const auto report_progress = [&](double share) {
    if (!execution.go_on("building the map", share)) throw Error(Errc::stopped, "stopped while building the map");
  };
  report_progress(0);
  const Arrangement arrangement = arrange(records, report_progress, execution);
  report_progress(0.7);
  const coverage::Containment holders(
      arrangement, [](std::uint32_t) { return true; }, execution);
  report_progress(0.8);
  std::vector<bool> has_shape;
  for (const GridRecord& record : records) has_shape.push_back(!record.polygons.empty());
  map::Welded welded = map::weld(arrangement, holders, hierarchy, has_shape, options.snap_m);
  refuse_swallowed(records, hierarchy, welded.finest_of_face);
  report_progress(0.9);
  return {map::Arcs(arrangement, welded.finest_of_face, execution), std::move(welded.report)};
}

/// For each area the arcs with the area on exactly one side.
PackedLists borders_of(const map::MapView& map) {
  return PackedLists(map.areas.size(), [&](const auto& add) {
    const auto add_where_outside = [&](std::uint32_t arc, GridId inside, GridId outside) {
      for (; inside != GridId::none && !map::is_within(map, outside, inside); inside = map[inside].parent)
        add(row(inside), arc);
    };
    for (std::uint32_t arc = 0; arc < map.arcs.size(); ++arc) {
      add_where_outside(arc, map.arcs.left(arc), map.arcs.right(arc));
      add_where_outside(arc, map.arcs.right(arc), map.arcs.left(arc));
    }
  });
}

template <class Point, class Locate>
void in_shares(std::span<const Point> points, std::span<GridId> out, const Execution& execution, const Locate& locate) {
  assert(points.size() == out.size());
  constexpr std::size_t share = std::size_t{1} << 16;
  if (points.size() <= share) return locate(points, out);
  execution.for_each((points.size() + share - 1) / share, [&](std::size_t i) {
    const std::size_t from = i * share, count = std::min(share, points.size() - from);
    locate(points.subspan(from, count), out.subspan(from, count));
  });
}

/// The records after the changes, in their rows.
std::vector<GridRecord> edited(std::vector<GridRecord> areas, std::span<const ChangeSet::Change> changes) {
  std::unordered_map<std::string, std::size_t> row_of_code;
  for (std::size_t i = 0; i < areas.size(); ++i) row_of_code[areas[i].code] = i;
  std::vector<bool> goes(areas.size(), false);
  std::vector<GridRecord> come;
  std::vector<std::size_t> own_row;
  for (const ChangeSet::Change& change : changes) {
    for (const GridRecord& record : change.before) {
      const auto at = row_of_code.find(record.code);
      if (at == row_of_code.end())
        throw Error(Errc::not_found, "area " + record.code + " cannot be changed: the map has none of that code");
      if (goes[at->second])
        throw Error(Errc::invalid_coverage, "area " + record.code + " goes in two changes; put them into one");
      goes[at->second] = true;
    }
  }
  for (const ChangeSet::Change& change : changes) {
    for (const GridRecord& record : change.after) {
      const auto at = row_of_code.find(record.code);
      own_row.push_back(at != row_of_code.end() && goes[at->second] ? at->second : map::no_row);
      come.push_back(record);
    }
  }
  return map::with_rows_kept(std::move(areas), std::move(goes), std::move(come), own_row);
}

}  // namespace

/// The map's bytes, wherever they are, and what answers other than lookups rest on, worked out when first asked for.
struct GridMap::Impl {
  map::Image memory;
  std::optional<map::MappedFile> file;
  map::MapView view;
  map::Locator locator;
  std::vector<std::uint32_t> made_ancestors;      ///< where the file has none
  coverage::RawVector<std::uint32_t> made_edges;  ///< the same
  map::Ancestors ancestors;
  map::EdgeIndex edges;
  WeldReport report;

  Impl(map::Image image, WeldReport mended)
      : memory(std::move(image)), view(map::view_image(bytes(), true, "the map")), report(std::move(mended)) {
    read_view();
  }
  Impl(const std::filesystem::path& path, bool trusted)
      : file(std::in_place, path), view(map::view_image(bytes(), trusted, path.string())) {
    read_view();
  }

  void read_view() {
    if (view.ancestors.empty()) view.ancestors = made_ancestors = map::Ancestors::build(view.areas);
    if (view.edges.empty()) {
      made_edges = map::EdgeIndex::build(view.arcs, size());
      view.edges = std::as_bytes(std::span(made_edges));
    }
    locator = map::Locator(view.index);
    ancestors = map::Ancestors(view.ancestors, size());
    edges = map::EdgeIndex(view.arcs, view.edges);
  }

  std::span<const std::byte> bytes() const { return file ? file->bytes() : map::bytes_of(memory); }
  const ArcsView& arcs() const { return view.arcs; }
  std::size_t size() const { return view.areas.size(); }

  /// Of the whole map, by rows of areas and of arcs.
  struct Details {
    map::Children children;
    PackedLists borders;
    std::vector<double> lengths_m;

    explicit Details(const map::MapView& view)
        : children(view, static_cast<std::uint32_t>(view.areas.size())), borders(borders_of(view)) {
      for (std::size_t arc = 0; arc < view.arcs.size(); ++arc) lengths_m.push_back(length_m(view.arcs.line(arc)));
    }
  };
  const Details& details() const {
    std::call_once(once_, [this] { details_.emplace(view); });
    return *details_;
  }
  double arc_m(std::uint32_t arc) const { return details().lengths_m[arc]; }

  static std::shared_ptr<Impl> build(std::span<const GridRecord> records, const BuildOptions& options,
                                     std::uint64_t revision, const Execution& execution) {
    if (!(options.snap_m >= 0)) throw Error(Errc::invalid_argument, "snap_m must be 0 metres or more");
    const Hierarchy hierarchy(records, execution);
    refuse_shapeless(records, hierarchy);
    Shapes shapes = shapes_of(records, hierarchy, options, execution);
    return assemble(hierarchy, std::move(shapes), options, revision, execution);
  }

  static std::shared_ptr<Impl> assemble(const Hierarchy& hierarchy, Shapes shapes, const BuildOptions& options,
                                        std::uint64_t revision, const Execution& execution,
                                        const map::EarlierIndex& earlier = {}) {
    const ArcsView arcs = shapes.arcs.view();
    const std::uint32_t flags = options.closed_outer ? map::format::closed_outer_flag : 0;
    map::Image image = map::make_image({revision, options.snap_m, flags, {}}, hierarchy, arcs, execution, earlier);
    return std::make_shared<Impl>(std::move(image), std::move(shapes.report));
  }

  BuildOptions options() const { return {view.info.snap_m, closed_outer(), view.info.revision}; }
  bool closed_outer() const noexcept { return view.info.flags & map::format::closed_outer_flag; }

  /// The answer of the lookup index, or who has the outer border.
  GridId owner(GridId located, Position p) const noexcept {
    return located == GridId::none && closed_outer() ? edges.touching(p) : located;
  }
  GridId owner(GridId located, LngLat place) const noexcept {
    return located == GridId::none && closed_outer() && on_earth(place) ? edges.touching(to_lattice(place)) : located;
  }
  template <class Point>
  GridId locate(Point p) const noexcept {
    return owner(locator.locate(p), p);
  }
  template <class Point>
  void locate(std::span<const Point> points, std::span<GridId> out) const noexcept {
    locator.locate(points, out.data());
    if (!closed_outer()) return;
    for (std::size_t i = 0; i < points.size(); ++i) out[i] = owner(out[i], points[i]);
  }
  template <class Point>
  void locate(std::span<const Point> points, Level level, std::span<GridId> out) const noexcept {
    locate(points, out);
    for (GridId& id : out) id = ancestors(id, level);
  }

  /// Those areas, or the ones of that level that they are part of; ids ascend.
  std::vector<GridId> at_level(const map::AreaSet& areas, std::optional<Level> level) const {
    map::AreaSet wanted(size());
    for (const GridId id : areas.ids()) wanted.add(level ? ancestors(id, *level) : id);
    std::vector<GridId> ids(wanted.ids().begin(), wanted.ids().end());
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  const map::format::AreaRow& area(GridId id) const {
    assert(row(id) < size());
    return view[id];
  }
  std::span<const std::uint32_t> borders_around(GridId id) const {
    assert(row(id) < size());
    return details().borders[row(id)];
  }
  bool on_left(std::uint32_t arc, GridId id) const { return within(arcs().left(arc), id); }
  bool within(GridId inner, GridId outer) const { return map::is_within(view, inner, outer); }
  GridId across(std::uint32_t arc, GridId id) const { return on_left(arc, id) ? arcs().right(arc) : arcs().left(arc); }

 private:
  mutable std::once_flag once_;
  mutable std::optional<Details> details_;
};

GridMap::GridMap() : GridMap(Impl::build({}, {}, 0, {})) {}
GridMap::GridMap(std::shared_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}

GridMap GridMap::build(std::span<const GridRecord> records, const BuildOptions& options, const Execution& execution) {
  return GridMap(Impl::build(records, options, options.revision, execution));
}

GridMap GridMap::open(const std::filesystem::path& file, const OpenOptions& options) {
  return GridMap(std::make_shared<Impl>(file, options.trusted));
}

void GridMap::save(const std::filesystem::path& path) const { file::replace_file(path, impl_->bytes()); }

std::size_t GridMap::size() const noexcept { return impl_->size(); }
std::uint64_t GridMap::revision() const noexcept { return impl_->view.info.revision; }
GridId GridMap::find(std::string_view code) const noexcept { return impl_->view.find(code); }
std::string_view GridMap::code(GridId id) const {
  assert(row(id) < size());
  return impl_->view.code(id);
}
std::string_view GridMap::name(GridId id) const {
  assert(row(id) < size());
  return impl_->view.name(id);
}
Level GridMap::level(GridId id) const { return impl_->area(id).level; }
Kind GridMap::kind(GridId id) const { return impl_->area(id).kind; }
GridId GridMap::parent(GridId id) const { return impl_->area(id).parent; }
std::span<const GridId> GridMap::children(GridId id) const { return impl_->details().children[id]; }
GridId GridMap::ancestor(GridId id, Level level) const noexcept { return impl_->ancestors(id, level); }

GridMap::Chain GridMap::chain(GridId id) const noexcept {
  Chain chain;
  for (; id != GridId::none; id = impl_->view[id].parent) chain.ids_[chain.ids_.size() - ++chain.size_] = id;
  return chain;
}

GridId GridMap::locate(Position p) const noexcept { return impl_->locate(p); }
GridId GridMap::locate(LngLat place) const noexcept { return impl_->locate(place); }

void GridMap::locate(std::span<const LngLat> places, std::span<GridId> out, const Execution& execution) const {
  in_shares(places, out, execution, [this](auto points, auto ids) { impl_->locate(points, ids); });
}
void GridMap::locate(std::span<const Position> positions, std::span<GridId> out, const Execution& execution) const {
  in_shares(positions, out, execution, [this](auto points, auto ids) { impl_->locate(points, ids); });
}
void GridMap::locate(std::span<const LngLat> places, Level level, std::span<GridId> out,
                     const Execution& execution) const {
  in_shares(places, out, execution, [&](auto points, auto ids) { impl_->locate(points, level, ids); });
}
void GridMap::locate(std::span<const Position> positions, Level level, std::span<GridId> out,
                     const Execution& execution) const {
  in_shares(positions, out, execution, [&](auto points, auto ids) { impl_->locate(points, level, ids); });
}

GridMap::Nearest GridMap::nearest(Position p, double most_m) const noexcept {
  if (const GridId owner = locate(p); owner != GridId::none) return {owner, 0};
  const map::EdgeIndex::Nearest found = impl_->edges.nearest(p, most_m);
  return {found.area, found.distance_m};
}
GridMap::Nearest GridMap::nearest(LngLat place, double most_m) const noexcept {
  if (!on_earth(place)) return {GridId::none, std::numeric_limits<double>::infinity()};
  return nearest(to_lattice(place), most_m);
}

double GridMap::distance_to_border_m(Position p) const noexcept { return impl_->edges.nearest(p).distance_m; }
double GridMap::distance_to_border_m(LngLat place) const noexcept {
  return on_earth(place) ? distance_to_border_m(to_lattice(place)) : std::numeric_limits<double>::infinity();
}

std::vector<GridId> GridMap::meeting(const Box& box, std::optional<Level> level) const {
  if (box.empty() || box.min.y > box.max.y) return {};
  map::AreaSet found(size());
  map::add_areas_beside(impl_->edges, box, found);
  found.add(impl_->locator.locate(box.min));  // whose inside may hold all of it
  return impl_->at_level(found, level);
}

std::vector<GridId> GridMap::meeting(const MultiPolygon& polygons, std::optional<Level> level) const {
  map::AreaSet found(size());
  for (const Polygon& polygon : polygons) {
    if (polygon.outer.empty()) continue;
    map::add_areas_beside(impl_->edges, polygon, found);
    found.add(impl_->locator.locate(polygon.outer[0]));
  }
  return impl_->at_level(found, level);
}

MultiPolygon GridMap::polygons(GridId id) const {
  std::vector<Segment> border;
  for (const std::uint32_t arc : impl_->borders_around(id)) {
    const auto line = impl_->arcs().line(arc);
    const bool on_left = impl_->on_left(arc, id);
    for (std::size_t i = 1; i < line.size(); ++i) border.push_back({line[i - on_left], line[i - !on_left], 0});
  }
  const Arrangement arrangement = Arrangement::build(std::move(border), false);
  std::vector<std::uint32_t> labels(arrangement.face_count(), coverage::nothing);
  for (std::uint32_t e = 0; e < arrangement.edge_count(); ++e)
    labels[arrangement.left(2 * e + !arrangement.uses(e)[0].forward)] = 0;
  return std::move(coverage::dissolve(arrangement, labels, 1)[0]);
}

double GridMap::area_m2(GridId id) const { return wangge::area_m2(polygons(id)); }

double GridMap::perimeter_m(GridId id) const {
  double sum = 0;
  for (const std::uint32_t arc : impl_->borders_around(id)) sum += impl_->arc_m(arc);
  return sum;
}

std::vector<GridMap::Neighbor> GridMap::neighbors(GridId id) const {
  std::vector<Neighbor> found;
  for (const std::uint32_t arc : impl_->borders_around(id)) {
    const GridId other = ancestor(impl_->across(arc, id), level(id));
    if (other != GridId::none) found.push_back({other, impl_->arc_m(arc)});
  }
  std::stable_sort(found.begin(), found.end(), [](const Neighbor& a, const Neighbor& b) { return a.id < b.id; });
  std::vector<Neighbor> merged;
  for (const Neighbor& n : found) {
    if (merged.empty() || merged.back().id != n.id)
      merged.push_back(n);
    else
      merged.back().border_m += n.border_m;
  }
  return merged;
}

double GridMap::shared_border_m(GridId a, GridId b) const {
  if (impl_->area(a).level < impl_->area(b).level) std::swap(a, b);  // the finer one has fewer borders
  double sum = 0;
  for (const std::uint32_t arc : impl_->borders_around(a)) {
    if (impl_->within(impl_->across(arc, a), b)) sum += impl_->arc_m(arc);
  }
  return sum;
}

std::size_t GridMap::arc_count() const noexcept { return impl_->arcs().size(); }
GridMap::Arc GridMap::arc(std::size_t index) const {
  assert(index < arc_count());
  return {impl_->arcs().line(index), impl_->arcs().left(index), impl_->arcs().right(index)};
}

GridRecord GridMap::record(GridId id) const {
  const map::format::AreaRow& area = impl_->area(id);
  const std::string_view above = area.parent == GridId::none ? "" : code(area.parent);
  return {std::string(code(id)), std::string(name(id)), area.level, std::string(above), area.kind, polygons(id)};
}

std::vector<GridRecord> GridMap::records() const {
  std::vector<GridRecord> all;
  for (std::uint32_t i = 0; i < size(); ++i) all.push_back(record(GridId{i}));
  return all;
}

const WeldReport& GridMap::weld_report() const noexcept { return impl_->report; }

GridMap GridMap::with(const ChangeSet& changes) const {
  if (changes.base_revision != revision())
    throw Error(Errc::stale_change, "the changes were made for revision " + std::to_string(changes.base_revision) +
                                        ", the map is at revision " + std::to_string(revision()) + "; plan them again");
  const BuildOptions options = impl_->options();
  if (auto next = map::edit_locally(impl_->view, impl_->edges, changes.changes, options.snap_m)) {
    // Of an index from a file it is known that it can be read, not that its blocks may be moved.
    const map::EarlierIndex earlier =
        impl_->file ? map::EarlierIndex{} : map::EarlierIndex{impl_->view.index, next->changed};
    return GridMap(
        Impl::assemble(Hierarchy(next->areas), {std::move(next->arcs), {}}, options, revision() + 1, {}, earlier));
  }
  const std::vector<GridRecord> areas = edited(records(), changes.changes);
  return GridMap(Impl::build(areas, options, revision() + 1, {}));
}

}  // namespace wangge
