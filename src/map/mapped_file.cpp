#include "map/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <wangge/error.hpp>

namespace wangge::map {

MappedFile::MappedFile(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) throw Error(Errc::not_found, file.string() + " does not exist; check the name");
    throw Error(Errc::unreadable, file.string() + " cannot be opened: " + std::strerror(errno));
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    throw Error(Errc::unreadable, file.string() + (S_ISDIR(status.st_mode) ? " is a folder; name a file in it"
                                                                           : " is not a regular file; name another"));
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* start = size > 0 ? mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : nullptr;
  const int reason = errno;
  close(descriptor);
  if (start == MAP_FAILED)
    throw Error(Errc::unreadable, file.string() + " cannot be mapped into memory: " + std::strerror(reason));
  bytes_ = {static_cast<const std::byte*>(start), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace wangge::map
