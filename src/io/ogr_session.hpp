#pragma once

#include <cpl_error.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wangge::io {

struct CloseDataset {
  void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;

struct DestroyFeature {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};
using OgrFeature = std::unique_ptr<OGRFeature, DestroyFeature>;

/// While it lives, what GDAL would print on this thread is kept here instead, and GDAL's drivers are there.
class GdalMessages {
 public:
  GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;
  ~GdalMessages();

  bool failed() const noexcept { return !failure_.empty(); }
  /// The first failure, else the first warning, in GDAL's words and on one line; or empty.
  const std::string& text() const noexcept { return failed() ? failure_ : warning_; }
  /// How often each warning was given.
  const std::map<std::string, int>& warnings() const noexcept { return warnings_; }
  /// What a driver says of its work where the option CPL_DEBUG asks for it.
  const std::vector<std::string>& details() const noexcept { return details_; }

 private:
  static void CPL_STDCALL keep(CPLErr kind, CPLErrorNum number, const char* message);
  std::string failure_, warning_;
  std::map<std::string, int> warnings_;
  std::vector<std::string> details_;
};

/// Sets one of GDAL's options for this thread while it lives.
class ThreadOption {
 public:
  ThreadOption(const char* key, const char* value);
  ThreadOption(const ThreadOption&) = delete;
  ThreadOption& operator=(const ThreadOption&) = delete;
  ~ThreadOption();

 private:
  std::string key_, before_;
  bool was_set_;
};

/// A name in GDAL's memory file system that nobody else has, removed at the end.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& name);
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();
  const char* path() const noexcept { return path_.c_str(); }

 private:
  std::string path_;
};

}  // namespace wangge::io
