#pragma once

#include <memory>
#include <span>
#include <string>

#include <wangge/export.hpp>
#include <wangge/geometry.hpp>

namespace wangge {

/// Brings coordinates of one coordinate reference system to WGS 84 degrees, through PROJ. Move-only; use one a thread.
class WANGGE_EXPORT ToWgs84 {
 public:
  /// `crs` is whatever PROJ understands: "EPSG:4547", WKT, PROJJSON. x is east and y north (easting first, longitude
  /// first) whatever the definition's own axis order, as GIS files hold them. Throws `missing_crs` for an empty text,
  /// `unsupported` for one that PROJ does not know.
  explicit ToWgs84(const std::string& crs);
  ~ToWgs84();
  ToWgs84(ToWgs84&&) noexcept;
  ToWgs84& operator=(ToWgs84&&) noexcept;

  /// In place; a coordinate that cannot be transformed becomes NaN.
  void transform(std::span<LngLat> coordinates) const;
  /// True where nothing changes (WGS 84 itself, CGCS2000 degrees).
  bool identity() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge
