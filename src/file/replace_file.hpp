#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include <wangge/export.hpp>

namespace wangge::file {

/// Replaces `file` by these bytes, or leaves it as it was: a temporary file beside it is filled, flushed to the disk
/// and renamed. Throws Error{not_writable} naming the file and the reason; nothing half-written is left behind.
WANGGE_EXPORT void replace_file(const std::filesystem::path& file, std::span<const std::byte> bytes);

/// The same for a file that is written piece by piece: it replaces `file` when it is whole, at `commit`, or not at all.
/// Each call throws Error{not_writable}.
class WANGGE_EXPORT Replacement {
 public:
  explicit Replacement(const std::filesystem::path& file);
  Replacement(Replacement&&) noexcept;
  ~Replacement();
  void append(std::span<const std::byte> bytes);
  void commit();

 private:
  class Temporary;
  std::unique_ptr<Temporary> temporary_;
};

/// Throws what `replace_file` would throw at once, such as for a folder that does not exist: asked before long work, it
/// spares the caller to find out after it.
WANGGE_EXPORT void check_replaceable(const std::filesystem::path& file);

}  // namespace wangge::file
