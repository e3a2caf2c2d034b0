#pragma once

#include <stdexcept>
#include <string>

#include <wangge/export.hpp>

namespace wangge {

/// What kind of call could not be carried out.
enum class Errc {
  invalid_argument,  ///< an option or a value outside its documented range
  invalid_geometry,  ///< a ring that crosses itself, a coordinate off the Earth or not a number
  invalid_coverage,  ///< areas that overlap, or a child outside its parent
  invalid_units,     ///< a unit without an id, twice the same id, a bad household count
  missing_field,     ///< a column that the call needs is not in the input
  missing_crs,       ///< the input does not say its coordinate reference system
  not_found,         ///< a file, a layer or a code that does not exist
  unsupported,       ///< a format or a feature that this build does not have
  unreadable,        ///< a file that is there but cannot be understood
  corrupt_file,      ///< a map file that is damaged or was tampered with
  not_writable,      ///< an output that cannot be created or filled
  stale_change,      ///< a change set made for another revision
  stopped,           ///< the caller asked to stop and there is nothing to hand back
  contradiction,     ///< wishes that exclude each other, such as a link across a hard barrier
};

/// A call that cannot be carried out. `what()` is one line that names the thing, the place and the remedy.
class WANGGE_EXPORT Error : public std::runtime_error {
 public:
  Error(Errc code, const std::string& what) : std::runtime_error(what), code_(code) {}
  Errc code() const noexcept { return code_; }

 private:
  Errc code_;
};

}  // namespace wangge
