#pragma once

#include <string>

#include <wangge/change_set.hpp>

namespace wangge::io {

/// The change set as one line of JSON: {"base_revision", "reason", "changes": [{"operation": create | retire, "code",
/// "name", "level", "parent", "kind", "coordinates": as in a GeoJSON MultiPolygon, degrees of 7 decimals}]}.
std::string to_json(const ChangeSet& changes);

}  // namespace wangge::io
