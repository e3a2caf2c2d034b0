#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.hpp"
#include <wangge/geometry.hpp>

namespace wangge::app {

/// A CSV file of positions, read as a stream: at most about a megabyte of it is in memory at a time. RFC 4180 in UTF-8,
/// with CR, LF or CRLF at the line ends and perhaps a byte order mark; blank lines are passed over. The header names
/// the columns of the position `lng, lon, long, longitude, x, 经度` and `lat, latitude, y, 纬度`, whatever their case.
class CsvPoints {
 public:
  /// Some rows, in the order of the file, as they stand in it but for the line end.
  struct Rows {
    std::vector<std::string_view> texts;
    std::vector<LngLat> places;  ///< one a row; not on Earth where the row's cannot be read
    std::size_t unreadable = 0;
  };

  /// Opens the file, or stdin where it is called "-", and reads the header. Throws `not_found`, `unreadable`,
  /// `missing_field`, `stopped`.
  CsvPoints(const std::filesystem::path& file, bool skip_unreadable, const Session& session);

  std::string_view header() const { return header_; }      ///< with the byte order mark
  std::string_view line_end() const { return line_end_; }  ///< the header's
  void refuse_column(std::string_view name) const;         ///< throws where the file has that column already

  /// The next rows, valid until the next call; false at the end. Throws `unreadable` naming the line for a row with
  /// more or fewer cells than the header, a quote never closed, or (unless these are skipped) no position on Earth.
  bool next(Rows& rows);
  double share() const;  ///< of the file that has been read; 0 where that is not known

 private:
  enum class Row { whole, cut, unclosed };

  /// What is read; stdin is left open at the end.
  class Input {
   public:
    explicit Input(const std::filesystem::path& file);
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input();
    int descriptor() const { return descriptor_; }

   private:
    int descriptor_;
  };

  bool refill();
  std::size_t read_some(char* to);
  void read_header();
  Row scan();
  Row scan_quoted();
  void note_cell(std::string_view cell);
  void end_line();
  void take_row(std::string_view text, Rows& rows);
  std::size_t column_called(std::span<const std::string_view> names) const;
  [[noreturn]] void refuse(const std::string& what) const;

  const Session& session_;
  std::filesystem::path file_;
  bool skip_unreadable_;
  Input input_;
  std::uint64_t file_bytes_ = 0, read_bytes_ = 0;
  std::string header_, line_end_;
  std::vector<std::string> names_;
  std::size_t lng_ = SIZE_MAX, lat_ = SIZE_MAX;

  std::vector<char> buffer_;
  const char *at_ = nullptr, *end_ = nullptr;  ///< what is left of the buffer
  bool ended_ = false;
  std::uint64_t line_ = 1, next_line_ = 1;
  std::size_t cells_ = 0;
  std::string_view lng_cell_, lat_cell_;
  std::vector<std::string_view> header_cells_;
};

}  // namespace wangge::app
