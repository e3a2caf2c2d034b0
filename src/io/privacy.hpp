#pragma once

#include <string_view>

#include "io/features.hpp"

namespace wangge::io {

/// 18 characters whose last is the check character of GB 11643: a citizen's identity number.
bool looks_like_identity_number(std::string_view text);
/// A mobile phone number of mainland China: 11 digits from 13 to 19, perhaps after +86 and with separators.
bool looks_like_phone_number(std::string_view text);

enum class Personal { no, identity_numbers, phone_numbers };
/// What more than half of the filled cells of a column look like.
Personal personal_data_in(const Layer& layer, std::size_t column);

}  // namespace wangge::io
