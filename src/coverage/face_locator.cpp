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

double suitable_cell(const Arrangement& a) {
  double sum = 0;
  for (std::uint32_t e = 0; e < a.edge_count(); ++e) {
    sum += std::abs(double(a.from(2 * e).x) - a.to(2 * e).x) + std::abs(double(a.from(2 * e).y) - a.to(2 * e).y);
  }
  return std::max(64.0, 2 * sum / std::max(1u, a.edge_count()));
}

/// The half-edge of `edge` that runs south.
std::uint32_t southward(const Arrangement& a, std::uint32_t edge) {
  return a.from(2 * edge).y > a.to(2 * edge).y ? 2 * edge : 2 * edge + 1;
}

double x_at(Position low, Position high, std::int32_t y) {
  return low.x + (double(y) - low.y) * (double(high.x) - low.x) / (double(high.y) - low.y);
}

}  // namespace

FaceLocator::FaceLocator(const Arrangement& arrangement)
    : arrangement_(arrangement),
      grid_(arrangement.edge_count(), suitable_cell(arrangement)),
      cells_(grid_.buckets(), [&](const auto& add) {
        for (std::uint32_t e = 0; e < arrangement.edge_count(); ++e) {
          grid_.along(arrangement.from(2 * e), arrangement.to(2 * e), [&](std::size_t bucket) { add(bucket, e); });
        }
      }) {
  for (std::uint32_t h = 0; h < 2 * arrangement.edge_count(); ++h) west_ = std::min(west_, arrangement.from(h).x);
}

std::uint32_t FaceLocator::face_of(Position p) const {
  const std::uint32_t half = nearest(p, false);
  return half == nothing ? outside : arrangement_.left(half);
}

std::uint32_t FaceLocator::nearest(Position p, bool strictly_west) const {
  std::uint32_t best = nothing;
  const std::int64_t row = grid_.row(p.y), end = grid_.row(west_);
  for (std::int64_t column = grid_.row(p.x); column >= end; --column) {
    for (const std::uint32_t edge : cells_[grid_.bucket(column, row)]) consider(p, strictly_west, edge, best);
    // What is filed in cells further west cannot be nearer than a hit well inside this one.
    if (best == nothing) continue;
    if (x_at(arrangement_.to(best), arrangement_.from(best), p.y) >= double(column) * grid_.cell() + 1) break;
  }
  return best;
}

void FaceLocator::consider(Position p, bool strictly_west, std::uint32_t edge, std::uint32_t& best) const {
  const std::uint32_t south = southward(arrangement_, edge);
  const Position low = arrangement_.to(south), high = arrangement_.from(south);
  if (low.y > p.y || high.y <= p.y) return;
  const int side = orientation(low, high, p);
  if (side > 0 || (side == 0 && strictly_west)) return;
  if (best == nothing || further_east(low, high, arrangement_.to(best), arrangement_.from(best), p.y)) best = south;
}

}  // namespace wangge::coverage
