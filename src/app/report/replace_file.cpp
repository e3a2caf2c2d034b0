#include "app/report/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <wangge/error.hpp>

namespace wangge::app {
namespace {

/// A file beside the one to replace; gone again unless it took that one's place.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& file)
      : file_(file), path_(file.string() + ".draft" + std::to_string(getpid())) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail();
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!placed_) unlink(path_.c_str());
  }

  void fill(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) fail();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void take_place() {
    if (fsync(descriptor_) != 0) fail();
    if (close(std::exchange(descriptor_, -1)) != 0) fail();
    if (rename(path_.c_str(), file_.c_str()) != 0) fail();
    placed_ = true;
  }

 private:
  [[noreturn]] void fail() const {
    const std::string reason = std::generic_category().message(errno);
    throw Error(Errc::not_writable, "cannot write " + file_.string() + ": " + reason +
                                        "; choose a folder that exists, has room and may be written");
  }

  std::filesystem::path file_, path_;
  int descriptor_ = -1;
  bool placed_ = false;
};

}  // namespace

void replace_file(const std::filesystem::path& file, std::string_view bytes) {
  Draft draft(file);
  draft.fill(bytes);
  draft.take_place();
}

}  // namespace wangge::app
