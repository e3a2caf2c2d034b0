#include "coverage/face_locator.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::coverage {
namespace {

/// Of two edges that both cross the line just north of y and do not cross each other: true where `s` is further east.
bool further_east(Position s_low, Position s_high, Position t_low, Position t_high, std::int32_t y) {
  // x = low.x + (y - low.y) · slope, compared as fractions; where they meet, the slope decides.
  const Int128 s_dy = std::int64_t{s_high.y} - s_low.y, t_dy = std::int64_t{t_high.y} - t_low.y;
  const Int128 s_dx = std::int64_t{s_high.x} - s_low.x, t_dx = std::int64_t{t_high.x} - t_low.x;
  const Int128 s_x = s_low.x * s_dy + (std::int64_t{y} - s_low.y) * s_dx;
  const Int128 t_x = t_low.x * t_dy + (std::int64_t{y} - t_low.y) * t_dx;
  if (s_x * t_dy != t_x * s_dy) return s_x * t_dy > t_x * s_dy;
  return s_dx * t_dy > t_dx * s_dy;
}

double x_at(Position low, Position high, std::int32_t y) {
  return low.x + (double(y) - low.y) * (double(high.x) - low.x) / (double(high.y) - low.y);
}

}  // namespace

std::vector<FaceLocator::Slope> FaceLocator::slopes_of(const Arrangement& a) {
  std::vector<Slope> slopes;
  for (std::uint32_t half = 0; half < 2 * a.edge_count(); half += 2) {
    Position last = a.from(half);
    const auto go_to = [&](Position p) {
      if (p.y > last.y) slopes.push_back({last, p, half + 1});
      if (p.y < last.y) slopes.push_back({p, last, half});
      last = p;
    };
    a.for_each_position(half, go_to);
    go_to(a.to(half));
  }
  return slopes;
}

double FaceLocator::suitable_cell(const std::vector<Slope>& slopes) {
  double sum = 0;
  for (const Slope& s : slopes) sum += std::abs(double(s.low.x) - s.high.x) + double(s.high.y) - s.low.y;
  return std::max(64.0, 2 * sum / double(std::max<std::size_t>(1, slopes.size())));
}

FaceLocator::FaceLocator(const Arrangement& arrangement)
    : arrangement_(arrangement),
      slopes_(slopes_of(arrangement)),
      grid_(slopes_.size(), suitable_cell(slopes_)),
      cells_(grid_.buckets(), [this](const auto& add) {
        for (std::uint32_t i = 0; i < slopes_.size(); ++i)
          grid_.along(slopes_[i].low, slopes_[i].high, [&](std::size_t bucket) { add(bucket, i); });
      }) {
  for (const Slope& s : slopes_) west_ = std::min({west_, s.low.x, s.high.x});
}

std::uint32_t FaceLocator::face_of(Position p) const {
  const std::uint32_t half = nearest(p, false);
  return half == nothing ? outside : arrangement_.left(half);
}

std::uint32_t FaceLocator::nearest(Position p, bool strictly_west) const {
  const Slope* best = nullptr;
  const std::int64_t row = grid_.row(p.y), end = grid_.row(west_);
  for (std::int64_t column = grid_.row(p.x); column >= end; --column) {
    for (const std::uint32_t i : cells_[grid_.bucket(column, row)]) consider(p, strictly_west, slopes_[i], best);
    // What is filed in cells further west cannot be nearer than a hit well inside this one.
    if (best && x_at(best->low, best->high, p.y) >= double(column) * grid_.cell() + 1) break;
  }
  return best ? best->south : nothing;
}

void FaceLocator::consider(Position p, bool strictly_west, const Slope& slope, const Slope*& best) const {
  if (slope.low.y > p.y || slope.high.y <= p.y) return;
  const int side = orientation(slope.low, slope.high, p);
  if (side > 0 || (side == 0 && strictly_west)) return;
  if (!best || further_east(slope.low, slope.high, best->low, best->high, p.y)) best = &slope;
}

}  // namespace wangge::coverage
