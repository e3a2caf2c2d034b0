#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/features.hpp"
#include "io/ogr_geopackage.hpp"
#include <wangge/change_set.hpp>

/// Table `changes` of a plan: a row a revision, each with the SHA-256 of the row before, a line feed and its own JSON,
/// so that nobody can alter, drop or add one in the middle without a trace.
namespace wangge::io {

void write_history(GeoPackage& package, std::span<const ChangeSet> history);

/// Reads it back. A plan from before there were hashes has one row without. Throws `unreadable` naming the revision
/// whose row was altered by hand, or whose predecessor is missing.
std::vector<ChangeSet> read_history(const FeatureFile& file, const Layer& layer);

}  // namespace wangge::io
