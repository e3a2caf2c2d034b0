#pragma once

#include <string>
#include <vector>

#include <wangge/planning.hpp>

namespace wangge::app {

/// The profile of that name, ready-made or a JSON file. Throws `not_found` where it is neither, and whatever
/// `read_profile` throws.
Profile find_profile(const std::string& name_or_file);

/// The profile with that range, MIN:MAX, where one is given; its target goes where it lies outside. Throws
/// `invalid_argument`.
Profile with_range(Profile profile, const std::string& range);

/// Pairs of units as given on the command line for `option`: each argument is a CSV file with the columns `unit` and
/// `other`, or two unit ids with a comma between. Throws `not_found` naming a unit that is not there, and whatever
/// `read_unit_pairs` throws.
std::vector<UnitPair> find_pairs(const std::string& option, const std::vector<std::string>& arguments,
                                 const UnitTable& units);

}  // namespace wangge::app
