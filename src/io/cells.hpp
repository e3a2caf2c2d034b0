#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/features.hpp"
#include <wangge/export.hpp>

/// Strict readings of single cells: the whole cell is what it claims to be, or it is not.
namespace wangge::io {

/// A finite decimal number and nothing else ("12", "-3.5", "1e3"); spaces around it are passed over.
WANGGE_EXPORT std::optional<double> parse_number(std::string_view text);
std::optional<double> to_number(const Value& value);

/// The value as a count; nothing where it is empty, negative, fractional, not a number or above 2^32-1.
std::optional<std::uint32_t> to_count(const Value& value);

/// The value as text, numbers without a needless fraction; empty where it is empty.
std::string to_text(const Value& value);

bool is_empty(const Value& value);
WANGGE_EXPORT bool is_utf8(std::string_view bytes);

/// The field called by the first of these names that is there, whatever its case and the spaces around it; or nothing.
WANGGE_EXPORT std::optional<std::size_t> find_field(std::span<const std::string> fields,
                                                    std::span<const std::string_view> names);

/// "a, b, c", or "none".
WANGGE_EXPORT std::string list_fields(std::span<const std::string> fields);

/// Refuses the header of a CSV file whose cells are parted by another sign than the comma.
WANGGE_EXPORT void check_separator(const std::string& place, std::span<const std::string> fields);

}  // namespace wangge::io
