#include "io/cells.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <cmath>
#include <cstdio>
#include <limits>

#include <wangge/error.hpp>

namespace wangge::io {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string shortest(double number) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return {digits, end};
}

/// Bytes of the UTF-8 sequence that begins with this byte; 0 where none does.
int sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<double> to_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value))
    return std::isfinite(*number) ? std::optional(*number) : std::nullopt;
  if (const auto* text = std::get_if<std::string>(&value)) return parse_number(*text);
  return std::nullopt;
}

std::optional<std::uint32_t> to_count(const Value& value) {
  const std::optional<double> number = to_number(value);
  if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max() || *number != std::floor(*number))
    return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::string to_text(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (std::abs(*number) < exact && *number == std::floor(*number))
      return std::to_string(static_cast<std::int64_t>(*number));
    return shortest(*number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

bool is_empty(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return trimmed(*text).empty();
  if (const auto* number = std::get_if<double>(&value)) return std::isnan(*number);
  return std::holds_alternative<std::monostate>(value);
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    std::uint64_t eight = 0x80;
    if (i + sizeof eight <= bytes.size()) std::memcpy(&eight, bytes.data() + i, sizeof eight);
    if ((eight & 0x8080808080808080u) == 0) {
      i += sizeof eight;
      continue;
    }
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(bytes[i + k]); };
    const int length = sequence_length(byte(0));
    if (length == 0 || i + static_cast<std::size_t>(length) > bytes.size()) return false;
    for (int k = 1; k < length; ++k)
      if ((byte(static_cast<std::size_t>(k)) & 0xc0) != 0x80) return false;
    if (byte(0) == 0xe0 && byte(1) < 0xa0) return false;  // longer than need be
    if (byte(0) == 0xed && byte(1) > 0x9f) return false;  // half of a surrogate pair
    if (byte(0) == 0xf0 && byte(1) < 0x90) return false;
    if (byte(0) == 0xf4 && byte(1) > 0x8f) return false;  // above the last code point
    i += static_cast<std::size_t>(length);
  }
  return true;
}

std::optional<std::size_t> find_field(std::span<const std::string> fields, std::span<const std::string_view> names) {
  for (const std::string_view name : names)
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (same_name(trimmed(fields[i]), name)) return i;
  return std::nullopt;
}

std::string list_fields(std::span<const std::string> fields) {
  std::string list;
  for (const std::string& field : fields) list += (list.empty() ? "" : ", ") + field;
  return list.empty() ? "none" : list;
}

void check_separator(const std::string& place, std::span<const std::string> fields) {
  if (fields.size() != 1) return;
  for (const char* other : {";", "\t", "|", "，"})
    if (fields[0].find(other) != std::string::npos)
      refuse(Errc::unreadable, place, "the cells are not parted by commas (,); save it again with commas");
}

}  // namespace wangge::io
