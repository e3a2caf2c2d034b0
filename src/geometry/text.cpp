#include "geometry/text.hpp"

#include <array>
#include <charconv>

namespace wangge::geometry {
namespace {

std::string fixed(double value, int decimals) {
  std::array<char, 64> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), end.ptr};
}

}  // namespace

std::string to_text(Position position) {
  const LngLat place = to_degrees(position);
  return fixed(place.lng, 6) + "," + fixed(place.lat, 6);
}

std::string area_text(double area_m2) { return fixed(area_m2, area_m2 < 10 ? 2 : 0) + " m²"; }

}  // namespace wangge::geometry
