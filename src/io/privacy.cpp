#include "io/privacy.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "io/cells.hpp"

namespace wangge::io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool plausible_birthday(std::string_view text) {
  const std::string_view year = text.substr(6, 4), month = text.substr(10, 2), day = text.substr(12, 2);
  return year >= "1850" && year < "2200" && month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

}  // namespace

bool looks_like_identity_number(std::string_view text) {
  constexpr std::array weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view check = "10X98765432";
  if (text.size() != 18 || !std::all_of(text.begin(), text.end() - 1, is_digit) || !plausible_birthday(text))
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (text[i] - '0');
  const char last = text[17] == 'x' ? 'X' : text[17];
  return last == check[static_cast<std::size_t>(sum % 11)];
}

bool looks_like_phone_number(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c))
      digits += c;
    else if (c != ' ' && c != '-' && c != '+')
      return false;
  }
  std::string_view number = digits;
  if (number.size() == 13 && number.starts_with("86")) number.remove_prefix(2);
  return number.size() == 11 && number[0] == '1' && number[1] >= '3';
}

Personal personal_data_in(const Layer& layer, std::size_t column) {
  std::size_t filled = 0, identities = 0, phones = 0;
  for (const Feature& feature : layer.features) {
    const std::string text = to_text(feature.values[column]);
    if (text.empty()) continue;
    ++filled;
    identities += looks_like_identity_number(text);
    phones += looks_like_phone_number(text);
  }
  if (2 * identities > filled) return Personal::identity_numbers;
  return 2 * phones > filled ? Personal::phone_numbers : Personal::no;
}

}  // namespace wangge::io
