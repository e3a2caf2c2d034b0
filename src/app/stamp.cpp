#include "app/stamp.hpp"

#include <ctime>

#include <wangge/error.hpp>

namespace wangge::app {
namespace {

constexpr char time_format[] = "%Y-%m-%dT%H:%M:%SZ";

std::string to_text(const std::tm& utc) {
  char text[32];
  return {text, std::strftime(text, sizeof text, time_format, &utc)};
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm utc;
  gmtime_r(&seconds, &utc);
  return to_text(utc);
}

}  // namespace

void add_stamp(CLI::App& command, Stamp& stamp) {
  command.add_option("--reason", stamp.reason, "Why; for the plan's history");
  command.add_option("--author", stamp.author, "Who makes the change; for the plan's history");
  command.add_option("--time", stamp.time, "When, in UTC, such as 2024-05-01T08:00:00Z [now]");
}

void check(const Stamp& stamp) {
  if (stamp.time.empty()) return;
  std::tm utc{};
  const char* end = strptime(stamp.time.c_str(), time_format, &utc);
  const bool whole = end != nullptr && *end == '\0';
  if (whole) timegm(&utc);  // 30 February becomes 1 March, and is found out
  if (!whole || to_text(utc) != stamp.time)
    throw Error(Errc::invalid_argument, "--time " + stamp.time + " is no time; give one like 2024-05-01T08:00:00Z");
}

void put(const Stamp& stamp, ChangeSet& changes) {
  if (!stamp.reason.empty()) changes.reason = stamp.reason;
  if (!stamp.author.empty()) changes.author = stamp.author;
  changes.time = stamp.time.empty() ? now() : stamp.time;
}

}  // namespace wangge::app
