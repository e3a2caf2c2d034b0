#include "io/ogr_session.hpp"

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <mutex>

namespace wangge::io {
namespace {

void register_drivers() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (GDALGetDriverCount() == 0) GDALAllRegister();
  });
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return text;
}

}  // namespace

GdalMessages::GdalMessages() {
  register_drivers();
  CPLPushErrorHandlerEx(keep, this);
}

GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

void GdalMessages::keep(CPLErr kind, CPLErrorNum, const char* message) {
  auto& self = *static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
  const std::string line = on_one_line(message);
  if (kind == CE_Debug) return self.details_.push_back(line);
  std::string& first = kind >= CE_Failure ? self.failure_ : self.warning_;
  if (first.empty()) first = line;
  if (kind == CE_Warning) ++self.warnings_[line];
}

ThreadOption::ThreadOption(const char* key, const char* value) : key_(key) {
  const char* before = CPLGetThreadLocalConfigOption(key, nullptr);
  was_set_ = before != nullptr;
  if (was_set_) before_ = before;
  CPLSetThreadLocalConfigOption(key, value);
}

ThreadOption::~ThreadOption() { CPLSetThreadLocalConfigOption(key_.c_str(), was_set_ ? before_.c_str() : nullptr); }

MemoryFile::MemoryFile(const std::string& name)
    : path_("/vsimem/wangge-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + "/" + name) {}

MemoryFile::~MemoryFile() { VSIUnlink(path_.c_str()); }

}  // namespace wangge::io
