#pragma once

#include <map>
#include <string>
#include <string_view>

#include "verify/plan_file.hpp"

namespace wangge::verify {

/// Why a plan says that its micro-grids are as they are: the kinds of its findings, or, where the layer `findings` says
/// nothing of a micro-grid, the words of the column `finding`.
class Reasons {
 public:
  explicit Reasons(const PlanFile& file);

  bool says(const std::string& code, std::string_view kind) const { return find(code, kind) != nullptr; }
  /// The certificate of that finding as JSON text; empty where there is none.
  std::string certificate(const std::string& code, std::string_view kind) const {
    const std::string* found = find(code, kind);
    return found ? *found : "";
  }

 private:
  const std::string* find(const std::string& code, std::string_view kind) const;
  std::map<std::string, std::map<std::string, std::string, std::less<>>> certificates_;  // by code, by kind
};

}  // namespace wangge::verify
