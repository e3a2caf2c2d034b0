#include "app/csv_points.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "io/cells.hpp"
#include <wangge/error.hpp>

namespace wangge::app {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20, longest_row = std::size_t{16} << 20;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// What ends a cell that is not quoted.
constexpr std::array<bool, 256> stops = [] {
  std::array<bool, 256> stop{};
  stop[','] = stop['\r'] = stop['\n'] = true;
  return stop;
}();

constexpr std::string_view lng_names[] = {"lng", "lon", "long", "longitude", "x", "经度"},
                           lat_names[] = {"lat", "latitude", "y", "纬度"};

/// Not a number where the cell is none.
double degrees(std::string_view cell) {
  return io::parse_number(cell).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

/// Not blocking, so that Ctrl-C is heeded also before somebody writes to a named pipe.
CsvPoints::Input::Input(const std::filesystem::path& file)
    : descriptor_(file == "-" ? STDIN_FILENO : open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0 && errno == ENOENT)
    throw Error(Errc::not_found, file.string() + " does not exist; check the name");
  if (descriptor_ < 0) throw Error(Errc::unreadable, file.string() + " cannot be opened: " + std::strerror(errno));
}

CsvPoints::Input::~Input() {
  if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

CsvPoints::CsvPoints(const std::filesystem::path& file, bool skip_unreadable, const Session& session)
    : session_(session), file_(file == "-" ? "standard input" : file), skip_unreadable_(skip_unreadable), input_(file) {
  struct stat status {};
  if (fstat(input_.descriptor(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw Error(Errc::unreadable, file_.string() + " is a folder; name a file in it");
    if (S_ISREG(status.st_mode)) file_bytes_ = static_cast<std::uint64_t>(status.st_size);
  }
  read_header();
}

double CsvPoints::share() const {
  return file_bytes_ > 0 ? static_cast<double>(read_bytes_) / static_cast<double>(file_bytes_) : 0;
}

void CsvPoints::refuse(const std::string& what) const {
  io::refuse(Errc::unreadable, file_.string() + ", line " + std::to_string(line_), what);
}

/// Moves what is left to the front and reads what has come, so that rows are answered as they come in; false where the
/// input had ended before. After Ctrl-C it adds nothing: the caller looks into it.
bool CsvPoints::refill() {
  if (ended_) return false;
  const auto left = static_cast<std::size_t>(end_ - at_);
  if (left > longest_row) refuse("the row has no end within 16 MB; close its quotes");
  if (left > 0) std::memmove(buffer_.data(), at_, left);
  buffer_.resize(left + piece + 1);
  std::size_t filled = left + read_some(buffer_.data() + left);
  if (ended_ && filled > 0 && buffer_[filled - 1] != '\n' && buffer_[filled - 1] != '\r') buffer_[filled++] = '\n';
  at_ = buffer_.data();
  end_ = at_ + filled;
  return true;
}

std::size_t CsvPoints::read_some(char* to) {
  ssize_t got = -1;
  while (got < 0 && session_.wait_for_input(input_.descriptor())) {
    got = read(input_.descriptor(), to, piece);
    if (got < 0 && errno != EINTR && errno != EAGAIN)
      throw Error(Errc::unreadable, file_.string() + " cannot be read: " + std::strerror(errno));
  }
  ended_ = got == 0;
  const auto bytes = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  read_bytes_ += bytes;
  return bytes;
}

void CsvPoints::note_cell(std::string_view cell) {
  if (cells_ == lng_) lng_cell_ = cell;
  if (cells_ == lat_) lat_cell_ = cell;
  if (names_.empty()) header_cells_.push_back(cell);
  ++cells_;
}

/// From the opening quote to behind the closing one.
CsvPoints::Row CsvPoints::scan_quoted() {
  const char* const from = ++at_;
  for (;; ++at_) {
    at_ = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (at_ == nullptr) return ended_ ? Row::unclosed : Row::cut;
    if (++at_ == end_) return Row::cut;
    if (*at_ != '"') break;
  }
  next_line_ += static_cast<std::uint64_t>(std::count(from, at_, '\n'));
  note_cell({from, static_cast<std::size_t>(at_ - from - 1)});
  if (!stops[static_cast<unsigned char>(*at_)]) refuse("text follows a closing quote; double the quotes within a cell");
  return Row::whole;
}

/// One row, up to its line end.
CsvPoints::Row CsvPoints::scan() {
  cells_ = 0;
  line_ = next_line_;
  for (;; ++at_) {
    if (at_ != end_ && *at_ == '"') {
      if (const Row row = scan_quoted(); row != Row::whole) return row;
    } else {
      const char* const from = at_;
      while (at_ != end_ && !stops[static_cast<unsigned char>(*at_)]) ++at_;
      if (at_ == end_) return Row::cut;
      note_cell({from, static_cast<std::size_t>(at_ - from)});
    }
    if (*at_ == ',') continue;
    return *at_ == '\r' && at_ + 1 == end_ && !ended_ ? Row::cut : Row::whole;
  }
}

void CsvPoints::end_line() {
  const bool both = *at_ == '\r' && at_ + 1 != end_ && at_[1] == '\n';
  at_ += both ? 2 : 1;
  ++next_line_;
}

void CsvPoints::read_header() {
  Row row = Row::cut;
  while (row == Row::cut && refill()) {
    session_.leave_if_interrupted();
    if (std::string_view(at_, end_).starts_with(byte_order_mark)) at_ += byte_order_mark.size();
    header_cells_.clear();
    next_line_ = 1;
    row = at_ == end_ ? Row::cut : scan();
    if (row == Row::cut) at_ = buffer_.data();
  }
  if (row == Row::unclosed) refuse("a quote is opened and never closed");
  if (row == Row::cut) refuse("the file is empty; begin it with a header that names lng and lat");
  header_.assign(buffer_.data(), static_cast<std::size_t>(at_ - buffer_.data()));
  if (!io::is_utf8(header_)) refuse("this is not UTF-8 text; save the file as \"CSV UTF-8\" (or iconv -f GB18030)");
  names_.assign(header_cells_.begin(), header_cells_.end());
  const char* const line_end = at_;
  end_line();
  line_end_.assign(line_end, static_cast<std::size_t>(at_ - line_end));
  io::check_separator(file_.string(), names_);
  lng_ = column_called(lng_names);
  lat_ = column_called(lat_names);
}

std::size_t CsvPoints::column_called(std::span<const std::string_view> names) const {
  if (const auto column = io::find_field(names_, names)) return *column;
  io::refuse(Errc::missing_field, file_.string(),
             "no column is called " + std::string(names[0]) +
                 "; name those of the position lng and lat, in WGS 84 degrees; there are " + io::list_fields(names_));
}

void CsvPoints::refuse_column(std::string_view name) const {
  if (std::ranges::find(names_, name) != names_.end())
    refuse("there is a column " + std::string(name) + " already, where the answer goes; rename it");
}

void CsvPoints::take_row(std::string_view text, Rows& rows) {
  if (cells_ != names_.size())
    refuse("there are " + std::to_string(cells_) + " cells where the header has " + std::to_string(names_.size()) +
           "; quote cells that hold a comma");
  const LngLat place{degrees(lng_cell_), degrees(lat_cell_)};
  if (!on_earth(place)) {
    if (!skip_unreadable_)
      refuse("this is no position on Earth: " + names_[lng_] + " " + std::string(lng_cell_) + ", " + names_[lat_] +
             " " + std::string(lat_cell_) + "; give WGS 84 degrees, or pass over such rows with --skip-bad");
    ++rows.unreadable;
  }
  rows.texts.push_back(text);
  rows.places.push_back(place);
}

bool CsvPoints::next(Rows& rows) {
  rows.texts.clear(), rows.places.clear();
  rows.unreadable = 0;
  if (!refill() && at_ == end_) return false;
  const char* const begin = at_;
  while (at_ != end_) {
    const char* const from = at_;
    const Row row = scan();
    if (row == Row::unclosed) refuse("a quote is opened and never closed");
    if (row == Row::cut) {
      at_ = from;
      next_line_ = line_;
      break;
    }
    const std::string_view text(from, static_cast<std::size_t>(at_ - from));
    if (!text.empty()) take_row(text, rows);
    end_line();
  }
  if (!io::is_utf8({begin, static_cast<std::size_t>(at_ - begin)}))
    refuse("here or shortly before is text that is not UTF-8; save the file as \"CSV UTF-8\" (or iconv -f GB18030)");
  return true;
}

}  // namespace wangge::app
