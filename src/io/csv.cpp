#include <algorithm>

#include "io/cells.hpp"
#include "io/features.hpp"
#include <wangge/error.hpp>

namespace wangge::io {
namespace {

/// RFC 4180 with CR, LF or CRLF at the line ends: quotes around a cell, doubled within.
class CsvReader {
 public:
  CsvReader(const std::filesystem::path& path, std::string_view text) : path_(path), rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::uint64_t line() const { return line_; }

  /// The next record; the number of its first line is `line()` before the call.
  std::vector<std::string> record() {
    std::vector<std::string> cells;
    do cells.push_back(rest_.starts_with('"') ? quoted_cell() : plain_cell());
    while (skip(','));
    if (!at_end() && !skip_line_end()) refuse("has text after a closing quote; double the quotes within a cell");
    return cells;
  }

 private:
  std::string plain_cell() {
    const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string cell(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return cell;
  }

  std::string quoted_cell() {
    const std::uint64_t opened = line_;
    std::string cell;
    rest_.remove_prefix(1);
    for (;;) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        line_ = opened;
        refuse("opens a quote that is never closed");
      }
      append(cell, rest_.substr(0, quote));
      rest_.remove_prefix(quote + 1);
      if (!skip('"')) return cell;
      cell += '"';
    }
  }

  void append(std::string& cell, std::string_view text) {
    for (const char c : text) line_ += c == '\n';
    cell += text;
  }

  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool skip_line_end() {
    const bool cr = skip('\r'), lf = skip('\n');
    line_ += cr || lf;
    return cr || lf;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(Errc::unreadable, path_.string() + ", line " + std::to_string(line_) + " " + what);
  }

  const std::filesystem::path& path_;
  std::string_view rest_;
  std::uint64_t line_ = 1;
};

void check_width(const std::filesystem::path& path, std::uint64_t line, std::size_t cells, std::size_t columns) {
  if (cells == columns) return;
  throw Error(Errc::unreadable, path.string() + ", line " + std::to_string(line) + " has " + std::to_string(cells) +
                                    " cells where the header has " + std::to_string(columns) +
                                    "; quote cells that hold a comma");
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

}  // namespace

FeatureFile read_csv(const std::filesystem::path& path) {
  const std::string bytes = read_bytes(path);
  if (!is_utf8(bytes))
    throw Error(Errc::unreadable, path.string() + " is not UTF-8 text; save it as \"CSV UTF-8\" (or iconv -f GB18030)");
  CsvReader reader(path, without_byte_order_mark(bytes));
  Layer layer;
  layer.numbered_as = "line";
  layer.typed = false;
  layer.fields = reader.record();
  check_separator(path.string(), layer.fields);
  while (!reader.at_end()) {
    const std::uint64_t line = reader.line();
    std::vector<std::string> cells = reader.record();
    if (cells.size() == 1 && cells[0].empty()) continue;
    check_width(path, line, cells.size(), layer.fields.size());
    Feature feature{line, {}, {}};
    for (std::string& cell : cells) feature.values.emplace_back(std::move(cell));
    layer.features.push_back(std::move(feature));
  }
  return {path, {std::move(layer)}};
}

}  // namespace wangge::io
