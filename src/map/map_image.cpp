#include "map/map_image.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <vector>

#include "coverage/pieces.hpp"
#include "map/ancestors.hpp"
#include "map/checksum.hpp"
#include "map/edge_index.hpp"
#include <wangge/error.hpp>

namespace wangge::map {
namespace {

using namespace format;

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

std::uint64_t checksum_of(Lead lead, std::span<const std::byte> rest) {
  lead.checksum = 0;
  return xxh64(rest, xxh64(std::as_bytes(std::span(&lead, 1))));
}

/// Gathers sections, then lays them out; the last one is written in place.
class Writer {
 public:
  explicit Writer(const Execution& execution) : execution_(execution) {}

  void add(Section kind, std::span<const std::byte> bytes, std::uint32_t flags = 0) {
    entries_.push_back({static_cast<std::uint32_t>(kind), flags, 0, bytes.size()});
    contents_.push_back(bytes);
  }

  /// Writes all but the last section, whose place it returns.
  std::byte* add_last(Section kind, std::size_t bytes) {
    entries_.push_back({static_cast<std::uint32_t>(kind), 0, 0, bytes});
    const std::uint64_t table = entries_.size() * sizeof(Entry);
    std::uint64_t end = aligned(sizeof(Lead) + table);
    for (Entry& entry : entries_) {
      entry.offset = end;
      end = aligned(end + entry.bytes);
    }
    image_ = Image(end / alignment);
    prefer_large_pages(start() + entries_.back().offset, bytes);
    clear(sizeof(Lead) + table, entries_[0].offset);
    std::memcpy(start() + sizeof(Lead), entries_.data(), table);
    for (std::size_t i = 0; i < contents_.size(); ++i) {
      copy(contents_[i], entries_[i].offset);
      clear(entries_[i].offset + entries_[i].bytes, entries_[i + 1].offset);
    }
    clear(entries_.back().offset + bytes, end);
    return start() + entries_.back().offset;
  }

  Image finish() {
    Lead lead{{}, version, static_cast<std::uint32_t>(entries_.size()), image_.size() * alignment, 0, {}};
    std::memcpy(lead.magic, magic, sizeof magic);
    lead.checksum = checksum_of(lead, bytes_of(image_).subspan(sizeof(Lead)));
    std::memcpy(start(), &lead, sizeof lead);
    return std::move(image_);
  }

 private:
  std::byte* start() { return reinterpret_cast<std::byte*>(image_.data()); }
  void clear(std::uint64_t from, std::uint64_t to) { std::fill(start() + from, start() + to, std::byte{0}); }
  void copy(std::span<const std::byte> bytes, std::uint64_t place) {
    coverage::in_pieces(bytes.size(), execution_, [&](std::size_t, std::size_t from, std::size_t to) {
      if (from < to) std::memcpy(start() + place + from, bytes.data() + from, to - from);
    });
  }

  const Execution& execution_;
  std::vector<Entry> entries_;
  std::vector<std::span<const std::byte>> contents_;
  Image image_;
};

class Reader {
 public:
  Reader(std::span<const std::byte> image, bool trusted, const std::string& name)
      : image_(image), trusted_(trusted), name_(name) {}

  MapView run() {
    read_lead();
    find_sections();
    MapView view;
    view.info = row<Info>(Section::info);
    view.areas = rows<AreaRow>(Section::areas);
    view.by_code = rows<GridId>(Section::by_code);
    const auto text = rows<char>(Section::text);
    view.text = {text.data(), text.size()};
    view.arcs = {rows<Position>(Section::points), rows<std::uint32_t>(Section::first), rows<Sides>(Section::sides)};
    view.index = rows<std::byte>(Section::index);
    if (has(Section::ancestors)) view.ancestors = rows<std::uint32_t>(Section::ancestors);
    if (has(Section::edges)) view.edges = rows<std::byte>(Section::edges);
    if (trusted_) return view;
    check_areas(view);
    check_codes(view);
    check_arcs(view);
    const std::string_view fault = fault_of_index(view.index, view.areas.size());
    if (!fault.empty()) refuse(std::string(fault));
    check_extras(view);
    return view;
  }

 private:
  [[noreturn]] void refuse(const std::string& fault) const {
    throw Error(Errc::corrupt_file, name_ + " is damaged: " + fault + "; fetch or write it again");
  }
  void require(bool holds, const char* fault) const {
    if (!holds) refuse(fault);
  }

  void read_lead();
  void find_sections();
  void check_areas(const MapView& view) const;
  void check_codes(const MapView& view) const;
  void check_arcs(const MapView& view) const;
  void check_extras(const MapView& view) const;
  static bool known(std::uint32_t kind) {
    return static_cast<std::uint32_t>(Section::info) <= kind && kind <= static_cast<std::uint32_t>(Section::edges);
  }

  bool has(Section kind) const { return sections_[static_cast<std::size_t>(kind)] != nullptr; }

  template <class Row>
  std::span<const Row> rows(Section kind) const {
    static_assert(std::is_trivially_copyable_v<Row>);
    const Entry* entry = sections_[static_cast<std::size_t>(kind)];
    if (!entry) refuse("section " + std::to_string(static_cast<int>(kind)) + " is missing");
    require(entry->bytes % sizeof(Row) == 0, "a section has half a row");
    return {reinterpret_cast<const Row*>(image_.data() + entry->offset), entry->bytes / sizeof(Row)};
  }
  template <class Row>
  Row row(Section kind) const {
    const auto all = rows<Row>(kind);
    require(all.size() == 1, "a section of one row has more or none");
    return all[0];
  }

  std::span<const std::byte> image_;
  bool trusted_;
  std::string name_;
  std::span<const Entry> entries_;
  const Entry* sections_[static_cast<std::size_t>(Section::edges) + 1] = {};
};

void Reader::read_lead() {
  if (image_.empty()) throw Error(Errc::corrupt_file, name_ + " is empty; fetch or write it again");
  Lead lead{};
  if (image_.size() >= sizeof lead) std::memcpy(&lead, image_.data(), sizeof lead);
  if (std::memcmp(lead.magic, magic, sizeof magic) != 0)
    throw Error(Errc::corrupt_file,
                name_ + " is no map file, or its beginning is damaged; wangge split --lookup writes one");
  if (lead.version != version)
    throw Error(Errc::unsupported, name_ + " has version " + std::to_string(lead.version) +
                                       " of the map file, this wangge reads version 1; use a newer one");
  require(lead.bytes == image_.size(), "it is cut off or has something appended");
  require(lead.sections <= (image_.size() - sizeof lead) / sizeof(Entry), "its section table is cut off");
  entries_ = {reinterpret_cast<const Entry*>(image_.data() + sizeof lead), lead.sections};
  if (!trusted_) require(lead.checksum == checksum_of(lead, image_.subspan(sizeof lead)), "its checksum is wrong");
}

void Reader::find_sections() {
  for (const Entry& entry : entries_) {
    require(
        entry.offset % alignment == 0 && entry.offset <= image_.size() && entry.bytes <= image_.size() - entry.offset,
        "a section lies outside the file");
    if (known(entry.kind)) {
      require(sections_[entry.kind] == nullptr, "a section comes twice");
      sections_[entry.kind] = &entry;
    } else if (!(entry.flags & optional_flag)) {
      throw Error(Errc::unsupported, name_ + " has a section of kind " + std::to_string(entry.kind) +
                                         ", which this wangge does not know; use a newer one");
    }
  }
}

void Reader::check_areas(const MapView& view) const {
  require(std::isfinite(view.info.snap_m) && view.info.snap_m >= 0, "its tolerance is no length");
  require((view.info.flags & ~closed_outer_flag) == 0, "it has flags that do not exist");
  require(view.areas.size() < 0x7fffffff, "it has too many areas");
  for (const AreaRow& area : view.areas) {
    require(area.level <= Level::micro_grid && area.kind <= Kind::dedicated,
            "an area has a level or kind that does not exist");
    const std::uint64_t bytes = std::uint64_t{area.code_bytes} + area.name_bytes;
    require(area.text <= view.text.size() && bytes <= view.text.size() - area.text,
            "an area's text is outside the file");
    require(area.code_bytes > 0, "an area has no code");
    if (area.parent == GridId::none) continue;
    require(map::row(area.parent) < view.areas.size() && view[area.parent].level < area.level,
            "an area's parent does not exist or is no whole");
  }
}

void Reader::check_codes(const MapView& view) const {
  require(view.by_code.size() == view.areas.size(), "its codes are not all in order");
  for (std::size_t i = 0; i < view.by_code.size(); ++i) {
    require(map::row(view.by_code[i]) < view.areas.size(), "its codes are not all in order");
    if (i > 0) require(view.code(view.by_code[i - 1]) < view.code(view.by_code[i]), "its codes are not all in order");
  }
}

void Reader::check_arcs(const MapView& view) const {
  const auto& [points, first, sides] = view.arcs;
  require(first.size() == sides.size() + 1 && first.front() == 0 && first.back() == points.size(),
          "its borders are not whole");
  const auto is_area = [&](GridId id) { return id == GridId::none || map::row(id) < view.areas.size(); };
  for (std::size_t arc = 0; arc < sides.size(); ++arc) {
    require(first[arc] < first[arc + 1] && first[arc + 1] - first[arc] >= 2 && first[arc + 1] <= points.size(),
            "a border has fewer than two positions");
    require(is_area(sides[arc].left) && is_area(sides[arc].right) && sides[arc].left != sides[arc].right,
            "a border does not part two areas");
    bool stands_still = false;
    for (std::uint32_t i = first[arc] + 1; i < first[arc + 1]; ++i) stands_still |= points[i - 1] == points[i];
    require(!stands_still, "a border stands still");
  }
  constexpr std::int32_t most_x = 1800000000, most_y = 900000000;
  bool on_earth = true;
  for (const Position p : points) on_earth &= (-most_x <= p.x) & (p.x <= most_x) & (-most_y <= p.y) & (p.y <= most_y);
  require(on_earth, "a border leaves the Earth");
}

void Reader::check_extras(const MapView& view) const {
  if (has(Section::ancestors))
    require(std::ranges::equal(view.ancestors, Ancestors::build(view.areas)),
            "its ancestors are not those of its areas");
  if (!has(Section::edges)) return;
  const std::string_view fault = EdgeIndex::fault(view.arcs, view.edges);
  if (!fault.empty()) refuse(std::string(fault));
}

}  // namespace

Image make_image(const Info& info, const Hierarchy& hierarchy, const ArcsView& arcs, const Execution& execution,
                 const EarlierIndex& earlier) {
  std::vector<AreaRow> areas;
  std::string text;
  for (std::uint32_t i = 0; i < hierarchy.size(); ++i) {
    const Hierarchy::Area& area = hierarchy[GridId{i}];
    areas.push_back({area.parent, area.level, area.kind, 0, text.size(), static_cast<std::uint32_t>(area.code.size()),
                     static_cast<std::uint32_t>(area.name.size())});
    text += area.code;
    text += area.name;
  }
  Writer writer(execution);
  writer.add(Section::info, std::as_bytes(std::span(&info, 1)));
  writer.add(Section::areas, std::as_bytes(std::span(areas)));
  writer.add(Section::by_code, std::as_bytes(hierarchy.by_code()));
  writer.add(Section::text, std::as_bytes(std::span(text)));
  writer.add(Section::points, std::as_bytes(arcs.points));
  writer.add(Section::first, std::as_bytes(arcs.first));
  writer.add(Section::sides, std::as_bytes(arcs.sides));
  const std::vector<std::uint32_t> ancestors = Ancestors::build(areas);
  const coverage::RawVector<std::uint32_t> edges = EdgeIndex::build(arcs, areas.size(), execution);
  writer.add(Section::ancestors, std::as_bytes(std::span(ancestors)), optional_flag);
  writer.add(Section::edges, std::as_bytes(std::span(edges)), optional_flag);
  build_index(
      arcs, static_cast<std::uint32_t>(hierarchy.size()), execution,
      [&](std::size_t bytes) { return writer.add_last(Section::index, bytes); }, earlier);
  return writer.finish();
}

GridId MapView::find(std::string_view wanted) const noexcept {
  const auto at = std::lower_bound(by_code.begin(), by_code.end(), wanted,
                                   [this](GridId id, std::string_view value) { return code(id) < value; });
  return at != by_code.end() && code(*at) == wanted ? *at : GridId::none;
}

MapView view_image(std::span<const std::byte> image, bool trusted, const std::string& name) {
  return Reader(image, trusted, name).run();
}

}  // namespace wangge::map
