#include "locate/oracle.hpp"

#include <cmath>

namespace wangge::bench {
namespace {

bool on_ring(const Ring& ring, Position p) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (on_segment(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], p)) return true;
  }
  return false;
}

}  // namespace

Oracle::Oracle(std::span<const GridRecord> records) : records_(records), cells_(file(*this)) {}

/// Files each area under the square cells that its box meets; there are about as many cells as areas.
coverage::PackedLists Oracle::file(Oracle& o) {
  for (const GridRecord& record : o.records_) o.box_.add(o.boxes_.emplace_back(bounds(record.polygons)));
  const double width = double(o.box_.max.x) - o.box_.min.x, height = double(o.box_.max.y) - o.box_.min.y;
  o.side_ = static_cast<std::int64_t>(std::sqrt(width * height / double(o.records_.size()))) + 1;
  o.columns_ = static_cast<std::int64_t>(width) / o.side_ + 1;
  o.rows_ = static_cast<std::int64_t>(height) / o.side_ + 1;
  return coverage::PackedLists(static_cast<std::size_t>(o.columns_ * o.rows_), [&](const auto& add) {
    for (std::uint32_t i = 0; i < o.boxes_.size(); ++i) {
      if (o.boxes_[i].empty()) continue;
      const std::size_t low = o.cell(o.boxes_[i].min), high = o.cell(o.boxes_[i].max);
      const auto columns = static_cast<std::size_t>(o.columns_);
      for (std::size_t row = low / columns; row <= high / columns; ++row) {
        for (std::size_t column = low % columns; column <= high % columns; ++column) add(row * columns + column, i);
      }
    }
  });
}

std::size_t Oracle::cell(Position p) const {
  return static_cast<std::size_t>((std::int64_t{p.y} - box_.min.y) / side_ * columns_ +
                                  (std::int64_t{p.x} - box_.min.x) / side_);
}

template <class Visit>
void Oracle::for_each_near(Position p, const Visit& visit) const {
  if (!box_.contains(p)) return;
  for (const std::uint32_t i : cells_[cell(p)]) {
    if (boxes_[i].contains(p)) visit(i);
  }
}

Oracle::Owners Oracle::owners(Position p) const {
  Owners owners;
  for_each_near(p, [&](std::uint32_t i) {
    if (contains(records_[i].polygons, p) && owners.count++ == 0) owners.first = i;
  });
  return owners;
}

bool Oracle::on_border(Position p) const {
  bool found = false;
  for_each_near(p, [&](std::uint32_t i) {
    for (const Polygon& polygon : records_[i].polygons) {
      found |= on_ring(polygon.outer, p);
      for (const Ring& hole : polygon.holes) found |= on_ring(hole, p);
    }
  });
  return found;
}

}  // namespace wangge::bench
