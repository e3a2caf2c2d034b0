#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace wangge::map {

/// A file read by mapping it into memory; others must replace it by renaming and never shorten it meanwhile.
class MappedFile {
 public:
  /// Throws Error{not_found} or Error{unreadable} naming the file.
  explicit MappedFile(const std::filesystem::path& file);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace wangge::map
