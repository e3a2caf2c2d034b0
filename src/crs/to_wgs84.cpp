#include <wangge/crs.hpp>

#include <proj.h>

#include <cmath>
#include <limits>

#include <wangge/error.hpp>

namespace wangge {
namespace {

struct FreeContext {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct FreeObject {
  void operator()(PJ* object) const { proj_destroy(object); }
};
using Context = std::unique_ptr<PJ_CONTEXT, FreeContext>;
using Object = std::unique_ptr<PJ, FreeObject>;

constexpr const char* wgs84 = "EPSG:4326";
constexpr const char* cgcs2000_degrees = "EPSG:4490";

void keep_last_message(void* text, int, const char* message) { *static_cast<std::string*>(text) = message; }

bool same_degrees(PJ_CONTEXT* context, const PJ* crs, const char* other) {
  const Object known(proj_create(context, other));
  return known &&
         proj_is_equivalent_to_with_ctx(context, crs, known.get(), PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS);
}

std::string shortened(const std::string& text) {
  constexpr std::size_t most = 60;
  const std::size_t end = text.find_first_of("\r\n");
  const std::string line = text.substr(0, end);
  return line.size() <= most ? line : line.substr(0, most) + "…";
}

}  // namespace

struct ToWgs84::Impl {
  std::string last_message;  // before the context, which writes to it until it is gone
  Context context{proj_context_create()};
  Object operation;  // none where nothing changes

  [[noreturn]] void refuse(const std::string& crs) const {
    const std::string reason = last_message.empty() ? "" : " (" + shortened(last_message) + ")";
    throw Error(Errc::unsupported, "coordinate reference system \"" + shortened(crs) +
                                       "\" cannot be brought to WGS 84" + reason +
                                       "; name one that PROJ knows, such as EPSG:4547, or save the data in WGS 84");
  }
};

ToWgs84::ToWgs84(const std::string& crs) : impl_(std::make_unique<Impl>()) {
  if (crs.empty())
    throw Error(Errc::missing_crs, "the coordinate reference system is not given; name one, such as EPSG:4547");
  PJ_CONTEXT* context = impl_->context.get();
  proj_log_func(context, &impl_->last_message, keep_last_message);
  const Object from(proj_create(context, crs.c_str()));
  if (!from || !proj_is_crs(from.get())) impl_->refuse(crs);
  if (same_degrees(context, from.get(), wgs84) || same_degrees(context, from.get(), cgcs2000_degrees)) return;
  const Object to(proj_create(context, wgs84));
  const Object operation(to ? proj_create_crs_to_crs_from_pj(context, from.get(), to.get(), nullptr, nullptr)
                            : nullptr);
  if (operation) impl_->operation.reset(proj_normalize_for_visualization(context, operation.get()));
  if (!impl_->operation) impl_->refuse(crs);
}

ToWgs84::~ToWgs84() = default;
ToWgs84::ToWgs84(ToWgs84&&) noexcept = default;
ToWgs84& ToWgs84::operator=(ToWgs84&&) noexcept = default;

bool ToWgs84::identity() const noexcept { return !impl_->operation; }

void ToWgs84::transform(std::span<LngLat> coordinates) const {
  if (identity() || coordinates.empty()) return;
  proj_trans_generic(impl_->operation.get(), PJ_FWD, &coordinates[0].lng, sizeof(LngLat), coordinates.size(),
                     &coordinates[0].lat, sizeof(LngLat), coordinates.size(), nullptr, 0, 0, nullptr, 0, 0);
  for (LngLat& place : coordinates)
    if (!std::isfinite(place.lng) || !std::isfinite(place.lat))
      place = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace wangge
