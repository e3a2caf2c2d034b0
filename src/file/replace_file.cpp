#include "file/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <wangge/error.hpp>

namespace wangge::file {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& reason) {
  throw Error(Errc::not_writable, file.string() + " cannot be written: " + reason);
}

std::string reason_of(int number) {
  switch (number) {
    case ENOENT:
      return "its folder does not exist; create it first";
    case EACCES:
    case EPERM:
      return "permission denied; choose another folder";
    case EROFS:
      return "the disk is read-only; choose another folder";
    case ENOSPC:
      return "the disk is full; free some space";
    case EDQUOT:
      return "the disk quota is used up; free some space";
    case EFBIG:
      return "it would be larger than allowed here";
    default:
      return std::strerror(number);
  }
}

/// The name is safe only once its folder has reached the disk too.
void flush_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

/// What the file is once links are followed: a link keeps pointing to what it did.
fs::path target_of(const fs::path& file) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(file), error);
  if (error) refuse(file, error.message());
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) refuse(file, "it is a folder; name a file in it");
  if (fs::exists(status) && !fs::is_regular_file(status)) refuse(file, "it is not a regular file; name another");
  if (fs::exists(status) && access(target.c_str(), W_OK) != 0) refuse(file, "it is write-protected; name another");
  return target;
}

}  // namespace

/// A file that is removed again unless it was renamed to its final name.
class Replacement::Temporary {
 public:
  explicit Temporary(const fs::path& file) : file_(file) {
    static std::atomic<unsigned> count = 0;  // so that two threads may write the same file
    std::string name(".");
    name += file.filename().string() + "." + std::to_string(getpid()) + "." + std::to_string(count++) + ".tmp";
    path_ = file.parent_path() / name;
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) refuse(file_, reason_of(errno));
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!renamed_) unlink(path_.c_str());
  }

  void fill(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) refuse(file_, reason_of(written < 0 ? errno : EIO));
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void rename_to_file() {
    if (fsync(descriptor_) != 0) refuse(file_, reason_of(errno));
    if (close(std::exchange(descriptor_, -1)) != 0) refuse(file_, reason_of(errno));
    if (std::rename(path_.c_str(), file_.c_str()) != 0) refuse(file_, reason_of(errno));
    renamed_ = true;
    flush_folder(file_.parent_path());
  }

 private:
  fs::path file_, path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

Replacement::Replacement(const fs::path& file) : temporary_(std::make_unique<Temporary>(target_of(file))) {}
Replacement::Replacement(Replacement&&) noexcept = default;
Replacement::~Replacement() = default;
void Replacement::append(std::span<const std::byte> bytes) { temporary_->fill(bytes); }
void Replacement::commit() { temporary_->rename_to_file(); }

void replace_file(const fs::path& file, std::span<const std::byte> bytes) {
  Replacement replacement(file);
  replacement.append(bytes);
  replacement.commit();
}

void check_replaceable(const fs::path& file) {
  const Replacement tried(file);  // not every reason shows in the permissions
}

}  // namespace wangge::file
