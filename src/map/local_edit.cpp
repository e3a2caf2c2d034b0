#include "map/local_edit.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "coverage/arrangement.hpp"
#include "coverage/chains.hpp"
#include "map/hierarchy.hpp"
#include "map/meeting.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

using coverage::Arrangement;
using coverage::Segment;

constexpr std::int32_t most_x = 1800000000, most_y = 900000000;

/// What comes and what goes.
struct Edit {
  std::vector<std::uint32_t> retired;  ///< rows, ascending
  std::vector<const GridRecord*> created;
  std::vector<std::size_t> own_row;  ///< of each of them: that of its code among those that go, or none
  GridId parent = GridId::none;      ///< of all of them
};

GridId parent_of(const MapView& view, std::uint32_t area) { return view.areas[area].parent; }

/// Reads what goes and what comes; says nothing of who is whose parent.
class EditReader {
 public:
  explicit EditReader(const MapView& view) : view_(view), whole_(view.areas.size(), false), goes_(whole_) {
    for (std::uint32_t i = 0; i < view.areas.size(); ++i) {
      row_of_.emplace(view.code(GridId{i}), i);
      if (const GridId parent = parent_of(view, i); parent != GridId::none) whole_[row(parent)] = true;
    }
  }

  /// Nothing unless codes are used once, parents are the same, and nobody is part of what comes and goes.
  std::optional<Edit> read(std::span<const ChangeSet::Change> changes) {
    for (const ChangeSet::Change& change : changes) {
      for (const GridRecord& record : change.before)
        if (!retire(record)) return std::nullopt;
    }
    for (const ChangeSet::Change& change : changes) {
      for (const GridRecord& record : change.after)
        if (!create(record)) return std::nullopt;
    }
    const auto same = [&](GridId parent) { return parent == parents_.front(); };
    if (edit_.created.empty() || !std::all_of(parents_.begin(), parents_.end(), same)) return std::nullopt;
    const GridId parent = edit_.parent = parents_.front();
    const bool first_parts = edit_.retired.empty();
    if (parent == GridId::none ? first_parts : goes_[row(parent)] || (first_parts && whole_[row(parent)]))
      return std::nullopt;
    std::sort(edit_.retired.begin(), edit_.retired.end());
    return std::move(edit_);
  }

 private:
  bool retire(const GridRecord& record) {
    const auto at = row_of_.find(record.code);
    if (at == row_of_.end() || whole_[at->second] || goes_[at->second]) return false;
    goes_[at->second] = true;
    edit_.retired.push_back(at->second);
    parents_.push_back(parent_of(view_, at->second));
    return true;
  }

  bool create(const GridRecord& record) {
    const auto at = row_of_.find(record.code);
    const bool stays = at != row_of_.end() && !goes_[at->second];
    if (stays || record.code.empty() || record.polygons.empty() || !come_.insert(record.code).second) return false;
    edit_.created.push_back(&record);
    edit_.own_row.push_back(at == row_of_.end() ? no_row : at->second);
    if (record.parent.empty()) return parents_.push_back(GridId::none), true;
    const auto parent = row_of_.find(record.parent);
    if (parent == row_of_.end() || view_.areas[parent->second].level >= record.level) return false;
    return parents_.push_back(GridId{parent->second}), true;
  }

  const MapView& view_;
  std::unordered_map<std::string_view, std::uint32_t> row_of_;
  std::unordered_set<std::string_view> come_;
  std::vector<bool> whole_, goes_;
  std::vector<GridId> parents_;
  Edit edit_;
};

/// Builds the surroundings of an edit and puts them in the place of what was there.
class LocalEditor {
 public:
  LocalEditor(const MapView& view, const EdgeIndex& edges, const Edit& edit, double snap_m)
      : view_(view), edges_(edges), edit_(edit), snap_m_(snap_m), goes_(view.areas.size(), false) {
    for (const std::uint32_t area : edit.retired) goes_[area] = true;
    if (edit.retired.empty()) goes_[row(edit.parent)] = true;  // its ground does
  }

  std::optional<Edited> run() {
    find_surroundings();
    if (!draw_surroundings()) return std::nullopt;
    local_ = GridMap::build(records_, {.snap_m = snap_m_});
    if (!leaves_all_else_alone()) return std::nullopt;
    number_rows();
    return Edited{areas(), splice(), changed()};
  }

 private:
  void find_surroundings();
  bool draw_surroundings();
  bool leaves_all_else_alone() const;
  bool keeps_the_outer_border() const;
  void number_rows();
  std::vector<GridRecord> areas() const;
  std::vector<Box> changed() const;
  Arcs splice() const;

  bool goes(GridId id) const { return id != GridId::none && goes_[row(id)]; }
  bool comes(GridId id) const { return id != GridId::none && row(id) >= around_.size(); }  ///< of the local map

  const MapView& view_;
  const EdgeIndex& edges_;
  const Edit& edit_;
  double snap_m_;
  std::vector<bool> goes_;
  Box box_;
  std::vector<GridId> around_;       ///< areas near those that come and go
  std::vector<GridRecord> records_;  ///< of the local map: those around, then those that come
  std::vector<Int128> doubled_;      ///< their areas
  Int128 ground_ = 0;                ///< doubled area of what goes
  GridMap local_;
  std::vector<std::uint32_t> order_;  ///< by row of the next map: row of this map, or after those who comes
  std::vector<GridId> row_now_;       ///< the other way round
};

/// Whatever meets the box around the edit and a little more, so that nothing else has a position near.
void LocalEditor::find_surroundings() {
  for (const GridRecord* record : edit_.created) box_.add(bounds(record->polygons));
  for (std::size_t arc = 0; arc < view_.arcs.size(); ++arc) {
    if (goes(view_.arcs.left(arc)) || goes(view_.arcs.right(arc))) box_.add(bounds(view_.arcs.line(arc)));
  }
  box_ = {{std::max(box_.min.x, -most_x + 4) - 4, std::max(box_.min.y, -most_y + 4) - 4},
          {std::min(box_.max.x, most_x - 4) + 4, std::min(box_.max.y, most_y - 4) + 4}};
  AreaSet near(view_.areas.size());
  add_areas_beside(edges_, box_, near);
  for (const GridId id : near.ids()) {
    if (!goes(id)) around_.push_back(id);
  }
  std::sort(around_.begin(), around_.end());
}

/// The shape that is on the left of the segments.
MultiPolygon dissolved(std::vector<Segment> border) {
  const Arrangement arrangement = Arrangement::build(std::move(border), false);
  std::vector<std::uint32_t> labels(arrangement.face_count(), coverage::nothing);
  for (std::uint32_t e = 0; e < arrangement.edge_count(); ++e)
    labels[arrangement.left(2 * e + !arrangement.uses(e)[0].forward)] = 0;
  return std::move(coverage::dissolve(arrangement, labels, 1)[0]);
}

/// False where an area around has parts: then its outline is not what it owns.
bool LocalEditor::draw_surroundings() {
  std::vector<std::uint32_t> place(view_.areas.size(), coverage::nothing);
  for (std::uint32_t i = 0; i < around_.size(); ++i) place[row(around_[i])] = i;
  for (std::uint32_t i = 0; i < view_.areas.size(); ++i) {
    const GridId parent = parent_of(view_, i);
    if (parent != GridId::none && place[row(parent)] != coverage::nothing) return false;
  }
  std::vector<std::vector<Segment>> borders(around_.size());
  std::vector<Segment> gone;
  for (std::size_t arc = 0; arc < view_.arcs.size(); ++arc) {
    const auto add_to = [&](GridId id, bool on_left) {
      if (id == GridId::none || (!goes(id) && place[row(id)] == coverage::nothing)) return;
      std::vector<Segment>& border = goes(id) ? gone : borders[place[row(id)]];
      const auto line = view_.arcs.line(arc);
      for (std::size_t i = 1; i < line.size(); ++i) border.push_back({line[i - on_left], line[i - !on_left], 0});
    };
    if (goes(view_.arcs.left(arc)) && goes(view_.arcs.right(arc))) continue;
    add_to(view_.arcs.left(arc), true);
    add_to(view_.arcs.right(arc), false);
  }
  if (gone.empty()) return false;
  ground_ = doubled_area(dissolved(std::move(gone)));
  const auto add = [&](MultiPolygon polygons) {
    doubled_.push_back(doubled_area(polygons));
    records_.push_back(
        {std::to_string(records_.size()), "", Level::micro_grid, "", Kind::general, std::move(polygons)});
  };
  for (std::vector<Segment>& border : borders) add(dissolved(std::move(border)));
  for (const GridRecord* record : edit_.created) add(record->polygons);
  return true;
}

Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

/// Nothing was mended, all kept their ground, and together they have the ground they had.
bool LocalEditor::leaves_all_else_alone() const {
  if (!local_.weld_report().mends.empty()) return false;
  Int128 ground = 0;
  for (std::uint32_t i = 0; i < records_.size(); ++i) {
    const Int128 doubled = doubled_area(local_.polygons(GridId{i}));
    if (doubled != magnitude(doubled_[i])) return false;
    if (comes(GridId{i})) ground += doubled;
  }
  return ground == ground_ && keeps_the_outer_border();
}

/// True where what comes borders on nothing exactly where what goes did.
bool LocalEditor::keeps_the_outer_border() const {
  std::vector<Segment> before, after;
  const auto add = [](std::span<const Position> line, std::vector<Segment>& to) {
    for (std::size_t i = 1; i < line.size(); ++i) to.push_back({line[i - 1], line[i], 0});
  };
  for (std::size_t arc = 0; arc < view_.arcs.size(); ++arc) {
    const GridId left = view_.arcs.left(arc), right = view_.arcs.right(arc);
    if ((goes(left) && right == GridId::none) || (goes(right) && left == GridId::none))
      add(view_.arcs.line(arc), before);
  }
  for (std::size_t i = 0; i < local_.arc_count(); ++i) {
    const GridMap::Arc arc = local_.arc(i);
    if ((comes(arc.left) && arc.right == GridId::none) || (comes(arc.right) && arc.left == GridId::none))
      add(arc.line, after);
  }
  const auto length = [](const std::vector<Segment>& segments) {
    std::int64_t sum = 0;
    for (const Segment& s : segments)
      sum += std::abs(std::int64_t{s.a.x} - s.b.x) + std::abs(std::int64_t{s.a.y} - s.b.y);
    return sum;
  };
  return length(before) == length(after) && std::all_of(after.begin(), after.end(), [&](const Segment& part) {
           return std::any_of(before.begin(), before.end(), [&](const Segment& s) {
             return on_segment(s.a, s.b, part.a) && on_segment(s.a, s.b, part.b);
           });
         });
}

/// Rows of old areas, then of those that come, in the order of the next map.
void LocalEditor::number_rows() {
  const auto count = static_cast<std::uint32_t>(view_.areas.size());
  std::vector<std::uint32_t> stay(count), come(edit_.created.size());
  std::iota(stay.begin(), stay.end(), 0);
  std::iota(come.begin(), come.end(), count);
  std::vector<bool> retired(count, false);
  for (const std::uint32_t area : edit_.retired) retired[area] = true;
  order_ = with_rows_kept(std::move(stay), std::move(retired), std::move(come), edit_.own_row);
  row_now_.assign(count + edit_.created.size(), GridId::none);
  for (std::uint32_t i = 0; i < order_.size(); ++i) row_now_[order_[i]] = GridId{i};
}

std::vector<GridRecord> LocalEditor::areas() const {
  std::vector<GridRecord> areas;
  areas.reserve(order_.size());
  for (const std::uint32_t i : order_) {
    if (i >= view_.areas.size()) {
      const GridRecord& r = *edit_.created[i - view_.areas.size()];
      areas.push_back({r.code, r.name, r.level, r.parent, r.kind, {}});
      continue;
    }
    const GridId parent = parent_of(view_, i);
    areas.push_back({std::string(view_.code(GridId{i})),
                     std::string(view_.name(GridId{i})),
                     view_.areas[i].level,
                     parent == GridId::none ? "" : std::string(view_.code(parent)),
                     view_.areas[i].kind,
                     {}});
  }
  return areas;
}

/// Boxes around what goes, what comes and what has another row, and a little more.
std::vector<Box> LocalEditor::changed() const {
  std::vector<Box> boxes(view_.areas.size());
  for (std::size_t arc = 0; arc < view_.arcs.size(); ++arc) {
    for (const GridId id : {view_.arcs.left(arc), view_.arcs.right(arc)}) {
      if (id != GridId::none && (goes(id) || row_now_[row(id)] != id)) boxes[row(id)].add(bounds(view_.arcs.line(arc)));
    }
  }
  for (const GridRecord* record : edit_.created) boxes.push_back(bounds(record->polygons));
  std::erase_if(boxes, [](const Box& box) { return box.empty(); });
  for (Box& box : boxes) box = {{box.min.x - 2, box.min.y - 2}, {box.max.x + 2, box.max.y + 2}};
  return boxes;
}

bool comes_before(std::span<const Position> a, std::span<const Position> b) {
  using coverage::place_order;
  return a[0] != b[0] ? place_order(a[0]) < place_order(b[0]) : place_order(a[1]) < place_order(b[1]);
}

/// The borders that touch what goes make way for those that touch what comes.
Arcs LocalEditor::splice() const {
  const auto kept_row = [&](GridId id) { return id == GridId::none ? id : row_now_[row(id)]; };
  const auto local_row = [&](GridId id) {
    if (comes(id)) return row_now_[view_.areas.size() + row(id) - around_.size()];
    return id == GridId::none ? id : row_now_[row(around_[row(id)])];
  };
  std::vector<GridMap::Arc> fresh;
  for (std::size_t i = 0; i < local_.arc_count(); ++i) {
    const GridMap::Arc arc = local_.arc(i);
    if (comes(arc.left) || comes(arc.right)) fresh.push_back({arc.line, local_row(arc.left), local_row(arc.right)});
  }
  Arcs arcs;
  auto from = fresh.begin();
  for (std::size_t i = 0; i < view_.arcs.size(); ++i) {
    if (goes(view_.arcs.left(i)) || goes(view_.arcs.right(i))) continue;
    for (; from != fresh.end() && comes_before(from->line, view_.arcs.line(i)); ++from)
      arcs.add(from->line, {from->left, from->right});
    arcs.add(view_.arcs.line(i), {kept_row(view_.arcs.left(i)), kept_row(view_.arcs.right(i))});
  }
  for (; from != fresh.end(); ++from) arcs.add(from->line, {from->left, from->right});
  return arcs;
}

}  // namespace

std::optional<Edited> edit_locally(const MapView& view, const EdgeIndex& edges,
                                   std::span<const ChangeSet::Change> changes, double snap_m) {
  const std::optional<Edit> edit = EditReader(view).read(changes);
  if (!edit) return std::nullopt;
  try {
    return LocalEditor(view, edges, *edit, snap_m).run();
  } catch (const Error&) {
    return std::nullopt;  // building the whole says what is wrong
  }
}

}  // namespace wangge::map
